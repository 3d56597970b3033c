// Chunks in memory: tests and simulation. Behaves like broker/store's FileChunkStore, which runs
// through the same contract test. Not thread-safe.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/core/chunk_store.h"

namespace rujukan::broker {

class MemoryChunkStore : public ChunkStore {
 public:
  Result<void> Put(const std::vector<ChunkToPut>& chunks, UnixMillis now) override;
  Result<StoredChunk> Read(const AttachmentKey& key, uint32_t index) override;
  std::optional<AttachmentFacts> Find(const AttachmentKey& key) const override;
  std::string Present(const AttachmentKey& key) const override;
  uint64_t ReservedBytesOf(std::string_view sender) const override;
  std::vector<Listed> List() const override;
  Result<void> Claim(const AttachmentKey& key, UnixMillis now) override;
  Result<bool> Remove(const AttachmentKey& key) override;

  // No room on disk until called again with false.
  void SetFull(bool full) { full_ = full; }

 private:
  struct Kept {
    AttachmentFacts facts;
    std::map<uint32_t, StoredChunk> chunks;
  };
  std::map<AttachmentKey, Kept> kept_;
  bool full_ = false;
};

}  // namespace rujukan::broker
