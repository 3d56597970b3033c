// The doctor's checks of who belongs and who waits.

#include <fmt/format.h>

#include "agents/admin/acts.h"
#include "agents/admin/answers.h"
#include "agents/admin/doctor_checks.h"
#include "agents/admin/waiting.h"
#include "base/region.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kWaitMax = 3 * kDayMs;
constexpr UnixMillis kVerifiedLife = 365 * kDayMs;
constexpr UnixMillis kInvitationMemory = 30 * kDayMs;  // older ones are history
constexpr size_t kNamedMax = 5;

// "dinsos.18.71@..., lpa.18@... and 12 more": a table stays a table with a thousand agencies.
std::string Named(const std::vector<std::string>& addresses) {
  std::string text;
  for (size_t i = 0; i < addresses.size() && i < kNamedMax; ++i) {
    text += (i == 0 ? "" : ", ") + addresses[i];
  }
  return addresses.size() <= kNamedMax
             ? text
             : text + fmt::format(" and {} more", addresses.size() - kNamedMax);
}

// Findings about agencies are collected by what is missing, one row each.
struct Lacking {
  std::string what;
  std::string remedy;
  Health health = Health::kWarn;
  std::vector<std::string> agencies = {};
};

bool VerifiedWithin(const v1::AgencyStanding& standing, UnixMillis now) {
  const auto end = ParseDay(standing.tgl_verifikasi());
  return end && now - *end < kVerifiedLife;
}

bool HasContact(const std::optional<v1::ProfileRecord>& profile) {
  return profile && !profile->profile().kontak_24jam().empty();
}

struct Lists {
  Lacking suspended{"suspended",
                    "when the reason is gone: rujukan-admin resume ADDRESS --note WHY"};
  Lacking supervisor{"without a supervisor (pengawas): escalations reach nobody",
                     "rujukan-admin standing ADDRESS --supervisor ADDRESS --home DIR"};
  Lacking profile{"without a profile: nobody finds their services",
                  "at the agency: rujukan-agent directory edit; or its steward"};
  Lacking contact{"without a 24-hour contact", "at the agency: add kontak_24jam to its profile"};
  Lacking verified{"not verified on the spot within a year",
                   "visit, then rujukan-admin standing ADDRESS --verified-by NAME --home DIR"};
  Lacking region{"with a region that is in no list of places: no rule on regions holds for them",
                 "revoke, then invite anew with a region like kemendagri:18.71",
                 Health::kFail};

  void Take(const v1::AgencyRecord& agency,
            const std::optional<v1::ProfileRecord>& record,
            UnixMillis now) {
    const std::string& address = agency.address();
    const auto note = [&address](bool lacks, Lacking& list) {
      if (lacks) {
        list.agencies.push_back(address);
      }
    };
    note(agency.status() == v1::AgencyStatus::DIBEKUKAN, suspended);
    note(agency.standing().pengawas().empty(), supervisor);
    note(!record, profile);
    note(record && !HasContact(record), contact);
    note(!VerifiedWithin(agency.standing(), now), verified);
    note(!RegionCode::Parse(agency.region()), region);
  }

  Findings ToFindings(size_t agencies) const {
    Findings findings;
    for (const Lacking* list : {&region, &suspended, &supervisor, &profile, &contact, &verified}) {
      if (!list->agencies.empty()) {
        findings.push_back(
            {"agencies",
             list->health,
             fmt::format("{} {}: {}", list->agencies.size(), list->what, Named(list->agencies)),
             list->remedy});
      }
    }
    if (findings.empty()) {
      findings.push_back(Fine("agencies", fmt::format("{} with complete records", agencies)));
    }
    return findings;
  }
};

}  // namespace

Result<Findings> CheckRequests(const ledger::View& directory, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto requests, ListWaiting(directory));
  std::vector<std::string> late;
  for (const Waiting& request : requests) {
    if (now - request.since > kWaitMax) {
      const bool keys = request.kind == Waiting::Kind::kKeys;
      late.push_back(request.address + (keys ? " (new keys)" : ""));
    }
  }
  if (late.empty()) {
    return Findings{Fine("requests", "none has waited over 3 days")};
  }
  return Findings{Warn("requests",
                       fmt::format("{} have waited over 3 days: {}", late.size(), Named(late)),
                       "rujukan-admin requests --home DIR, then approve or reject")};
}

Result<Findings> CheckInvitations(const ledger::View& directory, UnixMillis now) {
  std::vector<std::string> expired;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kInvitation, "", "", [&](std::string_view, std::string_view value) {
        v1::InvitationRecord record;
        const bool open = record.ParseFromString(std::string(value)) && !record.cancelled() &&
                          record.enrolment_id().empty();
        const UnixMillis ago = now - record.invite().expires_at_ms();
        if (open && ago >= 0 && ago < kInvitationMemory) {
          expired.push_back(record.invite().address());
        }
        return true;
      }));
  Findings findings;
  for (const std::string& address : expired) {
    ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(directory, address));
    if (!member || member->status() == v1::AgencyStatus::NONAKTIF) {
      findings.push_back(Warn("invitations",
                              "the invitation of " + address + " expired unused",
                              "ask what held them up, then rujukan-admin invite anew"));
    }
  }
  return findings;
}

Result<Findings> CheckAgencies(const ledger::View& directory, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto members, ledger::ListAgencies(directory));
  Lists lists;
  size_t agencies = 0;
  for (const v1::AgencyRecord& member : members) {
    if (member.role() != v1::Role::AGENCY || member.status() == v1::AgencyStatus::NONAKTIF) {
      continue;
    }
    ++agencies;
    ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, member.address()));
    lists.Take(member, profile, now);
  }
  return lists.ToFindings(agencies);
}

}  // namespace rujukan::admin
