// Goal: old entries move to files that are verified before anything is pruned; what must stay
// stays; every crash is gone on from; and `check` reads both halves as one ledger. Method: a
// World's ledger in a store in memory, files in a temporary directory, times of our choosing.
#include "broker/app/archive.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "broker/app/archive_files.h"
#include "broker/app/check.h"
#include "broker/core/memory_store.h"
#include "broker/core/receipts.h"
#include "ledger/archive.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

namespace fs = std::filesystem;
constexpr int64_t kHour = 3600 * 1000;
constexpr LogIndex kEntries = 900;

class ArchiveTest : public ::testing::Test {
 protected:
  ArchiveTest() {
    std::string pattern = (fs::temp_directory_path() / "archive_XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    rules_ = {directory_ + "/archive", kHour, 256, 256, limits::kArchiveFileBytesMax};
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
    waiting_ = Send();
    while (world_.size() < kEntries) {
      const v1::Header header =
          world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::PEMBERITAHUAN);
      world_.Append(world_.MessageEntry(header));
      world_.Append(world_.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
    }
    Seed(world_, store_);
    epoch_ = store_.Fence().value();
    const Digest root = ledger::RootAt(world_.size(), store_).value();
    const std::string note =
        ledger::SignCheckpoint({world_.log().verifier().name, world_.size(), root}, world_.log());
    EXPECT_TRUE(store_.PutCheckpoint(epoch_, world_.size(), note));
  }
  ~ArchiveTest() override { fs::remove_all(directory_); }

  LogIndex Send() {
    return world_.Append(world_.MessageEntry(
        world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::PEMBERITAHUAN)));
  }
  Result<std::optional<ArchivedRange>> Next(UnixMillis after = 2 * kHour) {
    return ArchiveNext(store_, epoch_, world_.log().verifier(), rules_, world_.now() + after);
  }
  std::string PathOf(const ledger::ArchiveRange& range) const {
    return rules_.directory + "/" + ledger::ArchiveName(range);
  }
  void ArchiveAll() {
    while (Next().value()) {
    }
  }
  Result<CheckReport> Check() {
    ArchiveShelf shelf({rules_.directory}, world_.log().verifier());
    return CheckStore(
        store_,
        world_.log().verifier(),
        [&](const ledger::ArchiveRange& range, uint64_t number) {
          return shelf.ReadBundle(range, number);
        },
        [](uint64_t, uint64_t) {});
  }

  World world_;
  MemoryStore store_;
  Epoch epoch_ = 0;
  std::string directory_;
  ArchiveRules rules_;
  LogIndex waiting_ = 0;  // a message that nobody has fetched
};

TEST_F(ArchiveTest, OldEntriesMoveAndTheDirectoryAndWaitingMailStay) {
  const auto archived = Next().value();
  ASSERT_TRUE(archived);
  EXPECT_EQ(archived->range, (ledger::ArchiveRange{0, 512}));
  EXPECT_EQ(archived->path, PathOf({0, 512}));
  EXPECT_FALSE(Next().value()) << "256 entries stay at the end";
  EXPECT_EQ(store_.ArchivedSize().value(), 512U);
  EXPECT_EQ(store_.ReadEntries(0, 1).value().at(0), world_.entries()[0]);
  EXPECT_EQ(store_.ReadEntries(waiting_, 1).value().at(0), world_.entries()[waiting_]);
  EXPECT_EQ(store_.ReadEntries(400, 1).error().code, Errc::kNotFound);
  EXPECT_EQ(store_.ReadEntries(512, 1).value().at(0), world_.entries()[512]);
  EXPECT_TRUE(ReadProven(store_, waiting_));
}

TEST_F(ArchiveTest, YoungEntriesStay) {
  EXPECT_FALSE(Next(/*after=*/0).value());
  EXPECT_FALSE(fs::exists(rules_.directory));
}

TEST_F(ArchiveTest, AFileThatWouldBeTooLargeIsMadeOfHalfTheEntries) {
  ASSERT_TRUE(Next().value());
  const uint64_t bytes = fs::file_size(PathOf({0, 512}));
  fs::remove_all(rules_.directory);
  MemoryStore other;
  Seed(world_, other);
  const Epoch epoch = other.Fence().value();
  ASSERT_TRUE(other.PutCheckpoint(epoch, world_.size(), store_.LatestCheckpoint().value()->note));
  rules_.file_bytes_max = bytes - Digest::kSize - 1;
  const auto archived =
      ArchiveNext(other, epoch, world_.log().verifier(), rules_, world_.now() + 2 * kHour);
  EXPECT_EQ(archived.value()->range, (ledger::ArchiveRange{0, 256}));
}

TEST_F(ArchiveTest, AFileOfAnEarlierCrashIsCheckedAndUsed) {
  ASSERT_TRUE(Next().value());
  MemoryStore again;  // the file was written, the store not yet pruned
  Seed(world_, again);
  const Epoch epoch = again.Fence().value();
  ASSERT_TRUE(again.PutCheckpoint(epoch, world_.size(), store_.LatestCheckpoint().value()->note));
  const auto next = [&] {
    return ArchiveNext(again, epoch, world_.log().verifier(), rules_, world_.now() + 2 * kHour);
  };
  std::fstream(PathOf({0, 512}), std::ios::in | std::ios::out | std::ios::binary)
      .seekp(1000)
      .put('\x7f');
  EXPECT_EQ(next().error().code, Errc::kConflict);
  EXPECT_EQ(again.ArchivedSize().value(), 0U) << "nothing is pruned on the word of a bad file";
  fs::remove(PathOf({0, 512}));
  ASSERT_TRUE(next().value());
  EXPECT_EQ(again.ArchivedSize().value(), 512U);
}

TEST_F(ArchiveTest, CheckReadsLiveAndArchivedEntriesAsOneLedger) {
  ArchiveAll();
  const auto report = Check();
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->entries, world_.size());
  // The waiting message's ciphertext is not in this store; nothing else is objected to.
  ASSERT_EQ(report->mismatches.size(), 1U);
  EXPECT_NE(report->mismatches[0].find("waits in a mailbox"), std::string::npos);
}

TEST_F(ArchiveTest, CheckNamesTheArchiveFileThatIsMissingOrDamaged) {
  ArchiveAll();
  const std::string path = PathOf({0, 512});
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(2000).put('\x7f');
  EXPECT_EQ(Check().error().code, Errc::kCorrupt);
  EXPECT_NE(Check().error().context.find("entries 0-511: archive file " + path + " is damaged"),
            std::string::npos)
      << Check().error().context;
  fs::remove(path);
  EXPECT_EQ(Check().error().code, Errc::kNotFound);
  EXPECT_NE(Check().error().context.find(ledger::ArchiveName({0, 512}) + " is missing"),
            std::string::npos);
}

}  // namespace
}  // namespace rujukan::broker
