// The broker's store on RocksDB: entries, tiles, the fold's view, ciphertexts and checkpoints in
// one database, so that one synced WriteBatch makes a group commit durable, all or nothing.
//
// Thread: reads from any thread; Fence, Append and PutCheckpoint from one (the committer);
// PutCosigned, RemoveContents, Trim and Reclaim from one other (the housekeeper): RocksDB takes one
// write after the other, and the two write to no row in common.
// Crash: after kill -9 or power loss everything Append returned for is there; a torn last record of
// the write-ahead log is dropped, damage anywhere else is an error at Open (kCorrupt), never
// skipped. RocksDB locks its directory: a second broker on the same one gets kUnavailable.
#pragma once

#include <rocksdb/db.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/core/journal.h"
#include "broker/store/rocks_options.h"

namespace rujukan::broker {

class RocksStore : public Store {
 public:
  struct Options {
    // Append answers kUnavailable while less than this would be left: compaction needs room to
    // work, and a write that fails half way is a fatal one.
    uint64_t reserve_bytes = 64ULL << 20;
    // Free bytes of the file system that holds `dir`; a test's own says what it likes.
    std::function<uint64_t(const std::string& dir)> free_bytes;
  };

  // Opens or creates. kUnavailable: locked by another process, or I/O. kCorrupt: damaged.
  static Result<std::unique_ptr<RocksStore>> Open(const std::string& dir);
  static Result<std::unique_ptr<RocksStore>> Open(const std::string& dir, Options options);
  ~RocksStore() override;
  RocksStore(const RocksStore&) = delete;
  RocksStore& operator=(const RocksStore&) = delete;

  Result<Epoch> Fence() override;
  Result<void> Append(Epoch epoch, const CommitBatch& batch) override;
  Result<void> PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) override;
  Result<TreeSize> Size() const override;
  Result<std::vector<std::string>> ReadEntries(LogIndex from, size_t max) const override;
  Result<std::optional<KeptCheckpoint>> CheckpointCovering(TreeSize size) const override;
  Result<std::optional<KeptCheckpoint>> LatestCheckpoint() const override;
  Result<void> PutCosigned(Epoch epoch, TreeSize size, const std::string& note) override;
  Result<std::optional<KeptCheckpoint>> LatestCosigned() const override;
  Result<std::string> ReadContent(const MessageId& id) const override;

  Result<std::vector<ContentPlace>> ListContents(LogIndex from, size_t max) const override;
  ContentTotals Contents() const override;
  Result<void> RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) override;
  Result<void> Trim(Epoch epoch,
                    const ledger::ArchiveRange& range,
                    const std::vector<LogIndex>& staying) override;
  Result<TreeSize> ArchivedSize() const override;
  Result<std::optional<ledger::ArchiveRange>> ArchiveHolding(LogIndex index) const override;
  Result<void> Reclaim() override;

  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;
  Result<std::string> ReadTile(const ledger::TileId& id) const override;

 private:
  RocksStore(std::string dir, Options options)
      : dir_(std::move(dir)), options_(std::move(options)) {}

  rocksdb::ColumnFamilyHandle* family(Family which) const {
    return families_[static_cast<size_t>(which)];
  }
  Result<void> CheckEpoch(Epoch epoch) const;
  Result<void> CheckRoom(size_t bytes) const;
  Result<uint64_t> ReadNumber(std::string_view name) const;
  Result<std::optional<std::string>> GetRow(Family which, std::string_view key) const;
  Result<void> LoadTotals();
  Result<void> IndexContents();
  Result<void> CompactRemoved();
  Result<void> DeleteEntriesBelow(TreeSize end, const std::vector<LogIndex>& staying);

  // Constant after Open.
  const std::string dir_;
  const Options options_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;
  // Both writers read it; Fence, before there are two, writes it.
  std::atomic<Epoch> epoch_{0};
  // Owned by the committer thread.
  TreeSize next_index_ = 0;
  // Ciphertexts that are kept.
  std::atomic<uint64_t> content_count_{0};
  std::atomic<uint64_t> content_bytes_{0};
  std::atomic<uint64_t> unreclaimed_bytes_{0};  // the housekeeper writes it
};

}  // namespace rujukan::broker
