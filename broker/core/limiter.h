// How much one agency may ask of the broker: a token bucket for its frames and a window for its
// unanswered messages. Pure: time is a parameter. Not thread-safe: the engine guards it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "broker/core/port.h"

namespace rujukan::broker {

// Refills `per_second` tokens a second, holds at most one second's worth.
class TokenBucket {
 public:
  explicit TokenBucket(uint32_t per_second) : per_second_(per_second) {}
  bool Take(UnixMillis now);

 private:
  uint32_t per_second_;
  UnixMillis last_ms_ = 0;
  uint64_t thousandths_ = 0;  // of a token: whole milliseconds refill exactly
  bool started_ = false;
};

enum class Allowance { kGranted, kRateLimited, kWindowExceeded };

class Limiter {
 public:
  Limiter();

  // One frame from `peer`; `holds_window`: it is a message, which keeps its place in the window
  // until Answered. Strangers at the enrolment door share one bucket: they can have any number of
  // names.
  Allowance Take(const Peer& peer, bool holds_window, UnixMillis now);
  // A message that was granted a place has its answer.
  void Answered(const std::string& user);
  uint32_t unanswered(const std::string& user) const;

 private:
  struct Account {
    TokenBucket bucket;
    uint32_t unanswered = 0;
  };
  std::unordered_map<std::string, Account> accounts_;  // admitted agencies only: bounded by them
  TokenBucket enrolment_;
};

// True when the frame's bytes start like a message (ClientFrame.submit). Read before parsing.
bool IsMessageFrame(std::string_view frame);

}  // namespace rujukan::broker
