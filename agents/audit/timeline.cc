#include "agents/audit/timeline.h"

#include <algorithm>

#include "base/bytes.h"
#include "certs/timestamp.h"
#include "ledger/checkpoint.h"
#include "ledger/directory_root.h"
#include "ledger/fold.h"
#include "ledger/transition.h"

namespace rujukan::audit {
namespace {

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

void DescribeMessage(const v1::Header& header, TrailEvent& event) {
  event.utc_offset_minutes = header.utc_offset_minutes();
  event.who = header.from();
  event.to = Joined(header.to());
  event.kind = std::string(ledger::KindName(header.kind()));
}

void DescribeRefusal(const v1::MessageRefused& refused, TrailEvent& event) {
  event.type = TrailClass::kRefusal;
  event.who = refused.sender();
  event.kind = event.kind.empty() ? "?" : event.kind;
  event.signer_key = ToHex(refused.signature().signer_key());
  event.rule = refused.rule();
  event.note = "refused: " + v1::RefusalReason::Code_Name(refused.reason());
  if (!refused.rule().empty()) {
    event.note +=
        " by rule " + refused.rule() + " of policy " + std::to_string(refused.policy_version());
  }
  if (refused.unlogged_before() > 0) {
    event.note +=
        " (" + std::to_string(refused.unlogged_before()) + " more of this sender before, counted)";
  }
}

void DescribeDelivery(const v1::DeliveryReceipt& receipt, TrailEvent& event) {
  event.type = TrailClass::kDelivery;
  event.who = receipt.recipient();
  event.kind = "TANDA_TERIMA";
  if (receipt.outcome() != v1::DeliveryOutcome::DELIVERED) {
    event.note = "not delivered: " + v1::DeliveryOutcome::Code_Name(receipt.outcome());
  }
}

// What the broker has put on record about a clock, and how long after it was due.
void DescribeClock(const v1::Entry& entry, TrailEvent& event) {
  if (entry.has_leg_closed()) {
    event.kind = "LEG_CLOSED";
    event.note = "closed by the broker: finished, notice given, and no answer of the sender";
    return;
  }
  const v1::DeadlineMissed& missed = entry.deadline_missed();
  event.kind = "ESKALASI";
  event.to = Joined(missed.told());
  event.note = v1::Deadline::Code_Name(missed.deadline()) + " was due at " +
               FormatTime(missed.due_ms(), event.utc_offset_minutes) + "; on record " +
               LengthOfTime(event.time - missed.due_ms()) + " later, level " +
               std::to_string(missed.level());
}

// A deadline falls behind the entries of its moment: they were still in time.
bool IsBefore(const TrailEvent& a, const TrailEvent& b) {
  if (a.time != b.time) {
    return a.time < b.time;
  }
  return a.index && (!b.index || *a.index < *b.index);
}

}  // namespace

Timeline::Timeline(Subject subject, const TrailRequest& request)
    : filter_(std::move(subject)), events_max_(request.events_max), replay_(report_) {
  const Subject& about = filter_.subject();
  trail_.subject = about.Text();
  trail_.leg_id = UuidOrNothing(about.leg);
  trail_.agency = about.agency;
  trail_.span = request.span;
  if (!about.agency.empty()) {
    acts_.Follow(about.agency);
    addresses_.insert(about.agency);
  }
  if (!about.leg.empty()) {
    acts_.FollowLeg(about.leg);
  }
}

Result<void> Timeline::Visit(LogIndex index, const ledger::GivenLeaf& leaf) {
  return leaf.withheld ? replay_.Withhold(index) : VisitEntry(index, leaf.entry);
}

Result<void> Timeline::VisitEntry(LogIndex index, const std::string& bytes) {
  v1::Entry entry;
  const bool parsed = entry.ParseFromString(bytes);
  const bool directory = parsed && ledger::IsDirectoryEntry(entry);
  if (directory) {
    RETURN_IF_ERROR(acts_.Look(replay_.view()));
  }
  const uint64_t faults_before = report_.findings_total();
  RETURN_IF_ERROR(replay_.Step(index, bytes));  // its signature is `verify`'s business
  const bool legal = report_.findings_total() == faults_before;
  trail_.as_of = parsed ? entry.time_ms() : trail_.as_of;
  if (!parsed) {
    return {};
  }
  TrailEvent place;
  place.index = index;
  place.time = entry.time_ms();
  place.directory_head = directory_head_;
  directory_head_ = directory ? index + 1 : directory_head_;
  if (const auto part = filter_.PartOf(entry)) {
    return AddPart(*part, entry, std::move(place), legal);
  }
  return directory ? AddChanges(entry, place) : AddOther(entry, std::move(place));
}

Result<void> Timeline::AddPart(const Part& part,
                               const v1::Entry& entry,
                               TrailEvent event,
                               bool legal) {
  event.leg_id = UuidOrNothing(part.leg_id);
  event.message_id = UuidOrNothing(part.message_id);
  if (part.kind == Part::Kind::kClock) {
    event.type = TrailClass::kBroker;
    event.utc_offset_minutes = offsets_[part.leg_id];
    DescribeClock(entry, event);
  } else if (part.kind == Part::Kind::kDelivery) {
    DescribeDelivery(part.receipt, event);
    event.signer_key = ToHex(entry.delivery().signature().signer_key());
    event.utc_offset_minutes = offsets_[part.leg_id.empty() ? part.message_id : part.leg_id];
  } else {
    DescribeMessage(part.header, event);
    event.signer_key = ToHex(entry.accepted().signature().signer_key());
  }
  if (part.kind == Part::Kind::kRefusal) {
    DescribeRefusal(entry.refused(), event);
  }
  if (!legal) {
    event.note = "ILLEGAL: run rujukan-audit verify";
  }
  Remember(part, entry, event, legal);
  ASSIGN_OR_RETURN(const auto leg, ledger::ReadLeg(replay_.view(), part.leg_id));
  if (leg) {
    event.state = std::string(ledger::StateName(leg->state()));
    acts_.LegStands(part.leg_id, leg->state());
    ObserveClocks(part, entry, *leg, event, legal);
  }
  return Append(std::move(event));
}

void Timeline::ObserveClocks(const Part& part,
                             const v1::Entry& entry,
                             const v1::LegRecord& leg,
                             const TrailEvent& event,
                             bool legal) {
  if (!legal || part.kind == Part::Kind::kRefusal) {
    return;
  }
  if (entry.has_deadline_missed()) {
    deadlines_.Record(entry.deadline_missed(), *event.index, event.time);
  }
  deadlines_.Observe(part.leg_id, leg, *event.index, event.time, offsets_[part.leg_id]);
}

void Timeline::Remember(const Part& part,
                        const v1::Entry& entry,
                        const TrailEvent& event,
                        bool legal) {
  unstamped_ = event.index;
  if (part.kind == Part::Kind::kClock) {
    return;
  }
  if (part.kind == Part::Kind::kDelivery) {
    settled_[part.message_id] = event.time;
    return;
  }
  if (trail_.agency.empty()) {
    addresses_.insert(part.header.from());
    addresses_.insert(part.header.to().begin(), part.header.to().end());
    for (const std::string& address : addresses_) {
      acts_.Follow(address);
    }
  }
  if (part.kind == Part::Kind::kRefusal || !legal) {
    return;
  }
  const std::string& thread = part.leg_id.empty() ? part.message_id : part.leg_id;
  offsets_[thread] = event.utc_offset_minutes;
  readings_.Cover(entry.accepted(), thread, *event.index, event.time);
  if (!part.leg_id.empty()) {
    acts_.FollowLeg(part.leg_id);
  }
}

Result<void> Timeline::Describe() {
  described_ = true;
  for (const std::string& address : addresses_) {
    ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(replay_.view(), address));
    if (!agency) {
      continue;
    }
    TrailParty party{address,
                     agency->official_name(),
                     v1::AgencyStatus::Code_Name(agency->status()),
                     ToHex(agency->signing_key()),
                     0};
    ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(replay_.view(), agency->signing_key()));
    party.key_until = key ? key->not_after_ms() : 0;
    trail_.parties.push_back(std::move(party));
  }
  ASSIGN_OR_RETURN(const auto policy, ledger::ReadPolicyRecord(replay_.view()));
  if (policy) {
    trail_.policy = TrailPolicy{policy->version(), ToHex(policy->digest()), policy->index()};
  }
  ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(replay_.view()));
  trail_.directory = {head.directory_head(), ToHex(head.directory_root())};
  return {};
}

Result<void> Timeline::AddChanges(const v1::Entry& entry, const TrailEvent& place) {
  ASSIGN_OR_RETURN(std::vector<TrailEvent> events, acts_.Compare(entry, replay_.view()));
  for (const std::string& id : acts_.failed()) {
    ASSIGN_OR_RETURN(const auto leg, ledger::ReadLeg(replay_.view(), id));
    if (leg) {
      deadlines_.Observe(id, *leg, *place.index, place.time, offsets_[id]);
    }
  }
  for (TrailEvent& event : events) {
    event.index = place.index;
    event.time = place.time;
    event.directory_head = place.directory_head;
    // The policy and the parties before the first message are told at the head of the trail.
    if (!trail_.events.empty() || !event.leg_id.empty() || !trail_.agency.empty()) {
      RETURN_IF_ERROR(Append(std::move(event)));
    }
  }
  return {};
}

Result<void> Timeline::AddOther(const v1::Entry& entry, TrailEvent event) {
  if (entry.has_audit_read()) {
    return readings_.Add(entry, *event.index, replay_.view());
  }
  event.type = TrailClass::kBroker;
  if (entry.has_read_trail()) {
    DescribeReadTrail(entry.read_trail(), event);
  } else if (entry.has_contents_removed()) {
    DescribeRemoval(entry.contents_removed(), event);
  } else if (entry.has_timestamp()) {
    DescribeTimestamp(entry.timestamp(), event);
  }
  return event.kind.empty() ? Result<void>() : Append(std::move(event));
}

// An agency's log of reading says something of one leg only to who has the log: it is told in the
// trail of the agency.
void Timeline::DescribeReadTrail(const v1::ReadTrailRecorded& entry, TrailEvent& event) const {
  v1::ReadTrailAnchor anchor;
  if (trail_.agency.empty() || !anchor.ParseFromString(entry.anchor()) ||
      anchor.agency() != trail_.agency) {
    return;
  }
  event.type = TrailClass::kReading;
  event.who = anchor.agency();
  event.kind = "READ_TRAIL";
  event.signer_key = ToHex(entry.signature().signer_key());
  event.note = "its log of reading has " + std::to_string(anchor.size()) + " entries, root " +
               ToHex(anchor.root());
}

void Timeline::DescribeRemoval(const v1::ContentsRemoved& entry, TrailEvent& event) {
  const size_t gone = std::erase_if(settled_, [&entry](const auto& message) {
    return message.second < entry.settled_before_ms();
  });
  if (gone == 0) {
    return;
  }
  event.kind = "CONTENTS_REMOVED";
  event.note = "the broker holds no ciphertext any more of messages settled before " +
               FormatTime(entry.settled_before_ms());
}

void Timeline::DescribeTimestamp(const v1::TimestampRecorded& entry, TrailEvent& event) {
  const auto note = ledger::ParseNote(entry.checkpoint());
  const auto checkpoint =
      note ? ledger::Checkpoint::Parse(note->text) : Result<ledger::Checkpoint>(Fail(note.error()));
  const auto token = certs::ParseTimestampToken(entry.token());
  if (!unstamped_ || !checkpoint || !token || checkpoint->size <= *unstamped_) {
    return;
  }
  unstamped_.reset();
  event.kind = "TIMESTAMP";
  event.who = token->authority;
  event.note = "entries below " + std::to_string(checkpoint->size) + " existed at " +
               FormatTime(token->time) + ", by an outside clock";
}

Result<void> Timeline::FillIn(TrailEvent& event) const {
  ASSIGN_OR_RETURN(const auto who, ledger::ReadAgency(replay_.view(), event.who));
  if (who) {
    event.who_status = v1::AgencyStatus::Code_Name(who->status());
  }
  ASSIGN_OR_RETURN(const auto policy, ledger::ReadPolicyRecord(replay_.view()));
  event.policy_version = policy ? policy->version() : 0;
  if (event.type == TrailClass::kMessage) {
    ASSIGN_OR_RETURN(const std::string id, ParseUuid(event.message_id));
    ASSIGN_OR_RETURN(const auto message, ledger::ReadMessage(replay_.view(), id));
    event.rule = message && message->index() == event.index ? message->rule() : "";
  }
  return {};
}

Result<void> Timeline::Append(TrailEvent event) {
  RETURN_IF_ERROR(FillIn(event));
  if (!trail_.span.Holds(event.time)) {
    return {};
  }
  if (!described_ && !addresses_.empty()) {
    RETURN_IF_ERROR(Describe());
  }
  if (trail_.events.size() >= events_max_) {
    return Fail(Errc::kLimit,
                "the trail has over " + std::to_string(events_max_) +
                    " events: ask for a part of it with --from and --to");
  }
  trail_.events.push_back(std::move(event));
  return {};
}

void Timeline::AddMissed() {
  for (const Deadline& deadline : trail_.deadlines) {
    if (deadline.verdict != DeadlineVerdict::kMissed || !trail_.span.Holds(deadline.due)) {
      continue;
    }
    TrailEvent event;
    event.type = TrailClass::kDeadline;
    event.time = deadline.due;
    event.utc_offset_minutes = deadline.utc_offset_minutes;
    event.kind = "BATAS_" + deadline.what;
    event.note = deadline.Words();
    event.leg_id = UuidOrNothing(deadline.leg_id);
    trail_.events.push_back(std::move(event));
  }
}

// Acts and readings name no zone: they are told in that of the first sender.
void Timeline::UseOneZone() {
  const auto first =
      std::find_if(trail_.events.begin(), trail_.events.end(), [](const TrailEvent& event) {
        return event.type == TrailClass::kMessage || event.type == TrailClass::kRefusal;
      });
  if (first == trail_.events.end()) {
    return;
  }
  const int zone = first->utc_offset_minutes;
  for (TrailEvent& event : trail_.events) {
    if (event.type == TrailClass::kDirectory || event.type == TrailClass::kReading ||
        event.type == TrailClass::kBroker) {
      event.utc_offset_minutes = zone;
    }
  }
}

Result<Trail> Timeline::Finish() {
  if (!trail_.agency.empty()) {
    ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(replay_.view(), trail_.agency));
    if (!agency) {
      return Fail(Errc::kNotFound, "no such agency in this ledger: " + trail_.agency);
    }
  }
  if (!described_) {
    RETURN_IF_ERROR(Describe());
  }
  trail_.deadlines = deadlines_.Close(trail_.as_of);
  ASSIGN_OR_RETURN(std::vector<TrailEvent> readings, readings_.Covering(replay_.view()));
  for (TrailEvent& reading : readings) {
    RETURN_IF_ERROR(Append(std::move(reading)));
  }
  AddMissed();
  UseOneZone();
  std::stable_sort(trail_.events.begin(), trail_.events.end(), IsBefore);
  return std::move(trail_);
}

}  // namespace rujukan::audit
