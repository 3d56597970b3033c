// A child process with its output in a file. Ends with its owner: the destructor kills and reaps
// it, so no test leaves anything running. Thread: one owner.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rujukan::testing {

class Process {
 public:
  // Starts argv[0] with stdin from /dev/null, stdout and stderr appended to `log`. CHECKs that it
  // starts.
  Process(const std::vector<std::string>& argv, const std::string& log);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool Running();
  void Signal(int signal) const;
  // Waits for the end; the exit code, or 128 + signal.
  int Wait();
  void Kill();  // kill -9 and reap

  // From /proc while it runs.
  uint64_t ResidentBytes() const;
  double CpuSeconds() const;

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

struct Output {
  int exit_code = -1;
  std::string out;  // stdout only
  std::string err;
};

// Runs to the end and collects what it printed. `input` goes to its stdin.
Output Run(const std::vector<std::string>& argv, const std::string& input = "");

// A directory that vanishes with its owner.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string ReadWholeFile(const std::string& path);  // "" when absent
void WriteWholeFile(const std::string& path, const std::string& bytes);
int FreePort();  // a loopback TCP port that was free a moment ago

}  // namespace rujukan::testing
