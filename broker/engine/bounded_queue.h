// A queue between threads with a hard bound: a full one pushes back, it never drops. Elements are
// taken several at a time, so a busy reader pays one lock for many. Any number of writers and
// readers.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>
#include <vector>

#include "broker/engine/mutex.h"

namespace rujukan::broker {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}

  bool Full() const {
    MutexLock lock(mutex_);
    return items_.size() >= capacity_;
  }
  size_t size() const {
    MutexLock lock(mutex_);
    return items_.size();
  }

  // Waits for room. False: closed, the value is dropped.
  bool Push(T value) {
    MutexLock lock(mutex_);
    while (items_.size() >= capacity_ && !closed_) {
      room_.Wait(mutex_);
    }
    return Add(std::move(value));
  }
  // For what is bounded by other means (a connection closes once). False: closed.
  bool PushOverBound(T value) {
    MutexLock lock(mutex_);
    return Add(std::move(value));
  }

  // Waits until there is something, then moves at most `max` to the end of `out`. False: closed and
  // empty.
  bool PopSome(size_t max, std::vector<T>& out) {
    MutexLock lock(mutex_);
    while (items_.empty() && !closed_) {
      ++readers_waiting_;
      arrived_.Wait(mutex_);
      --readers_waiting_;
    }
    return Move(max, out);
  }
  // As PopSome, but comes back with nothing after `most`. False: closed and empty.
  bool PopSomeWithin(std::chrono::milliseconds most, size_t max, std::vector<T>& out) {
    MutexLock lock(mutex_);
    if (items_.empty() && !closed_ && most.count() > 0) {
      ++readers_waiting_;
      arrived_.WaitFor(mutex_, most);
      --readers_waiting_;
    }
    return Move(max, out) || !closed_;
  }

  // Readers take what is left and then get false.
  void Close() {
    MutexLock lock(mutex_);
    closed_ = true;
    arrived_.NotifyAll();
    room_.NotifyAll();
  }

 private:
  bool Add(T value) REQUIRES(mutex_) {
    if (closed_) {
      return false;
    }
    items_.push_back(std::move(value));
    if (readers_waiting_ > 0) {
      arrived_.NotifyOne();
    }
    return true;
  }
  bool Move(size_t max, std::vector<T>& out) REQUIRES(mutex_) {
    if (items_.empty()) {
      return false;
    }
    const bool was_full = items_.size() >= capacity_;
    for (size_t left = std::min(max, items_.size()); left > 0; --left) {
      out.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    if (was_full) {
      room_.NotifyAll();
    }
    return true;
  }

  const size_t capacity_;
  mutable Mutex mutex_;
  CondVar arrived_;
  CondVar room_;
  std::deque<T> items_ GUARDED_BY(mutex_);
  size_t readers_waiting_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace rujukan::broker
