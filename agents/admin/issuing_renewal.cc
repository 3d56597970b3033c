#include "agents/admin/issuing_renewal.h"

#include <filesystem>

#include "agents/admin/home_files.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "certs/keyfile.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

std::string NewPath(const std::string& path) {
  return path + ".new";
}

// The CA of a renewal that was cut off, or a new one, in .new files either way.
Result<IssuingCa> PrepareIssuing(const IssuingRenewal& renewal,
                                 const RootKey& root,
                                 UnixMillis now) {
  const std::string key_path = NewPath(renewal.home + "/issuing.key");
  const std::string certificate_path = NewPath(renewal.home + "/issuing.crt");
  std::error_code error;
  if (std::filesystem::exists(key_path, error)) {
    ASSIGN_OR_RETURN(auto key, certs::ReadKeyFile(key_path, renewal.passphrase));
    if (const auto certificate = ReadCertificateFile(certificate_path)) {
      RETURN_IF_ERROR(certs::CheckIssuer({*certificate, key}));
      return IssuingCa{*certificate, std::move(key)};
    }
    // The key alone has certified nothing.
    std::filesystem::remove(key_path, error);
  }
  ASSIGN_OR_RETURN(IssuingCa made, MakeIssuingCa(root, renewal.domain.domain, now));
  RETURN_IF_ERROR(certs::WriteKeyFile(key_path, made.key, renewal.passphrase));
  RETURN_IF_ERROR(link::WriteDurably(certificate_path, made.certificate.Pem()));
  return made;
}

Result<void> Rename(const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::rename(from, to, error);
  if (error) {
    return Fail(Errc::kUnavailable,
                from + " cannot be renamed to " + to + ": " + error.message() +
                    ". Do that by hand: the new CA is in force");
  }
  return {};
}

// The key goes last: until then its .new file says that this is still to be done.
Result<void> SwapIn(const std::string& home) {
  std::error_code error;
  for (const char* name : {"/issuing.crt", "/issuing.key"}) {
    const std::string path = home + name;
    if (std::filesystem::exists(path, error)) {
      std::string kept = "/issuing-former";
      if (const auto certificate = ReadCertificateFile(home + "/issuing.crt")) {
        kept = "/issuing-" + ToHex(certificate->key_id().view()).substr(0, 8);
      }
      std::filesystem::copy_file(
          path, home + kept + std::filesystem::path(path).extension().string(), error);
    }
  }
  RETURN_IF_ERROR(Rename(NewPath(home + "/issuing.crt"), home + "/issuing.crt"));
  return Rename(NewPath(home + "/issuing.key"), home + "/issuing.key");
}

}  // namespace

Result<RenewedIssuing> RenewIssuing(const IssuingRenewal& renewal,
                                    const RootKey& root,
                                    const ledger::View& directory,
                                    const RootDoor& door,
                                    UnixMillis now) {
  ASSIGN_OR_RETURN(const IssuingCa issuing, PrepareIssuing(renewal, root, now));
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  RenewedIssuing renewed{std::nullopt, ToHex(issuing.certificate.key_id().view())};
  // In force already: the one that was cut off had been recorded.
  if (domain.issuing_certificate() != issuing.certificate.der()) {
    v1::RootAct act;
    act.set_issuing_certificate(issuing.certificate.der());
    ASSIGN_OR_RETURN(const link::Proven proven,
                     door(renewal.domain, SignRootAct(root, domain.domain(), act, now)));
    renewed.index = proven.index;
  }
  RETURN_IF_ERROR(SwapIn(renewal.home));
  return renewed;
}

}  // namespace rujukan::admin
