// Which chunk of an attachment goes next, up or down: a state machine without a socket, a clock or
// the chunks themselves. The same for both directions: a chunk is missing, under way, or done, and
// whatever is lost on the way is missing again.
//
// ChunkPace says how many may be under way at once, over all attachments of an agent: it grows
// while answers come quickly and shrinks when they are slow, so that on a bad line a message never
// waits behind more than a chunk or two.
//
// Thread: one owner. Time: ms of any clock that does not step back.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"

namespace rujukan::link {

class ChunkPace {
 public:
  // An answer took this long.
  void Answered(int64_t took_ms);
  void LinkLost() { window_ = kFirst; }
  uint32_t window() const { return window_; }  // 1 to limits::kChunkWindowMax

 private:
  static constexpr uint32_t kFirst = 2;
  static constexpr int64_t kQuickMs = 500;
  static constexpr int64_t kSlowMs = 2'000;
  uint32_t window_ = kFirst;
};

class ChunkSchedule {
 public:
  explicit ChunkSchedule(uint32_t chunks) : states_(chunks, State::kMissing), missing_(chunks) {}

  // The next chunk to send or to ask for, now under way; nullopt: none is due.
  std::optional<uint32_t> Next(UnixMillis now);
  // Stored there, or arrived and kept here. How long it took, when it was under way.
  std::optional<int64_t> Done(uint32_t index, UnixMillis now);
  // What was there before: a bit a chunk, as in ChunksPresent.
  void DoneBits(std::string_view bits);
  // Refused for now: due again at `at`.
  void Again(uint32_t index, UnixMillis at);
  // Not there after all (a damaged copy).
  void Missing(uint32_t index);
  // The connection is gone: what was under way is due again.
  void LinkLost();
  // What has had no answer for limits::kResendAfterMs is due again. Call it now and then.
  void Tick(UnixMillis now);

  uint32_t chunks() const { return static_cast<uint32_t>(states_.size()); }
  uint32_t done() const { return done_; }
  bool finished() const { return done_ == chunks(); }
  size_t under_way() const { return under_way_.size(); }
  // When Next or Tick has something to do; INT64_MAX: after an answer only.
  UnixMillis NextDue() const;

 private:
  enum class State : uint8_t { kMissing, kUnderWay, kWaiting, kDone };
  void Leave(uint32_t index);

  std::vector<State> states_;
  std::map<uint32_t, UnixMillis> under_way_;  // since when
  std::map<uint32_t, UnixMillis> waiting_;    // until when
  uint32_t cursor_ = 0;                       // nothing below it is kMissing
  uint32_t missing_;
  uint32_t done_ = 0;
};

}  // namespace rujukan::link
