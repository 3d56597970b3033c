#include "certs/hmac.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace rujukan::certs {

Digest HmacSha256(std::string_view key, std::string_view message) {
  Digest digest;
  size_t size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  CHECK(EVP_Q_mac(nullptr,
                  "HMAC",
                  nullptr,
                  "SHA256",
                  nullptr,
                  key.data(),
                  key.size(),
                  bytes,
                  message.size(),
                  digest.data(),
                  Digest::kSize,
                  &size) != nullptr);
  CHECK(size == Digest::kSize);
  return digest;
}

}  // namespace rujukan::certs
