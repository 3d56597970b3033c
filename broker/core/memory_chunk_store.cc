#include "broker/core/memory_chunk_store.h"

namespace rujukan::broker {

Result<void> MemoryChunkStore::Put(const std::vector<ChunkToPut>& chunks, UnixMillis now) {
  if (full_) {
    return Fail(Errc::kUnavailable, "no room (set by a test)");
  }
  for (const ChunkToPut& chunk : chunks) {
    const auto [it, fresh] = kept_.try_emplace(chunk.key);
    AttachmentFacts& facts = it->second.facts;
    if (fresh) {
      facts = {chunk.sender, chunk.chunks, 0, now, 0};
    }
    if (facts.sender != chunk.sender || facts.chunks != chunk.chunks) {
      return Fail(Errc::kConflict, "the attachment was begun otherwise");
    }
    it->second.chunks.try_emplace(chunk.index, StoredChunk{chunk.data, chunk.path});
    facts.present = static_cast<uint32_t>(it->second.chunks.size());
  }
  return {};
}

Result<StoredChunk> MemoryChunkStore::Read(const AttachmentKey& key, uint32_t index) {
  const auto it = kept_.find(key);
  const auto chunk = it == kept_.end() ? std::map<uint32_t, StoredChunk>::iterator()
                                       : it->second.chunks.find(index);
  if (it == kept_.end() || chunk == it->second.chunks.end()) {
    return Fail(Errc::kNotFound, "no such chunk is here");
  }
  return chunk->second;
}

std::optional<AttachmentFacts> MemoryChunkStore::Find(const AttachmentKey& key) const {
  const auto it = kept_.find(key);
  return it == kept_.end() ? std::nullopt : std::optional(it->second.facts);
}

std::string MemoryChunkStore::Present(const AttachmentKey& key) const {
  const auto it = kept_.find(key);
  if (it == kept_.end()) {
    return "";
  }
  std::string bits = NoBits(it->second.facts.chunks);
  for (const auto& [index, chunk] : it->second.chunks) {
    SetBit(bits, index);
  }
  return bits;
}

uint64_t MemoryChunkStore::ReservedBytesOf(std::string_view sender) const {
  uint64_t bytes = 0;
  for (const auto& [key, kept] : kept_) {
    bytes += kept.facts.sender == sender ? kept.facts.ReservedBytes() : 0;
  }
  return bytes;
}

std::vector<ChunkStore::Listed> MemoryChunkStore::List() const {
  std::vector<Listed> all;
  for (const auto& [key, kept] : kept_) {
    all.push_back({key, kept.facts});
  }
  return all;
}

Result<void> MemoryChunkStore::Claim(const AttachmentKey& key, UnixMillis now) {
  const auto it = kept_.find(key);
  if (it != kept_.end() && it->second.facts.claimed_ms == 0) {
    it->second.facts.claimed_ms = now;
  }
  return {};
}

Result<bool> MemoryChunkStore::Remove(const AttachmentKey& key) {
  return kept_.erase(key) != 0;
}

}  // namespace rujukan::broker
