// Ciphertexts from a malicious sender: no crash, and nothing made without our key ever opens.
#include "base/check.h"
#include "certs/issue.h"
#include "certs/seal.h"
#include "tests/fuzz/input.h"

namespace {

using rujukan::certs::Certificate;
using rujukan::certs::PrivateKey;

struct Recipient {
  PrivateKey key;
  Certificate certificate;
};

Recipient MakeRecipient() {
  using namespace rujukan::certs;
  const Validity validity{0, 4'000'000'000'000};
  const PrivateKey authority = PrivateKey::Generate();
  const auto root = MakeRoot(authority, "contoh.test", validity);
  CHECK(root);
  const PrivateKey key = PrivateKey::Generate();
  auto leaf = IssueLeaf({*root, authority},
                        {key.Public(), "lpa.31@contoh.test", Usage::kEncryption, validity});
  CHECK(leaf);
  return {key, *leaf};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Recipient kRecipient = MakeRecipient();
  const auto opened = rujukan::certs::Open(
      rujukan::fuzz::Bytes(data, size), kRecipient.certificate, kRecipient.key);
  CHECK(!opened);
  return 0;
}
