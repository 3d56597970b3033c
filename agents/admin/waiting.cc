#include "agents/admin/waiting.h"

#include <algorithm>

#include "base/bytes.h"
#include "certs/issue.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kDay = 24LL * 3600 * 1000;
constexpr UnixMillis kYear = 365 * kDay;

struct Found {
  LogIndex index = 0;
  Waiting waiting;
};

Result<Found> ReadJoin(const ledger::View& directory,
                       const std::string& enrolment_id,
                       const v1::EnrolmentRecord& record) {
  Found found{record.requested_at_index(), {}};
  Waiting& waiting = found.waiting;
  waiting.id = enrolment_id;
  waiting.fingerprint = ledger::ShortFingerprint(enrolment_id);
  if (!waiting.request.ParseFromString(record.request())) {
    return Fail(Errc::kCorrupt, "a request in the directory does not parse");
  }
  ASSIGN_OR_RETURN(auto invitation,
                   ledger::ReadInvitation(directory, waiting.request.invitation_key()));
  if (!invitation) {
    return Fail(Errc::kCorrupt, "a request in the directory has no invitation");
  }
  waiting.invitation = invitation->invite();
  waiting.address = waiting.invitation.address();
  waiting.official_name = waiting.invitation.official_name();
  if (waiting.invitation.role() != v1::Role::UNSPECIFIED) {
    waiting.role = waiting.invitation.role();
  }
  waiting.since = waiting.request.created_at_ms();
  return found;
}

Result<std::vector<Found>> ListJoins(const ledger::View& directory) {
  std::vector<std::pair<std::string, v1::EnrolmentRecord>> pending;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kEnrolment, "", "", [&](std::string_view key, std::string_view value) {
        v1::EnrolmentRecord record;
        if (record.ParseFromString(std::string(value)) &&
            record.state() == v1::EnrolmentState::PENDING) {
          pending.emplace_back(std::string(key), std::move(record));
        }
        return true;
      }));
  std::vector<Found> joins;
  for (const auto& [id, record] : pending) {
    ASSIGN_OR_RETURN(joins.emplace_back(), ReadJoin(directory, id, record));
  }
  return joins;
}

Result<std::vector<Found>> ListKeyRequests(const ledger::View& directory) {
  std::vector<Found> requests;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kRotation, "", "", [&](std::string_view address, std::string_view value) {
        v1::RotationRecord record;
        if (record.ParseFromString(std::string(value))) {
          Found& found = requests.emplace_back();
          found.index = record.index();
          found.waiting.kind = Waiting::Kind::kKeys;
          found.waiting.id = record.request_act();
          found.waiting.fingerprint = ledger::ShortFingerprint(record.request_act());
          found.waiting.address = std::string(address);
          found.waiting.since = record.requested_at_ms();
          found.waiting.keys = std::move(*record.mutable_request());
        }
        return true;
      }));
  for (Found& found : requests) {
    ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(directory, found.waiting.address));
    if (!member) {
      return Fail(Errc::kCorrupt, "a request for new keys in the directory has no member");
    }
    found.waiting.official_name = member->official_name();
    found.waiting.role = member->role();
  }
  return requests;
}

std::string WithoutSpaces(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

// People type what they see.
bool IsMeant(const Waiting& waiting, const std::string& typed) {
  return typed == ToHex(waiting.id) || typed == waiting.address ||
         WithoutSpaces(typed) == WithoutSpaces(waiting.fingerprint);
}

// The key in the certificate request is for the address that was invited, and for nothing else.
Result<certs::Csr> CheckCsr(const std::string& der, const Waiting& waiting) {
  ASSIGN_OR_RETURN(certs::Csr csr, certs::ParseCsr(der));
  const bool joins = waiting.kind == Waiting::Kind::kJoin;
  if (csr.address != waiting.address || (joins && waiting.request.address() != waiting.address)) {
    return Fail(Errc::kDenied,
                "the request asks for " + csr.address + ", but " + waiting.address +
                    " was invited. Reject it and ask the agency how that came");
  }
  return csr;
}

Result<certs::Validity> ValidityFor(const Terms& terms, const IssuingCa& issuing, UnixMillis now) {
  const UnixMillis ca_end = issuing.certificate.not_after();
  if (terms.life < 0 || (terms.life > 0 && now + terms.life > ca_end)) {
    return Fail(Errc::kLimit,
                "certificates end with the issuing CA, in " +
                    std::to_string((ca_end - now) / kDay) + " days: --days at most that");
  }
  const UnixMillis end = terms.life > 0 ? now + terms.life : std::min(now + kYear, ca_end);
  // Backdated by a day: a broker or an agency whose clock lags still finds it valid.
  return certs::Validity{now - kDay, end};
}

Result<std::string> Issue(const IssuingCa& issuing,
                          const std::string& csr_der,
                          certs::Usage usage,
                          const certs::Validity& validity,
                          const Waiting& waiting) {
  ASSIGN_OR_RETURN(const certs::Csr csr, CheckCsr(csr_der, waiting));
  ASSIGN_OR_RETURN(const certs::Certificate certificate,
                   certs::IssueLeaf(issuing.issuer(), {csr.key, csr.address, usage, validity}));
  return certificate.der();
}

Result<std::string> FindAnchor(const std::string& name, const ledger::View& directory) {
  std::string found;
  std::string names;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kAnchor, "", "", [&](std::string_view id, std::string_view value) {
        v1::AnchorRecord anchor;
        if (anchor.ParseFromString(std::string(value)) && anchor.removed_at_index() == 0) {
          names += (names.empty() ? "" : ", ") + anchor.name();
          found = anchor.name() == name ? std::string(id) : found;
        }
        return true;
      }));
  if (found.empty()) {
    return Fail(
        Errc::kNotFound,
        "no anchor of this name is in force; " +
            (names.empty() ? "there is none at all: add the CA first" : "there is " + names));
  }
  return found;
}

// Nothing in an outside certificate says whose address it is: the admin who names the anchor says
// so, having compared the subject.
Result<void> TakeOutside(const Waiting& waiting,
                         const Terms& terms,
                         const ledger::View& directory,
                         v1::Admit& admit) {
  ASSIGN_OR_RETURN(const certs::Certificate outside,
                   certs::Certificate::FromOutsideDer(waiting.request.outside_certificate()));
  if (terms.anchor.empty()) {
    return Fail(Errc::kInvalid,
                waiting.address + " brings a certificate of another CA, with the subject\n  " +
                    outside.subject() +
                    "\nCompare it with the agency, then approve with --anchor NAME; list the "
                    "names with rujukan-admin anchors");
  }
  ASSIGN_OR_RETURN(*admit.mutable_anchor(), FindAnchor(terms.anchor, directory));
  admit.set_subject(outside.subject());
  admit.set_signing_certificate(outside.der());
  return {};
}

Result<v1::Act> Admission(const IssuingCa& issuing,
                          const Waiting& waiting,
                          const Terms& terms,
                          const ledger::View& directory,
                          UnixMillis now) {
  ASSIGN_OR_RETURN(const certs::Validity validity, ValidityFor(terms, issuing, now));
  v1::Act act;
  v1::Admit& admit = *act.mutable_admit();
  admit.set_enrolment_id(waiting.id);
  admit.set_address(waiting.address);
  admit.set_official_name(waiting.invitation.official_name());
  admit.set_region(waiting.invitation.region());
  admit.set_transport_key(waiting.request.transport_key());
  if (waiting.outside()) {
    RETURN_IF_ERROR(TakeOutside(waiting, terms, directory, admit));
  } else {
    ASSIGN_OR_RETURN(
        *admit.mutable_signing_certificate(),
        Issue(issuing, waiting.request.signing_csr(), certs::Usage::kSigning, validity, waiting));
  }
  if (waiting.role == v1::Role::AGENCY) {
    ASSIGN_OR_RETURN(*admit.mutable_encryption_certificate(),
                     Issue(issuing,
                           waiting.request.encryption_csr(),
                           certs::Usage::kEncryption,
                           validity,
                           waiting));
  }
  return act;
}

Result<v1::Act> Grant(const IssuingCa& issuing,
                      const Waiting& waiting,
                      const Terms& terms,
                      UnixMillis now) {
  ASSIGN_OR_RETURN(const certs::Validity validity, ValidityFor(terms, issuing, now));
  v1::Act act;
  v1::GrantKeys& grant = *act.mutable_grant_keys();
  grant.set_address(waiting.address);
  grant.set_request_act(waiting.id);
  ASSIGN_OR_RETURN(
      *grant.mutable_signing_certificate(),
      Issue(issuing, waiting.keys.signing_csr(), certs::Usage::kSigning, validity, waiting));
  if (waiting.role == v1::Role::AGENCY) {
    ASSIGN_OR_RETURN(
        *grant.mutable_encryption_certificate(),
        Issue(
            issuing, waiting.keys.encryption_csr(), certs::Usage::kEncryption, validity, waiting));
  }
  return act;
}

}  // namespace

Result<std::vector<Waiting>> ListWaiting(const ledger::View& directory) {
  ASSIGN_OR_RETURN(std::vector<Found> found, ListJoins(directory));
  ASSIGN_OR_RETURN(std::vector<Found> keys, ListKeyRequests(directory));
  std::move(keys.begin(), keys.end(), std::back_inserter(found));
  std::sort(
      found.begin(), found.end(), [](const Found& a, const Found& b) { return a.index < b.index; });
  std::vector<Waiting> waiting;
  for (Found& one : found) {
    waiting.push_back(std::move(one.waiting));
  }
  return waiting;
}

Result<Waiting> FindWaiting(const std::vector<Waiting>& waiting, const std::string& typed) {
  const auto meant = [&](const Waiting& one) { return IsMeant(one, typed); };
  const auto found = std::find_if(waiting.begin(), waiting.end(), meant);
  if (found == waiting.end()) {
    return Fail(Errc::kNotFound,
                "no request " + typed + " waits; list them with rujukan-admin requests --home DIR");
  }
  const auto count = std::count_if(found, waiting.end(), meant);
  if (count > 1) {
    return Fail(Errc::kConflict,
                std::to_string(count) + " requests wait for " + typed +
                    "; let the agency read out its fingerprint and name that one, then reject "
                    "the other and ask who has its invitation");
  }
  return *found;
}

std::string WarningFor(const Waiting& waiting) {
  if (waiting.kind == Waiting::Kind::kJoin && waiting.invitation.replace()) {
    return "replaces the keys of a member";
  }
  switch (waiting.role) {
    case v1::Role::ADMIN:
      return "will decide who belongs";
    case v1::Role::REGISTRAR:
      return "will renew keys unattended";
    case v1::Role::STEWARD:
      return "will edit records of others";
    case v1::Role::AUDITOR:
      return "will read the ledger";
    default:
      return waiting.outside() ? "certificate of another CA: compare its subject" : "";
  }
}

Result<v1::Act> Approve(const IssuingCa& issuing,
                        const Waiting& waiting,
                        const Terms& terms,
                        const ledger::View& directory,
                        UnixMillis now) {
  return waiting.kind == Waiting::Kind::kJoin ? Admission(issuing, waiting, terms, directory, now)
                                              : Grant(issuing, waiting, terms, now);
}

Result<v1::Act> Reject(const Waiting& waiting, const std::string& reason) {
  if (reason.empty()) {
    return Fail(Errc::kInvalid, "say why, the applicant sees it: --reason \"...\"");
  }
  RETURN_IF_ERROR(CheckText(reason, "the reason"));
  v1::Act act;
  if (waiting.kind == Waiting::Kind::kJoin) {
    act.mutable_reject()->set_enrolment_id(waiting.id);
    act.mutable_reject()->set_note(reason);
  } else {
    act.mutable_refuse_keys()->set_address(waiting.address);
    act.mutable_refuse_keys()->set_request_act(waiting.id);
    act.mutable_refuse_keys()->set_note(reason);
  }
  return act;
}

}  // namespace rujukan::admin
