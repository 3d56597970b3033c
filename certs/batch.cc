#include "certs/batch.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/merkle.h"

namespace rujukan::certs {
namespace {

constexpr std::string_view kBatchPrefix = "rujukan/v1/batch\n";
constexpr size_t kSignatureBytesMax = 72;  // DER of two 33-byte integers

// Same as LeafHash(context || statement), without joining them.
Digest StatementLeaf(std::string_view context, std::string_view statement) {
  return Sha256({std::string_view("\0", 1), context, statement});
}

std::string SignedMessage(std::string_view context, uint32_t size, const Digest& root) {
  std::string message(kBatchPrefix);
  message.append(context);
  AppendBigEndian32(size, message);
  message.append(root.view());
  return message;
}

Result<std::vector<Digest>> ParsePath(const v1::BatchSignature& signature) {
  if (static_cast<size_t>(signature.path_size()) > limits::kBatchPathHashesMax) {
    return Fail(Errc::kInvalid, "a batch path has at most 12 hashes");
  }
  std::vector<Digest> path;
  for (const std::string& raw : signature.path()) {
    ASSIGN_OR_RETURN(path.emplace_back(), Digest::FromBytes(raw));
  }
  return path;
}

Result<void> CheckSizes(const v1::BatchSignature& signature) {
  if (signature.batch_size() == 0 || signature.batch_size() > limits::kBatchStatementsMax) {
    return Fail(Errc::kInvalid,
                "a batch has 1 to " + std::to_string(limits::kBatchStatementsMax) + " statements");
  }
  if (signature.signature().empty() || signature.signature().size() > kSignatureBytesMax) {
    return Fail(Errc::kInvalid, "an ECDSA P-256 signature has at most 72 bytes");
  }
  return {};
}

v1::BatchSignature OneSignature(const KeyId& signer,
                                uint32_t size,
                                uint32_t index,
                                std::span<const Digest> path,
                                const std::string& signature) {
  v1::BatchSignature made;
  made.set_signer_key(signer.str());
  made.set_batch_size(size);
  made.set_batch_index(index);
  for (const Digest& hash : path) {
    made.add_path(hash.str());
  }
  made.set_signature(signature);
  return made;
}

}  // namespace

std::vector<v1::BatchSignature> SignBatch(const PrivateKey& key,
                                          const KeyId& signer,
                                          std::string_view context,
                                          std::span<const std::string> statements) {
  CHECK(!statements.empty() && statements.size() <= limits::kBatchStatementsMax);
  std::vector<Digest> leaves;
  leaves.reserve(statements.size());
  for (const std::string& statement : statements) {
    leaves.push_back(StatementLeaf(context, statement));
  }
  const auto size = static_cast<uint32_t>(leaves.size());
  const std::string signature = key.Sign(SignedMessage(context, size, MerkleRoot(leaves)));
  const auto paths = MerklePaths(leaves);
  std::vector<v1::BatchSignature> signatures;
  signatures.reserve(size);
  for (uint32_t index = 0; index < size; ++index) {
    signatures.push_back(OneSignature(signer, size, index, paths[index], signature));
  }
  return signatures;
}

Digest BatchClaim::id() const {
  return Sha256({signer.view(), message, signature});
}

Result<BatchClaim> ClaimOf(std::string_view context,
                           std::string_view statement,
                           const v1::BatchSignature& signature) {
  RETURN_IF_ERROR(CheckSizes(signature));
  ASSIGN_OR_RETURN(const KeyId signer, KeyId::FromBytes(signature.signer_key()));
  ASSIGN_OR_RETURN(const std::vector<Digest> path, ParsePath(signature));
  ASSIGN_OR_RETURN(const Digest root,
                   RootFromPath(StatementLeaf(context, statement),
                                signature.batch_index(),
                                signature.batch_size(),
                                path));
  BatchClaim claim;
  claim.message = SignedMessage(context, signature.batch_size(), root);
  claim.signature = signature.signature();
  claim.signer = signer;
  return claim;
}

bool VerifiedClaims::Contains(const Digest& claim) {
  const auto place = places_.find(claim);
  if (place == places_.end()) {
    return false;
  }
  recent_.splice(recent_.begin(), recent_, place->second);
  return true;
}

void VerifiedClaims::Remember(const Digest& claim) {
  if (capacity_ == 0 || Contains(claim)) {
    return;
  }
  if (recent_.size() == capacity_) {
    places_.erase(recent_.back());
    recent_.pop_back();
  }
  recent_.push_front(claim);
  places_.emplace(claim, recent_.begin());
}

bool VerifyClaim(const PublicKey& key,
                 const BatchClaim& claim,
                 uint32_t batch_size,
                 VerifiedClaims& cache) {
  if (batch_size == 1) {
    return key.Verify(claim.message, claim.signature);
  }
  const Digest id = claim.id();
  if (cache.Contains(id)) {
    return true;
  }
  if (!key.Verify(claim.message, claim.signature)) {
    return false;
  }
  cache.Remember(id);
  return true;
}

}  // namespace rujukan::certs
