#include "broker/app/archive_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace rujukan::broker {
namespace {

tl::unexpected<Error> IoFailure(const std::string& path, const char* what) {
  const Errc code = errno == ENOENT ? Errc::kNotFound : Errc::kUnavailable;
  return Fail(code, path + ": cannot " + what + ": " + std::strerror(errno));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

Result<void> WriteAll(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return IoFailure(path, "write");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<void> WriteBeside(const std::string& temporary,
                         const std::function<Result<void>(const ledger::ArchiveSink& sink)>& fill) {
  const Descriptor file(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.get() < 0) {
    return IoFailure(temporary, "make this file");
  }
  RETURN_IF_ERROR(
      fill([&](std::string_view bytes) { return WriteAll(file.get(), bytes, temporary); }));
  if (::fsync(file.get()) != 0) {
    return IoFailure(temporary, "sync");
  }
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  return {};
}

Result<void> SyncDirectory(const std::string& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || ::fsync(opened.get()) != 0) {
    return IoFailure(directory, "sync");
  }
  return {};
}

Result<void> CheckAlone(const ledger::Archive& archive, const ledger::NoteVerifier& log) {
  ASSIGN_OR_RETURN(const auto faults, archive.Verify(log));
  return faults.empty() ? Result<void>() : Fail(Errc::kCorrupt, faults.front().Text());
}

}  // namespace

Result<std::unique_ptr<ArchiveFile>> ArchiveFile::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return IoFailure(path, "open");
  }
  struct stat facts {};
  if (::fstat(fd, &facts) != 0) {
    ::close(fd);
    return IoFailure(path, "look at");
  }
  return std::unique_ptr<ArchiveFile>(new ArchiveFile(fd, static_cast<uint64_t>(facts.st_size)));
}

ArchiveFile::~ArchiveFile() {
  ::close(fd_);
}

Result<std::string> ArchiveFile::Read(uint64_t offset, size_t length) const {
  std::string bytes(length, '\0');
  for (size_t done = 0; done < length;) {
    const ssize_t count =
        ::pread(fd_, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return Fail(Errc::kUnavailable, std::string("reading an archive file: ") + strerror(errno));
    }
    if (count == 0) {
      return Fail(Errc::kCorrupt, "the file ends early");
    }
    done += static_cast<size_t>(count);
  }
  return bytes;
}

Result<void> WriteArchiveFile(
    const std::string& path,
    const std::function<Result<void>(const ledger::ArchiveSink& sink)>& fill) {
  const std::string temporary = path + ".new";
  if (const Result<void> written = WriteBeside(temporary, fill); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  // link(2) fails where rename(2) would replace.
  if (::link(temporary.c_str(), path.c_str()) != 0) {
    const bool exists = errno == EEXIST;
    const auto failure = IoFailure(path, "put into place");
    ::unlink(temporary.c_str());
    return exists ? Fail(Errc::kConflict, path + " exists; archive files are never replaced")
                  : failure;
  }
  ::unlink(temporary.c_str());
  return SyncFolderOf(path);
}

Result<void> SyncFolderOf(const std::string& path) {
  return SyncDirectory(std::filesystem::path(path).parent_path().string());
}

Result<void> CheckArchiveFile(const std::string& path,
                              const ledger::ArchiveRange& range,
                              const Digest& root,
                              const ledger::NoteVerifier& log) {
  ASSIGN_OR_RETURN(const auto file, ArchiveFile::Open(path));
  ASSIGN_OR_RETURN(const ledger::Archive archive, ledger::Archive::Open(*file));
  RETURN_IF_ERROR(CheckAlone(archive, log));
  if (archive.header().range != range || archive.header().root != root) {
    return Fail(Errc::kCorrupt,
                path + " does not hold " + ledger::RangeText(range) + " of this ledger");
  }
  return {};
}

Result<std::vector<std::string>> ArchiveShelf::ReadBundle(const ledger::ArchiveRange& range,
                                                          uint64_t number) {
  ASSIGN_OR_RETURN(const ledger::Archive* archive, Find(range));
  ASSIGN_OR_RETURN(const std::string bundle, archive->ReadBundle(number));
  return ledger::ParseBundle(bundle, ledger::kTileWidth);
}

Result<const ledger::Archive*> ArchiveShelf::Find(const ledger::ArchiveRange& range) {
  const auto known = opened_.find(range);
  if (known != opened_.end()) {
    return known->second.archive.get();
  }
  const std::string name = ledger::ArchiveName(range);
  for (const std::string& directory : directories_) {
    const std::string path = directory + "/" + name;
    auto file = ArchiveFile::Open(path);
    if (!file && file.error().code == Errc::kNotFound) {
      continue;
    }
    if (!file) {
      return Fail(file.error());
    }
    auto archive = ledger::Archive::Open(**file);
    const Result<void> checked =
        archive ? CheckAlone(*archive, log_) : Result<void>(Fail(archive.error()));
    if (!checked || archive->header().range != range) {
      return Fail(Errc::kCorrupt,
                  ledger::RangeText(range) + ": archive file " + path + " is damaged: " +
                      (checked ? "it holds other entries" : checked.error().context));
    }
    opened_.clear();
    Opened& opened = opened_[range];
    opened.file = std::move(*file);
    opened.archive = std::make_unique<ledger::Archive>(std::move(*archive));
    return opened.archive.get();
  }
  return Fail(Errc::kNotFound,
              ledger::RangeText(range) + ": archive file " + name +
                  " is missing; name its directory with --archive");
}

}  // namespace rujukan::broker
