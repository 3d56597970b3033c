// What the engine's threads share: the ports to the outside and a few guarded values. Everything
// else belongs to one thread, and moves between threads through queues.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "broker/core/batch.h"
#include "broker/core/directory_snapshot.h"
#include "broker/core/journal.h"
#include "broker/core/limiter.h"
#include "broker/core/port.h"
#include "broker/core/submission.h"
#include "broker/engine/cell.h"
#include "broker/engine/metrics.h"
#include "broker/engine/mutex.h"

namespace rujukan::broker {

// The first fatal error stops the engine; later ones are its echoes.
class FailureCell {
 public:
  void Set(Error error) {
    MutexLock lock(mutex_);
    if (!error_.has_value()) {
      error_ = std::move(error);
    }
  }
  std::optional<Error> Get() const {
    MutexLock lock(mutex_);
    return error_;
  }

 private:
  mutable Mutex mutex_;
  std::optional<Error> error_ GUARDED_BY(mutex_);
};

class GuardedLimiter {
 public:
  Allowance Take(const Peer& peer, FrameClass frame, UnixMillis now) {
    MutexLock lock(mutex_);
    return limiter_.Take(peer, frame, now);
  }
  void Answered(const std::vector<Answer>& answers) {
    MutexLock lock(mutex_);
    for (const Answer& answer : answers) {
      if (answer.counted) {
        limiter_.Answered(answer.peer.user, answer.frame_class);
      }
    }
  }
  void Answered(const Query& query) {
    if (query.counted) {
      MutexLock lock(mutex_);
      limiter_.Answered(query.peer.user, FrameClass::kQuery);
    }
  }
  void Answered(const ChunkFrame& chunk) {
    if (chunk.counted) {
      MutexLock lock(mutex_);
      limiter_.Answered(chunk.peer.user, FrameClass::kChunk);
    }
  }

 private:
  Mutex mutex_;
  Limiter limiter_ GUARDED_BY(mutex_);
};

struct Shared {
  Shared(Store& the_store, const Clock& the_clock, Outlet& the_outlet)
      : store(the_store), clock(the_clock), outlet(the_outlet) {}

  // Records a fatal error and stops every thread. Durable state may be unknown: nothing more is
  // written.
  void Fail(Error error) {
    failure.Set(std::move(error));
    stop_all();
  }

  Store& store;
  const Clock& clock;
  Outlet& outlet;
  Cell<DirectorySnapshot> directory;
  Cell<Journal::KeptCheckpoint> newest;    // newest signed and kept checkpoint
  Cell<Journal::KeptCheckpoint> cosigned;  // newest that others cosigned; null: none yet
  GuardedLimiter limiter;
  Metrics metrics;
  FailureCell failure;
  // Set before the threads start.
  std::function<void()> stop_all;
  std::function<void()> erasure_due;  // ciphertexts of a leg are to go before their time
};

}  // namespace rujukan::broker
