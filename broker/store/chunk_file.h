// One attachment's file: a page of facts, then a slot for every chunk. docs/formats/attachment.md,
// "At the broker". Reads and writes only; who may, and when, is the store's business.
//
// A chunk counts as there once its bit is on disk, and its bit goes there only after the chunk was
// synced: a crash in between leaves bytes that nobody speaks of.
//
// Thread: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "broker/core/chunk_store.h"

namespace rujukan::broker {

class ChunkFile {
 public:
  // Makes it with its facts, durably, under its own name. kUnavailable: no room. kFatal: I/O.
  static Result<void> Create(const std::string& path,
                             const AttachmentKey& key,
                             const AttachmentFacts& facts);
  // kUnavailable: it cannot be opened. kCorrupt: its page of facts is damaged.
  static Result<ChunkFile> Open(const std::string& path);
  ~ChunkFile();
  ChunkFile(ChunkFile&& other) noexcept;
  ChunkFile(const ChunkFile&) = delete;
  ChunkFile& operator=(const ChunkFile&) = delete;
  ChunkFile& operator=(ChunkFile&&) = delete;

  const AttachmentKey& key() const { return key_; }
  const AttachmentFacts& facts() const { return facts_; }
  const std::string& bits() const { return bits_; }

  // Into their slots, then synced, then their bits, then synced. As ChunkStore::Put.
  Result<void> Put(const std::vector<const ChunkToPut*>& chunks);
  // As ChunkStore::Read, checked against the root.
  Result<StoredChunk> Read(uint32_t index);
  Result<void> SetClaimed(UnixMillis now);

 private:
  explicit ChunkFile(int fd) : fd_(fd) {}
  Result<void> WriteSlot(const ChunkToPut& chunk);
  Result<void> WritePage();
  Result<void> Sync();

  int fd_;
  AttachmentKey key_;
  AttachmentFacts facts_;
  std::string bits_;
};

}  // namespace rujukan::broker
