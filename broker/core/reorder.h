// Puts what parallel workers finish back into the order in which it arrived, so that two messages
// of one sender never overtake each other. Tickets are consecutive; every ticket must come back.
// Not thread-safe. Bounded by what the workers' queue admits.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "base/check.h"

namespace rujukan::broker {

template <class T>
class Reorder {
 public:
  // nullopt: this ticket has nothing for us, do not wait for it.
  void Put(uint64_t ticket, std::optional<T> value) {
    CHECK(ticket >= next_);
    const auto place = static_cast<size_t>(ticket - next_);
    if (place >= waiting_.size()) {
      waiting_.resize(place + 1);
    }
    CHECK(!waiting_[place].arrived);
    waiting_[place] = {true, std::move(value)};
  }

  // The next in order; nullopt: it has not arrived.
  std::optional<T> Take() {
    while (!waiting_.empty() && waiting_.front().arrived) {
      std::optional<T> value = std::move(waiting_.front().value);
      waiting_.pop_front();
      ++next_;
      if (value.has_value()) {
        return value;
      }
    }
    return std::nullopt;
  }

 private:
  struct Slot {
    bool arrived = false;
    std::optional<T> value;
  };
  uint64_t next_ = 0;
  std::deque<Slot> waiting_;
};

}  // namespace rujukan::broker
