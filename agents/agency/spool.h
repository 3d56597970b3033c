// The body of a large request, kept out of memory: a file without a name in the file system, sealed
// with a key that only this process has. A crash leaves nothing that could be found or read.
// Thread: one owner at a time. Nothing is durable.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "certs/column.h"

namespace rujukan::agency {

class Spool {
 public:
  // In TMPDIR, or /var/tmp. kUnavailable: no file can be made there.
  static Result<std::unique_ptr<Spool>> Make();
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // kUnavailable: the disk is full.
  Result<void> Append(std::string_view bytes);
  size_t size() const { return size_; }

  using Visitor = std::function<Result<void>(std::string_view part)>;
  // Everything that was appended, in order, in parts of at most 64 KiB; as often as wanted. An
  // error of `visit` ends it and is returned. kCorrupt, kUnavailable: the file.
  Result<void> Read(const Visitor& visit);

 private:
  Spool(int fd, certs::ColumnKey key) : fd_(fd), key_(std::move(key)) {}
  Result<void> WriteBlock();

  const int fd_;
  const certs::ColumnKey key_;
  std::string pending_;  // less than a block, not in the file yet
  size_t size_ = 0;
  size_t blocks_ = 0;
};

}  // namespace rujukan::agency
