// Sealed columns: AES-256-GCM under a store key, for content an agent keeps in its own database.
//   nonce (12 random bytes) || ciphertext || tag (16)
// The associated data names table, column and row, so a value moved to another place does not open.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::certs {

class ColumnKey {
 public:
  // Requires: 32 bytes (kInvalid otherwise).
  static Result<ColumnKey> FromBytes(std::string_view raw);
  ~ColumnKey();  // wipes
  ColumnKey(const ColumnKey&) = default;
  ColumnKey& operator=(const ColumnKey&) = default;

  std::string Seal(std::string_view plaintext, std::string_view associated) const;
  // kCorrupt: tampered, truncated, moved or another key.
  Result<std::string> Open(std::string_view sealed, std::string_view associated) const;
  // A keyed digest under which equal texts are found again in a column that does not show them.
  // `place` names the column: the same text elsewhere has another.
  std::string Mark(std::string_view text, std::string_view place) const;

 private:
  ColumnKey() = default;
  std::string key_;
};

}  // namespace rujukan::certs
