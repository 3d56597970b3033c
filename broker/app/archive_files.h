// Archive files on disk: reading them, writing one so that it survives a power cut. The format is
// ledger/archive.h. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/archive.h"

namespace rujukan::broker {

class ArchiveFile : public ledger::ArchiveBytes {
 public:
  // kNotFound: no such file. kUnavailable: I/O.
  static Result<std::unique_ptr<ArchiveFile>> Open(const std::string& path);
  ~ArchiveFile() override;
  ArchiveFile(const ArchiveFile&) = delete;
  ArchiveFile& operator=(const ArchiveFile&) = delete;

  uint64_t Size() const override { return size_; }
  Result<std::string> Read(uint64_t offset, size_t length) const override;

 private:
  ArchiveFile(int fd, uint64_t size) : fd_(fd), size_(size) {}

  const int fd_;
  const uint64_t size_;
};

// The folder's own list of names, with this file's in it, is on disk. kUnavailable.
Result<void> SyncFolderOf(const std::string& path);

// Writes `path` by what `fill` puts into the sink: beside it, synced, dropped from memory (so that
// reading back reads the disk), renamed, directory synced. Mode 0600. An existing file is never
// replaced (kConflict): archive files are immutable. An error of `fill` leaves no file.
Result<void> WriteArchiveFile(
    const std::string& path,
    const std::function<Result<void>(const ledger::ArchiveSink& sink)>& fill);

// Whether the file at `path` is whole, signed by `log`, and holds exactly `range` with this root.
// kCorrupt: it is not, and what is wrong first.
Result<void> CheckArchiveFile(const std::string& path,
                              const ledger::ArchiveRange& range,
                              const Digest& root,
                              const ledger::NoteVerifier& log);

// The archive of a ledger in one or several directories, for who reads old entries again.
class ArchiveShelf {
 public:
  ArchiveShelf(std::vector<std::string> directories, ledger::NoteVerifier log)
      : directories_(std::move(directories)), log_(std::move(log)) {}

  // The 256 entries of bundle `number`, which the file of `range` holds. The file is verified alone
  // when it is first opened. kNotFound: it is in none of the directories. kCorrupt: it is damaged.
  Result<std::vector<std::string>> ReadBundle(const ledger::ArchiveRange& range, uint64_t number);

 private:
  struct Opened {
    std::unique_ptr<ArchiveFile> file;
    std::unique_ptr<ledger::Archive> archive;
  };
  Result<const ledger::Archive*> Find(const ledger::ArchiveRange& range);

  const std::vector<std::string> directories_;
  const ledger::NoteVerifier log_;
  std::map<ledger::ArchiveRange, Opened> opened_;  // the last one only
};

}  // namespace rujukan::broker
