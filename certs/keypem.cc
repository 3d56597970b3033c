// What is inside key files: PEM for P-256 or a reference to a token, a labelled line of base64 for
// raw 32-byte keys.
#include <openssl/crypto.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/keyfile.h"
#include "certs/token.h"

namespace rujukan::certs {
namespace {

constexpr size_t kRawKeySize = 32;

struct Wiped {
  std::string text;
  ~Wiped() { OPENSSL_cleanse(text.data(), text.size()); }
};

// A reference ends with one newline, or is written by hand without it.
std::string_view FirstLine(std::string_view text) {
  if (!text.empty() && text.back() == '\n') {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

Result<void> WriteKeyFile(const std::string& path,
                          const PrivateKey& key,
                          std::string_view passphrase) {
  if (passphrase.size() > limits::kPassphraseBytesMax) {
    return Fail(
        Errc::kLimit,
        "a passphrase has at most " + std::to_string(limits::kPassphraseBytesMax) + " bytes");
  }
  if (!key.exportable()) {
    return Fail(Errc::kInvalid, path + ": a key in a token stays there; write its reference");
  }
  const Wiped pem{key.ToPem(passphrase)};
  return WriteSecretFile(path, pem.text);
}

Result<PrivateKey> ReadKeyFile(const std::string& path, std::string_view passphrase) {
  ASSIGN_OR_RETURN(std::string text, ReadSecretFile(path));
  const Wiped pem{std::move(text)};
  Result<PrivateKey> key = IsTokenReference(pem.text)
                               ? OpenTokenKey(FirstLine(pem.text), passphrase)
                               : PrivateKey::FromPem(pem.text, passphrase);
  if (!key) {
    return Fail(key.error().code, path + ": " + key.error().context);
  }
  return key;
}

Result<void> WriteRawKeyFile(const std::string& path,
                             std::string_view label,
                             std::string_view raw32) {
  if (raw32.size() != kRawKeySize) {
    return Fail(Errc::kInvalid, "a raw key has 32 bytes");
  }
  Wiped file{std::string(label) + "\n"};
  file.text.reserve(label.size() + 64);  // one buffer: growing would leave copies unwiped
  AppendBase64(raw32, file.text);
  file.text.push_back('\n');
  return WriteSecretFile(path, file.text);
}

Result<std::string> ReadRawKeyFile(const std::string& path, std::string_view label) {
  ASSIGN_OR_RETURN(std::string text, ReadSecretFile(path));
  const Wiped file{std::move(text)};
  std::string_view rest = file.text;
  if (rest.substr(0, label.size() + 1) != std::string(label) + "\n") {
    return Fail(Errc::kInvalid, path + ": this file is not a \"" + std::string(label) + "\"");
  }
  rest.remove_prefix(label.size() + 1);
  if (!rest.empty() && rest.back() == '\n') {
    rest.remove_suffix(1);
  }
  Result<std::string> raw = FromBase64(rest);
  if (!raw || raw->size() != kRawKeySize) {
    return Fail(Errc::kInvalid, path + ": its second line is not 32 bytes in base64");
  }
  return raw;
}

}  // namespace rujukan::certs
