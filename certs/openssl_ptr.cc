#include "certs/openssl_ptr.h"

#include <openssl/ec.h>
#include <openssl/err.h>

#include <array>

namespace rujukan::certs {
namespace {

bool IsOnCurve(const EVP_PKEY* key, std::string_view curve) {
  std::array<char, 32> group{};
  size_t size = 0;
  const bool named = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
                     EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1;
  if (!named) {
    ERR_clear_error();
    return false;
  }
  return std::string_view(group.data(), size) == curve;
}

}  // namespace

std::string TakeOpensslReason() {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = reason == nullptr ? "no reason given" : reason;
  ERR_clear_error();
  return text;
}

bool IsP256(const EVP_PKEY* key) {
  return IsOnCurve(key, "prime256v1");
}

bool IsP384(const EVP_PKEY* key) {
  return IsOnCurve(key, "secp384r1");
}

BioPtr ReadBio(std::string_view bytes) {
  BioPtr bio(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  CHECK(bio != nullptr);
  return bio;
}

BioPtr WriteBio() {
  BioPtr bio(BIO_new(BIO_s_secmem()));
  CHECK(bio != nullptr);
  return bio;
}

std::string TakeBio(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size <= 0 ? std::string() : std::string(data, static_cast<size_t>(size));
}

}  // namespace rujukan::certs
