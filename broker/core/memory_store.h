// The store in memory: tests and simulation. Behaves like broker/store's RocksStore, which runs
// through the same contract test, and can lose what a power cut loses. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/journal.h"

namespace rujukan::broker {

class MemoryStore : public Store {
 public:
  Result<Epoch> Fence() override;
  Result<void> Append(Epoch epoch, const CommitBatch& batch) override;
  Result<void> PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) override;
  Result<TreeSize> Size() const override;
  Result<std::vector<std::string>> ReadEntries(LogIndex from, size_t max) const override;
  Result<std::optional<KeptCheckpoint>> CheckpointCovering(TreeSize size) const override;
  Result<std::optional<KeptCheckpoint>> LatestCheckpoint() const override;
  Result<void> PutCosigned(Epoch epoch, TreeSize size, const std::string& note) override;
  Result<std::optional<KeptCheckpoint>> LatestCosigned() const override { return cosigned_; }
  Result<std::string> ReadContent(const MessageId& id) const override;

  Result<std::vector<ContentPlace>> ListContents(LogIndex from, size_t max) const override;
  ContentTotals Contents() const override;
  Result<void> RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) override;
  Result<void> Trim(Epoch epoch,
                    const ledger::ArchiveRange& range,
                    const std::vector<LogIndex>& staying) override;
  Result<TreeSize> ArchivedSize() const override;
  Result<std::optional<ledger::ArchiveRange>> ArchiveHolding(LogIndex index) const override;
  Result<void> Reclaim() override {
    removed_bytes_ = 0;
    return {};
  }

  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;
  Result<std::string> ReadTile(const ledger::TileId& id) const override;

  // A power cut: checkpoints put since the last Append are gone. Everything appended is there.
  void Crash();
  // No room on disk until called again with false: Append answers kUnavailable and writes nothing.
  void SetFull(bool full) { full_ = full; }

 private:
  Result<void> CheckEpoch(Epoch epoch) const;

  Epoch epoch_ = 0;
  std::vector<std::optional<std::string>> entries_;  // nullopt: only in the archive
  std::vector<ledger::ArchiveRange> archived_;       // in order
  std::map<std::pair<uint32_t, uint64_t>, std::string> tiles_;
  ledger::MemoryView view_;
  std::map<MessageId, std::string> contents_;
  std::map<LogIndex, MessageId> content_index_;
  uint64_t removed_bytes_ = 0;
  std::map<TreeSize, std::string> checkpoints_;
  std::map<TreeSize, std::string> unsynced_checkpoints_;
  std::optional<KeptCheckpoint> cosigned_;
  bool full_ = false;
};

}  // namespace rujukan::broker
