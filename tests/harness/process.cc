#include "tests/harness/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.h"

extern char** environ;

namespace rujukan::testing {
namespace {

int DecodeStatus(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

struct Streams {
  std::string in = "/dev/null";
  std::string out;
  std::string err;
};

pid_t Spawn(const std::vector<std::string>& argv, const Streams& streams) {
  std::vector<char*> args;
  for (const std::string& arg : argv) {
    args.push_back(const_cast<char*>(arg.c_str()));
  }
  args.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kAppend = O_WRONLY | O_CREAT | O_APPEND;
  posix_spawn_file_actions_addopen(&actions, 0, streams.in.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, streams.out.c_str(), kAppend, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, streams.err.c_str(), kAppend, 0600);
  pid_t pid = -1;
  const int rc = posix_spawn(&pid, args[0], &actions, nullptr, args.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  CHECK(rc == 0);
  return pid;
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, const std::string& log)
    : pid_(Spawn(argv, {"/dev/null", log, log})) {}

Process::~Process() {
  Kill();
}

bool Process::Running() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = DecodeStatus(status);
  }
  return !status_;
}

void Process::Signal(int signal) const {
  if (!status_) {
    ::kill(pid_, signal);
  }
}

int Process::Wait() {
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, 0) == pid_) {
    status_ = DecodeStatus(status);
  }
  return *status_;
}

void Process::Kill() {
  if (!status_) {
    ::kill(pid_, SIGKILL);
    Wait();
  }
}

uint64_t Process::ResidentBytes() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/statm");
  uint64_t total = 0;
  uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

double Process::CpuSeconds() const {
  std::string text = ReadWholeFile("/proc/" + std::to_string(pid_) + "/stat");
  std::istringstream in(text.substr(text.rfind(')') + 2));
  std::string field;
  for (int i = 0; i < 11; ++i) {
    in >> field;  // state to majflt; utime and stime are fields 14 and 15 of proc(5)
  }
  uint64_t user = 0;
  uint64_t system = 0;
  in >> user >> system;
  return static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Output Run(const std::vector<std::string>& argv, const std::string& input) {
  const TempDir dir;
  WriteWholeFile(dir.path() + "/in", input);
  const Streams streams{dir.path() + "/in", dir.path() + "/out", dir.path() + "/err"};
  const pid_t pid = Spawn(argv, streams);
  int status = 0;
  CHECK(::waitpid(pid, &status, 0) == pid);
  return {DecodeStatus(status), ReadWholeFile(streams.out), ReadWholeFile(streams.err)};
}

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rujukan.XXXXXX").string();
  CHECK(::mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string ReadWholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void WriteWholeFile(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  CHECK(out.good());
}

int FreePort() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  CHECK(fd >= 0 && ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  CHECK(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

}  // namespace rujukan::testing
