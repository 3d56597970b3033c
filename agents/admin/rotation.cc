#include "agents/admin/rotation.h"

#include <cstdio>
#include <filesystem>
#include <optional>

#include "agents/admin/waiting.h"
#include "agents/link/durable_file.h"
#include "certs/keyfile.h"
#include "certs/token.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

Result<void> Rename(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return Fail(Errc::kUnavailable, from + " cannot be renamed to " + to);
  }
  return {};
}

Result<certs::PrivateKey> LoadOrMakeNewKey(const std::string& home, const std::string& passphrase) {
  const std::string path = home + "/admin.key.new";
  if (Exists(path)) {
    return certs::ReadKeyFile(path, passphrase);
  }
  ASSIGN_OR_RETURN(const std::string present, certs::ReadSecretFile(home + "/admin.key"));
  if (certs::IsTokenReference(present)) {
    return Fail(Errc::kInvalid,
                "admin.key is in a token, and keys there are not replaced unattended: make another "
                "admin's home with a new key (rujukan-admin invite --replace, join)");
  }
  certs::PrivateKey key = certs::PrivateKey::Generate();
  RETURN_IF_ERROR(certs::WriteKeyFile(path, key, passphrase));
  return key;
}

// The request for this very key that waits, from an earlier run.
Result<std::optional<Waiting>> FindRequest(const Desk& desk, const certs::PrivateKey& key) {
  ASSIGN_OR_RETURN(const auto waiting, ListWaiting(desk.directory));
  for (const Waiting& one : waiting) {
    if (one.kind == Waiting::Kind::kKeys && one.address == desk.authority.domain.admin) {
      const auto csr = certs::ParseCsr(one.keys.signing_csr());
      if (csr && csr->key.Spki() == key.Public().Spki()) {
        return std::optional<Waiting>(one);
      }
    }
  }
  return std::optional<Waiting>();
}

Result<Waiting> Request(Desk& desk, const certs::PrivateKey& key) {
  ASSIGN_OR_RETURN(auto found, FindRequest(desk, key));
  if (found) {
    return std::move(*found);
  }
  v1::Act act;
  act.mutable_request_keys()->set_signing_csr(certs::MakeCsr(key, desk.authority.domain.admin));
  RETURN_IF_ERROR(desk.Submit(std::move(act)));
  RETURN_IF_ERROR(desk.Refresh());
  ASSIGN_OR_RETURN(found, FindRequest(desk, key));
  if (!found) {
    return Fail(Errc::kCorrupt, "the directory does not show the request: call the auditor");
  }
  return std::move(*found);
}

// The certificate in force for this key; nullopt: not granted.
Result<std::optional<certs::Certificate>> FindGranted(const Desk& desk,
                                                      const certs::PrivateKey& key) {
  ASSIGN_OR_RETURN(const auto self,
                   ledger::ReadAgency(desk.directory, desk.authority.domain.admin));
  ASSIGN_OR_RETURN(const auto record,
                   ledger::ReadKey(desk.directory, self ? self->signing_key() : std::string()));
  if (!record) {
    return std::optional<certs::Certificate>();
  }
  ASSIGN_OR_RETURN(certs::Certificate certificate,
                   certs::Certificate::FromDer(record->certificate()));
  if (certificate.public_key().Spki() != key.Public().Spki()) {
    return std::optional<certs::Certificate>();
  }
  return std::optional<certs::Certificate>(std::move(certificate));
}

// The certificate first: LoadAuthority finds its key under either name, wherever this stops.
Result<void> SwapIn(const std::string& home, const certs::Certificate& certificate) {
  std::error_code error;
  std::filesystem::remove(home + "/admin.key.old", error);
  std::filesystem::create_hard_link(home + "/admin.key", home + "/admin.key.old", error);
  RETURN_IF_ERROR(link::WriteDurably(home + "/admin.crt", certificate.Pem()));
  return Rename(home + "/admin.key.new", home + "/admin.key");
}

}  // namespace

Result<Rotated> RotateOwnKeys(const Office& office) {
  const std::string& home = office.options().home;
  ASSIGN_OR_RETURN(const std::string passphrase, office.Passphrase());
  ASSIGN_OR_RETURN(Desk desk, office.Open());
  ASSIGN_OR_RETURN(const certs::PrivateKey key, LoadOrMakeNewKey(home, passphrase));
  Rotated rotated;
  ASSIGN_OR_RETURN(auto granted, FindGranted(desk, key));
  if (!granted) {
    ASSIGN_OR_RETURN(const Waiting request, Request(desk, key));
    rotated.fingerprint = request.fingerprint;
    if (!desk.authority.issuing_key) {
      return rotated;
    }
    ASSIGN_OR_RETURN(const IssuingCa issuing, IssuingCaOf(desk.authority, desk.directory));
    ASSIGN_OR_RETURN(v1::Act act, Approve(issuing, request, {}, desk.directory, office.Now()));
    ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(std::move(act)));
    rotated.index = proven.index;
    RETURN_IF_ERROR(desk.Refresh());
    ASSIGN_OR_RETURN(granted, FindGranted(desk, key));
    if (!granted) {
      return Fail(Errc::kCorrupt, "the directory does not show the new key: call the auditor");
    }
  }
  RETURN_IF_ERROR(SwapIn(home, *granted));
  rotated.granted = true;
  rotated.not_after = granted->not_after();
  return rotated;
}

}  // namespace rujukan::admin
