#include "agents/audit/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern char** environ;

namespace rujukan::audit {
namespace {

constexpr size_t kInputBytesMax = 60 * 1024;  // fits a pipe's buffer: written before it is read

struct Pipe {
  int fds[2] = {-1, -1};
  ~Pipe() {
    for (const int fd : fds) {
      if (fd >= 0) {
        ::close(fd);
      }
    }
  }
};

// The child gets `input_fd` as standard input, no blocked signals, and nothing else that is open.
Result<pid_t> Spawn(const std::vector<std::string>& argv, int input_fd) {
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input_fd, STDIN_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int failed =
      ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) {
    return Fail(Errc::kUnavailable, argv[0] + ": " + std::strerror(failed));
  }
  return pid;
}

Result<void> Await(const std::string& name, pid_t pid, int64_t timeout_ms) {
  // glibc 2.36 declares pidfd_open without C linkage.
  const int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  pollfd ended{pidfd, POLLIN, 0};  // readable once the process has ended
  const bool in_time = pidfd >= 0 && ::poll(&ended, 1, static_cast<int>(timeout_ms)) == 1;
  if (pidfd >= 0) {
    ::close(pidfd);
  }
  if (!in_time) {
    ::kill(pid, SIGKILL);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!in_time) {
    return Fail(Errc::kUnavailable,
                name + " took over " + std::to_string(timeout_ms) + " ms and was ended");
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return Fail(Errc::kUnavailable, name + " failed");
  }
  return {};
}

}  // namespace

Result<void> RunCommand(const std::vector<std::string>& argv,
                        const std::string& input,
                        int64_t timeout_ms) {
  Pipe pipe;
  if (input.size() > kInputBytesMax || ::pipe2(pipe.fds, O_CLOEXEC) != 0 ||
      ::write(pipe.fds[1], input.data(), input.size()) != static_cast<ssize_t>(input.size())) {
    return Fail(Errc::kUnavailable, argv[0] + ": its input could not be made");
  }
  ::close(pipe.fds[1]);
  pipe.fds[1] = -1;
  ASSIGN_OR_RETURN(const pid_t pid, Spawn(argv, pipe.fds[0]));
  return Await(argv[0], pid, timeout_ms);
}

}  // namespace rujukan::audit
