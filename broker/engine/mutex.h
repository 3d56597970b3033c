// A mutex that clang's -Wthread-safety understands (libstdc++'s is not annotated), and a condition
// variable to go with it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define RUJUKAN_THREAD(x) __attribute__((x))
#else
#define RUJUKAN_THREAD(x)
#endif
#define CAPABILITY(x) RUJUKAN_THREAD(capability(x))
#define SCOPED_CAPABILITY RUJUKAN_THREAD(scoped_lockable)
#define GUARDED_BY(x) RUJUKAN_THREAD(guarded_by(x))
#define REQUIRES(...) RUJUKAN_THREAD(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) RUJUKAN_THREAD(acquire_capability(__VA_ARGS__))
#define RELEASE(...) RUJUKAN_THREAD(release_capability(__VA_ARGS__))

namespace rujukan::broker {

class CAPABILITY("mutex") Mutex {
 public:
  void Lock() ACQUIRE() { mutex_.lock(); }
  void Unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.Lock(); }
  ~MutexLock() RELEASE() { mutex_.Unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

class CondVar {
 public:
  void Wait(Mutex& mutex) REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  void WaitFor(Mutex& mutex, std::chrono::milliseconds most) REQUIRES(mutex) {
    std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
    condition_.wait_for(lock, most);
    lock.release();
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace rujukan::broker
