// Goal: a file's chunks have the shape that docs/formats/attachment.md says, and only a chunk that
// belongs to a root is believed to.
// Method: sizes at their limits and one past them; claims bent field by field; a tree of five
// chunks, each against every other place.
#include "ledger/attachment.h"

#include <gtest/gtest.h>

#include "certs/merkle.h"
#include "certs/seal.h"

namespace rujukan::ledger {
namespace {

v1::AttachmentClaim ClaimOf(const ChunkShape& shape) {
  v1::AttachmentClaim claim;
  claim.set_root(std::string(32, 'r'));
  claim.set_bytes(shape.sealed_bytes());
  claim.set_chunks(shape.chunks);
  return claim;
}

TEST(Attachment, ChunksOfAFileCoverItAndItsPadding) {
  for (const uint64_t size : {uint64_t{1},
                              uint64_t{1000},
                              uint64_t{kChunkPlainBytesMax},
                              uint64_t{kChunkPlainBytesMax} + 1,
                              uint64_t{500} << 20,
                              limits::kAttachmentBytesMax}) {
    const ChunkShape shape = ShapeOfFile(size).value();
    EXPECT_EQ(shape.plain_bytes, certs::PadmeLength(size)) << size;
    uint64_t covered = 0;
    for (uint32_t i = 0; i < shape.chunks; ++i) {
      ASSERT_EQ(shape.PlainOffset(i), covered);
      ASSERT_GT(shape.PlainBytesAt(i), 0U);
      ASSERT_LE(shape.SealedBytesAt(i), limits::kAttachmentChunkBytesMax);
      covered += shape.PlainBytesAt(i);
    }
    EXPECT_EQ(covered, shape.plain_bytes) << size;
    EXPECT_LE(shape.chunks, limits::kAttachmentChunksMax);
    EXPECT_LE(shape.sealed_bytes(), limits::kAttachmentSealedBytesMax);
  }
}

TEST(Attachment, AnEmptyFileAndOneOverTheLimitAreRefused) {
  EXPECT_EQ(ShapeOfFile(0).error().code, Errc::kInvalid);
  EXPECT_TRUE(ShapeOfFile(limits::kAttachmentBytesMax).has_value());
  EXPECT_EQ(ShapeOfFile(limits::kAttachmentBytesMax + 1).error().code, Errc::kLimit);
}

TEST(Attachment, AClaimIsReadBackAsTheShapeItWasMadeOf) {
  const ChunkShape shape = ShapeOfFile(700'001).value();
  const auto read = ShapeOfClaim(ClaimOf(shape), 700'001, shape.chunk_bytes).value();
  EXPECT_EQ(read.plain_bytes, shape.plain_bytes);
  EXPECT_EQ(read.chunks, shape.chunks);
}

TEST(Attachment, AClaimThatContradictsItsContentIsInvalid) {
  const ChunkShape shape = ShapeOfFile(700'001).value();
  const v1::AttachmentClaim good = ClaimOf(shape);
  const auto code = [&](const v1::AttachmentClaim& claim, uint64_t file, uint32_t chunk) {
    const auto read = ShapeOfClaim(claim, file, chunk);
    return read ? Errc::kFatal : read.error().code;
  };
  EXPECT_EQ(code(good, shape.plain_bytes + 1, shape.chunk_bytes), Errc::kInvalid);
  EXPECT_EQ(code(good, 0, shape.chunk_bytes), Errc::kInvalid);
  EXPECT_EQ(code(good, 700'001, 0), Errc::kInvalid);
  EXPECT_EQ(code(good, 700'001, kChunkPlainBytesMax + 1), Errc::kInvalid);
  EXPECT_EQ(code(good, 700'001, shape.chunk_bytes / 2), Errc::kInvalid);
  v1::AttachmentClaim bent = good;
  bent.set_chunks(shape.chunks + 1);
  EXPECT_EQ(code(bent, 700'001, shape.chunk_bytes), Errc::kInvalid);
  bent.set_chunks(0);
  EXPECT_EQ(code(bent, 700'001, shape.chunk_bytes), Errc::kInvalid);
  bent = good;
  bent.set_bytes(uint64_t{shape.chunks} * certs::kChunkTagBytes);
  EXPECT_EQ(code(bent, 700'001, shape.chunk_bytes), Errc::kInvalid);
  bent.set_bytes(limits::kAttachmentSealedBytesMax + 1);
  EXPECT_EQ(code(bent, 700'001, shape.chunk_bytes), Errc::kInvalid);
}

class FiveChunks : public ::testing::Test {
 protected:
  FiveChunks() {
    for (int i = 0; i < 5; ++i) {
      chunks.push_back(std::string(100, static_cast<char>('a' + i)));
      leaves.push_back(certs::LeafHash(chunks.back()));
    }
  }
  ChunkProof ProofOf(uint32_t index) const {
    const certs::MerkleTree tree(leaves);
    return {tree.Root(), index, 5, tree.Path(index)};
  }

  std::vector<std::string> chunks;
  std::vector<Digest> leaves;
};

TEST_F(FiveChunks, EachIsBelievedInItsOwnPlaceOnly) {
  for (uint32_t place = 0; place < 5; ++place) {
    for (uint32_t chunk = 0; chunk < 5; ++chunk) {
      const auto leaf = CheckChunk(ProofOf(place), chunks[chunk]);
      EXPECT_EQ(leaf.has_value(), place == chunk) << place << " " << chunk;
      if (leaf) {
        EXPECT_EQ(*leaf, leaves[chunk]);
      } else {
        EXPECT_EQ(leaf.error().code, Errc::kCorrupt);
      }
    }
  }
}

TEST_F(FiveChunks, APathOfAnotherLengthOrAChunkOverTheLimitIsInvalid) {
  ChunkProof proof = ProofOf(1);
  proof.path.pop_back();
  EXPECT_EQ(CheckChunk(proof, chunks[1]).error().code, Errc::kInvalid);
  EXPECT_EQ(CheckChunk(ProofOf(1), "").error().code, Errc::kInvalid);
  const std::string full(limits::kAttachmentChunkBytesMax, 'x');
  EXPECT_EQ(CheckChunk(ProofOf(1), full).error().code, Errc::kCorrupt) << "at the limit: judged";
  EXPECT_EQ(CheckChunk(ProofOf(1), full + "x").error().code, Errc::kInvalid);
}

TEST_F(FiveChunks, FieldsOfAFrameAreReadWithinTheirLimits) {
  const std::string root(32, 'r');
  const std::string hash(32, 'h');
  const std::vector<const std::string*> longest(limits::kAttachmentPathHashesMax, &hash);
  const auto read =
      ReadChunkProof(root, limits::kAttachmentChunksMax - 1, limits::kAttachmentChunksMax, longest);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->path.size(), limits::kAttachmentPathHashesMax);
  auto longer = longest;
  longer.push_back(&hash);
  EXPECT_FALSE(ReadChunkProof(root, 0, 1, longer).has_value());
  EXPECT_FALSE(ReadChunkProof(root, 0, limits::kAttachmentChunksMax + 1, {}).has_value());
  EXPECT_FALSE(ReadChunkProof(root, 0, 0, {}).has_value());
  EXPECT_FALSE(ReadChunkProof(root, 3, 3, {}).has_value());
  EXPECT_FALSE(ReadChunkProof("short", 0, 1, {}).has_value());
  const std::string short_hash = "h";
  const std::vector<const std::string*> bent{&short_hash};
  EXPECT_FALSE(ReadChunkProof(root, 0, 2, bent).has_value());
}

}  // namespace
}  // namespace rujukan::ledger
