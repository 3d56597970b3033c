#include "agents/agency/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rujukan::agency {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error SystemError(const std::string& doing) {
  return Error{Errc::kUnavailable, "cannot " + doing + ": " + std::strerror(errno)};
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

}  // namespace

Result<std::string> ReadFile(const std::string& path, size_t max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT) {
      return Fail(Errc::kNotFound, "no file " + path);
    }
    return Fail(SystemError("open " + path));
  }
  std::string bytes(max + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0) {
      return Fail(SystemError("read " + path));
    }
    if (got == 0) {
      break;
    }
    size += static_cast<size_t>(got);
  }
  if (size > max) {
    return Fail(Errc::kLimit, path + " is over " + std::to_string(max) + " bytes");
  }
  bytes.resize(size);
  return bytes;
}

Result<void> ReplaceFile(const std::string& path, std::string_view bytes) {
  const std::string temp = path + ".new";
  {
    const Descriptor file(open(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.get() < 0 || !WriteAll(file.get(), bytes) || fsync(file.get()) != 0) {
      return Fail(SystemError("write " + temp));
    }
  }
  if (std::rename(temp.c_str(), path.c_str()) != 0) {
    return Fail(SystemError("rename " + temp));
  }
  const std::string parent = path.substr(0, path.find_last_of('/') + 1);
  const Descriptor directory(open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC));
  if (directory.get() < 0 || fsync(directory.get()) != 0) {
    return Fail(SystemError("sync " + parent));
  }
  return {};
}

}  // namespace rujukan::agency
