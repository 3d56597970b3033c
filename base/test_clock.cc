#include "base/test_clock.h"

#ifdef RUJUKAN_TEST_CLOCK
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "base/check.h"
#endif

namespace rujukan {

#ifdef RUJUKAN_TEST_CLOCK

namespace {

const std::atomic<int64_t>* MapOffset() {
  const char* path = std::getenv(kTestClockVariable);
  if (path == nullptr) {
    return nullptr;
  }
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  CHECK(file >= 0);
  CHECK(::lseek(file, 0, SEEK_END) == static_cast<off_t>(sizeof(int64_t)));
  const void* mapped = ::mmap(nullptr, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  CHECK(mapped != MAP_FAILED);
  ::close(file);
  return static_cast<const std::atomic<int64_t>*>(mapped);
}

}  // namespace

int64_t TestClockOffset() {
  static_assert(std::atomic<int64_t>::is_always_lock_free && sizeof(std::atomic<int64_t>) == 8);
  static const std::atomic<int64_t>* const kOffset = MapOffset();
  return kOffset == nullptr ? 0 : kOffset->load(std::memory_order_relaxed);
}

bool HasTestClock() {
  return true;
}

#else

int64_t TestClockOffset() {
  return 0;
}

bool HasTestClock() {
  return false;
}

#endif

}  // namespace rujukan
