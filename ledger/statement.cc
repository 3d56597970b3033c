#include "ledger/statement.h"

#include <algorithm>
#include <string>

#include "base/ids.h"
#include "base/limits.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;

tl::unexpected<Refusal> Malformed(std::string advice) {
  return tl::unexpected<Refusal>(MakeRefusal(R::MALFORMED, std::move(advice)));
}

template <class T>
bool ParseExactly(std::string_view bytes, T& statement) {
  return bytes.size() <= limits::kHeaderBytesMax &&
         statement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
         statement.GetReflection()->GetUnknownFields(statement).empty() && statement.version() == 1;
}

}  // namespace

tl::expected<v1::AuditRead, Refusal> ParseAuditRead(std::string_view bytes) {
  v1::AuditRead read;
  if (!ParseExactly(bytes, read)) {
    return Malformed("not a rujukan.v1.AuditRead of version 1");
  }
  if (read.read_id().size() != MessageId::kSize || read.token_digest().size() != Digest::kSize) {
    return Malformed("read_id must be 16 bytes and token_digest 32");
  }
  if (read.end() != 0 && read.end() <= read.first()) {
    return Malformed("end: lies before first; 0 means all that is there and what comes");
  }
  if (read.expires_at_ms() <= read.created_at_ms() ||
      read.expires_at_ms() - read.created_at_ms() > limits::kAuditReadLifeMsMax) {
    return Malformed("expires_at_ms: a reading is open for at most 24 hours");
  }
  if (read.purpose().empty() || read.purpose().size() > limits::kNoteBytesMax) {
    return Malformed("purpose: say why, in at most 512 bytes");
  }
  return read;
}

tl::expected<v1::ReadTrailAnchor, Refusal> ParseReadTrailAnchor(std::string_view bytes) {
  v1::ReadTrailAnchor anchor;
  if (!ParseExactly(bytes, anchor)) {
    return Malformed("not a rujukan.v1.ReadTrailAnchor of version 1");
  }
  if (anchor.size() == 0 || anchor.root().size() != Digest::kSize) {
    return Malformed("size counts from 1, and root is 32 bytes");
  }
  const auto& proof = anchor.consistency();
  if (static_cast<size_t>(proof.size()) > limits::kProofHashesMax ||
      std::any_of(proof.begin(), proof.end(), [](const std::string& hash) {
        return hash.size() != Digest::kSize;
      })) {
    return Malformed("consistency: at most 63 hashes of 32 bytes");
  }
  return anchor;
}

}  // namespace rujukan::ledger
