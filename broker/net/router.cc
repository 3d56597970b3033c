#include "broker/net/router.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace rujukan::broker {
namespace {

constexpr int kIoThreads = 1;    // accept and close events of one fd arrive in order only with one
constexpr int kSocketsMax = 64;  // ours, not the peers'
// How often a connection's bytes are counted: in this time a 1 Gbit/s peer sends 1.25 MB.
constexpr int64_t kMeasureEveryMs = 10;
constexpr int64_t kTickMs = 1000;
// Frames taken before the loop looks elsewhere; strangers never hold up the main door.
constexpr size_t kMainFramesPerTurn = 512;
constexpr size_t kEnrolmentFramesPerTurn = 16;
constexpr int kLogLinesPerTick = 20;

int64_t SteadyMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Result<std::unique_ptr<Router>> Router::Start(const RouterOptions& options,
                                              const RouterPorts& ports) {
  std::unique_ptr<Router> router(new Router(options, ports));
  RETURN_IF_ERROR(router->Open(options));
  router->thread_ = std::thread([raw = router.get()] { raw->Run(); });
  return router;
}

Router::Router(const RouterOptions& options, const RouterPorts& ports)
    : ports_(ports), context_(zmq_ctx_new()), table_(options.limits) {}

Router::~Router() {
  if (thread_.joinable()) {
    stopping_ = true;
    ports_.outbox.Wake();
    thread_.join();
  }
}

Result<void> Router::Open(const RouterOptions& options) {
  if (context_ == nullptr) {
    return ZmqFailure("making a ZeroMQ context");
  }
  zmq_ctx_set(context_.get(), ZMQ_IO_THREADS, kIoThreads);
  zmq_ctx_set(context_.get(), ZMQ_MAX_SOCKETS, kSocketsMax);
  ASSIGN_OR_RETURN(zap_, ZapHandler::Start(context_.get(), ports_.gatekeeper));
  ASSIGN_OR_RETURN(
      main_,
      DoorSocket::Open(
          context_.get(), {.door = Door::kMain, .endpoint = options.main_endpoint}, options.keys));
  ASSIGN_OR_RETURN(
      enrolment_,
      DoorSocket::Open(context_.get(),
                       {.door = Door::kEnrolment, .endpoint = options.enrolment_endpoint},
                       options.keys));
  ASSIGN_OR_RETURN(guard_, ConnectionGuard::Open(table_));
  RETURN_IF_ERROR(guard_->Watch(context_.get(), *main_));
  return guard_->Watch(context_.get(), *enrolment_);
}

const std::string& Router::Endpoint(Door door) const {
  return door == Door::kMain ? main_->endpoint() : enrolment_->endpoint();
}

void Router::Run() {
  while (!stopping_) {
    Wait();
    Turn(SteadyMs());
  }
}

void Router::Wait() {
  const int64_t now = SteadyMs();
  poll_items_.clear();
  poll_items_.push_back({nullptr, ports_.outbox.wake_fd(), ZMQ_POLLIN, 0});
  for (void* monitor : guard_->monitors()) {
    poll_items_.push_back({monitor, 0, ZMQ_POLLIN, 0});
  }
  if (!waiting_) {
    poll_items_.push_back({main_->handle(), 0, ZMQ_POLLIN, 0});
    poll_items_.push_back({enrolment_->handle(), 0, ZMQ_POLLIN, 0});
  }
  int64_t timeout = next_tick_ms_ - now;
  if (now >= next_measure_ms_) {
    poll_items_.push_back({nullptr, guard_->activity_fd(), ZMQ_POLLIN, 0});
  } else {
    timeout = std::min(timeout, next_measure_ms_ - now);
  }
  timeout = std::clamp<int64_t>(timeout, 0, kTickMs);
  // An error is EINTR: the turn that follows finds what there is anyway.
  zmq_poll(poll_items_.data(), static_cast<int>(poll_items_.size()), static_cast<long>(timeout));
}

void Router::Turn(int64_t now) {
  guard_->ReadMonitors(now);
  TakeOrders(now);
  const bool measuring = now >= next_measure_ms_ && guard_->Measure() > 0;
  if (measuring) {
    next_measure_ms_ = now + kMeasureEveryMs;
  }
  // Between measuring and judging, so that every message behind the counted bytes has been seen.
  const bool drained = ReadDoors(now);
  if (measuring) {
    table_.Judge(drained);
  }
  Settle(now);
}

void Router::TakeOrders(int64_t now) {
  ports_.outbox.Take(orders_);
  // A connection accepted before the cut was ordered is meant as well: the table must know it.
  if (!orders_.cuts.empty()) {
    guard_->ReadMonitors(now);
  }
  for (const std::string& user : orders_.cuts) {
    table_.CutUser(user, now);
  }
  for (const Peer& peer : orders_.lost) {
    table_.CutRoute(peer, CutReason::kNotReading);
  }
  SendFrames();
  if (orders_.resume && waiting_) {
    Inbound inbound = std::move(*waiting_);
    waiting_.reset();
    Offer(std::move(inbound));
  }
}

void Router::SendFrames() {
  for (Outbox::Frame& frame : orders_.frames) {
    // A route of another user is never written to. The engine learnt of a lost one through Gone,
    // but a frame of that connection which waited for admission then may have brought it back: say
    // it again, or its mail is sent to nobody for ever.
    if (!table_.Reaches(frame.peer)) {
      ++metrics_.frames_dropped;
      ports_.inlet.Gone(frame.peer);
      continue;
    }
    DoorSocket& door = frame.peer.door == Door::kMain ? *main_ : *enrolment_;
    const DoorSocket::Sent sent = door.Send(frame.peer.route, std::move(frame.bytes));
    if (sent == DoorSocket::Sent::kYes) {
      ++metrics_.frames_sent;
      continue;
    }
    // Cut in both cases: the client comes back and asks for what it missed, and nobody waits for a
    // frame that was dropped in the middle of a connection.
    ++metrics_.frames_dropped;
    table_.CutRoute(frame.peer, CutReason::kNotReading);
  }
}

bool Router::ReadDoors(int64_t now) {
  const bool main_drained = ReadDoor(*main_, kMainFramesPerTurn, now);
  const bool enrolment_drained = ReadDoor(*enrolment_, kEnrolmentFramesPerTurn, now);
  return main_drained && enrolment_drained;
}

// True when nothing waits any more.
bool Router::ReadDoor(DoorSocket& door, size_t frames_max, int64_t now) {
  for (size_t i = 0; i < frames_max && !waiting_; ++i) {
    switch (door.Receive(received_)) {
      case Reception::kNothing:
        return true;
      case Reception::kUnauthenticated:
        ++metrics_.frames_unauthenticated;
        break;
      case Reception::kMalformed:
        guard_->ReadMonitors(now);
        table_.CutFd(door.door(), received_.fd, CutReason::kMalformed);
        break;
      case Reception::kFrame:
        OnFrame(door.door(), now);
        break;
    }
  }
  return false;
}

void Router::OnFrame(Door door, int64_t now) {
  // libzmq reports an accept before any frame of it can be read.
  if (!table_.HasRoute(door, received_.route)) {
    guard_->ReadMonitors(now);
  }
  const FrameSource source{.door = door,
                           .user = received_.user,
                           .route = received_.route,
                           .claimed_identity = received_.claimed_identity,
                           .fd = received_.fd};
  if (!table_.OnFrame(source, now)) {
    return;
  }
  ++metrics_.frames_received;
  Offer({.peer = {.door = door, .user = received_.user, .route = received_.route},
         .frame = std::move(received_.frame)});
}

void Router::Offer(Inbound inbound) {
  if (!ports_.inlet.Offer(inbound)) {
    ++metrics_.pauses;
    waiting_ = std::move(inbound);
  }
}

// Carries out what the turn decided, and keeps the clocks.
void Router::Settle(int64_t now) {
  if (now >= next_tick_ms_) {
    table_.OnTick(now);
    next_tick_ms_ = now + kTickMs;
    log_budget_ = kLogLinesPerTick;
    metrics_.main_connections = table_.Count(Door::kMain);
    metrics_.enrolment_connections = table_.Count(Door::kEnrolment);
    const uint64_t failures = guard_->accept_failures();
    if (failures != metrics_.accept_failures.exchange(failures)) {
      spdlog::error("accepting a connection failed: out of files? raise LimitNOFILE");
    }
  }
  for (const CutOrder& cut : guard_->CarryOut()) {
    ++metrics_.cuts[static_cast<size_t>(cut.reason)];
    if (log_budget_-- > 0) {
      spdlog::warn("connection cut: {}{}{}",
                   CutReasonText(cut.reason),
                   cut.user.empty() ? "" : ", user ",
                   cut.user);
    }
  }
  for (const Peer& peer : table_.TakeGone()) {
    ports_.inlet.Gone(peer);
  }
}

}  // namespace rujukan::broker
