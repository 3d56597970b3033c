#include "broker/store/rocks_store.h"

#include <rocksdb/write_batch.h>
#include <sys/statvfs.h>

#include "broker/store/rocks_rows.h"

namespace rujukan::broker {
namespace {

uint64_t FreeBytesOf(const std::string& dir) {
  struct statvfs facts {};
  if (statvfs(dir.c_str(), &facts) != 0) {
    return UINT64_MAX;  // unknown is not full; a write that fails is noticed by itself
  }
  return static_cast<uint64_t>(facts.f_bavail) * facts.f_frsize;
}

size_t ContentBytesOf(const CommitBatch& batch) {
  size_t bytes = 0;
  for (const Content& content : batch.contents) {
    bytes += content.bytes.size();
  }
  return bytes;
}

size_t BytesOf(const CommitBatch& batch) {
  constexpr size_t kRowOverhead = 64;
  size_t bytes = 0;
  for (const std::string& entry : batch.entries) {
    bytes += entry.size() + kRowOverhead;
  }
  for (const auto& [id, tile] : batch.tiles) {
    bytes += tile.size() + kRowOverhead;
  }
  for (const auto& [place, value] : batch.view) {
    bytes += place.second.size() + (value.has_value() ? value->size() : 0) + kRowOverhead;
  }
  return bytes + ContentBytesOf(batch) + 2 * kRowOverhead * batch.contents.size();
}

}  // namespace

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const std::string& dir) {
  return Open(dir, Options());
}

Result<std::unique_ptr<RocksStore>> RocksStore::Open(const std::string& dir, Options options) {
  if (!options.free_bytes) {
    options.free_bytes = FreeBytesOf;
  }
  std::unique_ptr<RocksStore> store(new RocksStore(dir, std::move(options)));
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(DatabaseOptions(), dir, FamilyDescriptors(), &store->families_, &db);
  if (!status.ok()) {
    return Fail(status.IsCorruption() ? Errc::kCorrupt : Errc::kUnavailable,
                "opening the store: " + status.ToString());
  }
  store->db_.reset(db);
  ASSIGN_OR_RETURN(store->next_index_, store->ReadNumber(kSizeName));
  ASSIGN_OR_RETURN(store->epoch_, store->ReadNumber(kEpochName));
  RETURN_IF_ERROR(store->LoadTotals());
  return store;
}

RocksStore::~RocksStore() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) {
    db_->DestroyColumnFamilyHandle(handle);
  }
}

Result<void> RocksStore::CheckEpoch(Epoch epoch) const {
  if (epoch != epoch_) {
    return Fail(Errc::kDenied, "another broker has taken this ledger over; stop this one");
  }
  return {};
}

Result<void> RocksStore::CheckRoom(size_t bytes) const {
  // Twice: once in the write-ahead log, once more when the memtable is flushed.
  const uint64_t needed = options_.reserve_bytes + 2 * static_cast<uint64_t>(bytes);
  const uint64_t free = options_.free_bytes(dir_);
  if (free < needed) {
    return Fail(Errc::kUnavailable,
                "no room on disk: " + std::to_string(free) + " bytes free, " +
                    std::to_string(needed) + " needed");
  }
  return {};
}

Result<Epoch> RocksStore::Fence() {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status status =
      db_->Put(synced, family(Family::kMeta), ToSlice(kEpochName), ToSlice(NumberKey(epoch_ + 1)));
  if (!status.ok()) {
    return WriteFailed(status);
  }
  return ++epoch_;
}

Result<void> RocksStore::Append(Epoch epoch, const CommitBatch& batch) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  if (batch.first_index != next_index_) {
    return Fail(Errc::kConflict,
                "the batch starts at " + std::to_string(batch.first_index) +
                    ", the ledger ends at " + std::to_string(next_index_));
  }
  const size_t bytes = BytesOf(batch);
  RETURN_IF_ERROR(CheckRoom(bytes));
  rocksdb::WriteBatch writes(bytes);
  LogIndex index = batch.first_index;
  for (const std::string& entry : batch.entries) {
    writes.Put(family(Family::kEntries), NumberKey(index++), entry);
  }
  for (const auto& [id, tile] : batch.tiles) {
    writes.Put(family(Family::kTiles), TileKey(id), tile);
  }
  for (const auto& [place, value] : batch.view) {
    const std::string key = ViewKey(place.first, place.second);
    if (value.has_value()) {
      writes.Put(family(Family::kView), key, *value);
    } else {
      writes.Delete(family(Family::kView), key);
    }
  }
  for (const Content& content : batch.contents) {
    writes.Put(family(Family::kContents), ToSlice(content.id.view()), content.bytes);
    writes.Put(family(Family::kContentIndex),
               NumberKey(content.index),
               ContentRow(content.id, content.bytes.size()));
  }
  writes.Put(family(Family::kMeta), ToSlice(kSizeName), NumberKey(index));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (const rocksdb::Status status = db_->Write(synced, &writes); !status.ok()) {
    return WriteFailed(status);
  }
  next_index_ = index;
  content_count_ += batch.contents.size();
  content_bytes_ += ContentBytesOf(batch);
  return {};
}

Result<void> RocksStore::PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  // Not synced: it is in the kernel's hands, which survives kill -9; the next Append syncs it.
  const rocksdb::Status status =
      db_->Put(rocksdb::WriteOptions(), family(Family::kCheckpoints), NumberKey(size), note);
  if (!status.ok()) {
    return WriteFailed(status);
  }
  return {};
}

// Not synced: losing it costs a round of asking, no more.
Result<void> RocksStore::PutCosigned(Epoch epoch, TreeSize size, const std::string& note) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  const rocksdb::Status status = db_->Put(rocksdb::WriteOptions(),
                                          family(Family::kMeta),
                                          ToSlice(kCosignedName),
                                          NumberKey(size) + note);
  if (!status.ok()) {
    return WriteFailed(status);
  }
  return {};
}

}  // namespace rujukan::broker
