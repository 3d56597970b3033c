// Sealed chunks: AES-256-GCM over a large file in pieces, so that it is sealed and opened while it
// streams, and every piece can be checked, stored and sent by itself (the STREAM construction:
// Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
// Misuse-Resistance", CRYPTO 2015). docs/formats/attachment.md.
//
//   nonce            7 zero bytes || big-endian u32 index || 1 for the last chunk, else 0
//   associated data  "rujukan/v1/attachment\n" || u32 index || u32 count || u8 last
//   sealed chunk     ciphertext || tag (16)
//
// A chunk opens only in its own place of its own whole, with its own key: none can be moved,
// repeated, left out or cut off at the end unnoticed. The nonce is a counter, so a key seals one
// file and never a second.
//
// Thread: value types; const functions from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::certs {

inline constexpr size_t kChunkTagBytes = 16;

// Where a chunk belongs.
struct ChunkPlace {
  uint32_t index = 0;
  uint32_t count = 0;  // of the whole; index < count

  bool last() const { return index + 1 == count; }
};

class ChunkKey {
 public:
  static constexpr size_t kSize = 32;

  static ChunkKey Generate();  // random, for one file
  // kInvalid: not 32 bytes.
  static Result<ChunkKey> FromBytes(std::string_view raw);
  ~ChunkKey();  // wipes
  ChunkKey(const ChunkKey&) = default;
  ChunkKey& operator=(const ChunkKey&) = default;

  const std::string& bytes() const { return key_; }  // secret

  // Requires: place.index < place.count (CHECK). Each place once a key.
  std::string Seal(std::string_view plaintext, const ChunkPlace& place) const;
  // kCorrupt: changed, of another place, of another whole, or another key; nothing of the plaintext
  // is returned. kInvalid: no such place.
  Result<std::string> Open(std::string_view sealed, const ChunkPlace& place) const;

 private:
  ChunkKey() = default;
  std::string key_;
};

}  // namespace rujukan::certs
