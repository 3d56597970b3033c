// The engine's side of the port, in memory: what arrived, who is gone, who is admitted, and a queue
// that can be full. Thread-safe; waiting ends at a deadline.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "broker/core/port.h"

namespace rujukan::broker {

inline constexpr std::chrono::seconds kPatience{20};

class FakeEngine : public Inlet, public Gatekeeper {
 public:
  bool Offer(Inbound& inbound) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (frames_.size() >= capacity_) {
      ++refused_;
      changed_.notify_all();
      return false;
    }
    frames_.push_back(std::move(inbound));
    changed_.notify_all();
    return true;
  }
  void Gone(const Peer& peer) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    gone_.push_back(peer);
    changed_.notify_all();
  }
  std::optional<std::string> AddressOf(const TransportKey& key) const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = admitted_.find(key);
    return found == admitted_.end() ? std::nullopt : std::optional<std::string>(found->second);
  }

  void Admit(const TransportKey& key, const std::string& address) {
    const std::lock_guard<std::mutex> lock(mutex_);
    admitted_[key] = address;
  }
  void Revoke(const TransportKey& key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    admitted_.erase(key);
  }
  void SetCapacity(size_t frames) {
    const std::lock_guard<std::mutex> lock(mutex_);
    capacity_ = frames;
  }
  // True once at least this many frames arrived / peers went / offers were refused.
  bool WaitForFrames(size_t count) {
    return Wait([&] { return frames_.size() >= count; });
  }
  bool WaitForGone(size_t count) {
    return Wait([&] { return gone_.size() >= count; });
  }
  bool WaitForRefusals(size_t count) {
    return Wait([&] { return refused_ >= count; });
  }
  std::vector<Inbound> Frames() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return frames_;
  }
  std::vector<Peer> GonePeers() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return gone_;
  }

 private:
  template <class Condition>
  bool Wait(Condition condition) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, kPatience, condition);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::vector<Inbound> frames_;
  std::vector<Peer> gone_;
  std::map<TransportKey, std::string> admitted_;
  size_t capacity_ = 1'000'000;
  size_t refused_ = 0;
};

}  // namespace rujukan::broker
