#include "tests/sim/agent_host.h"

#include "base/check.h"
#include "base/limits.h"

namespace rujukan::sim {
namespace {

constexpr uint32_t kCredit = 4;  // small, so that the backlog is used
constexpr int64_t kNoticeGoneMsMax = 90'000;

}  // namespace

AgentHost::AgentHost(const AgentWorld& world, size_t number, int64_t skew_ms)
    : world_(world), me_(*world.members[number]), number_(number), skew_ms_(skew_ms) {}

void AgentHost::Start(UnixMillis now) {
  link::SessionOptions options;
  options.log = world_.log;
  options.last_note = disk_.note;
  options.delivery_credit = number_ < world_.agencies ? kCredit : 0;
  options.window = 3;
  options.seed = world_.random.Next();
  auto session = link::Session::Make(std::move(options));
  CHECK(session.has_value());
  session_.emplace(std::move(*session));
  for (size_t i = 0; i < disk_.outbox.size(); ++i) {
    if (disk_.outbox[i].fate == Fate::kWaiting) {
      session_->Submit(disk_.outbox[i].submission, now);
    }
  }
  for (const auto& [id, incoming] : disk_.inbox) {
    if (!incoming.recorded) {
      session_->Submit(incoming.receipt, now);
    }
  }
}

void AgentHost::Crash(UnixMillis now) {
  world_.network.CloseAgentEnd(route_, now, kNoticeGoneMsMax);
  session_.reset();
  route_.clear();
  work_.clear();
}

void AgentHost::OnConnected(const std::string& route, UnixMillis now) {
  route_ = route;
  session_->OnConnected(now);
  Flush(now);
}

void AgentHost::OnNotConnected(UnixMillis now) {
  session_->OnDisconnected(now, "nobody listens");
  Flush(now);
}

void AgentHost::OnBroken(const std::string& route, UnixMillis now) {
  world_.network.CloseAgentEnd(route, now, kNoticeGoneMsMax);
  if (running() && route == route_) {
    route_.clear();
    session_->OnDisconnected(now, "connection lost");
    Flush(now);
  }
}

Violation AgentHost::OnFrame(const std::string& route, const std::string& frame, UnixMillis now) {
  if (running() && route == route_) {
    session_->OnFrame(frame, now);
    Flush(now);
    if (session_->state() == link::Session::State::kAlarmed) {
      return me_.address +
             " raised an alarm: " + std::get<link::Alarm>(work_.back().event).error.ToString();
    }
  }
  return std::nullopt;
}

void AgentHost::Tick(UnixMillis now) {
  session_->OnTick(now);
  Flush(now);
}

// After every input: what the session wants sent and done.
void AgentHost::Flush(UnixMillis now) {
  for (std::string& frame : session_->TakeFrames()) {
    world_.network.SendUp(route_, std::move(frame), now);
  }
  for (link::Event& event : session_->TakeEvents()) {
    if (std::holds_alternative<link::Disconnected>(event) && !route_.empty()) {
      world_.network.CloseAgentEnd(route_, now, kNoticeGoneMsMax);  // the session gave up
      route_.clear();
    }
    Task task;
    task.event = std::move(event);
    work_.push_back(std::move(task));
  }
}

Violation AgentHost::Work(UnixMillis now, std::string& told) {
  Task task = std::move(work_.front());
  work_.pop_front();
  Violation wrong;
  switch (task.kind) {
    case Task::Kind::kEvent:
      wrong = Handle(task.event, now, told);
      break;
    case Task::Kind::kSubmit:
      told = "submits " + Short(disk_.outbox[task.outgoing].submission.subject);
      session_->Submit(disk_.outbox[task.outgoing].submission, now);
      break;
    case Task::Kind::kSendReceipt:
      told = "sends the receipt of " + Short(task.message_id);
      session_->Submit(disk_.inbox.at(task.message_id).receipt, now);
      break;
    case Task::Kind::kStore:
      told = "stores late";
      wrong = Store(task.message, SignReceipt(task.message, now));
      break;
  }
  Flush(now);
  return wrong;
}

Violation AgentHost::Handle(link::Event& event, UnixMillis now, std::string& told) {
  if (auto* welcomed = std::get_if<link::Welcomed>(&event)) {
    told = "is welcomed at size " + std::to_string(welcomed->checkpoint.size);
    disk_.note = session_->anchor_note();
    SendPutOff(now);
    AskStatuses(now);
  } else if (auto* receipted = std::get_if<link::Receipted>(&event)) {
    told = "has a receipt for " + Short(receipted->subject) + " at entry " +
           std::to_string(receipted->proven.index);
    return OnReceipted(*receipted);
  } else if (auto* refusal = std::get_if<link::Refusal>(&event)) {
    told = "is refused " + Short(refusal->subject) + ": " +
           v1::RefusalReason::Code_Name(refusal->reason);
    return OnRefused(*refusal);
  } else if (auto* delivered = std::get_if<link::Delivered>(&event)) {
    told = "takes the delivery of entry " + std::to_string(delivered->proven.index);
    return OnDelivered(*delivered, now);
  } else if (auto* noticed = std::get_if<link::Noticed>(&event)) {
    told = "hears that " + Short(noticed->message_id) + " was delivered";
    OnNoticed(*noticed, now);
  } else if (auto* down = std::get_if<link::Disconnected>(&event)) {
    told = "is offline: " + down->reason;
  }
  return std::nullopt;
}

AgentHost::Outgoing* AgentHost::Find(v1::Subject::Code kind, const std::string& subject) {
  for (Outgoing& outgoing : disk_.outbox) {
    if (outgoing.submission.kind == kind && outgoing.submission.subject == subject) {
      return &outgoing;
    }
  }
  return nullptr;
}

Violation AgentHost::OnReceipted(const link::Receipted& receipted) {
  if (receipted.kind == v1::Subject::DELIVERY) {
    const auto incoming = disk_.inbox.find(receipted.subject);
    if (incoming != disk_.inbox.end()) {
      incoming->second.recorded = true;
    }
  } else if (Outgoing* outgoing = Find(receipted.kind, receipted.subject)) {
    if (outgoing->fate == Fate::kRefused) {
      return "message " + Short(receipted.subject) + " was finally refused, then accepted";
    }
    outgoing->fate = Fate::kAccepted;
  }
  return std::nullopt;
}

// A final refusal must be one that an honest agency can come to.
Violation AgentHost::OnRefused(const link::Refusal& refusal) {
  using Reason = v1::RefusalReason;
  static const std::set<Reason::Code> kHonest = {Reason::SENDER_NOT_ACTIVE,
                                                 Reason::KEY_REVOKED,
                                                 Reason::RECIPIENT_NOT_ACTIVE,
                                                 Reason::ILLEGAL_TRANSITION,
                                                 Reason::ALREADY_DELIVERED};
  if (!refusal.final) {
    return std::nullopt;
  }
  if (kHonest.count(refusal.reason) == 0 ||
      (refusal.kind == v1::Subject::DELIVERY && refusal.reason == Reason::ILLEGAL_TRANSITION) ||
      (refusal.kind != v1::Subject::DELIVERY && refusal.reason == Reason::ALREADY_DELIVERED)) {
    return me_.address + " was finally refused " + Short(refusal.subject) + ": " +
           Reason::Code_Name(refusal.reason) + ", " + refusal.advice;
  }
  const auto incoming = disk_.inbox.find(refusal.subject);
  if (refusal.reason == Reason::ALREADY_DELIVERED && incoming != disk_.inbox.end()) {
    incoming->second.too_late = true;
  }
  if (Outgoing* outgoing = Find(refusal.kind, refusal.subject)) {
    // Another copy may have been accepted before: only the same bytes once more will tell.
    if (refusal.reason == Reason::SENDER_NOT_ACTIVE) {
      outgoing->put_off = outgoing->fate == Fate::kWaiting;
      return std::nullopt;
    }
    if (outgoing->fate == Fate::kAccepted) {
      return "message " + Short(refusal.subject) + " was accepted, then finally refused";
    }
    outgoing->fate = Fate::kRefused;
    v1::Header header;
    if (refusal.kind == v1::Subject::MESSAGE &&
        header.ParseFromString(outgoing->submission.statement) &&
        header.kind() == v1::Kind::RUJUKAN) {
      disk_.legs.erase(outgoing->leg);  // it was never opened: nothing can follow in it
    }
  }
  return std::nullopt;
}

void AgentHost::OnNoticed(const link::Noticed& noticed, UnixMillis now) {
  Outgoing* outgoing = Find(v1::Subject::MESSAGE, noticed.message_id);
  v1::DeliveryReceipt receipt;
  // Held or bounced mail is told by an act: it was not delivered.
  if (outgoing == nullptr || !noticed.proven.entry.has_delivery() ||
      !receipt.ParseFromString(noticed.proven.entry.delivery().receipt())) {
    return;
  }
  outgoing->noticed.insert(receipt.recipient());
  // One copy was refused, another, sent over a new connection, accepted: the ledger has the last
  // word, and sending once more brings its receipt.
  if (outgoing->fate == Fate::kRefused) {
    outgoing->fate = Fate::kWaiting;
    session_->Submit(outgoing->submission, now);
  }
  const auto leg = disk_.legs.find(outgoing->leg);
  if (leg != disk_.legs.end() && leg->second.believed == v1::LegState::TERKIRIM) {
    leg->second.believed = v1::LegState::SAMPAI;
  }
}

// Whoever is welcomed again is suspended no more.
void AgentHost::SendPutOff(UnixMillis now) {
  for (Outgoing& outgoing : disk_.outbox) {
    if (outgoing.put_off) {
      outgoing.put_off = false;
      session_->Submit(outgoing.submission, now);
    }
  }
}

// As the daemon does: what is accepted and not known to be delivered is asked for after a Welcome.
void AgentHost::AskStatuses(UnixMillis now) {
  v1::ClientFrame frame;
  for (const Outgoing& outgoing : disk_.outbox) {
    v1::Header header;
    const bool message = outgoing.submission.kind == v1::Subject::MESSAGE &&
                         header.ParseFromString(outgoing.submission.statement);
    if (message && outgoing.fate == Fate::kAccepted &&
        outgoing.noticed.size() < static_cast<size_t>(header.to_size()) &&
        static_cast<size_t>(frame.status().message_ids_size()) < limits::kStatusIdsMax) {
      frame.mutable_status()->add_message_ids(outgoing.submission.subject);
    }
  }
  if (frame.status().message_ids_size() > 0) {
    session_->Ask(frame, now);
  }
}

}  // namespace rujukan::sim
