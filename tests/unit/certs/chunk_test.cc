// Goal: a sealed chunk opens only unchanged, in its own place of its own whole, with its own key.
// Method: round trips, every single bent byte, every other place, and bytes that another program
// made.
#include "certs/chunk.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

ChunkKey Key(char fill) {
  return ChunkKey::FromBytes(std::string(ChunkKey::kSize, fill)).value();
}

TEST(Chunk, OpensInItsOwnPlace) {
  const std::string text(100'000, 'x');
  for (const ChunkPlace place : {ChunkPlace{0, 1}, ChunkPlace{0, 3}, ChunkPlace{2, 3}}) {
    const std::string sealed = Key('k').Seal(text, place);
    EXPECT_EQ(sealed.size(), text.size() + kChunkTagBytes);
    EXPECT_EQ(Key('k').Open(sealed, place).value(), text);
  }
  EXPECT_EQ(Key('k').Open(Key('k').Seal("", {0, 1}), {0, 1}).value(), "");
}

TEST(Chunk, MovedRepeatedOrOfAnotherWholeIsCorrupt) {
  const std::string sealed = Key('k').Seal("isi", {1, 4});
  for (uint32_t count = 1; count <= 6; ++count) {
    for (uint32_t index = 0; index < count; ++index) {
      const auto opened = Key('k').Open(sealed, {index, count});
      EXPECT_EQ(opened.has_value(), index == 1 && count == 4) << index << " of " << count;
    }
  }
}

TEST(Chunk, AWholeThatIsCutShortHasNoLastChunk) {
  const std::string before_last = Key('k').Seal("isi", {2, 4});
  EXPECT_EQ(Key('k').Open(before_last, {2, 3}).error().code, Errc::kCorrupt);
}

TEST(Chunk, EveryBentByteAndAnotherKeyAreCorrupt) {
  const std::string sealed = Key('k').Seal("isi lampiran", {0, 2});
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string bent = sealed;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_EQ(Key('k').Open(bent, {0, 2}).error().code, Errc::kCorrupt) << i;
  }
  EXPECT_EQ(Key('x').Open(sealed, {0, 2}).error().code, Errc::kCorrupt);
}

TEST(Chunk, WithoutATagOrAPlaceIsInvalid) {
  EXPECT_EQ(Key('k').Open(std::string(kChunkTagBytes - 1, 'x'), {0, 1}).error().code,
            Errc::kInvalid);
  EXPECT_EQ(Key('k').Open(std::string(kChunkTagBytes, 'x'), {0, 1}).error().code, Errc::kCorrupt);
  EXPECT_EQ(Key('k').Open(Key('k').Seal("x", {0, 1}), {1, 1}).error().code, Errc::kInvalid);
}

TEST(Chunk, AKeyHasThirtyTwoBytesAndIsNewEachTime) {
  EXPECT_EQ(ChunkKey::FromBytes(std::string(31, 'k')).error().code, Errc::kInvalid);
  EXPECT_EQ(ChunkKey::FromBytes(std::string(33, 'k')).error().code, Errc::kInvalid);
  EXPECT_NE(ChunkKey::Generate().bytes(), ChunkKey::Generate().bytes());
}

// Made with Python's `cryptography` (AESGCM), from the page docs/formats/attachment.md alone.
TEST(Chunk, AnotherProgramSealsToTheSameBytes) {
  EXPECT_EQ(ToHex(Key('k').Seal("isi", {1, 4})), "aedb15d133191f5442d350197e63b823f48cfa");
  EXPECT_EQ(ToHex(Key('k').Seal("isi", {3, 4})), "62b46a00d005f66c351473c182fbc97039c79b");
}

}  // namespace
}  // namespace rujukan::certs
