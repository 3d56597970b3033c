// Goal: what the spool says is there, is there and whole, whatever a power cut left. Method: files
// bent and cut short between closing and opening again.
#include "agents/agency/chunk_spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "certs/merkle.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

constexpr ledger::ChunkShape kShape{250, 100, 3};  // chunks of 116, 116 and 66 bytes sealed

Result<void> Put(SpoolFile& file, uint32_t index) {
  const std::string sealed(kShape.SealedBytesAt(index), static_cast<char>('a' + index));
  return file.Put(index, sealed, certs::LeafHash(sealed));
}

TEST(ChunkSpool, ChunksInAnyOrderAreThereAfterReopening) {
  const Scratch scratch;
  {
    auto file = SpoolFile::Create(scratch.file("x"), kShape).value();
    ASSERT_TRUE(Put(file, 2).has_value());
    ASSERT_TRUE(Put(file, 0).has_value());
  }
  auto file = SpoolFile::Resume(scratch.file("x"), kShape).value();
  EXPECT_EQ(file.Bits(), std::string(1, '\x05'));
  EXPECT_FALSE(file.complete());
  ASSERT_TRUE(Put(file, 1).has_value());
  EXPECT_TRUE(file.complete());
  ASSERT_TRUE(file.Sync().has_value());
  EXPECT_EQ(SpoolFile::OpenWhole(scratch.file("x"), kShape)->Get(2).value(), std::string(66, 'c'));
}

TEST(ChunkSpool, AChunkWithoutItsBytesOrWithOthersIsNotThere) {
  const Scratch scratch;
  {
    auto file = SpoolFile::Create(scratch.file("x"), kShape).value();
    for (uint32_t i = 0; i < 3; ++i) {
      ASSERT_TRUE(Put(file, i).has_value());
    }
  }
  std::fstream(scratch.file("x"), std::ios::in | std::ios::out | std::ios::binary).put('?');
  std::filesystem::resize_file(scratch.file("x"), 240);  // into the last one
  EXPECT_EQ(SpoolFile::Resume(scratch.file("x"), kShape)->Bits(), std::string(1, '\x02'));
}

TEST(ChunkSpool, AChunkOfAnotherSizeIsRefused) {
  const Scratch scratch;
  auto file = SpoolFile::Create(scratch.file("x"), kShape).value();
  EXPECT_EQ(file.Put(2, std::string(116, 'x'), Digest()).error().code, Errc::kInvalid);
  EXPECT_EQ(file.Put(3, std::string(66, 'x'), Digest()).error().code, Errc::kInvalid);
}

TEST(ChunkSpool, ASweepLeavesOnlyWhatIsSomebodys) {
  const Scratch scratch;
  const ChunkSpool spool(scratch.file("lampiran"));
  ASSERT_TRUE(spool.Prepare().has_value());
  const Digest kept = certs::LeafHash("a");
  const Digest gone = certs::LeafHash("b");
  for (const Digest& root : {kept, gone}) {
    auto file = SpoolFile::Create(spool.PathOf(root), kShape).value();
    ASSERT_TRUE(Put(file, 0).has_value());
  }
  ASSERT_TRUE(spool.Sweep({kept}).has_value());
  EXPECT_TRUE(std::filesystem::exists(spool.PathOf(kept)));
  EXPECT_TRUE(std::filesystem::exists(spool.PathOf(kept) + ".leaves"));
  EXPECT_FALSE(std::filesystem::exists(spool.PathOf(gone)));
  EXPECT_FALSE(std::filesystem::exists(spool.PathOf(gone) + ".leaves"));
}

TEST(ChunkSpool, AnUploadThatEndedWithTheProgramIsRemovedAtTheStart) {
  const Scratch scratch;
  const ChunkSpool spool(scratch.file("lampiran"));
  ASSERT_TRUE(spool.Prepare().has_value());
  const auto id = MessageId::FromBytes(std::string(16, 'i')).value();
  ASSERT_TRUE(SpoolFile::Create(spool.PartOf(id), kShape).has_value());
  ASSERT_TRUE(spool.Prepare().has_value());
  EXPECT_TRUE(std::filesystem::is_empty(scratch.file("lampiran")));
}

}  // namespace
}  // namespace rujukan::agency
