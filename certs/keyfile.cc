#include "certs/keyfile.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOpenToOthers = 0066;

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags, kOwnerOnly)) {}
  ~File() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> IoFailed(const std::string& path, const char* what) {
  const int reason = errno;
  const Errc code = reason == ENOENT                      ? Errc::kNotFound
                    : reason == EACCES || reason == EPERM ? Errc::kDenied
                                                          : Errc::kUnavailable;
  return Fail(code, path + ": cannot " + what + ": " + std::strerror(reason));
}

std::string DirectoryOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
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

// Removes the temporary file however WriteSecretFile ends.
struct Temporary {
  std::string path;
  ~Temporary() { ::unlink(path.c_str()); }
};

Result<void> WriteTemporary(const std::string& path, std::string_view secret) {
  const File file(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
  if (!file.ok()) {
    return IoFailed(path, "create");
  }
  // fchmod: a umask could have taken bits away, never added any; this says exactly 0600.
  if (::fchmod(file.fd(), kOwnerOnly) != 0 || !WriteAll(file.fd(), secret) ||
      ::fsync(file.fd()) != 0) {
    return IoFailed(path, "write");
  }
  return {};
}

Result<void> SyncDirectory(const std::string& path) {
  const std::string directory = DirectoryOf(path);
  const File file(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!file.ok() || ::fsync(file.fd()) != 0) {
    return IoFailed(directory, "sync");
  }
  return {};
}

// On the open file, so that what was checked is what is read.
Result<size_t> CheckedSize(const std::string& path, const File& file) {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) {
    return IoFailed(path, "inspect");
  }
  if (!S_ISREG(info.st_mode)) {
    return Fail(Errc::kDenied, path + ": not an ordinary file");
  }
  if ((info.st_mode & kOpenToOthers) != 0) {
    return Fail(Errc::kDenied,
                path + ": other users can read or write this secret; run: chmod 600 " + path);
  }
  if (info.st_uid != ::geteuid() && ::geteuid() != 0) {
    return Fail(Errc::kDenied,
                path + ": this secret belongs to another user; run: chown it to yours");
  }
  if (static_cast<size_t>(info.st_size) > limits::kSecretFileBytesMax) {
    return Fail(Errc::kLimit, path + ": too large for a key file");
  }
  return static_cast<size_t>(info.st_size);
}

}  // namespace

Result<void> WriteSecretFile(const std::string& path, std::string_view secret) {
  const Temporary temporary{path + "." + ToHex(RandomBytes(8)) + ".tmp"};
  RETURN_IF_ERROR(WriteTemporary(temporary.path, secret));
  // link, not rename: it gives the name only if nobody has it, in one step. A crash before this
  // line leaves an unused temporary file, after it the whole secret.
  if (::link(temporary.path.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) {
      return Fail(Errc::kConflict,
                  path + ": exists; a key is never overwritten, move the old file away first");
    }
    return IoFailed(path, "create");
  }
  return SyncDirectory(path);
}

Result<std::string> ReadSecretFile(const std::string& path) {
  const File file(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (!file.ok()) {
    return IoFailed(path, "open");
  }
  ASSIGN_OR_RETURN(const size_t size, CheckedSize(path, file));
  std::string secret(size, '\0');
  size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.fd(), secret.data() + done, size - done);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return IoFailed(path, "read");
    }
    done += static_cast<size_t>(got);
  }
  return secret;
}

}  // namespace rujukan::certs
