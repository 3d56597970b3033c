#include "agents/link/client.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

namespace rujukan::link {
namespace {

// Longest single wait: bounds how late a wall-clock independent timer can be noticed.
constexpr int64_t kWaitMsMax = 60'000;

UnixMillis SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Between connections there is nothing to wait for but the next attempt and a Wake.
Transport::Activity WaitForWake(int wake_fd, int timeout_ms) {
  pollfd item{wake_fd, POLLIN, 0};
  Transport::Activity activity;
  activity.woken = poll(&item, 1, timeout_ms) > 0;
  return activity;
}

}  // namespace

Client::Client(ClientOptions options, Session session, int wake_fd)
    : options_(std::move(options)), session_(std::move(session)), wake_fd_(wake_fd) {}

Client::~Client() {
  close(wake_fd_);
}

Result<std::unique_ptr<Client>> Client::Open(ClientOptions options) {
  ASSIGN_OR_RETURN(auto session, Session::Make(options.session));
  const int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0) {
    return Fail(Errc::kUnavailable, std::string("cannot make an eventfd: ") + std::strerror(errno));
  }
  return std::unique_ptr<Client>(new Client(std::move(options), std::move(session), wake_fd));
}

void Client::Submit(Submission submission) {
  session_.Submit(std::move(submission), SteadyNow());
}

bool Client::Ask(const v1::ClientFrame& frame) {
  return session_.Ask(frame, SteadyNow());
}

void Client::SetCredit(uint32_t messages) {
  session_.SetCredit(messages, SteadyNow());
}

void Client::Reconnect(const std::string& reason) {
  if (!transport_) {
    return;
  }
  session_.OnDisconnected(SteadyNow(), reason);
  transport_.reset();
  outgoing_.clear();
  for (auto& event : session_.TakeEvents()) {
    events_.push_back(std::move(event));
  }
}

void Client::Wake() {
  const uint64_t one = 1;
  // Fails only when the counter is full, and then Poll wakes anyway.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void Client::EnsureTransport() {
  if (transport_ || !session_.WantsConnection(SteadyNow())) {
    return;
  }
  auto transport = Transport::Open(options_.endpoint, options_.keys);
  if (!transport) {
    session_.OnDisconnected(SteadyNow(), transport.error().context);
    return;
  }
  transport_ = std::move(*transport);
  session_.OnConnected(SteadyNow());
}

void Client::Flush() {
  for (auto& frame : session_.TakeFrames()) {
    outgoing_.push_back(std::move(frame));
  }
  while (transport_ && !outgoing_.empty() && transport_->Send(outgoing_.front())) {
    outgoing_.pop_front();
  }
}

void Client::TakeActivity(const Transport::Activity& activity) {
  if (activity.woken) {
    uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_fd_, &count, sizeof count);
  }
  const UnixMillis now = SteadyNow();
  for (const auto& frame : activity.frames) {
    session_.OnFrame(frame, now);
  }
  if (activity.lost) {
    session_.OnDisconnected(now, activity.reason);
  }
  session_.OnTick(now);
  if (!session_.live() && session_.state() != Session::State::kGreeting) {
    transport_.reset();
    outgoing_.clear();
  }
  for (auto& event : session_.TakeEvents()) {
    if (const auto* down = std::get_if<Disconnected>(&event)) {
      last_reason_ = down->reason;
    }
    events_.push_back(std::move(event));
  }
}

void Client::Step(int timeout_ms) {
  EnsureTransport();
  Flush();
  const int64_t until = session_.NextDeadline() - SteadyNow();
  const int64_t bounded = std::clamp<int64_t>(std::min<int64_t>(until, timeout_ms), 0, kWaitMsMax);
  const int wait_ms = static_cast<int>(bounded);
  if (transport_) {
    TakeActivity(transport_->Wait(wait_ms, wake_fd_, !outgoing_.empty()));
  } else {
    TakeActivity(WaitForWake(wake_fd_, wait_ms));
  }
  Flush();
}

std::vector<Event> Client::Poll(int timeout_ms) {
  if (events_.empty()) {
    Step(timeout_ms);
  }
  std::vector<Event> events(std::make_move_iterator(events_.begin()),
                            std::make_move_iterator(events_.end()));
  events_.clear();
  return events;
}

}  // namespace rujukan::link
