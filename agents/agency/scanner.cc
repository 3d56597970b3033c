#include "agents/agency/scanner.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace rujukan::agency {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

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

// A running command; killed and reaped with its owner.
class Child {
 public:
  // `input`: its standard input.
  static Result<pid_t> Spawn(const std::vector<std::string>& command, int input) {
    std::vector<char*> argv;
    for (const std::string& word : command) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    const char* path = std::getenv("PATH");
    std::string environment = std::string("PATH=") + (path == nullptr ? "/usr/bin:/bin" : path);
    std::array<char*, 2> envp = {environment.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t usual;
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    // A group of its own: a scanner that hangs is killed with all it has started.
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    const int failed = posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
      return NoVerdict(std::string("cannot be started: ") + std::strerror(failed));
    }
    return pid;
  }

  Child(pid_t pid, const ScannerSettings& settings)
      : pid_(pid),
        until_(Clock::now() + std::chrono::milliseconds(settings.timeout_ms)),
        stopping_(settings.stopping) {}
  ~Child() {
    if (pid_ > 0) {
      kill(-pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool OutOfTime() const { return stopping_() || Clock::now() >= until_; }

  Result<ScanVerdict> Await() {
    while (true) {
      int status = 0;
      const pid_t ended = waitpid(pid_, &status, WNOHANG);
      if (ended == pid_) {
        pid_ = -1;
        return VerdictOf(status);
      }
      if (OutOfTime()) {
        return NoVerdict("no answer in time");
      }
      poll(nullptr, 0, kLookEveryMs);
    }
  }

 private:
  static Result<ScanVerdict> VerdictOf(int status) {
    if (!WIFEXITED(status)) {
      return NoVerdict("it was killed");
    }
    if (WEXITSTATUS(status) == 0) {
      return ScanVerdict::kClean;
    }
    if (WEXITSTATUS(status) == kObjectsCode) {
      return ScanVerdict::kObjects;
    }
    return NoVerdict("exit code " + std::to_string(WEXITSTATUS(status)));
  }

  pid_t pid_;
  const Clock::time_point until_;
  const std::function<bool()> stopping_;
};

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
  ASSIGN_OR_RETURN(const pid_t pid, Child::Spawn(settings.command, read_end.fd));
  Child child(pid, settings);
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
  return child.Await();
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
    Fd nothing{open("/dev/null", O_RDONLY | O_CLOEXEC)};
    ASSIGN_OR_RETURN(const pid_t pid, Child::Spawn(command, nothing.fd));
    Child child(pid, settings);
    return child.Await();
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
