#include "agents/audit/archive_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace rujukan::audit {
namespace {

tl::unexpected<Error> IoFailure(const std::string& path) {
  const Errc code = errno == ENOENT ? Errc::kNotFound : Errc::kUnavailable;
  return Fail(code, path + ": " + std::strerror(errno));
}

bool IsDamage(const Error& error) {
  return error.code == Errc::kCorrupt || error.code == Errc::kInvalid || error.code == Errc::kLimit;
}

}  // namespace

Result<std::unique_ptr<ArchiveFile>> ArchiveFile::Open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return IoFailure(path);
  }
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(fd);
    return Fail(Errc::kNotFound, path + " is not a file");
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
      return Fail(Errc::kUnavailable, std::string("reading it: ") + std::strerror(errno));
    }
    if (count == 0) {
      return Fail(Errc::kCorrupt, "the file ends early");
    }
    done += static_cast<size_t>(count);
  }
  return bytes;
}

Result<ArchiveVerdict> CheckArchive(const std::string& path, const ledger::NoteVerifier& log) {
  ArchiveVerdict verdict;
  verdict.path = path;
  ASSIGN_OR_RETURN(const auto file, ArchiveFile::Open(path));
  const auto archive = ledger::Archive::Open(*file);
  if (!archive && !IsDamage(archive.error())) {
    return Fail(archive.error());
  }
  if (!archive) {
    verdict.faults.push_back({std::nullopt, archive.error().context});
    return verdict;
  }
  verdict.header = archive->header();
  ASSIGN_OR_RETURN(verdict.faults, archive->Verify(log));
  const auto named = ledger::ParseArchiveName(std::filesystem::path(path).filename().string());
  if (!named || *named != archive->header().range) {
    verdict.faults.push_back(
        {std::nullopt,
         "it holds " + ledger::RangeText(archive->header().range) + ", its name says otherwise"});
  }
  return verdict;
}

}  // namespace rujukan::audit
