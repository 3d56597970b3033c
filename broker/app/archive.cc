#include "broker/app/archive.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "broker/app/archive_files.h"
#include "broker/app/data_directory.h"
#include "broker/core/retention.h"
#include "ledger/archive.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::broker {
namespace {

using ledger::ArchiveRange;
using ledger::kTileWidth;

constexpr int64_t kEveryMs = 3600 * 1000;
constexpr int64_t kEveryMsMin = 1'000;

Result<UnixMillis> TimeOf(const Store& store, LogIndex index) {
  ASSIGN_OR_RETURN(const std::vector<std::string> entries, store.ReadEntries(index, 1));
  v1::Entry entry;
  if (entries.empty() || !entry.ParseFromString(entries.front())) {
    return Fail(Errc::kCorrupt, "entry " + std::to_string(index) + " is missing or no entry");
  }
  return entry.time_ms();
}

// Where entries begin to be younger than `before`; time never decreases along the ledger.
Result<LogIndex> FirstSince(const Store& store, LogIndex from, LogIndex to, UnixMillis before) {
  while (from < to) {
    const LogIndex middle = from + (to - from) / 2;
    ASSIGN_OR_RETURN(const UnixMillis time, TimeOf(store, middle));
    if (time < before) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

// The part of the ledger that is not archived yet and may be.
Result<ArchiveRange> Movable(const Store& store,
                             TreeSize covered,
                             const ArchiveRules& rules,
                             UnixMillis now) {
  ArchiveRange movable;
  ASSIGN_OR_RETURN(movable.first, store.ArchivedSize());
  // The newest entry is in every directory page: the last bundle stays whatever the rules say.
  const uint64_t keep = std::max(rules.keep_entries, kTileWidth);
  const TreeSize to = covered > keep ? covered - keep : 0;
  if (to <= movable.first) {
    movable.end = movable.first;
    return movable;
  }
  ASSIGN_OR_RETURN(movable.end, FirstSince(store, movable.first, to, now - rules.keep_ms));
  return movable;
}

Result<void> FillFile(const Store& store,
                      ledger::ArchiveHeader header,
                      const ArchiveRules& rules,
                      const ledger::ArchiveSink& sink) {
  const ArchiveRange range = header.range;
  ledger::ArchiveWriter writer(std::move(header), sink, rules.file_bytes_max);
  RETURN_IF_ERROR(writer.Begin());
  for (LogIndex first = range.first; first < range.end; first += kTileWidth) {
    ASSIGN_OR_RETURN(const auto entries, store.ReadEntries(first, kTileWidth));
    if (entries.size() != kTileWidth) {
      return Fail(Errc::kCorrupt, "entries from " + std::to_string(first) + " on are missing");
    }
    RETURN_IF_ERROR(writer.Add(entries));
  }
  return writer.Finish();
}

// Writes the file unless it is there: then an earlier call got as far as that, and it is checked.
Result<std::string> MakeFile(const Store& store,
                             const ledger::ArchiveHeader& header,
                             const ledger::NoteVerifier& log,
                             const ArchiveRules& rules) {
  std::string path = rules.directory + "/" + ledger::ArchiveName(header.range);
  if (std::filesystem::exists(path)) {
    const auto same = CheckArchiveFile(path, header.range, header.root, log);
    if (!same) {
      return Fail(
          Errc::kConflict,
          path + " is there, but not what belongs there; move it away. " + same.error().context);
    }
    // Whoever put it there may have died before its name was on disk.
    RETURN_IF_ERROR(SyncFolderOf(path));
    return path;
  }
  const auto fill = [&](const ledger::ArchiveSink& sink) {
    return FillFile(store, header, rules, sink);
  };
  RETURN_IF_ERROR(WriteArchiveFile(path, fill));
  RETURN_IF_ERROR(CheckArchiveFile(path, header.range, header.root, log));
  return path;
}

// The largest file that the range and the limit on its bytes allow.
Result<ArchivedRange> MoveOne(const Store& store,
                              const Journal::KeptCheckpoint& newest,
                              const ledger::NoteVerifier& log,
                              ArchiveRange range,
                              const ArchiveRules& rules) {
  ASSIGN_OR_RETURN(const ledger::Checkpoint checkpoint, ledger::OpenCheckpoint(newest.note, log));
  for (;;) {
    ASSIGN_OR_RETURN(const ledger::ArchiveHeader header,
                     ledger::MakeArchiveHeader(range, checkpoint, newest.note, store));
    Result<std::string> path = MakeFile(store, header, log, rules);
    if (path) {
      return ArchivedRange{range, std::move(*path), 0};
    }
    if (path.error().code != Errc::kLimit || range.size() == kTileWidth) {
      return Fail(path.error());
    }
    range.end = range.first + range.size() / 2;
  }
}

class ArchiveChore : public Chore {
 public:
  ArchiveChore(Store& store, Epoch epoch, ledger::NoteVerifier log, ArchiveRules rules)
      : store_(store), epoch_(epoch), log_(std::move(log)), rules_(std::move(rules)) {}

  std::string_view name() const override { return "archive"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    bool moved = false;
    while (!stopping) {
      ASSIGN_OR_RETURN(const auto archived, ArchiveNext(store_, epoch_, log_, rules_, now));
      if (!archived) {
        break;
      }
      moved = true;
      spdlog::info("{} moved to {}", ledger::RangeText(archived->range), archived->path);
    }
    if (moved && !stopping) {
      RETURN_IF_ERROR(store_.Reclaim());
    }
    return now + std::clamp(rules_.keep_ms, kEveryMsMin, kEveryMs);
  }

 private:
  Store& store_;
  const Epoch epoch_;
  const ledger::NoteVerifier log_;
  const ArchiveRules rules_;
};

}  // namespace

Result<std::optional<ArchivedRange>> ArchiveNext(Store& store,
                                                 Epoch epoch,
                                                 const ledger::NoteVerifier& log,
                                                 const ArchiveRules& rules,
                                                 UnixMillis now) {
  ASSIGN_OR_RETURN(const auto newest, store.LatestCheckpoint());
  if (!newest) {
    return std::optional<ArchivedRange>();
  }
  ASSIGN_OR_RETURN(const ArchiveRange movable, Movable(store, newest->size, rules, now));
  const ArchiveRange next =
      ledger::NextArchiveRange(movable.first, movable.end, rules.file_entries);
  if (next.size() == 0) {
    return std::optional<ArchivedRange>();
  }
  RETURN_IF_ERROR(MakeDataDirectory(rules.directory));
  ASSIGN_OR_RETURN(ArchivedRange archived, MoveOne(store, *newest, log, next, rules));
  // Crash here: the file is there, the entries still are: the next call finds and checks it.
  ASSIGN_OR_RETURN(const auto staying, StayingEntries(store, archived.range.end));
  RETURN_IF_ERROR(store.Trim(epoch, archived.range, staying));
  archived.staying = staying.size();
  return std::optional(std::move(archived));
}

std::unique_ptr<Chore> MakeArchiveChore(Store& store,
                                        Epoch epoch,
                                        ledger::NoteVerifier log,
                                        ArchiveRules rules) {
  return std::make_unique<ArchiveChore>(store, epoch, std::move(log), std::move(rules));
}

}  // namespace rujukan::broker
