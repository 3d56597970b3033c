#include "agents/agency/identity.h"

#include "ledger/fold.h"

namespace rujukan::agency {
namespace {

Result<certs::Certificate> CertificateOf(const ledger::View& directory, const std::string& key_id) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadKey(directory, key_id));
  if (!record) {
    return Fail(Errc::kCorrupt, "the directory lacks a key of this agency");
  }
  return certs::Certificate::FromDer(record->certificate());
}

}  // namespace

Result<std::optional<Identity>> LoadIdentity(const ledger::View& directory,
                                             const std::string& address,
                                             const Keys& keys) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency || agency->status() != v1::AgencyStatus::AKTIF) {
    return std::optional<Identity>();
  }
  ASSIGN_OR_RETURN(auto signing, CertificateOf(directory, agency->signing_key()));
  ASSIGN_OR_RETURN(auto encryption, CertificateOf(directory, agency->encryption_key()));
  if (signing.public_key().Spki() != keys.signing.Public().Spki() ||
      encryption.public_key().Spki() != keys.encryption.Public().Spki()) {
    return Fail(Errc::kDenied,
                address +
                    " was admitted with other keys than those in this home; use the home "
                    "that joined");
  }
  return std::optional<Identity>(
      Identity{address, std::move(signing), std::move(encryption), &keys});
}

}  // namespace rujukan::agency
