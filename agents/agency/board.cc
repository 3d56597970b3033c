#include "agents/agency/board.h"

#include <chrono>

namespace rujukan::agency {

LinkStatus Board::status() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return status_;
}

void Board::Notify() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++version_;
  }
  changed_.notify_all();
}

uint64_t Board::version() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return version_;
}

bool Board::WaitPast(uint64_t seen, int64_t timeout_ms) const {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(
      lock, std::chrono::milliseconds(timeout_ms), [&] { return version_ > seen || stopped_; });
  return version_ > seen && !stopped_;
}

void Board::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

bool Board::stopped() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return stopped_;
}

}  // namespace rujukan::agency
