#include "agents/agency/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr size_t kBlockBytes = 64 * 1024;
constexpr size_t kSealedBytes = kBlockBytes + 12 + 16;  // as certs/column.h: nonce and tag

Error FileError(const char* doing) {
  return Error{Errc::kUnavailable,
               std::string("berkas sementara tidak dapat ") + doing + ": " + std::strerror(errno) +
                   " / the temporary file: disk full?"};
}

std::string PlaceOf(size_t block) {
  return "spool/" + std::to_string(block);
}

Result<void> WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      return Fail(FileError("ditulis"));
    }
    bytes.remove_prefix(written < 0 ? 0 : static_cast<size_t>(written));
  }
  return {};
}

Result<std::string> ReadAt(int fd, size_t offset, size_t max) {
  std::string bytes(max, '\0');
  size_t have = 0;
  while (have < max) {
    const ssize_t got =
        pread(fd, bytes.data() + have, max - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno != EINTR) {
      return Fail(FileError("dibaca"));
    }
    if (got == 0) {
      break;
    }
    have += got < 0 ? 0 : static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace

Result<std::unique_ptr<Spool>> Spool::Make() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder == nullptr ? "/var/tmp" : folder) + "/rujukan-XXXXXX";
  const int fd = mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) {
    return Fail(FileError("dibuat"));
  }
  unlink(path.c_str());
  auto key = certs::ColumnKey::FromBytes(certs::RandomBytes(32));
  return std::unique_ptr<Spool>(new Spool(fd, std::move(key).value()));
}

Spool::~Spool() {
  close(fd_);
}

Result<void> Spool::WriteBlock() {
  const std::string_view block = std::string_view(pending_).substr(0, kBlockBytes);
  RETURN_IF_ERROR(WriteAll(fd_, key_.Seal(block, PlaceOf(blocks_))));
  ++blocks_;
  pending_.erase(0, kBlockBytes);
  return {};
}

Result<void> Spool::Append(std::string_view bytes) {
  pending_.append(bytes);
  size_ += bytes.size();
  while (pending_.size() >= kBlockBytes) {
    RETURN_IF_ERROR(WriteBlock());
  }
  return {};
}

Result<void> Spool::Read(const Visitor& visit) {
  for (size_t block = 0; block < blocks_; ++block) {
    ASSIGN_OR_RETURN(const auto sealed, ReadAt(fd_, block * kSealedBytes, kSealedBytes));
    ASSIGN_OR_RETURN(const auto bytes, key_.Open(sealed, PlaceOf(block)));
    RETURN_IF_ERROR(visit(bytes));
  }
  return pending_.empty() ? Result<void>() : visit(pending_);
}

}  // namespace rujukan::agency
