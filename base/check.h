// CHECK: an assertion against programmer errors, on in release. Never for input from outside: bad
// input is a Result. A failed CHECK ends the process; restart recovers from what is durable.
#pragma once

namespace rujukan {

// Writes "file:line: CHECK failed: expression" to stderr and aborts.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression);

}  // namespace rujukan

#define CHECK(condition)                                      \
  do {                                                        \
    if (!(condition)) {                                       \
      ::rujukan::CheckFailed(__FILE__, __LINE__, #condition); \
    }                                                         \
  } while (false)
