#include "certs/hash.h"

#include "base/check.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {
namespace {

// Looking an algorithm up costs more in OpenSSL 3 than hashing a tree node: SHA256() of 65 bytes
// takes 0.46 us, this way 0.17 us. Never freed: worker threads may hash until the process ends.
const EVP_MD* Sha256Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(algorithm != nullptr);
  return algorithm;
}

void Start(EVP_MD_CTX* context) {
  CHECK(context != nullptr);
  CHECK(EVP_DigestInit_ex2(context, Sha256Algorithm(), nullptr) == 1);
}

void Add(EVP_MD_CTX* context, std::string_view bytes) {
  CHECK(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1);
}

Digest End(EVP_MD_CTX* context) {
  Digest digest;
  CHECK(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

}  // namespace

Digest Sha256(std::string_view bytes) {
  return Sha256({bytes});
}

Digest Sha256(std::initializer_list<std::string_view> parts) {
  thread_local const MdContextPtr context(EVP_MD_CTX_new());
  Start(context.get());
  for (const std::string_view part : parts) {
    Add(context.get(), part);
  }
  return End(context.get());
}

struct Sha256Stream::State {
  MdContextPtr context{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  Start(state_->context.get());
}
Sha256Stream::~Sha256Stream() = default;

void Sha256Stream::Update(std::string_view bytes) {
  CHECK(state_ != nullptr);
  Add(state_->context.get(), bytes);
}

Digest Sha256Stream::Finish() {
  CHECK(state_ != nullptr);
  const Digest digest = End(state_->context.get());
  state_.reset();
  return digest;
}

}  // namespace rujukan::certs
