// Attachments as broker and agents agree on them: how a file becomes sealed chunks, and what proves
// that a chunk belongs to a root. docs/formats/attachment.md. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/limits.h"
#include "base/result.h"
#include "certs/chunk.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::ledger {

// Of the file, so that the sealed chunk is at its limit.
inline constexpr uint32_t kChunkPlainBytesMax =
    static_cast<uint32_t>(limits::kAttachmentChunkBytesMax - certs::kChunkTagBytes);

// A file in chunks. All have `chunk_bytes` of plaintext but the last, which has the rest.
struct ChunkShape {
  uint64_t plain_bytes = 0;  // file and padding
  uint32_t chunk_bytes = 0;
  uint32_t chunks = 0;

  uint64_t sealed_bytes() const { return plain_bytes + uint64_t{chunks} * certs::kChunkTagBytes; }
  // Require: index < chunks.
  size_t PlainBytesAt(uint32_t index) const;
  size_t SealedBytesAt(uint32_t index) const { return PlainBytesAt(index) + certs::kChunkTagBytes; }
  uint64_t SealedOffset(uint32_t index) const {
    return uint64_t{index} * (chunk_bytes + certs::kChunkTagBytes);
  }
  uint64_t PlainOffset(uint32_t index) const { return uint64_t{index} * chunk_bytes; }
};

// Our own: the largest chunks, padded to the Padmé length. kInvalid: an empty file. kLimit: over
// limits::kAttachmentBytesMax.
Result<ChunkShape> ShapeOfFile(uint64_t file_bytes);

// What a LAMPIRAN says: `claim` in its header, the rest in its content. kInvalid: they contradict
// each other, or one is over its limit.
Result<ChunkShape> ShapeOfClaim(const v1::AttachmentClaim& claim,
                                uint64_t file_bytes,
                                uint32_t chunk_bytes);

struct ChunkProof {
  Digest root;
  uint32_t index = 0;
  uint32_t chunks = 0;
  std::vector<Digest> path;  // leaf's sibling first
};
// From the fields of a frame. kInvalid: wrong sizes, or no such place.
Result<ChunkProof> ReadChunkProof(std::string_view root,
                                  uint32_t index,
                                  uint32_t chunks,
                                  std::span<const std::string* const> path);
// The chunk's leaf hash, when the path leads from it to the root. kInvalid: the path has not the
// length of its place, or the chunk is empty or over limits::kAttachmentChunkBytesMax. kCorrupt: it
// does not belong there.
Result<Digest> CheckChunk(const ChunkProof& proof, std::string_view data);

}  // namespace rujukan::ledger
