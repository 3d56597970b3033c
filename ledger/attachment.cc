#include "ledger/attachment.h"

#include <algorithm>

#include "base/check.h"
#include "certs/merkle.h"
#include "certs/seal.h"

namespace rujukan::ledger {
namespace {

uint64_t CountOf(uint64_t plain_bytes, uint32_t chunk_bytes) {
  return (plain_bytes + chunk_bytes - 1) / chunk_bytes;
}

}  // namespace

size_t ChunkShape::PlainBytesAt(uint32_t index) const {
  CHECK(index < chunks);
  return index + 1 < chunks ? chunk_bytes : static_cast<size_t>(plain_bytes - PlainOffset(index));
}

Result<ChunkShape> ShapeOfFile(uint64_t file_bytes) {
  if (file_bytes == 0) {
    return Fail(Errc::kInvalid, "berkas ini kosong / the file is empty");
  }
  if (file_bytes > limits::kAttachmentBytesMax) {
    return Fail(Errc::kLimit,
                "lampiran paling besar 1 GiB; bagi berkasnya / an attachment has at most 1 GiB: "
                "split the file");
  }
  ChunkShape shape;
  shape.plain_bytes = certs::PadmeLength(file_bytes);
  shape.chunk_bytes = kChunkPlainBytesMax;
  shape.chunks = static_cast<uint32_t>(CountOf(shape.plain_bytes, shape.chunk_bytes));
  return shape;
}

Result<ChunkShape> ShapeOfClaim(const v1::AttachmentClaim& claim,
                                uint64_t file_bytes,
                                uint32_t chunk_bytes) {
  const uint64_t tags = uint64_t{claim.chunks()} * certs::kChunkTagBytes;
  if (claim.chunks() == 0 || claim.chunks() > limits::kAttachmentChunksMax || chunk_bytes == 0 ||
      chunk_bytes > kChunkPlainBytesMax || claim.bytes() <= tags ||
      claim.bytes() > limits::kAttachmentSealedBytesMax || file_bytes == 0 ||
      file_bytes > limits::kAttachmentBytesMax) {
    return Fail(Errc::kInvalid, "an attachment is described out of its limits");
  }
  const ChunkShape shape{claim.bytes() - tags, chunk_bytes, claim.chunks()};
  if (CountOf(shape.plain_bytes, chunk_bytes) != claim.chunks() || file_bytes > shape.plain_bytes) {
    return Fail(Errc::kInvalid, "an attachment's header and content do not fit each other");
  }
  return shape;
}

Result<ChunkProof> ReadChunkProof(std::string_view root,
                                  uint32_t index,
                                  uint32_t chunks,
                                  std::span<const std::string* const> path) {
  ChunkProof proof;
  ASSIGN_OR_RETURN(proof.root, Digest::FromBytes(root));
  if (chunks == 0 || chunks > limits::kAttachmentChunksMax || index >= chunks ||
      path.size() > limits::kAttachmentPathHashesMax) {
    return Fail(Errc::kInvalid, "a chunk has no such place in an attachment");
  }
  proof.index = index;
  proof.chunks = chunks;
  for (const std::string* hash : path) {
    ASSIGN_OR_RETURN(proof.path.emplace_back(), Digest::FromBytes(*hash));
  }
  return proof;
}

Result<Digest> CheckChunk(const ChunkProof& proof, std::string_view data) {
  if (data.empty() || data.size() > limits::kAttachmentChunkBytesMax) {
    return Fail(Errc::kInvalid, "a chunk is empty or over 256 KiB");
  }
  const Digest leaf = certs::LeafHash(data);
  ASSIGN_OR_RETURN(const Digest root,
                   certs::RootFromPath(leaf, proof.index, proof.chunks, proof.path));
  if (root != proof.root) {
    return Fail(Errc::kCorrupt, "a chunk is not the one that its attachment's root names");
  }
  return leaf;
}

}  // namespace rujukan::ledger
