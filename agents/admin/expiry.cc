#include "agents/admin/expiry.h"

#include <algorithm>

#include "agents/admin/anchor_list.h"
#include "agents/admin/answers.h"
#include "base/bytes.h"
#include "certs/certificate.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "certs/outside.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

Result<Ending> OfAuthority(const std::string& kind,
                           const std::string& name,
                           const std::string& der) {
  ASSIGN_OR_RETURN(const certs::AnchorFacts facts, certs::ParseAnchor(der));
  return Ending{kind, name, ToHex(facts.key_id.view()), facts.not_before, facts.not_after};
}

Result<void> AddDomain(const ledger::View& directory, std::vector<Ending>& endings) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(Ending root, OfAuthority("root", "", domain.root_certificate()));
  ASSIGN_OR_RETURN(Ending issuing, OfAuthority("issuing", "", domain.issuing_certificate()));
  endings.push_back(std::move(root));
  endings.push_back(std::move(issuing));
  return {};
}

// A member can do nothing any more when the first of its certificates ends.
Result<void> AddMember(const ledger::View& directory,
                       const v1::AgencyRecord& member,
                       std::vector<Ending>& endings) {
  if (member.status() == v1::AgencyStatus::NONAKTIF) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, member.signing_key()));
  if (!key) {
    return Fail(Errc::kCorrupt, "the directory lacks the key of " + member.address());
  }
  Ending ending{Lower(v1::Role::Code_Name(member.role())),
                member.address(),
                ToHex(member.signing_key()),
                key->not_before_ms(),
                key->not_after_ms()};
  if (member.encryption_until_ms() != 0) {
    ending.until = std::min(ending.until, member.encryption_until_ms());
  }
  endings.push_back(std::move(ending));
  return {};
}

Result<void> AddOutside(const ledger::View& directory, std::vector<Ending>& endings) {
  ASSIGN_OR_RETURN(const auto anchors, ListAnchors(directory));
  for (const Anchor& anchor : anchors) {
    ASSIGN_OR_RETURN(Ending ending,
                     OfAuthority("anchor", anchor.record.name(), anchor.record.certificate()));
    endings.push_back(std::move(ending));
  }
  return {};
}

// Lists of CAs that count no longer are history: of a former issuing CA, below a removed anchor.
Result<bool> Counts(const ledger::View& directory, const v1::CrlRecord& crl) {
  if (crl.anchor().empty()) {
    ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
    return crl.issuer() == domain.issuing_certificate();
  }
  ASSIGN_OR_RETURN(const auto anchor, ledger::ReadAnchor(directory, crl.anchor()));
  return anchor && anchor->removed_at_index() == 0;
}

Result<std::string> NameAbove(const ledger::View& directory, const v1::CrlRecord& crl) {
  if (crl.anchor().empty()) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const auto anchor, ledger::ReadAnchor(directory, crl.anchor()));
  return anchor ? anchor->name() : std::string();
}

Result<void> AddCrls(const ledger::View& directory, std::vector<Ending>& endings) {
  ASSIGN_OR_RETURN(const auto crls, ListCrls(directory));
  for (const v1::CrlRecord& crl : crls) {
    ASSIGN_OR_RETURN(const bool counts, Counts(directory, crl));
    if (!counts) {
      continue;
    }
    ASSIGN_OR_RETURN(std::string name, NameAbove(directory, crl));
    endings.push_back({"crl",
                       std::move(name),
                       ToHex(certs::Sha256(crl.crl()).view()),
                       crl.this_update_ms(),
                       crl.next_update_ms()});
  }
  return {};
}

}  // namespace

std::string Ending::InWords() const {
  if (kind == "root" || kind == "issuing") {
    return kind + " certificate of the domain";
  }
  if (kind == "crl") {
    return subject.empty() ? "CRL of the domain" : "CRL of a CA below " + subject;
  }
  return "certificate of " + subject;
}

std::string Ending::Remedy() const {
  if (kind == "root") {
    return "a root is not renewed: plan a new domain with every agency and the auditor";
  }
  if (kind == "issuing") {
    return "rujukan-admin issuing renew --root ROOTHOME --home DIR";
  }
  if (kind == "anchor") {
    return "get the CA's new certificate: rujukan-admin anchor add NAME FILE --home DIR";
  }
  if (kind == "crl") {
    return subject.empty() ? "rujukan-admin crl publish --home DIR, or run rujukan-admin serve"
                           : "rujukan-admin anchor crl FILE --issuer CA --home DIR";
  }
  return kind == "agency" ? "at the agency: rujukan-agent rotate --home DIR"
                          : "its holder: rujukan-admin rotate --home DIR";
}

Result<std::vector<Ending>> EndingsOf(const ledger::View& directory) {
  std::vector<Ending> endings;
  RETURN_IF_ERROR(AddDomain(directory, endings));
  ASSIGN_OR_RETURN(const auto members, ledger::ListAgencies(directory));
  for (const v1::AgencyRecord& member : members) {
    RETURN_IF_ERROR(AddMember(directory, member, endings));
  }
  RETURN_IF_ERROR(AddOutside(directory, endings));
  RETURN_IF_ERROR(AddCrls(directory, endings));
  std::stable_sort(endings.begin(), endings.end(), [](const Ending& a, const Ending& b) {
    return a.until < b.until;
  });
  return endings;
}

std::optional<int> WarningDue(const Ending& ending, UnixMillis now) {
  std::optional<int> due;
  for (const int days : kWarningDays) {
    const UnixMillis before = days * kDayMs;
    if (2 * before < ending.until - ending.from && ending.until - now <= before) {
      due = days;
    }
  }
  return due;
}

int64_t DaysLeft(const Ending& ending, UnixMillis now) {
  const UnixMillis left = ending.until - now;
  return left >= 0 ? left / kDayMs : -1 - (-1 - left) / kDayMs;
}

}  // namespace rujukan::admin
