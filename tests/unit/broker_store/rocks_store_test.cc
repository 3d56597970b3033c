// Goal: RocksStore keeps the store's contract, notices a full disk before writing, and locks its
// directory. Method: the contract every store runs through, on a temporary directory.

#include "broker/store/rocks_store.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/broker_core/store_contract.h"

namespace rujukan::broker {
namespace {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "rocks_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

class RocksMaker {
 public:
  RocksMaker() { Reopen(); }
  Store& store() { return *store_; }
  void Reopen() {
    store_.reset();
    store_ = RocksStore::Open(directory_.path()).value();
  }

 private:
  TemporaryDirectory directory_;
  std::unique_ptr<RocksStore> store_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Rocks, StoreContract, RocksMaker);

TEST(RocksStore, ASecondBrokerOnTheSameDirectoryIsTurnedAway) {
  const TemporaryDirectory directory;
  const auto first = RocksStore::Open(directory.path());
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(Errc::kUnavailable, RocksStore::Open(directory.path()).error().code);
}

TEST(RocksStore, AFullDiskIsNoticedBeforeWritingAndRoomAgainIsEnough) {
  const TemporaryDirectory directory;
  uint64_t free_bytes = 0;
  RocksStore::Options options;
  options.reserve_bytes = 1000;
  options.free_bytes = [&](const std::string&) { return free_bytes; };
  const auto store = RocksStore::Open(directory.path(), options).value();
  const Epoch epoch = store->Fence().value();
  CommitBatch batch;
  batch.entries = {"entry"};
  EXPECT_EQ(Errc::kUnavailable, store->Append(epoch, batch).error().code);
  EXPECT_EQ(0U, store->Size().value());
  free_bytes = 1 << 20;
  EXPECT_TRUE(store->Append(epoch, batch).has_value());
  EXPECT_EQ(1U, store->Size().value());
}

TEST(RocksStore, ADamagedWriteAheadLogIsRefusedNotSkipped) {
  const TemporaryDirectory directory;
  {
    const auto store = RocksStore::Open(directory.path()).value();
    const Epoch epoch = store->Fence().value();
    for (LogIndex i = 0; i < 50; ++i) {
      CommitBatch batch;
      batch.first_index = i;
      batch.entries = {std::string(1000, 'e')};
      ASSERT_TRUE(store->Append(epoch, batch).has_value());
    }
  }
  std::filesystem::path log;
  for (const auto& file : std::filesystem::directory_iterator(directory.path())) {
    if (file.path().extension() == ".log" && file.file_size() > 10'000) {
      log = file.path();
    }
  }
  ASSERT_FALSE(log.empty());
  std::FILE* file = std::fopen(log.c_str(), "r+b");
  ASSERT_NE(nullptr, file);
  std::fseek(file, 10'000, SEEK_SET);
  std::fputs("damage in the middle", file);
  std::fclose(file);
  EXPECT_EQ(Errc::kCorrupt, RocksStore::Open(directory.path()).error().code);
}

}  // namespace
}  // namespace rujukan::broker
