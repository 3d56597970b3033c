// How far a bulk import has come. Thread: any; one import at a time holds `running`.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>

namespace rujukan::agency {

struct ImportProgress {
  enum class Phase : int { kIdle, kChecking, kQueueing };
  std::mutex running;
  std::atomic<Phase> phase{Phase::kIdle};
  std::atomic<size_t> done{0};  // bytes while checking, rows while queueing
  std::atomic<size_t> of{0};
};

}  // namespace rujukan::agency
