// The broker's chunks on disk: a directory beside the ledger, a file for every attachment that
// waits to be fetched. Files and not RocksDB: a gigabyte is written once, read once, and its file
// removed, which gives the disk back in that moment; a database would write it three times (log,
// blob, and again whatever shares a blob file with it) before the space is free.
//
// Thread: any; one lock. Crash: what Put returned for is there; a file that was being made, or
// chunks that were not yet spoken of, are not.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "broker/core/chunk_store.h"

namespace rujukan::broker {

class FileChunkStore : public ChunkStore {
 public:
  struct Options {
    // Put answers kUnavailable while less than this would be left: the ledger beside it needs room.
    uint64_t reserve_bytes = 128ULL << 20;
    // Free bytes of the file system that holds `dir`; a test's own says what it likes.
    std::function<uint64_t(const std::string& dir)> free_bytes;
  };

  // Opens or creates. kUnavailable: the directory cannot be made or read.
  static Result<std::unique_ptr<FileChunkStore>> Open(const std::string& dir);
  static Result<std::unique_ptr<FileChunkStore>> Open(const std::string& dir, Options options);

  Result<void> Put(const std::vector<ChunkToPut>& chunks, UnixMillis now) override;
  Result<StoredChunk> Read(const AttachmentKey& key, uint32_t index) override;
  std::optional<AttachmentFacts> Find(const AttachmentKey& key) const override;
  std::string Present(const AttachmentKey& key) const override;
  uint64_t ReservedBytesOf(std::string_view sender) const override;
  std::vector<Listed> List() const override;
  Result<void> Claim(const AttachmentKey& key, UnixMillis now) override;
  Result<bool> Remove(const AttachmentKey& key) override;

  // Files whose page of facts is damaged: renamed to NAME.damaged at Open, for a person to look at.
  // Their senders have to send them again.
  const std::vector<std::string>& damaged() const { return damaged_; }

 private:
  struct Kept {
    AttachmentFacts facts;
    std::string bits;
  };

  FileChunkStore(std::string dir, Options options)
      : dir_(std::move(dir)), options_(std::move(options)) {}
  Result<void> Load();
  Result<void> TakeFile(const std::string& name);
  std::string PathOf(const AttachmentKey& key) const;
  Result<void> PutInto(const AttachmentKey& key,
                       const std::vector<const ChunkToPut*>& chunks,
                       UnixMillis now);
  Result<void> CheckRoom(size_t bytes) const;

  // Constant after Open.
  const std::string dir_;
  const Options options_;
  std::vector<std::string> damaged_;
  mutable std::mutex mutex_;
  std::map<AttachmentKey, Kept> kept_;  // guarded by mutex_: what the files say
};

}  // namespace rujukan::broker
