// Threads that verify signatures while the replay goes on. The only concurrency of the auditor.
//
// The caller hands over claims; when the queue is full it verifies one chunk itself instead of
// waiting, so on two cores both verify nearly all the time. Every thread remembers the batch roots
// it has verified, so a batch costs one ECDSA verification per thread. Thread: Add and Finish
// belong to the owner.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/ids.h"
#include "ledger/authenticate.h"

namespace rujukan::audit {

struct IndexedClaim {
  LogIndex index = 0;
  ledger::PendingClaim pending;
};

class ClaimPool {
 public:
  explicit ClaimPool(size_t helper_threads);
  ~ClaimPool();  // stops the threads; claims not yet verified are dropped
  ClaimPool(const ClaimPool&) = delete;
  ClaimPool& operator=(const ClaimPool&) = delete;

  void Add(IndexedClaim claim);

  struct Verified {
    uint64_t good = 0;
    std::vector<LogIndex> bad;  // in no particular order
  };
  // Verifies what is left and tells the outcome of all. Once.
  Verified Finish();

 private:
  using Chunk = std::vector<IndexedClaim>;

  void Work();
  void VerifyChunk(const Chunk& chunk, certs::VerifiedClaims& cache);
  bool TakeChunk(Chunk& chunk, bool wait);
  void HandOver();
  void Close();

  // Owned by the caller's thread.
  Chunk filling_;
  certs::VerifiedClaims own_cache_;
  std::vector<std::jthread> threads_;

  std::mutex mutex_;
  // State below is guarded by mutex_.
  std::condition_variable changed_;
  std::deque<Chunk> queue_;
  bool closed_ = false;
  Verified verified_;
};

}  // namespace rujukan::audit
