#include "agents/link/member_home.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "agents/link/durable_file.h"
#include "certs/keyfile.h"

namespace rujukan::link {
namespace {

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

Result<void> RequireAdmitted(const std::string& home) {
  if (!Exists(home + "/admin.crt") && Exists(home + "/enrolment.pb")) {
    return Fail(Errc::kNotFound,
                "this home is not admitted yet: when an admin has approved its request, run "
                "`join --home " +
                    home + "` again");
  }
  return {};
}

// The key of admin.crt. An interrupted `rujukan-admin rotate` may have left it as admin.key.new.
Result<certs::PrivateKey> ReadKeyOf(const certs::Certificate& certificate,
                                    const std::string& home,
                                    const std::string& passphrase) {
  for (const char* file : {"/admin.key", "/admin.key.new"}) {
    if (!Exists(home + file)) {
      continue;
    }
    ASSIGN_OR_RETURN(auto key, certs::ReadKeyFile(home + file, passphrase));
    if (key.Public().Spki() == certificate.public_key().Spki()) {
      return key;
    }
  }
  return Fail(Errc::kConflict,
              "admin.key and admin.crt in " + home +
                  " do not belong together; bring both from the same copy of this home");
}

}  // namespace

Result<Caller> LoadCaller(const std::string& home) {
  ASSIGN_OR_RETURN(DomainFile domain, ReadDomainFile(home));
  ASSIGN_OR_RETURN(const std::string secret,
                   certs::ReadRawKeyFile(home + "/transport.key", kTransportKeyLabel));
  ASSIGN_OR_RETURN(auto transport, certs::TransportKeyPairFromSecret(secret));
  return Caller{std::move(domain), std::move(transport)};
}

Result<MemberKeys> LoadMemberKeys(const std::string& home, const std::string& passphrase) {
  RETURN_IF_ERROR(RequireAdmitted(home));
  ASSIGN_OR_RETURN(auto certificate, ReadHomeCertificate(home + "/admin.crt"));
  ASSIGN_OR_RETURN(auto key, ReadKeyOf(certificate, home, passphrase));
  return MemberKeys{std::move(certificate), std::move(key)};
}

Result<certs::Certificate> ReadHomeCertificate(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fail(Errc::kNotFound, path + " cannot be read");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return certs::Certificate::FromPem(text.str());
}

Result<std::string> ReadPassphrase(const std::string& passphrase_file) {
  if (!passphrase_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(passphrase_file));
    return text.substr(0, text.find_first_of("\r\n"));
  }
  const char* from_environment = std::getenv("RUJUKAN_PASSPHRASE");
  return std::string(from_environment == nullptr ? "" : from_environment);
}

Result<void> MakePrivateFolder(const std::string& path) {
  RETURN_IF_ERROR(MakeFolders(path));
  if (::chmod(path.c_str(), 0700) != 0) {
    return Fail(Errc::kUnavailable, path + ": cannot make this folder private");
  }
  return {};
}

}  // namespace rujukan::link
