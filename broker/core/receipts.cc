#include "broker/core/receipts.h"

#include "ledger/receipt.h"

namespace rujukan::broker {

Result<Proven> ReadProvenAt(const Journal& journal,
                            const ledger::TileReader& tiles,
                            LogIndex index,
                            const Journal::KeptCheckpoint& checkpoint) {
  ASSIGN_OR_RETURN(std::vector<std::string> entries, journal.ReadEntries(index, 1));
  if (entries.empty()) {
    return Fail(Errc::kNotFound, "there is no entry " + std::to_string(index));
  }
  ledger::Receipt receipt;
  receipt.index = index;
  ASSIGN_OR_RETURN(receipt.path, ledger::InclusionProof(index, checkpoint.size, tiles));
  receipt.checkpoint = checkpoint.note;
  return Proven{std::move(entries.front()), receipt.Text()};
}

Result<Proven> ReadProven(const Store& store, LogIndex index) {
  return ReadProven(store, store, index);
}

Result<Proven> ReadProven(const Store& store, const ledger::TileReader& tiles, LogIndex index) {
  ASSIGN_OR_RETURN(const auto checkpoint, store.CheckpointCovering(index + 1));
  if (!checkpoint.has_value()) {
    return Fail(Errc::kNotFound, "no checkpoint covers entry " + std::to_string(index) + " yet");
  }
  return ReadProvenAt(store, tiles, index, *checkpoint);
}

std::vector<std::string> ReceiptsOf(const FormedBatch& batch, const std::string& checkpoint) {
  std::vector<std::string> receipts;
  receipts.reserve(batch.paths.size());
  ledger::Receipt receipt;
  receipt.checkpoint = checkpoint;
  receipt.index = batch.first();
  for (const std::vector<Digest>& path : batch.paths) {
    receipt.path = path;
    receipts.push_back(receipt.Text());
    ++receipt.index;
  }
  return receipts;
}

Result<std::string> TileMemo::ReadTile(const ledger::TileId& id) const {
  const auto it = read_.find(id);
  if (it != read_.end()) {
    return it->second;
  }
  ASSIGN_OR_RETURN(std::string bytes, tiles_.ReadTile(id));
  read_.emplace(id, bytes);
  return bytes;
}

}  // namespace rujukan::broker
