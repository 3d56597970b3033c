#include "agents/link/chunk_schedule.h"

#include <algorithm>

namespace rujukan::link {

void ChunkPace::Answered(int64_t took_ms) {
  if (took_ms <= kQuickMs) {
    window_ = std::min(window_ + 1, limits::kChunkWindowMax);
  } else if (took_ms > kSlowMs) {
    window_ = std::max(window_ / 2, 1U);
  }
}

// Takes a chunk out of whatever state it is in.
void ChunkSchedule::Leave(uint32_t index) {
  switch (states_[index]) {
    case State::kMissing:
      --missing_;
      break;
    case State::kUnderWay:
      under_way_.erase(index);
      break;
    case State::kWaiting:
      waiting_.erase(index);
      break;
    case State::kDone:
      --done_;
      break;
  }
}

void ChunkSchedule::Missing(uint32_t index) {
  if (index >= chunks()) {
    return;
  }
  Leave(index);
  states_[index] = State::kMissing;
  ++missing_;
  cursor_ = std::min(cursor_, index);
}

std::optional<uint32_t> ChunkSchedule::Next(UnixMillis now) {
  const auto due = std::find_if(
      waiting_.begin(), waiting_.end(), [now](const auto& item) { return item.second <= now; });
  uint32_t index = 0;
  if (due != waiting_.end()) {
    index = due->first;
  } else if (missing_ == 0) {
    return std::nullopt;
  } else {
    while (states_[cursor_] != State::kMissing) {
      ++cursor_;
    }
    index = cursor_;
  }
  Leave(index);
  states_[index] = State::kUnderWay;
  under_way_[index] = now;
  return index;
}

std::optional<int64_t> ChunkSchedule::Done(uint32_t index, UnixMillis now) {
  if (index >= chunks() || states_[index] == State::kDone) {
    return std::nullopt;
  }
  const auto since = under_way_.find(index);
  const auto took = since == under_way_.end() ? std::nullopt : std::optional(now - since->second);
  Leave(index);
  states_[index] = State::kDone;
  ++done_;
  return took;
}

void ChunkSchedule::DoneBits(std::string_view bits) {
  for (uint32_t i = 0; i < chunks() && i / 8 < bits.size(); ++i) {
    if ((static_cast<uint8_t>(bits[i / 8]) >> (i % 8) & 1U) != 0) {
      Done(i, 0);
    }
  }
}

void ChunkSchedule::Again(uint32_t index, UnixMillis at) {
  if (index >= chunks() || states_[index] == State::kDone) {
    return;
  }
  Leave(index);
  states_[index] = State::kWaiting;
  waiting_[index] = at;
}

void ChunkSchedule::LinkLost() {
  while (!under_way_.empty()) {
    Missing(under_way_.begin()->first);
  }
}

void ChunkSchedule::Tick(UnixMillis now) {
  std::vector<uint32_t> late;
  for (const auto& [index, since] : under_way_) {
    if (now - since >= limits::kResendAfterMs) {
      late.push_back(index);
    }
  }
  for (const uint32_t index : late) {
    Missing(index);
  }
}

UnixMillis ChunkSchedule::NextDue() const {
  if (missing_ != 0) {
    return 0;
  }
  UnixMillis due = INT64_MAX;
  for (const auto& [index, at] : waiting_) {
    due = std::min(due, at);
  }
  for (const auto& [index, since] : under_way_) {
    due = std::min(due, since + limits::kResendAfterMs);
  }
  return due;
}

}  // namespace rujukan::link
