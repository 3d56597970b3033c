// The seam between the core and what keeps the sealed chunks of attachments until they are fetched.
// Beside the journal, not in it: gigabytes that nobody needs an hour later would only be copied
// from log to table to blob, and their deletion has to give the disk back at once.
//
// An attachment is named by its leg and its root, so nothing of one leg can be asked for, or taken
// away, through another. Thread: any; every implementation synchronises itself.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/attachment.h"

namespace rujukan::broker {

struct AttachmentKey {
  LegId leg;
  Digest root;
  auto operator<=>(const AttachmentKey&) const = default;
};

// What is known of an attachment, without its chunks.
struct AttachmentFacts {
  std::string sender;  // who put its first chunk, and alone may put more
  uint32_t chunks = 0;
  uint32_t present = 0;       // of them, durable
  UnixMillis begun_ms = 0;    // its first chunk
  UnixMillis claimed_ms = 0;  // its LAMPIRAN is in the ledger since; 0: not known to be

  // Of its sender's share: whole from the first chunk on, so that what was begun can be finished.
  uint64_t ReservedBytes() const { return uint64_t{chunks} * limits::kAttachmentChunkBytesMax; }
};

struct ChunkToPut {
  AttachmentKey key;
  std::string sender;
  uint32_t index = 0;
  uint32_t chunks = 0;
  std::vector<Digest> path;
  std::string data;
};

struct StoredChunk {
  std::string data;
  std::vector<Digest> path;
};

class ChunkStore {
 public:
  virtual ~ChunkStore() = default;

  // Keeps chunks that have been checked against their roots. Durable on return, all of them; one
  // that is there already changes nothing. kUnavailable: no room on disk, some may have been kept,
  // none needs to be believed. kConflict: another sender or number of chunks than the attachment
  // was begun with (the caller has looked: Find). kFatal: the write failed, stop.
  virtual Result<void> Put(const std::vector<ChunkToPut>& chunks, UnixMillis now) = 0;
  // kNotFound: no such chunk is here. kCorrupt: what is on disk is not what was put: nobody is
  // given it.
  virtual Result<StoredChunk> Read(const AttachmentKey& key, uint32_t index) = 0;

  virtual std::optional<AttachmentFacts> Find(const AttachmentKey& key) const = 0;
  // A bit a chunk, the first in the lowest bit of the first byte; "": nothing is here.
  virtual std::string Present(const AttachmentKey& key) const = 0;
  virtual uint64_t ReservedBytesOf(std::string_view sender) const = 0;
  struct Listed {
    AttachmentKey key;
    AttachmentFacts facts;
  };
  virtual std::vector<Listed> List() const = 0;

  // Its LAMPIRAN is in the ledger. Durable on return; nothing happens when it is not here or was
  // claimed before. kFatal as Put.
  virtual Result<void> Claim(const AttachmentKey& key, UnixMillis now) = 0;
  // All of it, and its place on disk. False: it was not here. A power cut may bring it back, whole;
  // then it goes when its time is over.
  virtual Result<bool> Remove(const AttachmentKey& key) = 0;
};

// Bits as Present has them.
inline std::string NoBits(uint32_t chunks) {
  return std::string((size_t{chunks} + 7) / 8, '\0');
}
inline bool HasBit(std::string_view bits, uint32_t index) {
  return index / 8 < bits.size() &&
         (static_cast<uint8_t>(bits[index / 8]) >> (index % 8) & 1U) != 0;
}
inline void SetBit(std::string& bits, uint32_t index) {
  bits[index / 8] = static_cast<char>(static_cast<uint8_t>(bits[index / 8]) | 1U << (index % 8));
}

}  // namespace rujukan::broker
