#include "broker/core/limiter.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace rujukan::broker {
namespace {

constexpr uint64_t kThousandthsPerToken = 1000;

constexpr uint32_t WindowOf(FrameClass frame) {
  switch (frame) {
    case FrameClass::kMessage:
    case FrameClass::kRecord:
      return limits::kSendWindowMax;
    case FrameClass::kQuery:
      return limits::kQueryWindowMax;
    case FrameClass::kChunk:
      break;
  }
  return limits::kChunkWindowMax;
}

}  // namespace

bool TokenBucket::Take(UnixMillis now) {
  const uint64_t full = per_second_ * kThousandthsPerToken;
  if (!started_) {
    started_ = true;
    thousandths_ = full;
    last_ms_ = now;
  }
  // A clock that steps back refills nothing, and goes on refilling from there.
  last_ms_ = std::min(last_ms_, now);
  if (now > last_ms_) {
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

Allowance Limiter::Take(const Peer& peer, FrameClass frame, UnixMillis now) {
  if (peer.door == Door::kEnrolment) {
    return enrolment_.Take(now) ? Allowance::kGranted : Allowance::kRateLimited;
  }
  const auto [it, fresh] =
      accounts_.try_emplace(peer.user, Account{TokenBucket(limits::kSubmissionsPerSecond)});
  Account& account = it->second;
  if (!account.bucket.Take(now)) {
    return Allowance::kRateLimited;
  }
  uint32_t& unanswered = account.unanswered[static_cast<size_t>(frame)];
  if (unanswered >= WindowOf(frame)) {
    return frame == FrameClass::kMessage ? Allowance::kWindowExceeded : Allowance::kRateLimited;
  }
  ++unanswered;
  return Allowance::kGranted;
}

void Limiter::Answered(const std::string& user, FrameClass frame) {
  const auto it = accounts_.find(user);
  CHECK(it != accounts_.end());
  uint32_t& unanswered = it->second.unanswered[static_cast<size_t>(frame)];
  CHECK(unanswered > 0);
  --unanswered;
}

uint32_t Limiter::unanswered(const std::string& user, FrameClass frame) const {
  const auto it = accounts_.find(user);
  return it == accounts_.end() ? 0 : it->second.unanswered[static_cast<size_t>(frame)];
}

FrameClass ClassOf(std::string_view frame) {
  // Field numbers of ClientFrame are below 32: a tag is one byte, or two of which the first holds
  // the number in the same place (its top bit stands for the second byte). What starts otherwise is
  // no frame, or one that says something else first, and is refused as a query would be.
  const uint8_t tag = frame.empty() ? 0 : static_cast<uint8_t>(frame[0]);
  constexpr uint8_t kLengthDelimited = 2;
  const bool whole = (tag & 7U) == kLengthDelimited;
  return ClassOf(whole ? static_cast<v1::ClientFrame::BodyCase>(tag >> 3U)
                       : v1::ClientFrame::BODY_NOT_SET);
}

FrameClass ClassOf(v1::ClientFrame::BodyCase body) {
  switch (body) {
    case v1::ClientFrame::kSubmit:
      return FrameClass::kMessage;
    case v1::ClientFrame::kDelivery:
    case v1::ClientFrame::kAct:
    case v1::ClientFrame::kEnrol:
    case v1::ClientFrame::kRootAct:
    case v1::ClientFrame::kAuditRead:
    case v1::ClientFrame::kReadTrail:
      return FrameClass::kRecord;
    case v1::ClientFrame::kPutChunk:
    case v1::ClientFrame::kChunks:
    case v1::ClientFrame::kGetChunk:
    case v1::ClientFrame::kDropAttachment:
      return FrameClass::kChunk;
    default:
      return FrameClass::kQuery;
  }
}

}  // namespace rujukan::broker
