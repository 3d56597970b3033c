// Strong ids: parsing is the only way from bytes to an id, so a MessageId is never confused with a
// LegId, nor a Digest with a KeyId. All are value types.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan {

// N bytes with a kind. Ordered and hashable; view() is the raw bytes, valid while the id lives.
template <class Tag, size_t N>
class FixedBytes {
 public:
  static constexpr size_t kSize = N;

  FixedBytes() = default;
  explicit FixedBytes(const std::array<uint8_t, N>& bytes) : bytes_(bytes) {}

  // kInvalid when `raw` is not exactly N bytes.
  static Result<FixedBytes> FromBytes(std::string_view raw) {
    if (raw.size() != N) {
      return Fail(Errc::kInvalid,
                  std::string(Tag::kName) + " is " + std::to_string(raw.size()) +
                      " bytes; it must be " + std::to_string(N));
    }
    FixedBytes id;
    std::memcpy(id.bytes_.data(), raw.data(), N);
    return id;
  }

  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), N}; }
  std::string str() const { return std::string(view()); }
  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  bool IsZero() const { return *this == FixedBytes(); }

  auto operator<=>(const FixedBytes&) const = default;

 private:
  std::array<uint8_t, N> bytes_{};
};

struct DigestTag {
  static constexpr const char* kName = "digest";
};
struct KeyIdTag {
  static constexpr const char* kName = "key id";
};
struct MessageIdTag {
  static constexpr const char* kName = "message id";
};
struct LegIdTag {
  static constexpr const char* kName = "leg id";
};
struct TransportKeyTag {
  static constexpr const char* kName = "transport key";
};

using Digest = FixedBytes<DigestTag, 32>;        // SHA-256
using KeyId = FixedBytes<KeyIdTag, 32>;          // SHA-256 of a certificate's DER
using MessageId = FixedBytes<MessageIdTag, 16>;  // UUIDv7
using LegId = FixedBytes<LegIdTag, 16>;          // UUIDv7; one ask from one sender to one receiver
using TransportKey = FixedBytes<TransportKeyTag, 32>;  // CURVE (X25519) public key

using LogIndex = uint64_t;  // position of an entry in the ledger, from 0
using TreeSize = uint64_t;  // number of entries under a root

// 8-4-4-4-12 lower-case hex, RFC 9562. Parsing accepts only that form (kInvalid).
std::string FormatUuid(std::string_view sixteen_bytes);
Result<std::string> ParseUuid(std::string_view text);

// UUIDv7 (RFC 9562 s5.7) of a Unix time in ms and ten random bytes (the low 74 bits are used).
std::array<uint8_t, 16> MakeUuid7(int64_t unix_ms, const std::array<uint8_t, 10>& random);

}  // namespace rujukan

template <class Tag, size_t N>
struct std::hash<rujukan::FixedBytes<Tag, N>> {
  size_t operator()(const rujukan::FixedBytes<Tag, N>& id) const noexcept {
    return std::hash<std::string_view>{}(id.view());
  }
};
