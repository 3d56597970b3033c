#include "agents/audit/claim_pool.h"

#include <utility>

#include "base/limits.h"

namespace rujukan::audit {
namespace {

// Large enough that locking is nothing beside 32 ECDSA verifications (about 2 ms).
constexpr size_t kChunkClaims = 32;
constexpr size_t kQueueChunksMax = limits::kReplayQueueClaimsMax / kChunkClaims;

}  // namespace

ClaimPool::ClaimPool(size_t helper_threads) : own_cache_(limits::kReplayCachedBatchesMax) {
  for (size_t i = 0; i < helper_threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

ClaimPool::~ClaimPool() {
  {
    const std::lock_guard lock(mutex_);
    queue_.clear();
  }
  Close();
}

void ClaimPool::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  threads_.clear();  // joins
}

void ClaimPool::Add(IndexedClaim claim) {
  filling_.push_back(std::move(claim));
  if (filling_.size() == kChunkClaims) {
    HandOver();
  }
}

void ClaimPool::HandOver() {
  {
    const std::lock_guard lock(mutex_);
    if (!threads_.empty() && queue_.size() < kQueueChunksMax) {
      queue_.push_back(std::exchange(filling_, {}));
    }
  }
  if (filling_.empty()) {
    changed_.notify_one();
    return;
  }
  VerifyChunk(std::exchange(filling_, {}), own_cache_);
}

bool ClaimPool::TakeChunk(Chunk& chunk, bool wait) {
  std::unique_lock lock(mutex_);
  if (wait) {
    changed_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  }
  if (queue_.empty()) {
    return false;
  }
  chunk = std::move(queue_.front());
  queue_.pop_front();
  return true;
}

void ClaimPool::VerifyChunk(const Chunk& chunk, certs::VerifiedClaims& cache) {
  Verified mine;
  for (const IndexedClaim& claim : chunk) {
    const ledger::PendingClaim& pending = claim.pending;
    if (certs::VerifyClaim(pending.key, pending.claim, pending.batch_size, cache)) {
      ++mine.good;
    } else {
      mine.bad.push_back(claim.index);
    }
  }
  const std::lock_guard lock(mutex_);
  verified_.good += mine.good;
  verified_.bad.insert(verified_.bad.end(), mine.bad.begin(), mine.bad.end());
}

void ClaimPool::Work() {
  certs::VerifiedClaims cache(limits::kReplayCachedBatchesMax);
  Chunk chunk;
  while (TakeChunk(chunk, /*wait=*/true)) {
    VerifyChunk(chunk, cache);
  }
}

ClaimPool::Verified ClaimPool::Finish() {
  VerifyChunk(std::exchange(filling_, {}), own_cache_);
  Chunk chunk;
  while (TakeChunk(chunk, /*wait=*/false)) {
    VerifyChunk(chunk, own_cache_);
  }
  Close();
  const std::lock_guard lock(mutex_);
  return std::exchange(verified_, {});
}

}  // namespace rujukan::audit
