#include "agents/agency/scanner.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "agents/agency/child.h"

namespace rujukan::agency {
namespace {

namespace fs = std::filesystem;

constexpr int kObjectsCode = 1;
constexpr int kLookEveryMs = 20;
constexpr std::string_view kPrefix = "pindai-";

tl::unexpected<Error> NoVerdict(const std::string& why) {
  return Fail(Errc::kUnavailable, "pemindai / scanner: " + why);
}

struct Fd {
  int fd = -1;
  ~Fd() { Close(); }
  void Close() {
    if (fd >= 0) {
      close(fd);
      fd = -1;
    }
  }
};

Result<Child> StartScanner(const ScannerSettings& settings,
                           const std::vector<std::string>& command,
                           int input) {
  auto child = Child::Start(command, input, {settings.timeout_ms, settings.stopping});
  return child ? std::move(child) : NoVerdict(child.error().context);
}

Result<ScanVerdict> AwaitVerdict(Child& child) {
  const auto code = child.Await();
  if (!code) {
    return NoVerdict(code.error().context);
  }
  if (*code != 0 && *code != kObjectsCode) {
    return NoVerdict("exit code " + std::to_string(*code));
  }
  return *code == 0 ? ScanVerdict::kClean : ScanVerdict::kObjects;
}

// False: nobody reads any more. That is the scanner's own business: it may know enough.
Result<bool> WriteAll(const Child& child, int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd item{fd, POLLOUT, 0};
    if (child.OutOfTime()) {
      return NoVerdict("no answer in time");
    }
    if (poll(&item, 1, kLookEveryMs) <= 0) {
      continue;
    }
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && (errno == EAGAIN || errno == EINTR)) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// SIGPIPE is not ours to die of: blocked here, and taken off again if it came.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~WithoutSigpipe() {
    const timespec now{0, 0};
    if (sigismember(&before_, SIGPIPE) == 0) {
      while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

Result<ScanVerdict> ScanByInput(const ScannerSettings& settings, const FileBytes& bytes) {
  const WithoutSigpipe guard;
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return NoVerdict(std::string("no pipe: ") + std::strerror(errno));
  }
  Fd read_end{ends[0]};
  Fd write_end{ends[1]};
  fcntl(write_end.fd, F_SETFL, O_NONBLOCK);
  ASSIGN_OR_RETURN(Child child, StartScanner(settings, settings.command, read_end.fd));
  read_end.Close();
  while (true) {
    ASSIGN_OR_RETURN(const std::string part, bytes());
    if (part.empty()) {
      break;
    }
    ASSIGN_OR_RETURN(const bool reads, WriteAll(child, write_end.fd, part));
    if (!reads) {
      break;
    }
  }
  write_end.Close();
  return AwaitVerdict(child);
}

Result<void> WriteFile(int fd, const FileBytes& bytes) {
  while (true) {
    ASSIGN_OR_RETURN(const std::string part, bytes());
    if (part.empty()) {
      return {};
    }
    std::string_view rest = part;
    while (!rest.empty()) {
      const ssize_t written = write(fd, rest.data(), rest.size());
      if (written <= 0 && errno != EINTR) {
        return NoVerdict(std::string("temporary file: ") + std::strerror(errno));
      }
      rest.remove_prefix(written > 0 ? static_cast<size_t>(written) : 0);
    }
  }
}

Result<ScanVerdict> ScanByFile(const ScannerSettings& settings,
                               const FileBytes& bytes,
                               const std::string& directory) {
  std::string path = directory + "/" + std::string(kPrefix) + "XXXXXX";
  Fd file{mkostemp(path.data(), O_CLOEXEC)};  // 0600
  if (file.fd < 0) {
    return NoVerdict(std::string("temporary file: ") + std::strerror(errno));
  }
  const auto run = [&]() -> Result<ScanVerdict> {
    RETURN_IF_ERROR(WriteFile(file.fd, bytes));
    file.Close();
    std::vector<std::string> command = settings.command;
    for (std::string& word : command) {
      word = word == "{}" ? path : word;
    }
    ASSIGN_OR_RETURN(Child child, StartScanner(settings, command, /*input=*/-1));
    return AwaitVerdict(child);
  };
  auto verdict = run();
  unlink(path.c_str());
  return verdict;
}

}  // namespace

Result<ScanVerdict> Scan(const ScannerSettings& settings,
                         const FileBytes& bytes,
                         const std::string& private_directory) {
  return settings.by_file ? ScanByFile(settings, bytes, private_directory)
                          : ScanByInput(settings, bytes);
}

Result<void> RemoveScanLeftovers(const std::string& private_directory) {
  std::error_code code;
  for (fs::directory_iterator it(private_directory, code), end; !code && it != end;
       it.increment(code)) {
    if (it->path().filename().string().starts_with(kPrefix) && unlink(it->path().c_str()) != 0) {
      return NoVerdict("a temporary file cannot be removed");
    }
  }
  return {};
}

}  // namespace rujukan::agency
