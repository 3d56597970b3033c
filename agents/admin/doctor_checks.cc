#include "agents/admin/doctor_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "agents/admin/answers.h"
#include "agents/admin/expiry.h"
#include "base/limits.h"
#include "ledger/authenticate.h"
#include "ledger/policy_example.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

constexpr unsigned kOthersMask = 077;
constexpr int kFailDays = 7;  // too few for a person who is on leave

bool Has(const HomeFacts& facts, const std::string& name) {
  return std::any_of(facts.files.begin(), facts.files.end(), [&](const FileFact& file) {
    return file.name == name && file.present;
  });
}

bool IsSecret(const std::string& name) {
  return name.size() > 4 && name.compare(name.size() - 4, 4, ".key") == 0;
}

void CheckModes(const HomeFacts& facts, Findings& findings) {
  if ((facts.mode & kOthersMask) != 0) {
    findings.push_back(
        Broken("home",
               fmt::format("others can enter {} (mode {:o})", facts.home, facts.mode),
               "chmod 700 " + facts.home));
  }
  for (const FileFact& file : facts.files) {
    if (file.present && IsSecret(file.name) && (file.mode & kOthersMask) != 0) {
      const std::string path = facts.home + "/" + file.name;
      findings.push_back(Broken("home",
                                fmt::format("others can read {} (mode {:o})", path, file.mode),
                                "chmod 600 " + path + ", and renew that key if anybody did"));
    }
  }
}

// A short one lives less than the threshold: then it is in its last days anyway.
Finding OfEnding(const Ending& ending, int due, UnixMillis now) {
  if (ending.until <= now) {
    return Broken(
        "certificates", ending.InWords() + " ended on " + DateOf(ending.until), ending.Remedy());
  }
  const std::string what = fmt::format("{}: {} days left", ending.InWords(), DaysLeft(ending, now));
  return due <= kFailDays ? Broken("certificates", what, ending.Remedy())
                          : Warn("certificates", what, ending.Remedy());
}

}  // namespace

Finding Fine(std::string check, std::string what) {
  return {std::move(check), Health::kOk, std::move(what), ""};
}
Finding Warn(std::string check, std::string what, std::string remedy) {
  return {std::move(check), Health::kWarn, std::move(what), std::move(remedy)};
}
Finding Broken(std::string check, std::string what, std::string remedy) {
  return {std::move(check), Health::kFail, std::move(what), std::move(remedy)};
}

std::string HealthName(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kWarn:
      return "warn";
    case Health::kFail:
      break;
  }
  return "fail";
}

Health WorstOf(const Findings& findings) {
  Health worst = Health::kOk;
  for (const Finding& finding : findings) {
    worst = std::max(worst, finding.health);
  }
  return worst;
}

Findings CheckHome(const HomeFacts& facts) {
  Findings findings;
  CheckModes(facts, findings);
  if (facts.keys) {
    findings.push_back(Broken(
        "keys", facts.keys->context, "mend that first: nothing can be signed from this home"));
  } else if (!facts.encrypted) {
    findings.push_back(Warn("keys",
                            "a key file has no passphrase: a copy of this home is an admin",
                            "keep the home on an encrypted disk, or the keys in a token"));
  }
  if (Has(facts, "root.key")) {
    findings.push_back(Warn("root key",
                            "root.key lies beside the keys of every day",
                            "move root.key and a copy of root.crt offline, to two safe places"));
  }
  if (findings.empty()) {
    findings.push_back(Fine("home", facts.home + ": keys load, and nobody else can read them"));
  }
  return findings;
}

Findings CheckBroker(const BrokerFacts& facts) {
  if (facts.unreachable) {
    const Errc code = facts.unreachable->code;
    const bool lies = code == Errc::kCorrupt || code == Errc::kDenied;  // see FollowDirectory
    return {Broken("broker",
                   facts.unreachable->context,
                   lies
                       ? "stop, keep home/checkpoint, and call the auditor: its answer contradicts "
                         "what it has signed"
                       : "is it running, and reachable from here? --broker tcp://host:port")};
  }
  Findings findings = {Fine("broker", "reachable, and its ledger continues the one last seen")};
  if (facts.clock_ahead_ms && std::abs(*facts.clock_ahead_ms) > limits::kClockSkewMsMax) {
    findings.push_back(Broken("clock",
                              fmt::format("the broker's clock is {} s {} this machine's",
                                          std::abs(*facts.clock_ahead_ms) / 1000,
                                          *facts.clock_ahead_ms > 0 ? "ahead of" : "behind"),
                              "set both by NTP: what is dated over 5 minutes ahead is refused"));
  } else if (facts.clock_ahead_ms) {
    findings.push_back(Fine("clock", "the broker's clock and this machine's agree"));
  }
  return findings;
}

Result<Findings> CheckDirectoryRoot(const ledger::View& directory) {
  ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(directory));
  return Findings{
      Fine("directory",
           fmt::format("as of entry {}: {}  (another admin who sees this entry sees these digits)",
                       head.directory_head() == 0 ? 0 : head.directory_head() - 1,
                       ledger::ShortFingerprint(head.directory_root())))};
}

Result<Findings> CheckIssuingKey(const ledger::View& directory, const HomeFacts& facts) {
  if (!Has(facts, "issuing.key")) {
    return Findings{Fine("issuing key", "not here: another home issues certificates")};
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  if (facts.issuing == domain.issuing_certificate()) {
    return Findings{Fine("issuing key", "fits the issuing certificate in force")};
  }
  return Findings{
      Broken("issuing key",
             facts.issuing ? "issuing.crt is not the issuing certificate in force"
                           : "issuing.key does not fit issuing.crt",
             "copy issuing.key and issuing.crt from the home that renewed the CA; a renewal that "
             "was cut off here: rujukan-admin issuing renew again")};
}

Result<Findings> CheckCertificates(const ledger::View& directory, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto endings, EndingsOf(directory));
  Findings findings;
  for (const Ending& ending : endings) {
    if (const auto due = WarningDue(ending, now)) {
      findings.push_back(OfEnding(ending, *due, now));
    }
  }
  if (findings.empty() && !endings.empty()) {
    findings.push_back(Fine("certificates",
                            fmt::format("{} hold; the next to end is the {}, in {} days",
                                        endings.size(),
                                        endings.front().InWords(),
                                        DaysLeft(endings.front(), now))));
  }
  return findings;
}

Result<Findings> CheckAdmins(const ledger::View& directory) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(const auto members, ledger::ListAgencies(directory));
  const auto admins = std::count_if(members.begin(), members.end(), [](const auto& member) {
    return member.role() == v1::Role::ADMIN && member.status() == v1::AgencyStatus::AKTIF;
  });
  const std::string invite = "rujukan-admin invite admin.02@DOMAIN --role admin ... --home DIR";
  if (admins < 2 && domain.rules().two_admins()) {
    return Findings{
        Broken("admins",
               "the two-admin rule is on, and only one admin is active: no root act can pass",
               "resume the other admin, or recover with the root key: rujukan-admin recover "
               "--one-admin")};
  }
  if (admins < 2) {
    return Findings{Warn(
        "admins", "there is one admin only: lost keys mean a recovery with the root key", invite)};
  }
  return Findings{Fine("admins",
                       fmt::format("{} active; the two-admin rule is {}",
                                   admins,
                                   domain.rules().two_admins() ? "on" : "off"))};
}

Result<Findings> CheckPolicy(const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadPolicyRecord(directory));
  if (!record) {
    return Findings{Warn("policy",
                         "no policy is in force: every agency may refer to every other",
                         "rujukan-admin policy set FILE --home DIR")};
  }
  ASSIGN_OR_RETURN(const std::string document, ledger::ReadPolicyText(directory));
  ASSIGN_OR_RETURN(const ledger::Policy policy, ledger::ParsePolicy(document));
  const auto failures = ledger::CheckExamples(policy);
  if (!failures.empty()) {
    return Findings{Warn("policy",
                         fmt::format("{} examples of policy {} do not hold, the first: {}",
                                     failures.size(),
                                     record->version(),
                                     failures.front().ToString()),
                         "correct the document, then rujukan-admin policy set FILE --home DIR")};
  }
  return Findings{
      Fine("policy",
           fmt::format(
               "version {}: all {} examples hold", record->version(), policy.examples().size()))};
}

Result<Findings> CheckPermits(const ledger::View& directory, UnixMillis now) {
  Findings findings;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kPermit, "", "", [&](std::string_view key, std::string_view value) {
        v1::PermitRecord permit;
        if (permit.ParseFromString(std::string(value)) && permit.expires_at_ms() <= now &&
            now - permit.expires_at_ms() < limits::kPermitLifeMsMax) {
          const size_t end = key.find('\0');
          findings.push_back(Warn("permits",
                                  fmt::format("the permit {} -> {} expired on {}",
                                              key.substr(0, end),
                                              key.substr(end + 1),
                                              DateOf(permit.expires_at_ms())),
                                  "if it is still needed: rujukan-admin permit FROM TO --for 30d"));
        }
        return true;
      }));
  return findings;
}

Result<Findings> CheckDirectory(const ledger::View& directory,
                                const HomeFacts& facts,
                                UnixMillis now) {
  Findings all;
  const auto add = [&all](Result<Findings> found) -> Result<void> {
    RETURN_IF_ERROR(found);
    all.insert(all.end(), found->begin(), found->end());
    return {};
  };
  RETURN_IF_ERROR(add(CheckDirectoryRoot(directory)));
  RETURN_IF_ERROR(add(CheckIssuingKey(directory, facts)));
  RETURN_IF_ERROR(add(CheckCertificates(directory, now)));
  RETURN_IF_ERROR(add(CheckAdmins(directory)));
  RETURN_IF_ERROR(add(CheckPolicy(directory)));
  RETURN_IF_ERROR(add(CheckPermits(directory, now)));
  RETURN_IF_ERROR(add(CheckRequests(directory, now)));
  RETURN_IF_ERROR(add(CheckInvitations(directory, now)));
  RETURN_IF_ERROR(add(CheckAgencies(directory, now)));
  return all;
}

}  // namespace rujukan::admin
