// How much one agency may ask of the broker: a token bucket for its frames and a window for what it
// has under way, one for each class of frame. Pure: time is a parameter. Not thread-safe: the
// engine guards it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "broker/core/port.h"
#include "rujukan/v1/wire.pb.h"

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

// By what a frame costs, and so by which window it counts against.
enum class FrameClass : uint8_t {
  kMessage,  // limits::kSendWindowMax unanswered
  kRecord,   // delivery receipts, acts, enrolments: as many, a retry costs reads of the store
  kQuery,    // limits::kQueryWindowMax: one costs as much as hundreds of messages
  kChunk,    // limits::kChunkWindowMax: attachments, a quarter of a megabyte each
};
inline constexpr size_t kFrameClasses = 4;

enum class Allowance { kGranted, kRateLimited, kWindowExceeded };

class Limiter {
 public:
  Limiter();

  // One frame from `peer`. Granted at the main door it keeps its place in the window of its class
  // until Answered. Strangers at the enrolment door share one bucket: they can have any number of
  // names.
  Allowance Take(const Peer& peer, FrameClass frame, UnixMillis now);
  // A frame that was granted a place has its answer.
  void Answered(const std::string& user, FrameClass frame);
  uint32_t unanswered(const std::string& user, FrameClass frame) const;

 private:
  struct Account {
    TokenBucket bucket;
    std::array<uint32_t, kFrameClasses> unanswered{};
  };
  std::unordered_map<std::string, Account> accounts_;  // admitted agencies only: bounded by them
  TokenBucket enrolment_;
};

// What the frame's bytes start like (the tag of ClientFrame's body). Read before parsing; whoever
// parses compares.
FrameClass ClassOf(std::string_view frame);
// What a parsed frame is.
FrameClass ClassOf(v1::ClientFrame::BodyCase body);

}  // namespace rujukan::broker
