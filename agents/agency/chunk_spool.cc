#include "agents/agency/chunk_spool.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "certs/merkle.h"

namespace rujukan::agency {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLeavesSuffix = ".leaves";
constexpr std::string_view kPartSuffix = ".part";
constexpr int kMode = 0600;

tl::unexpected<Error> Failure(const std::string& doing) {
  return Fail(Errc::kUnavailable, "lampiran: cannot " + doing + ": " + std::strerror(errno));
}

Result<void> WriteAt(int fd, std::string_view bytes, uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t written = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return Failure("write the spool");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
    at += static_cast<uint64_t>(written);
  }
  return {};
}

// Shorter at the end of the file.
Result<std::string> ReadAt(int fd, size_t size, uint64_t at) {
  std::string bytes(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t got = pread(fd, bytes.data() + have, size - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return Failure("read the spool");
    }
    if (got == 0) {
      break;
    }
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

Result<void> SyncDirectory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  const Result<void> result = synced ? Result<void>() : Result<void>(Failure("sync the spool"));
  if (fd >= 0) {
    close(fd);
  }
  return result;
}

}  // namespace

Result<void> SpoolFile::OpenFiles(int flags) {
  chunks_fd_ = open(path_.c_str(), flags | O_CLOEXEC, kMode);
  if (chunks_fd_ < 0 && errno == ENOENT) {
    return Fail(Errc::kNotFound, "berkas lampiran tidak ada lagi / the file is not here any more");
  }
  leaves_fd_ = open((path_ + std::string(kLeavesSuffix)).c_str(), flags | O_CLOEXEC, kMode);
  if (chunks_fd_ < 0 || leaves_fd_ < 0) {
    return Failure("open the spool");
  }
  leaves_.resize(shape_.chunks);
  return {};
}

Result<SpoolFile> SpoolFile::Create(const std::string& path, const ledger::ChunkShape& shape) {
  SpoolFile file(path, shape);
  RETURN_IF_ERROR(file.OpenFiles(O_RDWR | O_CREAT | O_TRUNC));
  return file;
}

Result<SpoolFile> SpoolFile::Resume(const std::string& path, const ledger::ChunkShape& shape) {
  SpoolFile file(path, shape);
  RETURN_IF_ERROR(file.OpenFiles(O_RDWR | O_CREAT));
  RETURN_IF_ERROR(file.Scan());
  return file;
}

Result<SpoolFile> SpoolFile::OpenWhole(const std::string& path, const ledger::ChunkShape& shape) {
  SpoolFile file(path, shape);
  RETURN_IF_ERROR(file.OpenFiles(O_RDONLY));
  ASSIGN_OR_RETURN(const std::string hashes,
                   ReadAt(file.leaves_fd_, shape.chunks * Digest::kSize, 0));
  for (size_t i = 0; (i + 1) * Digest::kSize <= hashes.size(); ++i) {
    const std::string_view hash = std::string_view(hashes).substr(i * Digest::kSize, Digest::kSize);
    ASSIGN_OR_RETURN(file.leaves_[i], Digest::FromBytes(hash));
  }
  return file;
}

Result<void> SpoolFile::Scan() {
  ASSIGN_OR_RETURN(const std::string hashes, ReadAt(leaves_fd_, shape_.chunks * Digest::kSize, 0));
  for (uint32_t i = 0; (size_t{i} + 1) * Digest::kSize <= hashes.size(); ++i) {
    const std::string_view hash = std::string_view(hashes).substr(i * Digest::kSize, Digest::kSize);
    ASSIGN_OR_RETURN(const Digest leaf, Digest::FromBytes(hash));
    if (leaf.IsZero()) {
      continue;
    }
    ASSIGN_OR_RETURN(const std::string sealed, Get(i));
    if (sealed.size() == shape_.SealedBytesAt(i) && certs::LeafHash(sealed) == leaf) {
      leaves_[i] = leaf;
    }
  }
  return {};
}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : path_(std::move(other.path_)),
      shape_(other.shape_),
      chunks_fd_(std::exchange(other.chunks_fd_, -1)),
      leaves_fd_(std::exchange(other.leaves_fd_, -1)),
      leaves_(std::move(other.leaves_)) {}

SpoolFile::~SpoolFile() {
  for (const int fd : {chunks_fd_, leaves_fd_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

Result<void> SpoolFile::Put(uint32_t index, std::string_view sealed, const Digest& leaf) {
  if (index >= shape_.chunks || sealed.size() != shape_.SealedBytesAt(index)) {
    return Fail(Errc::kInvalid, "a chunk has not the size of its place");
  }
  RETURN_IF_ERROR(WriteAt(chunks_fd_, sealed, shape_.SealedOffset(index)));
  RETURN_IF_ERROR(WriteAt(leaves_fd_, leaf.view(), uint64_t{index} * Digest::kSize));
  leaves_[index] = leaf;
  return {};
}

Result<std::string> SpoolFile::Get(uint32_t index) const {
  return ReadAt(chunks_fd_, shape_.SealedBytesAt(index), shape_.SealedOffset(index));
}

std::string SpoolFile::Bits() const {
  std::string bits((leaves_.size() + 7) / 8, '\0');
  for (size_t i = 0; i < leaves_.size(); ++i) {
    if (!leaves_[i].IsZero()) {
      bits[i / 8] = static_cast<char>(static_cast<uint8_t>(bits[i / 8]) | 1U << (i % 8));
    }
  }
  return bits;
}

bool SpoolFile::complete() const {
  for (const Digest& leaf : leaves_) {
    if (leaf.IsZero()) {
      return false;
    }
  }
  return true;
}

Result<void> SpoolFile::Sync() {
  if (fdatasync(chunks_fd_) != 0 || fdatasync(leaves_fd_) != 0) {
    return Failure("sync the spool");
  }
  return SyncDirectory(path_.substr(0, path_.rfind('/')));
}

Result<void> ChunkSpool::Prepare() const {
  if (mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    return Failure("make " + directory_);
  }
  std::error_code code;
  for (fs::directory_iterator it(directory_, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    if (name.find(kPartSuffix) != std::string::npos) {
      unlink(it->path().c_str());
    }
  }
  return code ? Fail(Errc::kUnavailable, "cannot read " + directory_ + ": " + code.message())
              : Result<void>();
}

std::string ChunkSpool::PathOf(const Digest& root) const {
  return directory_ + "/" + ToHex(root.view());
}

std::string ChunkSpool::PartOf(const MessageId& id) const {
  return directory_ + "/" + ToHex(id.view()) + std::string(kPartSuffix);
}

Result<void> ChunkSpool::Keep(const MessageId& id, const Digest& root) const {
  const std::string from = PartOf(id);
  const std::string to = PathOf(root);
  const std::string leaves(kLeavesSuffix);
  if (rename((from + leaves).c_str(), (to + leaves).c_str()) != 0 ||
      rename(from.c_str(), to.c_str()) != 0) {
    return Failure("name a file of the spool");
  }
  return SyncDirectory(directory_);
}

void ChunkSpool::Discard(const MessageId& id) const {
  unlink(PartOf(id).c_str());
  unlink((PartOf(id) + std::string(kLeavesSuffix)).c_str());
}

Result<void> ChunkSpool::Sweep(const std::set<Digest>& live) const {
  std::error_code code;
  bool removed = false;
  for (fs::directory_iterator it(directory_, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    const auto bytes = FromHex(name.substr(0, 2 * Digest::kSize));
    const auto root = bytes ? Digest::FromBytes(*bytes) : Result<Digest>(Fail(bytes.error()));
    if (root && !live.contains(*root)) {
      if (unlink(it->path().c_str()) != 0) {
        return Failure("remove a file of the spool");
      }
      removed = true;
    }
  }
  if (code) {
    return Fail(Errc::kUnavailable, "cannot read " + directory_ + ": " + code.message());
  }
  return removed ? SyncDirectory(directory_) : Result<void>();
}

uint64_t ChunkSpool::FreeBytes() const {
  struct statvfs facts {};
  if (statvfs(directory_.c_str(), &facts) != 0) {
    return UINT64_MAX;
  }
  return static_cast<uint64_t>(facts.f_bavail) * facts.f_frsize;
}

}  // namespace rujukan::agency
