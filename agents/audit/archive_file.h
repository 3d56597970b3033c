// Archive files of a ledger as an auditor gets them: each is checked alone before anything in it is
// used. The format is ledger/archive.h. Thread: one owner.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/archive.h"

namespace rujukan::audit {

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

// What a file is, checked alone: its digest, its entries against their hashes, those against the
// root it names, that against the checkpoint signed by `log`, and its name against what it holds.
struct ArchiveVerdict {
  std::string path;
  std::optional<ledger::ArchiveHeader> header;  // nullopt: too damaged to have one
  std::vector<ledger::ArchiveFault> faults;     // none: it is good
};
// An error is one of reading (kNotFound, kUnavailable); whatever is wrong inside is in the verdict.
Result<ArchiveVerdict> CheckArchive(const std::string& path, const ledger::NoteVerifier& log);

}  // namespace rujukan::audit
