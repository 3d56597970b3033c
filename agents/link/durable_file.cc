#include "agents/link/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace rujukan::link {
namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(::open(path.c_str(), flags, 0644)) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> Failed(const std::string& path, const char* what) {
  return Fail(Errc::kUnavailable, path + ": cannot " + what + ": " + std::strerror(errno));
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

Result<void> WriteSynced(const std::string& path, std::string_view bytes) {
  const Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
  if (file.get() < 0 || !WriteAll(file.get(), bytes) || ::fsync(file.get()) != 0) {
    return Failed(path, "write");
  }
  return {};
}

}  // namespace

Result<void> MakeFolders(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    return Fail(Errc::kUnavailable, path + ": cannot make this folder: " + error.message());
  }
  return {};
}

Result<void> WriteDurably(const std::string& path, std::string_view bytes) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty()) {
    RETURN_IF_ERROR(MakeFolders(folder));
  }
  const std::string temporary = path + ".new";
  RETURN_IF_ERROR(WriteSynced(temporary, bytes));
  // A crash before this rename leaves the old file and a .new that the next write replaces.
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return Failed(path, "rename into place");
  }
  const Descriptor parent(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent.get() < 0 || ::fsync(parent.get()) != 0) {
    return Failed(folder, "sync");
  }
  return {};
}

}  // namespace rujukan::link
