// RocksStore's third half: what leaves the store again. One thread beside the committer.

#include <rocksdb/write_batch.h>

#include <algorithm>

#include "broker/store/rocks_rows.h"
#include "broker/store/rocks_store.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

constexpr size_t kRowsPerWrite = 4096;
constexpr size_t kContentRowBytes = MessageId::kSize + sizeof(uint64_t);

rocksdb::WriteOptions Synced() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

Result<Journal::ContentPlace> PlaceOf(const rocksdb::Slice& key, const rocksdb::Slice& row) {
  if (key.size() != sizeof(uint64_t) || row.size() != kContentRowBytes) {
    return Fail(Errc::kCorrupt, "a row of the index of ciphertexts is damaged");
  }
  Journal::ContentPlace place;
  place.index = ReadBigEndian64(ToView(key));
  ASSIGN_OR_RETURN(place.id, MessageId::FromBytes(ToView(row).substr(0, MessageId::kSize)));
  place.bytes = ReadBigEndian64(ToView(row).substr(MessageId::kSize));
  return place;
}

}  // namespace

Result<void> RocksStore::LoadTotals() {
  ASSIGN_OR_RETURN(unreclaimed_bytes_, ReadNumber(kUnreclaimedName));
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kContentIndex)));
  it->SeekToFirst();
  if (!it->Valid() && it->status().ok()) {
    RETURN_IF_ERROR(IndexContents());
    it->Refresh();
    it->SeekToFirst();
  }
  for (; it->Valid(); it->Next()) {
    ASSIGN_OR_RETURN(const ContentPlace place, PlaceOf(it->key(), it->value()));
    content_count_ += 1;
    content_bytes_ += place.bytes;
  }
  return it->status().ok() ? Result<void>() : ReadFailed(it->status());
}

// A store of before there was an index: made from the ciphertexts and the fold's records, once.
Result<void> RocksStore::IndexContents() {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kContents)));
  for (it->SeekToFirst(); it->Valid();) {
    rocksdb::WriteBatch writes;
    for (size_t rows = 0; it->Valid() && rows < kRowsPerWrite; it->Next(), ++rows) {
      ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(ToView(it->key())));
      ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(*this, id.view()));
      if (!record) {
        return Fail(Errc::kCorrupt, "a ciphertext is kept that no entry accepted");
      }
      writes.Put(family(Family::kContentIndex),
                 NumberKey(record->index()),
                 ContentRow(id, it->value().size()));
    }
    if (const rocksdb::Status status = db_->Write(Synced(), &writes); !status.ok()) {
      return WriteFailed(status);
    }
  }
  return it->status().ok() ? Result<void>() : ReadFailed(it->status());
}

Result<std::vector<Journal::ContentPlace>> RocksStore::ListContents(LogIndex from,
                                                                    size_t max) const {
  std::vector<ContentPlace> places;
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kContentIndex)));
  for (it->Seek(NumberKey(from)); it->Valid() && places.size() < max; it->Next()) {
    ASSIGN_OR_RETURN(const ContentPlace place, PlaceOf(it->key(), it->value()));
    places.push_back(place);
  }
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  return places;
}

Journal::ContentTotals RocksStore::Contents() const {
  return {content_count_, content_bytes_, unreclaimed_bytes_};
}

Result<void> RocksStore::RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  rocksdb::WriteBatch writes;
  ContentTotals removed;
  for (const ContentPlace& place : places) {
    ASSIGN_OR_RETURN(const auto row, GetRow(Family::kContentIndex, NumberKey(place.index)));
    if (row.has_value()) {
      writes.Delete(family(Family::kContentIndex), NumberKey(place.index));
      writes.Delete(family(Family::kContents), ToSlice(place.id.view()));
      removed.count += 1;
      removed.bytes += place.bytes;
    }
  }
  const uint64_t unreclaimed = unreclaimed_bytes_ + removed.bytes;
  writes.Put(family(Family::kMeta), ToSlice(kUnreclaimedName), NumberKey(unreclaimed));
  if (const rocksdb::Status status = db_->Write(Synced(), &writes); !status.ok()) {
    return WriteFailed(status);
  }
  content_count_ -= removed.count;
  content_bytes_ -= removed.bytes;
  unreclaimed_bytes_ = unreclaimed;
  return {};
}

Result<void> RocksStore::Trim(Epoch epoch,
                              const ledger::ArchiveRange& range,
                              const std::vector<LogIndex>& staying) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  ASSIGN_OR_RETURN(const TreeSize archived, ArchivedSize());
  ASSIGN_OR_RETURN(const TreeSize size, Size());
  RETURN_IF_ERROR(CheckTrim(range, archived, size));
  // First: from here on a missing entry is one that is in the archive. A crash behind this leaves
  // entries too many, which the next Trim takes.
  const rocksdb::Status status =
      db_->Put(Synced(), family(Family::kMeta), ArchivedKey(range.first), NumberKey(range.end));
  if (!status.ok()) {
    return WriteFailed(status);
  }
  return DeleteEntriesBelow(range.end, staying);
}

Result<void> RocksStore::DeleteEntriesBelow(TreeSize end, const std::vector<LogIndex>& staying) {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kEntries)));
  const std::string stop = NumberKey(end);
  for (it->SeekToFirst(); it->Valid() && ToView(it->key()) < stop;) {
    rocksdb::WriteBatch writes;
    for (; it->Valid() && ToView(it->key()) < stop &&
           static_cast<size_t>(writes.Count()) < kRowsPerWrite;
         it->Next()) {
      if (!std::binary_search(staying.begin(), staying.end(), ReadBigEndian64(ToView(it->key())))) {
        writes.Delete(family(Family::kEntries), it->key());
      }
    }
    if (const rocksdb::Status status = db_->Write(Synced(), &writes); !status.ok()) {
      return WriteFailed(status);
    }
  }
  return it->status().ok() ? Result<void>() : ReadFailed(it->status());
}

Result<TreeSize> RocksStore::ArchivedSize() const {
  ASSIGN_OR_RETURN(const auto last, ArchiveHolding(UINT64_MAX));
  return last ? last->end : TreeSize{0};
}

// UINT64_MAX: the last range there is.
Result<std::optional<ledger::ArchiveRange>> RocksStore::ArchiveHolding(LogIndex index) const {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), family(Family::kMeta)));
  it->SeekForPrev(ArchivedKey(index));
  if (!it->status().ok()) {
    return ReadFailed(it->status());
  }
  if (!it->Valid() || !it->key().starts_with(ToSlice(kArchivedPrefix))) {
    return std::optional<ledger::ArchiveRange>();
  }
  const ledger::ArchiveRange range{
      ReadBigEndian64(ToView(it->key()).substr(kArchivedPrefix.size())),
      ReadBigEndian64(ToView(it->value()))};
  const bool holds = index == UINT64_MAX || range.Holds(index);
  return holds ? std::optional(range) : std::optional<ledger::ArchiveRange>();
}

Result<void> RocksStore::Reclaim() {
  RETURN_IF_ERROR(CompactRemoved());
  // Last: a crash before this does it once more.
  const rocksdb::Status status =
      db_->Put(Synced(), family(Family::kMeta), ToSlice(kUnreclaimedName), NumberKey(0));
  if (!status.ok()) {
    return WriteFailed(status);
  }
  unreclaimed_bytes_ = 0;
  return {};
}

// Removed rows lie in the write-ahead log, in tables and in blob files until those are rewritten.
Result<void> RocksStore::CompactRemoved() {
  // All families: the log's files go when nothing in them is unflushed any more.
  rocksdb::Status status = db_->Flush(rocksdb::FlushOptions(), families_);
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  if (status.ok()) {
    ASSIGN_OR_RETURN(const TreeSize archived, ArchivedSize());
    const std::string stop = NumberKey(archived);
    const rocksdb::Slice end(stop);
    status = db_->CompactRange(options, family(Family::kEntries), nullptr, &end);
  }
  if (status.ok()) {
    status = db_->CompactRange(options, family(Family::kContentIndex), nullptr, nullptr);
  }
  if (status.ok()) {
    options.blob_garbage_collection_policy = rocksdb::BlobGarbageCollectionPolicy::kForce;
    options.blob_garbage_collection_age_cutoff = 1.0;
    status = db_->CompactRange(options, family(Family::kContents), nullptr, nullptr);
  }
  // Nothing was lost: a background error stops the next write, which then is fatal.
  return status.ok() ? Result<void>()
                     : Fail(Errc::kUnavailable, "giving disk space back: " + status.ToString());
}

}  // namespace rujukan::broker
