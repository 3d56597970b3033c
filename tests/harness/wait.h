// Waiting for an observable: asks again every few milliseconds until it holds or the deadline
// passes. Never waits for time itself to pass.
#pragma once

#include <poll.h>

#include <chrono>

namespace rujukan::testing {

inline constexpr std::chrono::milliseconds kPatience{60'000};

template <class Predicate>
bool Eventually(const Predicate& holds, std::chrono::milliseconds patience = kPatience) {
  constexpr int kAskAgainMs = 2;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    ::poll(nullptr, 0, kAskAgainMs);
  }
  return true;
}

}  // namespace rujukan::testing
