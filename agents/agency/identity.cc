#include "agents/agency/identity.h"

#include <algorithm>

#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

Result<certs::Certificate> CertificateOf(const ledger::View& directory, const std::string& key_id) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadKey(directory, key_id));
  if (!record) {
    return Fail(Errc::kCorrupt, "the directory lacks a key of this agency");
  }
  return ledger::CertificateOf(*record);
}

bool Opens(const Identity& identity, const HeldKey& held) {
  return std::any_of(
      identity.openings.begin(), identity.openings.end(), [&](const link::OpeningKey& opening) {
        return opening.key.Public().Spki() == held.spki;
      });
}

// Pairs a certificate of this agency with its key, when the home still has it.
Result<void> AddOpening(const v1::KeyRecord& record, const KeyChain& chain, Identity& identity) {
  if (record.usage() != v1::KeyUsage::ENCRYPTION || record.address() != identity.address) {
    return {};
  }
  ASSIGN_OR_RETURN(auto certificate, ledger::CertificateOf(record));
  const HeldKey* held = FindHeld(chain.encryption, certificate.public_key().Spki());
  if (held != nullptr && !Opens(identity, *held)) {
    identity.openings.push_back({std::move(certificate), held->key});
  }
  return {};
}

// Keys of before: those renewed are named in the record; those lost to a new invitation are not, so
// the whole table is looked through, which is worth it only while the home has a key left over.
Result<void> AddOlderKeys(const ledger::View& directory,
                          const v1::AgencyRecord& agency,
                          const KeyChain& chain,
                          Identity& identity) {
  for (const auto& key_id : agency.retired_keys()) {
    ASSIGN_OR_RETURN(const auto record, ledger::ReadKey(directory, key_id));
    if (record) {
      RETURN_IF_ERROR(AddOpening(*record, chain, identity));
    }
  }
  const bool left_over =
      std::any_of(chain.encryption.begin(), chain.encryption.end(), [&](const HeldKey& held) {
        return held.file != std::string(kEncryptionFile) + std::string(kNextSuffix) &&
               !Opens(identity, held);
      });
  if (!left_over) {
    return {};
  }
  Result<void> added;
  RETURN_IF_ERROR(
      directory.Scan(ledger::Table::kKey, "", "", [&](std::string_view, std::string_view value) {
        v1::KeyRecord record;
        if (record.ParseFromString(std::string(value))) {
          added = AddOpening(record, chain, identity);
        }
        return added.has_value();
      }));
  return added;
}

}  // namespace

Result<std::optional<Identity>> LoadIdentity(const ledger::View& directory,
                                             const std::string& address,
                                             const KeyChain& chain) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency || agency->status() != v1::AgencyStatus::AKTIF) {
    return std::optional<Identity>();
  }
  ASSIGN_OR_RETURN(auto signing, CertificateOf(directory, agency->signing_key()));
  ASSIGN_OR_RETURN(auto encryption, CertificateOf(directory, agency->encryption_key()));
  const HeldKey* signs = FindHeld(chain.signing, signing.public_key().Spki());
  const HeldKey* opens = FindHeld(chain.encryption, encryption.public_key().Spki());
  if (signs == nullptr || opens == nullptr) {
    return Fail(Errc::kDenied,
                address +
                    " was admitted with other keys than those in this home; use the home "
                    "that joined");
  }
  Identity identity{address, std::move(signing), signs->key, {}, signs->file, opens->file};
  identity.openings.push_back({std::move(encryption), opens->key});
  RETURN_IF_ERROR(AddOlderKeys(directory, *agency, chain, identity));
  return std::optional<Identity>(std::move(identity));
}

}  // namespace rujukan::agency
