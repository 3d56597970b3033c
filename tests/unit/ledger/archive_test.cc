// Goal: an archive file is checked alone and in the tree, every way to tamper with one is found and
// named, and the format holds its limits. Method: files in memory over a tree of made-up entries;
// one byte, part or header changed at a time.
#include "ledger/archive.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/ledger/memory_tiles.h"

namespace rujukan::ledger {
namespace {

constexpr TreeSize kSize = 1300;

class MemoryBytes : public ArchiveBytes {
 public:
  explicit MemoryBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  uint64_t Size() const override { return bytes_.size(); }
  Result<std::string> Read(uint64_t offset, size_t length) const override {
    if (offset > bytes_.size() || length > bytes_.size() - offset) {
      return Fail(Errc::kCorrupt, "the file ends early");
    }
    return bytes_.substr(offset, length);
  }

 private:
  const std::string bytes_;
};

std::string EntryAt(LogIndex index) {
  return "entry number " + std::to_string(index);
}

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    for (LogIndex index = 0; index < kSize; ++index) {
      tree_.Append(LeafHash(EntryAt(index)));
    }
    tiles_.Store(tree_.TakeChangedTiles());
    checkpoint_ = {signer_.verifier().name, kSize, tree_.Root()};
    note_ = SignCheckpoint(checkpoint_, signer_);
  }

  ArchiveHeader HeaderOf(const ArchiveRange& range) const {
    return MakeArchiveHeader(range, checkpoint_, note_, tiles_).value();
  }
  static Result<std::string> Write(const ArchiveHeader& header,
                                   uint64_t bytes_max = limits::kArchiveFileBytesMax) {
    std::string file;
    ArchiveWriter writer(
        header,
        [&](std::string_view bytes) {
          file += bytes;
          return Result<void>();
        },
        bytes_max);
    RETURN_IF_ERROR(writer.Begin());
    for (LogIndex first = header.range.first; first < header.range.end; first += kTileWidth) {
      std::vector<std::string> entries;
      for (LogIndex index = first; index < first + kTileWidth; ++index) {
        entries.push_back(EntryAt(index));
      }
      RETURN_IF_ERROR(writer.Add(entries));
    }
    RETURN_IF_ERROR(writer.Finish());
    return file;
  }
  std::string FileOf(const ArchiveRange& range) const { return Write(HeaderOf(range)).value(); }

  // All faults as one text; "" when the file is good.
  std::string Faults(const std::string& file) const {
    const MemoryBytes bytes(file);
    const auto archive = Archive::Open(bytes);
    if (!archive) {
      return archive.error().context;
    }
    std::string text;
    const auto faults = archive->Verify(signer_.verifier());
    for (const ArchiveFault& fault : faults.value()) {
      text += (fault.entry ? "entry " + std::to_string(*fault.entry) + ": " : "") + fault.problem +
              "\n";
    }
    return text;
  }
  static void ExpectSays(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << "it says: " << text;
  }

  const NoteSigner signer_ =
      NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate()).value();
  Tree tree_;
  MemoryTiles tiles_;
  Checkpoint checkpoint_;
  std::string note_;
};

TEST_F(ArchiveTest, EveryRangeOfALedgerIsGoodAloneAndGivesItsBundlesBack) {
  for (const ArchiveRange& range : {ArchiveRange{0, 256},
                                    ArchiveRange{0, 1024},
                                    ArchiveRange{256, 512},
                                    ArchiveRange{1024, 1280}}) {
    const std::string file = FileOf(range);
    EXPECT_EQ(Faults(file), "");
    const MemoryBytes bytes(file);
    const Archive archive = Archive::Open(bytes).value();
    EXPECT_EQ(archive.header().range, range);
    EXPECT_EQ(archive.header().root, RangeRoot(range, kSize, tiles_).value());
    const uint64_t last = range.end / kTileWidth - 1;
    const auto entries = ParseBundle(archive.ReadBundle(last).value(), kTileWidth);
    EXPECT_EQ(entries->back(), EntryAt(range.end - 1));
    EXPECT_EQ(archive.ReadBundle(last + 1).error().code, Errc::kNotFound);
  }
}

TEST_F(ArchiveTest, AFlippedByteOfAnEntryNamesTheEntry) {
  std::string file = FileOf({0, 512});
  file[file.find(EntryAt(300)) + 1] ^= 1;
  const std::string faults = Faults(file);
  ExpectSays(faults, "its bytes are not those it was written with");
  ExpectSays(faults, "entry 300: its bytes are not those the tree was built over");
}

TEST_F(ArchiveTest, AnyFlippedByteIsFound) {
  const std::string good = FileOf({256, 512});
  for (size_t at = 0; at < good.size(); at += 97) {
    std::string file = good;
    file[at] ^= 1;
    EXPECT_NE(Faults(file), "") << "byte " << at;
  }
}

TEST_F(ArchiveTest, ATruncatedFileIsNamedByTheEntriesWhereItBreaksOff) {
  const std::string good = FileOf({0, 512});
  ExpectSays(Faults(good.substr(0, good.find(EntryAt(300)))), "it breaks off at entries 256-511");
  ExpectSays(Faults(good.substr(0, good.size() - 1)), "does not end with the digest");
  ExpectSays(Faults(good + "x"), "does not end with the digest");
  ExpectSays(Faults(good.substr(0, 100)), "not an archive file");
  ExpectSays(Faults(""), "does not begin with rujukan-archive@v1");
}

// Whoever can write a digest, too, still has no root and no path for another entry.
TEST_F(ArchiveTest, AFileMadeAnewAroundAnotherEntryDoesNotLeadToTheSignedRoot) {
  ArchiveHeader header = HeaderOf({0, 256});
  Tree forged;
  MemoryTiles tiles;
  for (LogIndex index = 0; index < kSize; ++index) {
    forged.Append(LeafHash(EntryAt(index + 1)));
  }
  tiles.Store(forged.TakeChangedTiles());
  header.root = RangeRoot({0, 256}, kSize, tiles).value();
  std::string file;
  ArchiveWriter writer(
      header,
      [&](std::string_view bytes) {
        file += bytes;
        return Result<void>();
      },
      limits::kArchiveFileBytesMax);
  ASSERT_TRUE(writer.Begin());
  std::vector<std::string> entries;
  for (LogIndex index = 0; index < 256; ++index) {
    entries.push_back(EntryAt(index + 1));
  }
  ASSERT_TRUE(writer.Add(entries));
  ASSERT_TRUE(writer.Finish());
  EXPECT_EQ(Faults(file), "its path does not lead to the root that the checkpoint signs\n");
}

TEST_F(ArchiveTest, ACheckpointOfAnotherKeyOrASmallerLedgerIsNoProof) {
  ArchiveHeader header = HeaderOf({0, 256});
  const NoteSigner stranger =
      NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate()).value();
  header.checkpoint = SignCheckpoint(checkpoint_, stranger);
  ExpectSays(Faults(Write(header).value()), "its checkpoint: ");
  header.checkpoint = SignCheckpoint({checkpoint_.origin, 255, checkpoint_.root}, signer_);
  ExpectSays(Faults(Write(header).value()), "does not cover its entries");
  header = HeaderOf({0, 256});
  header.origin = "rujukan/banten.example";
  ExpectSays(Faults(Write(header).value()), "its checkpoint is not");
}

TEST_F(ArchiveTest, TheWriterNoticesEntriesThatAreNotTheTrees) {
  ArchiveHeader header = HeaderOf({0, 256});
  header.root = HeaderOf({256, 512}).root;
  EXPECT_EQ(Write(header).error().code, Errc::kCorrupt);
}

TEST_F(ArchiveTest, AFileAtTheLimitOfBytesIsWrittenAndOnePastItIsNot) {
  const ArchiveHeader header = HeaderOf({0, 256});
  const uint64_t bytes = Write(header)->size() - Digest::kSize;
  EXPECT_TRUE(Write(header, bytes));
  EXPECT_EQ(Write(header, bytes - 1).error().code, Errc::kLimit);
}

TEST(ArchiveRange, HoldsAPowerOfTwoFrom256To65536OnItsOwnAlignment) {
  EXPECT_TRUE(CheckRange({0, limits::kArchiveEntriesMax}));
  EXPECT_TRUE(CheckRange({512, 768}));
  for (const ArchiveRange& bad : {ArchiveRange{0, 2 * limits::kArchiveEntriesMax},
                                  ArchiveRange{0, 128},
                                  ArchiveRange{0, 768},
                                  ArchiveRange{256, 768},
                                  ArchiveRange{256, 256},
                                  ArchiveRange{512, 256}}) {
    EXPECT_EQ(CheckRange(bad).error().code, Errc::kInvalid);
  }
}

TEST(ArchiveRange, HasOneNameAndTheNameHasOneRange) {
  const ArchiveRange range{65536, 131072};
  EXPECT_EQ(ArchiveName(range), "entries-000000065536-000000131071.rujukan-archive");
  EXPECT_EQ(ParseArchiveName(ArchiveName(range)).value(), range);
  EXPECT_EQ(ParseArchiveName("entries-000000000000-000000000255.rujukan-archive").value(),
            (ArchiveRange{0, 256}));
  for (const char* bad : {"",
                          "entries-.rujukan-archive",
                          "entries-0-255.rujukan-archive",
                          "entries-000000000000-000000000254.rujukan-archive",
                          "entries-000000000256-000000000255.rujukan-archive",
                          "entries-000000000000-18446744073709551615.rujukan-archive",
                          "entries-000000000000-000000000255.rujukan-archive.new"}) {
    EXPECT_FALSE(ParseArchiveName(bad)) << bad;
  }
}

TEST(ArchiveRange, NextIsAsLargeAsAlignmentAndTheMinimumAllow) {
  EXPECT_EQ(NextArchiveRange(0, 70'000, 256), (ArchiveRange{0, 65'536}));
  EXPECT_EQ(NextArchiveRange(0, 1'000, 256), (ArchiveRange{0, 512}));
  EXPECT_EQ(NextArchiveRange(512, 1'000, 256), (ArchiveRange{512, 768}));
  EXPECT_EQ(NextArchiveRange(0, 255, 256).size(), 0U);
  EXPECT_EQ(NextArchiveRange(0, 65'535, 65'536).size(), 0U);
  EXPECT_EQ(NextArchiveRange(256, 512, 65'536), (ArchiveRange{256, 512}));  // to be aligned again
}

}  // namespace
}  // namespace rujukan::ledger
