// A command out of the agency's configuration while it runs: a virus scanner, a hook. No shell is
// in between; its output is thrown away; of the environment it gets PATH alone. It has a process
// group of its own and is killed with all it has started, at the latest when its Child goes.
// Thread: the one that started it, which waits.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::agency {

struct ChildLimits {
  int64_t timeout_ms = 0;
  std::function<bool()> stopping = [] { return false; };  // ends it early
};

class Child {
 public:
  // `input` becomes its standard input; -1: /dev/null. A name without "/" is looked for in the
  // agent's PATH. kUnavailable: it cannot be started; the text does not hold the command's words.
  static Result<Child> Start(const std::vector<std::string>& command,
                             int input,
                             ChildLimits limits);
  ~Child();
  Child(Child&& other) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) = delete;

  bool OutOfTime() const;

  // Its exit status, once. kUnavailable: it took too long, the agent stops, or a signal killed it.
  Result<int> Await();

 private:
  Child(pid_t pid, ChildLimits limits);

  pid_t pid_;  // -1: gone
  std::chrono::steady_clock::time_point until_;
  ChildLimits limits_;
};

}  // namespace rujukan::agency
