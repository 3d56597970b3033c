#include "certs/pem.h"

#include <algorithm>
#include <cctype>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

}  // namespace

Result<std::vector<std::string>> CertificatesIn(std::string_view pem, const std::string& file) {
  std::vector<std::string> certificates;
  for (size_t at = pem.find(kBegin); at != pem.npos; at = pem.find(kBegin, at)) {
    at += kBegin.size();
    const size_t end = pem.find(kEnd, at);
    std::string body(pem.substr(at, end == pem.npos ? 0 : end - at));
    body.erase(std::remove_if(
                   body.begin(), body.end(), [](unsigned char c) { return std::isspace(c) != 0; }),
               body.end());
    auto der = FromBase64(body);
    if (!der || der->empty()) {
      return Fail(Errc::kInvalid, file + ": a certificate in it is damaged; get the file again");
    }
    certificates.push_back(std::move(*der));
  }
  if (certificates.empty()) {
    return Fail(Errc::kInvalid,
                file + " has no certificate in it; it must be PEM (" + std::string(kBegin) + ")");
  }
  return certificates;
}

}  // namespace rujukan::certs
