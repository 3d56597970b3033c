#include "agents/audit/pem.h"

#include "base/bytes.h"

namespace rujukan::audit {
namespace {

constexpr size_t kColumns = 64;
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

}  // namespace rujukan::audit
