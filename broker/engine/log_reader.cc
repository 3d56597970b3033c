// Engine as LogReader: what the HTTP adapter shows of the ledger, and the metrics.

#include "base/limits.h"
#include "broker/core/reading.h"
#include "broker/engine/engine.h"
#include "ledger/tile.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::broker {
namespace {

struct MailboxTotals {
  uint64_t messages = 0;
  uint64_t bytes = 0;
};

MailboxTotals SumMailboxes(const ledger::View& view) {
  MailboxTotals totals;
  const auto visit = [&](std::string_view, std::string_view value) {
    v1::CounterRecord counter;
    if (counter.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      totals.messages += counter.mailbox_messages();
      totals.bytes += counter.mailbox_bytes();
    }
    return true;
  };
  if (!view.Scan(ledger::Table::kCounter, "", "", visit)) {
    return {};
  }
  return totals;
}

Error WhereArchived(LogIndex first, uint32_t width, const Store& store) {
  Error error;
  error.code = Errc::kNotFound;
  error.context = ledger::RangeText({first, first + width}) + " have moved to the archive";
  const auto range = store.ArchiveHolding(first);
  if (range && range->has_value()) {
    error.context = ledger::RangeText(**range) + " have moved to the archive file " +
                    ledger::ArchiveName(**range) + ": ask the operator for it";
  }
  return error;
}

}  // namespace

Result<std::string> Engine::CheckpointNote() const {
  const auto cosigned = shared_.cosigned.Get();
  const auto newest = shared_.newest.Get();
  return cosigned != nullptr && cosigned->size == newest->size ? cosigned->note : newest->note;
}

Result<std::string> Engine::CosignedNote() const {
  const auto cosigned = shared_.cosigned.Get();
  if (cosigned == nullptr) {
    return Fail(Errc::kNotFound, "no witness has cosigned a checkpoint yet");
  }
  return cosigned->note;
}

Result<std::string> Engine::HashTile(uint32_t level, uint64_t number, uint32_t width) const {
  const TreeSize size = shared_.newest.Get()->size;
  const ledger::TileId id{level, number, width};
  if (width == 0 || width > ledger::TileWidthAt(level, number, size)) {
    return Fail(Errc::kNotFound, "the newest checkpoint does not cover " + ledger::TilePath(id));
  }
  ASSIGN_OR_RETURN(std::string tile, shared_.store.ReadTile(id));
  tile.resize(width * Digest::kSize);
  return tile;
}

Result<std::vector<std::string>> Engine::EntriesOf(uint64_t number, uint32_t width) const {
  const TreeSize size = shared_.newest.Get()->size;
  if (width == 0 || width > ledger::TileWidthAt(0, number, size)) {
    return Fail(Errc::kNotFound, "the newest checkpoint does not cover this bundle");
  }
  const LogIndex first = number * ledger::kTileWidth;
  auto read = shared_.store.ReadEntries(first, width);
  if (!read && read.error().code == Errc::kNotFound) {
    return Fail(WhereArchived(first, width, shared_.store));
  }
  ASSIGN_OR_RETURN(std::vector<std::string> entries, std::move(read));
  if (entries.size() != width) {
    return Fail(Errc::kCorrupt, "entries under a checkpoint are not there");
  }
  return entries;
}

Result<std::string> Engine::EntryBundle(uint64_t number, uint32_t width) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> entries, EntriesOf(number, width));
  std::string bundle;
  for (const std::string& entry : entries) {
    ledger::AppendToBundle(entry, bundle);
  }
  return bundle;
}

Result<Reading> Engine::ReadingOf(const Digest& token_digest) const {
  return FindReading(shared_.store, token_digest, shared_.clock.Now());
}

Result<std::string> Engine::ScopedBundle(const Reading& reading,
                                         uint64_t number,
                                         uint32_t width) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> entries, EntriesOf(number, width));
  return MakeScopedBundle(reading, number * ledger::kTileWidth, entries, shared_.store);
}

bool Engine::Ready() const {
  return started_ && !shared_.metrics.storage_full && !shared_.failure.Get().has_value();
}

std::string Engine::MetricsText() const {
  const MailboxTotals mailboxes = SumMailboxes(shared_.store);
  Metrics::Gauges gauges;
  gauges.admission_queue = admission_.waiting();
  gauges.courier_queue = courier_.waiting();
  gauges.entries = shared_.newest.Get()->size;
  gauges.agencies = shared_.directory.Get()->agency_count();
  gauges.mailbox_messages = mailboxes.messages;
  gauges.mailbox_bytes = mailboxes.bytes;
  const Journal::ContentTotals contents = shared_.store.Contents();
  gauges.contents = contents.count;
  gauges.content_bytes = contents.bytes;
  if (options_.chunks != nullptr) {
    for (const ChunkStore::Listed& attachment : options_.chunks->List()) {
      ++gauges.attachments;
      gauges.attachment_chunks += attachment.facts.present;
    }
  }
  if (const auto archived = shared_.store.ArchivedSize()) {
    gauges.archived = *archived;
  }
  return shared_.metrics.Text(gauges);
}

}  // namespace rujukan::broker
