// Goal: RocksStore keeps the store's contract, notices a full disk before writing, and locks its
// directory. Method: the contract every store runs through, on a temporary directory.

#include "broker/store/rocks_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "certs/hash.h"
#include "rujukan/v1/ledger.pb.h"
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

// Any of three pieces of these bytes: a write-ahead log breaks long rows into blocks.
bool AnyFileHolds(const std::string& directory, const std::string& bytes) {
  constexpr size_t kPiece = 32;
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string held((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    for (const size_t at : {size_t{0}, bytes.size() / 2, bytes.size() - kPiece}) {
      if (held.find(bytes.substr(at, kPiece)) != std::string::npos) {
        return true;
      }
    }
  }
  return false;
}

// Of `size` bytes that no compression shortens and no other content has.
Content ContentAt(LogIndex index, size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    bytes += certs::Sha256(std::to_string(index) + "/" + std::to_string(bytes.size())).str();
  }
  bytes.resize(size);
  return {index, *MessageId::FromBytes(certs::Sha256(bytes).view().substr(0, 16)), bytes};
}

TEST(RocksStore, RemovedCiphertextsAreInNoFileAfterReclaimAndKeptOnesStay) {
  const TemporaryDirectory directory;
  const auto store = RocksStore::Open(directory.path()).value();
  const Epoch epoch = store->Fence().value();
  CommitBatch batch;
  for (LogIndex index = 0; index < 40; ++index) {
    batch.entries.push_back("entry");
    batch.contents.push_back(ContentAt(index, index % 2 == 0 ? 20'000 : 500));  // blob, and inline
  }
  ASSERT_TRUE(store->Append(epoch, batch));
  ASSERT_TRUE(AnyFileHolds(directory.path(), batch.contents[6].bytes));
  auto going = store->ListContents(0, 30).value();
  ASSERT_TRUE(store->RemoveContents(epoch, going));
  ASSERT_TRUE(store->Reclaim());
  for (LogIndex index = 0; index < 40; ++index) {
    EXPECT_EQ(AnyFileHolds(directory.path(), batch.contents[index].bytes), index >= 30) << index;
  }
  EXPECT_EQ(store->ReadContent(batch.contents[38].id).value(), batch.contents[38].bytes);
}

TEST(RocksStore, TrimmedEntriesAreInNoFileAfterReclaim) {
  const TemporaryDirectory directory;
  const auto store = RocksStore::Open(directory.path()).value();
  const Epoch epoch = store->Fence().value();
  CommitBatch batch;
  for (LogIndex index = 0; index < 600; ++index) {
    batch.entries.push_back(ContentAt(index, 64).bytes);
  }
  ASSERT_TRUE(store->Append(epoch, batch));
  ASSERT_TRUE(store->Trim(epoch, {0, 512}, {0, 300}));
  ASSERT_TRUE(store->Reclaim());
  EXPECT_FALSE(AnyFileHolds(directory.path(), batch.entries[299]));
  EXPECT_TRUE(store->ReadEntries(300, 1));
  EXPECT_EQ(store->ReadEntries(512, 256)->size(), 88U);
}

TEST(RocksStore, AStoreOfBeforeThereWasAnIndexOfCiphertextsGetsOne) {
  const TemporaryDirectory directory;
  const Content content = ContentAt(3, 6'000);
  {
    const auto store = RocksStore::Open(directory.path()).value();
    const Epoch epoch = store->Fence().value();
    CommitBatch batch;
    batch.entries = {"0", "1", "2", "3"};
    batch.contents = {content};
    v1::MessageRecord record;
    record.set_index(3);
    batch.view[{ledger::Table::kMessage, content.id.str()}] = record.SerializeAsString();
    ASSERT_TRUE(store->Append(epoch, batch));
  }
  {
    rocksdb::DB* db = nullptr;
    std::vector<rocksdb::ColumnFamilyHandle*> families;
    ASSERT_TRUE(
        rocksdb::DB::Open(DatabaseOptions(), directory.path(), FamilyDescriptors(), &families, &db)
            .ok());
    auto* index = families[static_cast<size_t>(Family::kContentIndex)];
    ASSERT_TRUE(db->DropColumnFamily(index).ok());
    for (auto* family : families) {
      db->DestroyColumnFamilyHandle(family);
    }
    delete db;
  }
  const auto store = RocksStore::Open(directory.path()).value();
  const auto places = store->ListContents(0, 9).value();
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].index, 3U);
  EXPECT_EQ(places[0].id, content.id);
  EXPECT_EQ(store->Contents().bytes, 6'000U);
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
