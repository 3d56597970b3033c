// Batch signatures: one ECDSA signature over the Merkle root of many statements; each statement
// carries its path, so it still verifies alone (docs/formats/batch-signature.md).
//
// Leaf i is LeafHash(context || statement i); what is signed is
//   "rujukan/v1/batch\n" || context || big-endian u32 size || root.
// The context separates kinds of statement: a delivery receipt can never be passed off as a header.
#pragma once

#include <list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "certs/key.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::certs {

inline constexpr std::string_view kHeaderContext = "rujukan/v1/header\n";
inline constexpr std::string_view kDeliveryContext = "rujukan/v1/delivery\n";
inline constexpr std::string_view kActContext = "rujukan/v1/act\n";
inline constexpr std::string_view kAuditReadContext = "rujukan/v1/audit-read\n";
inline constexpr std::string_view kReadTrailContext = "rujukan/v1/read-trail\n";
// Not batched: the first is signed with an invitation's Ed25519 key, the second with the root key.
inline constexpr std::string_view kEnrolmentContext = "rujukan/v1/enrolment\n";
inline constexpr std::string_view kGenesisContext = "rujukan/v1/genesis\n";
inline constexpr std::string_view kRootActContext = "rujukan/v1/root-act\n";
// By the key of an outside certificate: over invitation key || address.
inline constexpr std::string_view kPossessionContext = "rujukan/v1/possession\n";

// One signature for 1 to limits::kBatchStatementsMax statements, in their order.
std::vector<v1::BatchSignature> SignBatch(const PrivateKey& key,
                                          const KeyId& signer,
                                          std::string_view context,
                                          std::span<const std::string> statements);

// What ECDSA has to verify for this statement: the path is folded to the root here, which costs
// only hashes. kInvalid when sizes, index or path are malformed or over the limits.
struct BatchClaim {
  std::string message;    // the exact bytes the key signed
  std::string signature;  // DER
  // Digest of signer || message || signature: equal claims verify alike, so a cache may key on it.
  Digest id() const;
  KeyId signer;
};
Result<BatchClaim> ClaimOf(std::string_view context,
                           std::string_view statement,
                           const v1::BatchSignature& signature);

// Remembers claims that verified, so that a batch costs one ECDSA verification however many of its
// statements arrive. Least recently used claims are forgotten. Not thread-safe: one per worker.
class VerifiedClaims {
 public:
  explicit VerifiedClaims(size_t capacity) : capacity_(capacity) {}
  bool Contains(const Digest& claim);
  void Remember(const Digest& claim);

 private:
  size_t capacity_;
  std::list<Digest> recent_;
  std::unordered_map<Digest, std::list<Digest>::iterator> places_;
};

// Verifies through the cache. Batches of one are not remembered: they never come again.
bool VerifyClaim(const PublicKey& key,
                 const BatchClaim& claim,
                 uint32_t batch_size,
                 VerifiedClaims& cache);

}  // namespace rujukan::certs
