// AgentHost's mail: writing messages, and storing what is delivered before saying so.
#include "agents/link/envelope.h"
#include "base/check.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "ledger/transition.h"
#include "tests/sim/agent_host.h"

namespace rujukan::sim {
namespace {

constexpr int64_t kDayMs = 24LL * 3600 * 1000;

template <class Id>
std::string NewId(Random& random, UnixMillis now) {
  return Id(MakeUuid7(now, random.TenBytes())).str();
}

link::Submission Sign(const testing::Member& me, const v1::Header& header, std::string content) {
  const KeyId key = me.signing_certificate.key_id();
  std::vector<link::Unsigned> messages;
  messages.push_back({header.SerializeAsString(), std::move(content)});
  auto submission =
      link::SubmitMessage(link::SignMessages({me.signing_key, key}, std::move(messages)).front());
  CHECK(submission.has_value());
  return std::move(*submission);
}

// What the simulation sends in a leg: kinds that need nothing of the messages before them. The rest
// of the machine has its own tests (tests/unit/ledger).
bool Plain(const ledger::Transition& row) {
  return (row.guard == ledger::Guard::kNone || row.guard == ledger::Guard::kService) &&
         row.kind != v1::Kind::LAMPIRAN && row.kind != v1::Kind::KOREKSI;
}

bool Sends(const ledger::Transition& row, ledger::Side side) {
  return row.who == ledger::Who::kEither ||
         (row.who == ledger::Who::kSender) == (side == ledger::Side::kSender);
}

}  // namespace

const testing::Member& AgentHost::Someone(const std::string& but) const {
  for (;;) {
    const testing::Member& drawn = *world_.members[world_.random.Below(world_.agencies)];
    if (drawn.address != me_.address && drawn.address != but) {
      return drawn;
    }
  }
}

v1::Header AgentHost::Draft(UnixMillis now) {
  v1::Header header;
  header.set_version(1);
  header.set_message_id(NewId<MessageId>(world_.random, now));
  header.set_from(me_.address);
  header.set_urgency(v1::Urgency::SEGERA);
  header.set_classification(v1::Classification::T);
  header.set_created_at_ms(now + skew_ms_);
  header.set_expires_at_ms(now + skew_ms_ + kDayMs);
  const uint64_t what = world_.random.Below(10);
  if (what < 5 && DraftInLeg(header)) {
    return header;
  }
  header.set_kind(what < 7 ? v1::Kind::RUJUKAN : v1::Kind::PEMBERITAHUAN);
  header.add_to(Someone("").address);
  if (header.kind() == v1::Kind::RUJUKAN) {
    header.set_leg_id(NewId<LegId>(world_.random, now));
    header.set_sequence(1);
    disk_.legs[header.leg_id()] = {header.to(0), true, v1::LegState::TERKIRIM, 1};
  } else if (world_.agencies > 2 && world_.random.Chance(300)) {
    header.add_to(Someone(header.to(0)).address);
  }
  return header;
}

// The next message of a leg, legal as far as this side knows; now and then one that is not. One
// unanswered message a leg: of two, the first may be put off and the second not, and then the first
// is out of sequence for ever.
bool AgentHost::DraftInLeg(v1::Header& header) {
  std::set<std::string> busy;
  for (const Outgoing& outgoing : disk_.outbox) {
    if (outgoing.fate == Fate::kWaiting) {
      busy.insert(outgoing.leg);
    }
  }
  std::vector<std::pair<const std::string*, ledger::Transition>> choices;
  const bool any = world_.random.Chance(60);
  for (const auto& [id, leg] : disk_.legs) {
    const auto side = leg.opened_here ? ledger::Side::kSender : ledger::Side::kReceiver;
    for (const ledger::Transition& row : ledger::Transitions()) {
      if (busy.count(id) == 0 && Plain(row) && Sends(row, side) &&
          (any || row.from.Has(leg.believed))) {
        choices.emplace_back(&id, row);
      }
    }
  }
  if (choices.empty()) {
    return false;
  }
  const auto& [id, row] = choices[world_.random.Below(choices.size())];
  Leg& leg = disk_.legs.at(*id);
  header.set_kind(row.kind);
  header.set_leg_id(*id);
  header.set_sequence(++leg.sequence);
  header.add_to(leg.peer);
  leg.believed = row.to == v1::LegState::UNSPECIFIED ? leg.believed : row.to;
  return true;
}

std::string AgentHost::Compose(UnixMillis now) {
  v1::Header header = Draft(now);
  std::string content = "sealed " + Short(header.message_id());
  header.set_content_size(content.size());
  header.set_content_digest(certs::Sha256(content).str());
  header.set_content_commitment(certs::Sha256("plain").str());
  for (const testing::Member* member : world_.members) {
    for (const std::string& to : header.to()) {
      if (member->address == to) {
        header.add_recipient_keys(member->encryption_certificate.key_id().str());
      }
    }
  }
  Outgoing outgoing;
  outgoing.submission = Sign(me_, header, std::move(content));
  outgoing.leg = header.leg_id();
  disk_.outbox.push_back(std::move(outgoing));
  Task task;
  task.kind = Task::Kind::kSubmit;
  task.outgoing = disk_.outbox.size() - 1;
  if (running()) {
    work_.push_back(std::move(task));
  }
  return "writes " + v1::Kind::Code_Name(header.kind()) + " " + Short(header.message_id()) +
         " to " + header.to(0) + (header.to_size() > 1 ? " and another" : "");
}

void AgentHost::SubmitAct(const testing::Signed& act) {
  v1::SubmitAct submit;
  submit.set_act(act.bytes);
  *submit.mutable_signature() = act.signature;
  auto submission = link::SubmitAct(submit);
  CHECK(submission.has_value());
  Outgoing outgoing;
  outgoing.submission = std::move(*submission);
  disk_.outbox.push_back(std::move(outgoing));
  Task task;
  task.kind = Task::Kind::kSubmit;
  task.outgoing = disk_.outbox.size() - 1;
  if (running()) {
    work_.push_back(std::move(task));
  }
}

link::Submission AgentHost::SignReceipt(const link::Delivered& delivered, UnixMillis now) const {
  v1::Header header;
  CHECK(header.ParseFromString(delivered.envelope.header()));
  v1::DeliveryReceipt receipt;
  receipt.set_version(1);
  receipt.set_message_id(header.message_id());
  receipt.set_header_digest(certs::Sha256(delivered.envelope.header()).str());
  receipt.set_recipient(me_.address);
  receipt.set_received_at_ms(now + skew_ms_);
  receipt.set_outcome(v1::DeliveryOutcome::DELIVERED);
  const KeyId key = me_.signing_certificate.key_id();
  auto submission =
      link::SubmitReceipt(link::SignReceipts({me_.signing_key, key}, {receipt}).front());
  CHECK(submission.has_value());
  return std::move(*submission);
}

Violation AgentHost::OnDelivered(link::Delivered& delivered, UnixMillis now) {
  v1::Header header;
  if (!header.ParseFromString(delivered.envelope.header()) ||
      certs::Sha256(delivered.envelope.content()).str() != header.content_digest()) {
    return "a message was delivered whose content is not what its header commits to";
  }
  Task next;
  next.message_id = header.message_id();
  const bool known = disk_.inbox.count(header.message_id()) != 0;
  if (!known && world_.broken == Break::kEarlyReceipt) {
    session_->Submit(SignReceipt(delivered, now), now);
    next.kind = Task::Kind::kStore;
    next.message = std::move(delivered);
    work_.push_back(std::move(next));
    return std::nullopt;
  }
  if (!known || world_.broken == Break::kTwice) {
    if (Violation wrong = Store(delivered, SignReceipt(delivered, now))) {
      return wrong;
    }
  }
  next.kind = Task::Kind::kSendReceipt;
  work_.push_back(std::move(next));
  return std::nullopt;
}

// One transaction: the message is in the inbox, the application has it, its receipt is kept.
Violation AgentHost::Store(const link::Delivered& delivered, const link::Submission& receipt) {
  v1::Header header;
  CHECK(header.ParseFromString(delivered.envelope.header()));
  disk_.inbox.try_emplace(header.message_id(), Incoming{receipt});
  FollowLeg(header);
  return world_.witness.OnGiven(me_.address, header.message_id());
}

void AgentHost::FollowLeg(const v1::Header& header) {
  if (header.leg_id().empty()) {
    return;
  }
  if (header.kind() == v1::Kind::RUJUKAN) {
    disk_.legs[header.leg_id()] = {header.from(), false, v1::LegState::SAMPAI, 0};
    return;
  }
  const auto found = disk_.legs.find(header.leg_id());
  if (found == disk_.legs.end()) {
    return;  // a redelivery can come after what followed it: a cancellation before its referral
  }
  Leg& leg = found->second;
  const auto side = leg.opened_here ? ledger::Side::kReceiver : ledger::Side::kSender;
  for (const ledger::Transition& row : ledger::Transitions()) {
    if (row.kind == header.kind() && Sends(row, side) && row.to != v1::LegState::UNSPECIFIED) {
      leg.believed = row.to;  // it was accepted, so whatever this side thought, it is there now
    }
  }
}

}  // namespace rujukan::sim
