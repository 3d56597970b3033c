#include "agents/audit/pem.h"

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::audit {
namespace {

constexpr size_t kColumns = 64;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
// SubjectPublicKeyInfo of RFC 8410 up to the key.
constexpr std::string_view kEd25519Spki("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

}  // namespace

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

Result<std::vector<std::string>> CertificatesOfPem(std::string_view pem) {
  std::vector<std::string> certificates;
  for (size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
    at += kBegin.size();
    const size_t end = pem.find(kEnd, at);
    std::string text(pem.substr(at, end == std::string_view::npos ? 0 : end - at));
    std::erase_if(text, [](char letter) { return letter == '\n' || letter == '\r'; });
    ASSIGN_OR_RETURN(certificates.emplace_back(), FromBase64(text));
  }
  if (certificates.empty()) {
    return Fail(Errc::kInvalid, "there is no certificate in PEM form");
  }
  return certificates;
}

}  // namespace rujukan::audit
