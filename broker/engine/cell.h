// A pointer to an immutable value that one thread replaces and any thread reads. The lock is held
// only to copy the pointer; readers then use the value for as long as they like.
#pragma once

#include <memory>
#include <utility>

#include "broker/engine/mutex.h"

namespace rujukan::broker {

template <class T>
class Cell {
 public:
  std::shared_ptr<const T> Get() const {
    MutexLock lock(mutex_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) {
    MutexLock lock(mutex_);
    value_ = std::move(value);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> value_ GUARDED_BY(mutex_);
};

}  // namespace rujukan::broker
