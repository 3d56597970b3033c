#include "broker/app/check.h"

#include <map>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "broker/app/replay.h"
#include "ledger/checkpoint.h"
#include "ledger/fold.h"
#include "ledger/header.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::broker {
namespace {

constexpr size_t kEntriesPerRead = 256;
constexpr uint64_t kProgressEvery = 4096;
constexpr size_t kMismatchesMax = 20;

class Checker {
 public:
  Checker(const Store& store, const ledger::NoteVerifier& log, const ArchivedBundle& archived)
      : store_(store), log_(log), archived_(archived) {}

  Result<CheckReport> Run(const std::function<void(uint64_t, uint64_t)>& progress) {
    ASSIGN_OR_RETURN(const TreeSize size, store_.Size());
    ASSIGN_OR_RETURN(next_checkpoint_, store_.CheckpointCovering(1));
    RETURN_IF_ERROR(ReplayAll(size, progress));
    if (!report_.Ok()) {
      return report_;  // what follows from a wrong entry is wrong as well
    }
    RETURN_IF_ERROR(CheckLastTiles());
    RETURN_IF_ERROR(CheckHead(size));
    RETURN_IF_ERROR(CheckRows());
    RETURN_IF_ERROR(CheckMailboxes());
    return report_;
  }

 private:
  void Object(std::string sentence) {
    if (report_.mismatches.size() < kMismatchesMax) {
      report_.mismatches.push_back(std::move(sentence));
    }
  }

  Result<void> ReplayAll(TreeSize size, const std::function<void(uint64_t, uint64_t)>& progress) {
    while (replay_.size() < size) {
      ASSIGN_OR_RETURN(const auto entries, ReadFrom(replay_.size()));
      if (entries.empty()) {
        Object("entry " + std::to_string(replay_.size()) + " is missing; the store says it has " +
               std::to_string(size));
        return {};
      }
      for (const std::string& entry : entries) {
        ASSIGN_OR_RETURN(const Replay::Objection objection, replay_.Take(entry));
        if (objection) {
          Object("entry " + std::to_string(replay_.size()) + ": " + *objection);
          return {};
        }
        RETURN_IF_ERROR(AfterEntry());
      }
      if (replay_.size() / kProgressEvery != report_.entries / kProgressEvery) {
        progress(replay_.size(), size);
      }
      report_.entries = replay_.size();
    }
    return {};
  }

  // Up to the end of the bundle, from the store or, where entries have left it, from the archive.
  Result<std::vector<std::string>> ReadFrom(LogIndex index) {
    ASSIGN_OR_RETURN(const auto range, store_.ArchiveHolding(index));
    if (!range) {
      return store_.ReadEntries(index, kEntriesPerRead - index % kEntriesPerRead);
    }
    ASSIGN_OR_RETURN(const auto entries, archived_(*range, index / kEntriesPerRead));
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto kept = store_.ReadEntries(index + i, 1);
      if (!kept && kept.error().code != Errc::kNotFound) {
        return Fail(kept.error());
      }
      if (kept && !kept->empty() && kept->front() != entries[i]) {
        Object("entry " + std::to_string(index + i) + " is not the one in the archive");
      }
    }
    return entries;
  }

  Result<void> AfterEntry() {
    if (next_checkpoint_ && next_checkpoint_->size == replay_.size()) {
      RETURN_IF_ERROR(CheckCheckpoint());
    }
    if (replay_.size() % ledger::kTileWidth == 0) {
      for (auto& [id, bytes] : replay_.TakeTiles()) {
        RETURN_IF_ERROR(TakeTile(id, std::move(bytes)));
      }
    }
    return {};
  }

  Result<void> CheckCheckpoint() {
    const std::string name = "checkpoint of size " + std::to_string(next_checkpoint_->size);
    const auto checkpoint = ledger::OpenCheckpoint(next_checkpoint_->note, log_);
    if (!checkpoint) {
      Object(name + ": " + checkpoint.error().ToString());
    } else if (checkpoint->size != next_checkpoint_->size || checkpoint->root != replay_.Root()) {
      Object(name + ": signed root " + ToHex(checkpoint->root.view()) + ", entries give " +
             ToHex(replay_.Root().view()));
    }
    ++report_.checkpoints;
    ASSIGN_OR_RETURN(next_checkpoint_, store_.CheckpointCovering(replay_.size() + 1));
    return {};
  }

  // Full tiles are compared and forgotten; a tile that still grows waits.
  Result<void> TakeTile(const ledger::TileId& id, std::string bytes) {
    const std::pair<uint32_t, uint64_t> place(id.level, id.number);
    if (id.width < ledger::kTileWidth) {
      partial_[place] = {id, std::move(bytes)};
      return {};
    }
    partial_.erase(place);
    return CheckTile(id, bytes);
  }

  Result<void> CheckLastTiles() {
    for (auto& [id, bytes] : replay_.TakeTiles()) {
      RETURN_IF_ERROR(TakeTile(id, std::move(bytes)));
    }
    for (const auto& [place, tile] : partial_) {
      RETURN_IF_ERROR(CheckTile(tile.first, tile.second));
    }
    return {};
  }

  Result<void> CheckTile(const ledger::TileId& id, const std::string& expected) {
    ++report_.tiles;
    const auto stored = store_.ReadTile(id);
    if (!stored && stored.error().code != Errc::kNotFound) {
      return Fail(stored.error());
    }
    if (!stored || !stored->starts_with(expected)) {
      Object(ledger::TilePath(id) + (stored ? " differs from its entries" : " is missing"));
    }
    return {};
  }

  // A signed tree must never be larger than what is durable.
  Result<void> CheckHead(TreeSize size) {
    ASSIGN_OR_RETURN(const auto latest, store_.LatestCheckpoint());
    if (latest && latest->size > size) {
      Object("a checkpoint of size " + std::to_string(latest->size) + " is kept, but only " +
             std::to_string(size) + " entries are");
    }
    return {};
  }

  Result<void> CheckRows() {
    for (size_t i = 0; i < ledger::kTableCount; ++i) {
      const auto table = static_cast<ledger::Table>(i);
      RETURN_IF_ERROR(CompareRows(table, store_, replay_.view(), " is in no entry"));
      RETURN_IF_ERROR(CompareRows(table, replay_.view(), store_, " is missing from the store"));
    }
    return {};
  }

  // Every row of `left` is in `right` with the same value.
  Result<void> CompareRows(ledger::Table table,
                           const ledger::View& left,
                           const ledger::View& right,
                           std::string_view absent) {
    Result<void> failure;
    auto visit = [&](std::string_view key, std::string_view value) {
      const auto other = right.Get(table, key);
      if (!other) {
        failure = Fail(other.error());
        return false;
      }
      const std::string name = std::string(ledger::TableName(table)) + " row " + ToHex(key);
      if (!other->has_value()) {
        Object(name + std::string(absent));
      } else if (**other != value) {
        Object(name + " differs from what its entries say");
      }
      report_.rows += &left == &replay_.view() ? 1U : 0U;
      return true;
    };
    RETURN_IF_ERROR(left.Scan(table, "", "", visit));
    return failure;
  }

  Result<void> CheckMailboxes() {
    Result<void> failure;
    auto visit = [&](std::string_view /*key*/, std::string_view message_id) {
      failure = CheckContent(message_id);
      return failure.has_value();
    };
    RETURN_IF_ERROR(replay_.view().Scan(ledger::Table::kMailbox, "", "", visit));
    return failure;
  }

  // What waits for a recipient is there, whole.
  Result<void> CheckContent(std::string_view message_id) {
    ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(message_id));
    ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(replay_.view(), message_id));
    ASSIGN_OR_RETURN(const auto entries, store_.ReadEntries(record ? record->index() : 0, 1));
    v1::Entry entry;
    v1::Header header;
    if (entries.empty() || !entry.ParseFromString(entries.front()) ||
        !header.ParseFromString(entry.accepted().header())) {
      Object("message " + FormatUuid(message_id) + ": its entry has no header");
      return {};
    }
    ++report_.contents;
    const auto content = store_.ReadContent(id);
    if (!content && content.error().code != Errc::kNotFound) {
      return Fail(content.error());
    }
    if (!content || !ledger::CheckContent(header, *content)) {
      Object("message " + FormatUuid(message_id) + " waits in a mailbox, but its content " +
             (content ? "is not what its header says" : "is missing"));
    }
    return {};
  }

  const Store& store_;
  const ledger::NoteVerifier& log_;
  const ArchivedBundle& archived_;
  Replay replay_;
  CheckReport report_;
  std::optional<Journal::KeptCheckpoint> next_checkpoint_;
  std::map<std::pair<uint32_t, uint64_t>, std::pair<ledger::TileId, std::string>> partial_;
};

}  // namespace

Result<CheckReport> CheckStore(const Store& store,
                               const ledger::NoteVerifier& log,
                               const ArchivedBundle& archived,
                               const std::function<void(uint64_t, uint64_t)>& progress) {
  return Checker(store, log, archived).Run(progress);
}

}  // namespace rujukan::broker
