// RocksStore's reading half: safe from any thread.

#include <algorithm>

#include "base/bytes.h"
#include "broker/store/rocks_rows.h"
#include "broker/store/rocks_store.h"

namespace rujukan::broker {
namespace {

Result<std::vector<std::string>> InArchive(LogIndex index) {
  return Fail(Errc::kNotFound, "entry " + std::to_string(index) + " is in the archive");
}

}  // namespace

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

Result<TreeSize> RocksStore::Size() const {
  return ReadNumber(kSizeName);
}

Result<std::vector<std::string>> RocksStore::ReadEntries(LogIndex from, size_t max) const {
  std::vector<std::string> entries;
  if (max == 1) {  // a point look-up is much cheaper than an iterator
    ASSIGN_OR_RETURN(std::optional<std::string> entry, GetRow(Family::kEntries, NumberKey(from)));
    if (entry.has_value()) {
      entries.push_back(std::move(*entry));
      return entries;
    }
    ASSIGN_OR_RETURN(const TreeSize archived, ArchivedSize());
    return from < archived ? InArchive(from) : entries;
  }
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kEntries)));
  for (it->Seek(NumberKey(from)); it->Valid() && entries.size() < max; it->Next()) {
    if (ReadBigEndian64(ToView(it->key())) != from + entries.size()) {
      return InArchive(from + entries.size());
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

Result<std::optional<Journal::KeptCheckpoint>> RocksStore::LatestCosigned() const {
  ASSIGN_OR_RETURN(const std::optional<std::string> row, GetRow(Family::kMeta, kCosignedName));
  if (!row.has_value()) {
    return std::optional<KeptCheckpoint>();
  }
  if (row->size() < sizeof(uint64_t)) {
    return Fail(Errc::kCorrupt, "the store's cosigned checkpoint has no size");
  }
  return std::optional<KeptCheckpoint>(
      KeptCheckpoint{ReadBigEndian64(*row), row->substr(sizeof(uint64_t))});
}

Result<std::string> RocksStore::ReadContent(const MessageId& id) const {
  ASSIGN_OR_RETURN(std::optional<std::string> content, GetRow(Family::kContents, id.view()));
  if (!content.has_value()) {
    return Fail(Errc::kNotFound, std::string(kContentGone));
  }
  return std::move(*content);
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
