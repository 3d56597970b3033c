#include "agents/admin/own_crl.h"

#include <map>

#include "agents/link/prover.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kCrlLife = 30LL * 24 * 3600 * 1000;

// RFC 5280 s5.3.1.
int CrlReasonOf(v1::RevocationReason::Code reason) {
  switch (reason) {
    case v1::RevocationReason::KEY_COMPROMISE:
      return 1;
    case v1::RevocationReason::AFFILIATION_CHANGED:
      return 3;
    case v1::RevocationReason::SUPERSEDED:
      return 4;
    case v1::RevocationReason::CESSATION:
      return 5;
    case v1::RevocationReason::MISCONDUCT:
      return 9;  // privilegeWithdrawn
    default:
      return 0;
  }
}

struct RevokedKey {
  std::string serial;
  v1::KeyRecord record;
};

// Of the CA with this id: Table::kSerial is keyed by it.
Result<std::vector<RevokedKey>> ListRevoked(const ledger::View& directory,
                                            const std::string& issuer_id,
                                            UnixMillis now) {
  std::vector<std::pair<std::string, std::string>> serials;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kSerial, issuer_id, "", [&](std::string_view key, std::string_view key_id) {
        serials.emplace_back(key.substr(issuer_id.size()), key_id);
        return true;
      }));
  std::vector<RevokedKey> revoked;
  for (const auto& [serial, key_id] : serials) {
    ASSIGN_OR_RETURN(auto key, ledger::ReadKey(directory, key_id));
    if (key && key->revoked_at_index() != 0 && key->not_after_ms() > now) {
      revoked.push_back({serial, std::move(*key)});
    }
  }
  return revoked;
}

// Of a member that is out, what the admin said; a member that is still in has other keys now.
Result<int> ReasonFor(const v1::KeyRecord& key, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(directory, key.address()));
  const bool out = member && member->status() == v1::AgencyStatus::NONAKTIF &&
                   member->changed_at_index() == key.revoked_at_index();
  return CrlReasonOf(out ? member->revocation_reason() : v1::RevocationReason::SUPERSEDED);
}

Result<std::vector<certs::RevokedSerial>> TimesAndReasons(const Desk& desk,
                                                          const std::vector<RevokedKey>& keys) {
  std::map<LogIndex, UnixMillis> times;
  std::vector<certs::RevokedSerial> revoked;
  for (const RevokedKey& key : keys) {
    const LogIndex index = key.record.revoked_at_index();
    if (times.count(index) == 0) {
      ASSIGN_OR_RETURN(const link::Proven entry, FetchEntry(desk, index));
      times[index] = entry.entry.time_ms();
    }
    ASSIGN_OR_RETURN(const int reason, ReasonFor(key.record, desk.directory));
    revoked.push_back({key.serial, times[index], reason});
  }
  return revoked;
}

Result<uint64_t> NextNumber(const ledger::View& directory, const std::string& issuer_id) {
  ASSIGN_OR_RETURN(const auto last, ledger::ReadCrl(directory, issuer_id));
  return last ? last->number() + 1 : 1;
}

}  // namespace

Result<link::Proven> FetchEntry(const Desk& desk, LogIndex index) {
  ASSIGN_OR_RETURN(v1::ProvenEntry entry, desk.broker->EntryAt(index));
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(desk.authority.domain.log_vkey));
  ASSIGN_OR_RETURN(link::Prover prover, link::Prover::Make(std::move(log), ""));
  ASSIGN_OR_RETURN(link::Proven proven, prover.Prove(std::move(entry)));
  if (proven.index != index) {
    return Fail(Errc::kCorrupt,
                "the broker shows entry " + std::to_string(proven.index) + " instead of entry " +
                    std::to_string(index) + ", which it showed before: call the auditor");
  }
  return proven;
}

Result<PublishedCrl> PublishOwnCrl(Desk& desk) {
  RETURN_IF_ERROR(desk.Refresh());
  ASSIGN_OR_RETURN(const IssuingCa issuing, IssuingCaOf(desk.authority, desk.directory));
  const std::string issuer_id = certs::Sha256(issuing.certificate.der()).str();
  const UnixMillis now = desk.clock.Now();
  ASSIGN_OR_RETURN(const auto keys, ListRevoked(desk.directory, issuer_id, now));
  ASSIGN_OR_RETURN(auto revoked, TimesAndReasons(desk, keys));
  ASSIGN_OR_RETURN(const uint64_t number, NextNumber(desk.directory, issuer_id));
  v1::Act act;
  ASSIGN_OR_RETURN(
      *act.mutable_publish_crl()->mutable_crl(),
      certs::IssueCrl(issuing.issuer(), {number, now, now + kCrlLife, std::move(revoked)}));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(std::move(act)));
  return PublishedCrl{number, keys.size(), now + kCrlLife, proven.index};
}

}  // namespace rujukan::admin
