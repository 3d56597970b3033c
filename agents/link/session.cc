#include "agents/link/session.h"

#include <algorithm>

#include "base/check.h"

namespace rujukan::link {
namespace {

constexpr int64_t kSilenceMsMax = 2 * limits::kKeepAliveMs + 5'000;

std::string KeyOf(v1::Subject::Code kind, std::string_view subject) {
  std::string key(1, static_cast<char>(kind));
  key += subject;
  return key;
}

}  // namespace

Session::Session(SessionOptions options, Prover prover)
    : options_(std::move(options)), prover_(std::move(prover)), random_(options_.seed) {}

Result<Session> Session::Make(SessionOptions options) {
  ASSIGN_OR_RETURN(auto prover, Prover::Make(options.log, options.last_note));
  return Session(std::move(options), std::move(prover));
}

void Session::OnConnected(UnixMillis now) {
  if (state_ != State::kDown) {
    return;
  }
  last_received_ = now;
  last_sent_ = now;
  greetings_.clear();
  reanchoring_ = false;
  window_ = options_.window;
  if (options_.door == Door::kEnrolment) {
    GoLive(now);
    return;
  }
  state_ = State::kGreeting;
  SendHello(prover_.anchor(), now);
}

void Session::OnDisconnected(UnixMillis now, const std::string& reason) {
  if (state_ != State::kAlarmed) {
    GoDown(now, reason);
  }
}

void Session::GoDown(UnixMillis now, std::string reason) {
  const int64_t delay = Backoff();
  state_ = State::kDown;
  retry_at_ = now + delay;
  in_flight_ = 0;
  frames_.clear();
  resends_.clear();
  std::vector<std::pair<uint64_t, std::string>> order;
  order.reserve(pending_.size());
  for (auto& [key, pending] : pending_) {
    pending.in_flight = false;
    order.emplace_back(pending.order, key);
  }
  std::sort(order.begin(), order.end());
  waiting_.clear();
  for (auto& item : order) {
    waiting_.push_back(std::move(item.second));
  }
  events_.push_back(Disconnected{std::move(reason), delay});
}

int64_t Session::Backoff() {
  const int shift = std::min(failures_, 10);
  ++failures_;
  const int64_t base =
      std::min(limits::kReconnectBackoffMsMin << shift, limits::kReconnectBackoffMsMax);
  // Up to half more, so that agencies cut off together do not come back together.
  const auto jitter = static_cast<int64_t>(random_() % static_cast<uint64_t>(base / 2 + 1));
  return std::min(base + jitter, limits::kReconnectBackoffMsMax);
}

void Session::GoLive(UnixMillis now) {
  state_ = State::kLive;
  failures_ = 0;
  anchored_at_ = now;
  if (options_.delivery_credit != 0) {
    SetCredit(options_.delivery_credit, now);
  }
  if (prover_.seen()) {
    SendHello(*prover_.seen(), now);
  }
  SendWaiting(now);
}

void Session::Raise(Error error, std::string evidence) {
  state_ = State::kAlarmed;
  frames_.clear();
  events_.push_back(Alarm{std::move(error), std::move(evidence)});
}

void Session::Send(const v1::ClientFrame& frame, UnixMillis now) {
  frames_.push_back(frame.SerializeAsString());
  last_sent_ = now;
}

void Session::SendHello(const KnownCheckpoint& from, UnixMillis now) {
  v1::ClientFrame frame;
  frame.mutable_hello()->set_version(1);
  frame.mutable_hello()->set_tree_size(from.checkpoint.size);
  greetings_.push_back(from);
  Send(frame, now);
}

// Receipts carry newer checkpoints than the anchor. Ask for the proofs that a newer one continues
// both, one after the other: a Welcome does not name the Hello it answers, and the broker's workers
// may answer two in either order.
void Session::Reanchor(UnixMillis now) {
  const bool wanted = prover_.seen() || options_.follows_witnesses;
  if (!wanted || !greetings_.empty() || now - anchored_at_ < limits::kKeepAliveMs) {
    return;
  }
  SendHello(prover_.anchor(), now);
  reanchoring_ = true;
}

void Session::Submit(Submission submission, UnixMillis now) {
  if (state_ == State::kAlarmed) {
    return;
  }
  std::string key = KeyOf(submission.kind, submission.subject);
  auto [place, added] = pending_.try_emplace(key);
  if (!added) {
    return;
  }
  place->second.submission = std::move(submission);
  place->second.order = next_order_++;
  waiting_.push_back(std::move(key));
  SendWaiting(now);
}

void Session::SendWaiting(UnixMillis now) {
  while (state_ == State::kLive && in_flight_ < window_ && !waiting_.empty()) {
    const std::string key = std::move(waiting_.front());
    waiting_.pop_front();
    auto found = pending_.find(key);
    if (found != pending_.end() && !found->second.in_flight) {
      found->second.in_flight = true;
      ++in_flight_;
      SendPending(key, found->second, now);
    }
  }
}

void Session::SendPending(const std::string& key, Pending& pending, UnixMillis now) {
  frames_.push_back(pending.submission.frame);
  last_sent_ = now;
  ScheduleResend(key, pending, now + limits::kResendAfterMs);
}

void Session::ScheduleResend(const std::string& key, Pending& pending, UnixMillis at) {
  pending.resend_at = at;
  auto place = resends_.end();
  while (place != resends_.begin() && std::prev(place)->first > at) {
    --place;  // only after a "retry later": ordinary resends are due in the order they were sent
  }
  resends_.emplace(place, at, key);
}

void Session::ResendDue(UnixMillis now) {
  while (!resends_.empty() && resends_.front().first <= now) {
    const auto [at, key] = std::move(resends_.front());
    resends_.pop_front();
    auto found = pending_.find(key);
    if (found != pending_.end() && found->second.resend_at == at) {
      SendPending(key, found->second, now);
    }
  }
}

void Session::DropStaleResends() {
  while (!resends_.empty() && pending_.count(resends_.front().second) == 0) {
    resends_.pop_front();
  }
}

bool Session::Ask(const v1::ClientFrame& frame, UnixMillis now) {
  if (state_ != State::kLive) {
    return false;
  }
  Send(frame, now);
  return true;
}

void Session::SetCredit(uint32_t messages, UnixMillis now) {
  options_.delivery_credit = messages;
  v1::ClientFrame frame;
  frame.mutable_credit()->set_messages(messages);
  Ask(frame, now);
}

void Session::OnTick(UnixMillis now) {
  if (state_ == State::kDown || state_ == State::kAlarmed) {
    return;
  }
  const int64_t silence = now - last_received_;
  if (state_ == State::kGreeting) {
    if (silence >= limits::kHandshakeMsMax) {
      GoDown(now, "the broker did not answer Hello");
    }
    return;
  }
  const bool quiet_is_normal = options_.door == Door::kEnrolment && pending_.empty();
  if (silence >= kSilenceMsMax && !quiet_is_normal) {
    GoDown(now, "the broker has been silent for " + std::to_string(silence / 1000) + " s");
    return;
  }
  ResendDue(now);
  Reanchor(now);
  const bool keeps_alive = options_.door == Door::kMain;
  if (keeps_alive && now - std::min(last_sent_, last_received_) >= limits::kKeepAliveMs &&
      now - last_sent_ >= limits::kKeepAliveMs / 2) {
    v1::ClientFrame frame;
    frame.mutable_ping();
    Send(frame, now);
  }
}

UnixMillis Session::NextDeadline() const {
  switch (state_) {
    case State::kDown:
      return retry_at_;
    case State::kGreeting:
      return last_received_ + limits::kHandshakeMsMax;
    case State::kLive: {
      const UnixMillis alive = std::max(std::min(last_sent_, last_received_) + limits::kKeepAliveMs,
                                        last_sent_ + limits::kKeepAliveMs / 2);
      const UnixMillis due = options_.follows_witnesses && greetings_.empty()
                                 ? std::min(alive, anchored_at_ + limits::kKeepAliveMs)
                                 : alive;
      return resends_.empty() ? due : std::min(due, resends_.front().first);
    }
    case State::kAlarmed:
      break;
  }
  return INT64_MAX;
}

}  // namespace rujukan::link
