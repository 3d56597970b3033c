#include "broker/store/rocks_store.h"

#include <rocksdb/write_batch.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::broker {
namespace {

constexpr std::string_view kSizeName = "size";
constexpr std::string_view kEpochName = "epoch";

rocksdb::Slice ToSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

std::string NumberKey(uint64_t number) {
  std::string key;
  AppendBigEndian64(number, key);
  return key;
}

std::string TileKey(const ledger::TileId& id) {
  std::string key(1, static_cast<char>(id.level));
  AppendBigEndian64(id.number, key);
  return key;
}

std::string ViewKey(ledger::Table table, std::string_view key) {
  std::string row;
  row.reserve(key.size() + 1);
  row.push_back(static_cast<char>(table));
  row.append(key);
  return row;
}

uint64_t FreeBytesOf(const std::string& dir) {
  struct statvfs facts {};
  if (statvfs(dir.c_str(), &facts) != 0) {
    return UINT64_MAX;  // unknown is not full; a write that fails is noticed by itself
  }
  return static_cast<uint64_t>(facts.f_bavail) * facts.f_frsize;
}

// Reading failed, or what was read is damaged: nothing sensible can follow.
tl::unexpected<Error> ReadFailed(const rocksdb::Status& status) {
  return Fail(status.IsCorruption() ? Errc::kCorrupt : Errc::kFatal,
              "reading the store: " + status.ToString());
}

// A write that was begun and failed, for whatever reason (a failed sync, a full disk half way):
// some of it may be on disk. Only a restart finds out what is.
tl::unexpected<Error> WriteFailed(const rocksdb::Status& status) {
  return Fail(Errc::kFatal, "writing the store: " + status.ToString());
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
  for (const auto& [id, content] : batch.contents) {
    bytes += content.size() + kRowOverhead;
  }
  return bytes;
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
  return store;
}

RocksStore::~RocksStore() {
  for (rocksdb::ColumnFamilyHandle* handle : families_) {
    db_->DestroyColumnFamilyHandle(handle);
  }
}

Result<std::optional<std::string>> RocksStore::GetRow(Family which, std::string_view key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status =
      db_->Get(rocksdb::ReadOptions(), family(which), ToSlice(key), &value);
  if (status.IsNotFound()) {
    return std::optional<std::string>();
  }
  if (!status.ok()) {
    return ReadFailed(status);
  }
  return std::optional<std::string>(std::in_place, value.data(), value.size());
}

Result<uint64_t> RocksStore::ReadNumber(std::string_view name) const {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, GetRow(Family::kMeta, name));
  if (!value.has_value()) {
    return 0;
  }
  if (value->size() != sizeof(uint64_t)) {
    return Fail(Errc::kCorrupt, "the store's " + std::string(name) + " is not a number");
  }
  return ReadBigEndian64(*value);
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
  for (const auto& [id, content] : batch.contents) {
    writes.Put(family(Family::kContents), ToSlice(id.view()), content);
  }
  writes.Put(family(Family::kMeta), ToSlice(kSizeName), NumberKey(index));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (const rocksdb::Status status = db_->Write(synced, &writes); !status.ok()) {
    return WriteFailed(status);
  }
  next_index_ = index;
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

Result<TreeSize> RocksStore::Size() const {
  return ReadNumber(kSizeName);
}

Result<std::vector<std::string>> RocksStore::ReadEntries(LogIndex from, size_t max) const {
  std::vector<std::string> entries;
  if (max == 1) {  // a point look-up is much cheaper than an iterator
    ASSIGN_OR_RETURN(std::optional<std::string> entry, GetRow(Family::kEntries, NumberKey(from)));
    if (entry.has_value()) {
      entries.push_back(std::move(*entry));
    }
    return entries;
  }
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kEntries)));
  for (it->Seek(NumberKey(from)); it->Valid() && entries.size() < max; it->Next()) {
    if (ReadBigEndian64(ToView(it->key())) != from + entries.size()) {
      return Fail(Errc::kNotFound, "entry " + std::to_string(from) + " is in the archive");
    }
    entries.push_back(it->value().ToString());
  }
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  return entries;
}

Result<std::optional<Journal::KeptCheckpoint>> RocksStore::CheckpointCovering(TreeSize size) const {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kCheckpoints)));
  it->Seek(NumberKey(size));
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  if (!it->Valid()) {
    return std::optional<KeptCheckpoint>();
  }
  return std::optional<KeptCheckpoint>(
      KeptCheckpoint{ReadBigEndian64(ToView(it->key())), it->value().ToString()});
}

Result<std::optional<Journal::KeptCheckpoint>> RocksStore::LatestCheckpoint() const {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kCheckpoints)));
  it->SeekToLast();
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  if (!it->Valid()) {
    return std::optional<KeptCheckpoint>();
  }
  return std::optional<KeptCheckpoint>(
      KeptCheckpoint{ReadBigEndian64(ToView(it->key())), it->value().ToString()});
}

Result<std::string> RocksStore::ReadContent(const MessageId& id) const {
  ASSIGN_OR_RETURN(std::optional<std::string> content, GetRow(Family::kContents, id.view()));
  if (!content.has_value()) {
    return Fail(Errc::kNotFound, "no message of that id was accepted here");
  }
  return std::move(*content);
}

Result<void> RocksStore::Trim(LogIndex index) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status status =
      db_->DeleteRange(synced, family(Family::kEntries), NumberKey(0), NumberKey(index));
  if (!status.ok()) {
    return WriteFailed(status);
  }
  return {};
}

Result<std::optional<std::string>> RocksStore::Get(ledger::Table table,
                                                   std::string_view key) const {
  return GetRow(Family::kView, ViewKey(table, key));
}

Result<void> RocksStore::Scan(ledger::Table table,
                              std::string_view prefix,
                              std::string_view from,
                              const Visitor& visit) const {
  const std::string row_prefix = ViewKey(table, prefix);
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kView)));
  for (it->Seek(ViewKey(table, std::max(prefix, from))); it->Valid(); it->Next()) {
    if (!it->key().starts_with(row_prefix)) {
      break;
    }
    if (!visit(ToView(it->key()).substr(1), ToView(it->value()))) {
      break;
    }
  }
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  return {};
}

Result<std::string> RocksStore::ReadTile(const ledger::TileId& id) const {
  ASSIGN_OR_RETURN(std::optional<std::string> tile, GetRow(Family::kTiles, TileKey(id)));
  if (!tile.has_value() || tile->size() < id.width * Digest::kSize) {
    return Fail(Errc::kNotFound, "no tile " + ledger::TilePath(id));
  }
  return std::move(*tile);
}

}  // namespace rujukan::broker
