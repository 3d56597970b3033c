// Sealed chunks of attachments on the agent's disk: a file for each, and beside it the leaf hashes
// of the chunks that are in it. Nothing here is readable without the key, which is in the database,
// sealed. Only so much is in memory as is being read or written: one chunk.
//
// Thread: one owner a file; the directory's functions from any. Crash: a chunk counts when its leaf
// hash, written after it, is that of its bytes, so what a power cut tore apart is found out at Open
// and fetched or sealed again.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/attachment.h"

namespace rujukan::agency {

class SpoolFile {
 public:
  // Makes or empties it, mode 0600. kUnavailable: no room, or I/O.
  static Result<SpoolFile> Create(const std::string& path, const ledger::ChunkShape& shape);
  // One that is there, or a new one; every chunk in it is hashed. kUnavailable: I/O.
  static Result<SpoolFile> Resume(const std::string& path, const ledger::ChunkShape& shape);
  // For reading one that is complete. kNotFound: it is not there.
  static Result<SpoolFile> OpenWhole(const std::string& path, const ledger::ChunkShape& shape);
  ~SpoolFile();
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;
  SpoolFile& operator=(SpoolFile&&) = delete;

  const ledger::ChunkShape& shape() const { return shape_; }
  // Requires: sealed has shape.SealedBytesAt(index) bytes (kInvalid otherwise).
  Result<void> Put(uint32_t index, std::string_view sealed, const Digest& leaf);
  // kCorrupt: cut short.
  Result<std::string> Get(uint32_t index) const;
  // Zero where the chunk is not here.
  const std::vector<Digest>& leaves() const { return leaves_; }
  std::string Bits() const;  // as ChunksPresent has them
  bool complete() const;
  Result<void> Sync();  // durable: the chunks, their hashes, their names

 private:
  SpoolFile(std::string path, const ledger::ChunkShape& shape)
      : path_(std::move(path)), shape_(shape) {}
  Result<void> OpenFiles(int flags);
  Result<void> Scan();

  std::string path_;
  ledger::ChunkShape shape_;
  int chunks_fd_ = -1;
  int leaves_fd_ = -1;
  std::vector<Digest> leaves_;
};

// HOME/lampiran, where they lie: a finished or arriving one under its root in hex, one that is
// being sealed under its id and ".part".
class ChunkSpool {
 public:
  explicit ChunkSpool(std::string directory) : directory_(std::move(directory)) {}

  // Makes the directory (0700), and removes what an upload that ended with the program left.
  Result<void> Prepare() const;
  std::string PathOf(const Digest& root) const;
  std::string PartOf(const MessageId& id) const;
  // The sealed upload takes its name. Durable on return. Nothing happens to one that is there.
  Result<void> Keep(const MessageId& id, const Digest& root) const;
  void Discard(const MessageId& id) const;
  // Removes every file whose root is not among these.
  Result<void> Sweep(const std::set<Digest>& live) const;
  // Free bytes of its file system.
  uint64_t FreeBytes() const;

 private:
  std::string directory_;
};

}  // namespace rujukan::agency
