#include "agents/agency/child.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace rujukan::agency {
namespace {

constexpr int64_t kLookEveryMs = 100;  // whether the agent stops

// Default signals, none blocked, and a process group of its own.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

class SpawnFiles {
 public:
  explicit SpawnFiles(int input) {
    posix_spawn_file_actions_init(&files_);
    if (input < 0) {
      posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    } else {
      posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    }
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  ~SpawnFiles() { posix_spawn_file_actions_destroy(&files_); }
  SpawnFiles(const SpawnFiles&) = delete;
  SpawnFiles& operator=(const SpawnFiles&) = delete;
  const posix_spawn_file_actions_t* get() const { return &files_; }

 private:
  posix_spawn_file_actions_t files_{};
};

}  // namespace

Result<Child> Child::Start(const std::vector<std::string>& command, int input, ChildLimits limits) {
  std::vector<char*> words;
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  std::array<char*, 2> environment = {path.data(), nullptr};
  const SpawnFiles files(input);
  const SpawnAttributes attributes;
  pid_t pid = -1;
  const int failed =
      posix_spawnp(&pid, words[0], files.get(), attributes.get(), words.data(), environment.data());
  if (failed != 0) {
    return Fail(Errc::kUnavailable, std::string("cannot be started: ") + std::strerror(failed));
  }
  return Child(pid, std::move(limits));
}

Child::Child(pid_t pid, ChildLimits limits)
    : pid_(pid),
      until_(std::chrono::steady_clock::now() + std::chrono::milliseconds(limits.timeout_ms)),
      limits_(std::move(limits)) {}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      until_(other.until_),
      limits_(std::move(other.limits_)) {}

Child::~Child() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

bool Child::OutOfTime() const {
  return limits_.stopping() || std::chrono::steady_clock::now() >= until_;
}

Result<int> Child::Await() {
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (fd < 0) {
    return Fail(Errc::kUnavailable, std::string("cannot be watched: ") + std::strerror(errno));
  }
  pollfd ending{fd, POLLIN, 0};
  bool ended = false;
  while (!ended && !OutOfTime()) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until_ - std::chrono::steady_clock::now());
    const auto wait = static_cast<int>(std::clamp<int64_t>(left.count() + 1, 1, kLookEveryMs));
    ended = poll(&ending, 1, wait) == 1;
  }
  close(fd);
  kill(-pid_, SIGKILL);  // also what it left behind
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (!ended) {
    return Fail(Errc::kUnavailable, "it took too long and was ended");
  }
  if (!WIFEXITED(status)) {
    return Fail(Errc::kUnavailable, "it was killed by a signal");
  }
  return WEXITSTATUS(status);
}

}  // namespace rujukan::agency
