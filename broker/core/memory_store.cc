#include "broker/core/memory_store.h"

#include <algorithm>

namespace rujukan::broker {
namespace {

constexpr size_t kHashBytes = Digest::kSize;

}  // namespace

Result<void> MemoryStore::CheckEpoch(Epoch epoch) const {
  if (epoch != epoch_) {
    return Fail(Errc::kDenied, "another broker has taken this ledger over; stop this one");
  }
  return {};
}

Result<Epoch> MemoryStore::Fence() {
  return ++epoch_;
}

Result<void> MemoryStore::Append(Epoch epoch, const CommitBatch& batch) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  if (batch.first_index != entries_.size()) {
    return Fail(Errc::kConflict,
                "the batch starts at " + std::to_string(batch.first_index) +
                    ", the ledger ends at " + std::to_string(entries_.size()));
  }
  if (full_) {
    return Fail(Errc::kUnavailable, "no room on disk");
  }
  entries_.insert(entries_.end(), batch.entries.begin(), batch.entries.end());
  for (const auto& [id, bytes] : batch.tiles) {
    tiles_[{id.level, id.number}] = bytes;
  }
  view_.Apply(batch.view);
  for (const Content& content : batch.contents) {
    contents_.emplace(content.id, content.bytes);
    content_index_.emplace(content.index, content.id);
  }
  // A synced write makes everything before it durable too, as in a write-ahead log.
  checkpoints_.merge(unsynced_checkpoints_);
  unsynced_checkpoints_.clear();
  return {};
}

Result<void> MemoryStore::PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  unsynced_checkpoints_[size] = note;
  return {};
}

Result<TreeSize> MemoryStore::Size() const {
  return entries_.size();
}

Result<std::vector<std::string>> MemoryStore::ReadEntries(LogIndex from, size_t max) const {
  std::vector<std::string> read;
  for (LogIndex index = from; index < entries_.size() && read.size() < max; ++index) {
    if (!entries_[index].has_value()) {
      return Fail(Errc::kNotFound, "entry " + std::to_string(index) + " is in the archive");
    }
    read.push_back(*entries_[index]);
  }
  return read;
}

Result<std::optional<Journal::KeptCheckpoint>> MemoryStore::CheckpointCovering(
    TreeSize size) const {
  std::optional<KeptCheckpoint> smallest;
  for (const auto* kept : {&checkpoints_, &unsynced_checkpoints_}) {
    const auto it = kept->lower_bound(size);
    if (it != kept->end() && (!smallest.has_value() || it->first < smallest->size)) {
      smallest = KeptCheckpoint{it->first, it->second};
    }
  }
  return smallest;
}

Result<std::optional<Journal::KeptCheckpoint>> MemoryStore::LatestCheckpoint() const {
  std::optional<KeptCheckpoint> latest;
  for (const auto* kept : {&checkpoints_, &unsynced_checkpoints_}) {
    if (!kept->empty() && (!latest.has_value() || kept->rbegin()->first > latest->size)) {
      latest = KeptCheckpoint{kept->rbegin()->first, kept->rbegin()->second};
    }
  }
  return latest;
}

Result<void> MemoryStore::PutCosigned(Epoch epoch, TreeSize size, const std::string& note) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  cosigned_ = KeptCheckpoint{size, note};
  return {};
}

Result<std::string> MemoryStore::ReadContent(const MessageId& id) const {
  const auto it = contents_.find(id);
  if (it == contents_.end()) {
    return Fail(Errc::kNotFound, std::string(kContentGone));
  }
  return it->second;
}

Result<std::vector<Journal::ContentPlace>> MemoryStore::ListContents(LogIndex from,
                                                                     size_t max) const {
  std::vector<ContentPlace> places;
  for (auto it = content_index_.lower_bound(from); it != content_index_.end(); ++it) {
    if (places.size() == max) {
      break;
    }
    places.push_back({it->first, it->second, contents_.at(it->second).size()});
  }
  return places;
}

Journal::ContentTotals MemoryStore::Contents() const {
  ContentTotals totals;
  totals.removed_bytes = removed_bytes_;
  for (const auto& [id, bytes] : contents_) {
    totals.count += 1;
    totals.bytes += bytes.size();
  }
  return totals;
}

Result<void> MemoryStore::RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  for (const ContentPlace& place : places) {
    content_index_.erase(place.index);
    removed_bytes_ += contents_.erase(place.id) * place.bytes;
  }
  return {};
}

Result<void> MemoryStore::Trim(Epoch epoch,
                               const ledger::ArchiveRange& range,
                               const std::vector<LogIndex>& staying) {
  RETURN_IF_ERROR(CheckEpoch(epoch));
  ASSIGN_OR_RETURN(const TreeSize archived, ArchivedSize());
  RETURN_IF_ERROR(CheckTrim(range, archived, entries_.size()));
  archived_.push_back(range);
  for (LogIndex index = 0; index < range.end; ++index) {
    if (!std::binary_search(staying.begin(), staying.end(), index)) {
      entries_[index].reset();
    }
  }
  return {};
}

Result<TreeSize> MemoryStore::ArchivedSize() const {
  return archived_.empty() ? TreeSize{0} : archived_.back().end;
}

Result<std::optional<ledger::ArchiveRange>> MemoryStore::ArchiveHolding(LogIndex index) const {
  for (const ledger::ArchiveRange& range : archived_) {
    if (range.Holds(index)) {
      return std::optional(range);
    }
  }
  return std::optional<ledger::ArchiveRange>();
}

Result<std::optional<std::string>> MemoryStore::Get(ledger::Table table,
                                                    std::string_view key) const {
  return view_.Get(table, key);
}

Result<void> MemoryStore::Scan(ledger::Table table,
                               std::string_view prefix,
                               std::string_view from,
                               const Visitor& visit) const {
  return view_.Scan(table, prefix, from, visit);
}

Result<std::string> MemoryStore::ReadTile(const ledger::TileId& id) const {
  const auto it = tiles_.find({id.level, id.number});
  if (it == tiles_.end() || it->second.size() < id.width * kHashBytes) {
    return Fail(Errc::kNotFound, "no tile " + ledger::TilePath(id));
  }
  return it->second;
}

void MemoryStore::Crash() {
  unsynced_checkpoints_.clear();
}

}  // namespace rujukan::broker
