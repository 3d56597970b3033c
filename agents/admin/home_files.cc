#include "agents/admin/home_files.h"

#include <filesystem>

#include "agents/admin/input_file.h"
#include "base/limits.h"

namespace rujukan::admin {

Result<void> RequireEmptyHome(const std::string& home) {
  std::error_code error;
  if (std::filesystem::exists(home, error) && !std::filesystem::is_empty(home, error)) {
    return Fail(Errc::kConflict,
                home + " is not an empty folder; name a new one for the keys alone");
  }
  return {};
}

Result<certs::Certificate> ReadCertificateFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string pem, ReadInput(path, 2 * limits::kCertificateBytesMax));
  auto certificate = certs::Certificate::FromPem(pem);
  return certificate ? std::move(certificate)
                     : Result<certs::Certificate>(Fail(certificate.error().code,
                                                       path + ": " + certificate.error().context));
}

}  // namespace rujukan::admin
