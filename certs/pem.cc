#include "certs/pem.h"

#include <algorithm>
#include <cctype>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
constexpr size_t kColumns = 64;
// SubjectPublicKeyInfo of RFC 8410 up to the key.
constexpr std::string_view kEd25519Spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

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

std::string PemOf(std::string_view label, std::string_view der) {
  const std::string text = ToBase64(der);
  std::string pem = "-----BEGIN " + std::string(label) + "-----\n";
  for (size_t at = 0; at < text.size(); at += kColumns) {
    pem += text.substr(at, kColumns) + "\n";
  }
  return pem + "-----END " + std::string(label) + "-----\n";
}

std::string Ed25519Pem(std::string_view public_key) {
  return PemOf("PUBLIC KEY", std::string(kEd25519Spki) + std::string(public_key));
}

}  // namespace rujukan::certs
