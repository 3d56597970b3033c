#include "agents/agency/hook.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace rujukan::agency {
namespace {

constexpr int kLookEveryMs = 100;  // whether the agent stops

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// A group of its own, default signals, nothing open but /dev/null.
Result<pid_t> Start(const std::vector<std::string>& argv) {
  std::vector<char*> words;
  for (const auto& word : argv) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  std::string path = "PATH=/usr/local/bin:/usr/bin:/bin";
  char* environment[] = {path.data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, words[0], &files, &attributes, words.data(), environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    return Fail(Errc::kUnavailable, std::string("cannot start it: ") + std::strerror(error));
  }
  return pid;
}

// Whether the process ended in its time.
bool AwaitEnd(pid_t pid, const Hook& hook) {
  const int fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  const int64_t until = SteadyNow() + hook.timeout_ms;
  bool ended = false;
  while (fd >= 0 && !ended && !hook.stopping()) {
    const int64_t left = until - SteadyNow();
    if (left <= 0) {
      break;
    }
    pollfd ending{fd, POLLIN, 0};
    ended = poll(&ending, 1, static_cast<int>(std::min<int64_t>(left, kLookEveryMs))) == 1;
  }
  if (fd >= 0) {
    close(fd);
  }
  return ended;
}

}  // namespace

Result<int> RunHook(const Hook& hook) {
  if (hook.argv.empty() || hook.argv[0].empty() || hook.argv[0][0] != '/') {
    return Fail(Errc::kUnavailable, "the command is not an absolute path");
  }
  ASSIGN_OR_RETURN(const pid_t pid, Start(hook.argv));
  const bool ended = AwaitEnd(pid, hook);
  kill(-pid, SIGKILL);  // also what it left behind
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended) {
    return Fail(Errc::kUnavailable, "it took too long and was ended");
  }
  if (!WIFEXITED(status)) {
    return Fail(Errc::kUnavailable, "it was killed by a signal");
  }
  return WEXITSTATUS(status);
}

}  // namespace rujukan::agency
