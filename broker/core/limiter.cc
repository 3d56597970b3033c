#include "broker/core/limiter.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {
namespace {

constexpr uint64_t kThousandthsPerToken = 1000;

}  // namespace

bool TokenBucket::Take(UnixMillis now) {
  const uint64_t full = per_second_ * kThousandthsPerToken;
  if (!started_) {
    started_ = true;
    thousandths_ = full;
    last_ms_ = now;
  }
  if (now > last_ms_) {  // a clock that steps back refills nothing
    const uint64_t elapsed_ms = std::min<uint64_t>(static_cast<uint64_t>(now - last_ms_), 1000);
    thousandths_ = std::min(full, thousandths_ + elapsed_ms * per_second_);
    last_ms_ = now;
  }
  if (thousandths_ < kThousandthsPerToken) {
    return false;
  }
  thousandths_ -= kThousandthsPerToken;
  return true;
}

Limiter::Limiter() : enrolment_(limits::kEnrolmentFramesPerSecond) {}

Allowance Limiter::Take(const Peer& peer, bool holds_window, UnixMillis now) {
  if (peer.door == Door::kEnrolment) {
    return enrolment_.Take(now) ? Allowance::kGranted : Allowance::kRateLimited;
  }
  const auto [it, fresh] =
      accounts_.try_emplace(peer.user, Account{TokenBucket(limits::kSubmissionsPerSecond)});
  Account& account = it->second;
  if (!account.bucket.Take(now)) {
    return Allowance::kRateLimited;
  }
  if (!holds_window) {
    return Allowance::kGranted;
  }
  if (account.unanswered >= limits::kSendWindowMax) {
    return Allowance::kWindowExceeded;
  }
  ++account.unanswered;
  return Allowance::kGranted;
}

void Limiter::Answered(const std::string& user) {
  const auto it = accounts_.find(user);
  CHECK(it != accounts_.end() && it->second.unanswered > 0);
  --it->second.unanswered;
}

uint32_t Limiter::unanswered(const std::string& user) const {
  const auto it = accounts_.find(user);
  return it == accounts_.end() ? 0 : it->second.unanswered;
}

bool IsMessageFrame(std::string_view frame) {
  constexpr uint8_t kTag = (v1::ClientFrame::kSubmitFieldNumber << 3) | 2;
  return !frame.empty() && static_cast<uint8_t>(frame[0]) == kTag;
}

}  // namespace rujukan::broker
