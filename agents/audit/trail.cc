#include "agents/audit/trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/audit/anchor.h"
#include "agents/audit/replay.h"
#include "agents/audit/signed_entries.h"
#include "base/printable.h"
#include "ledger/fold.h"
#include "ledger/transition.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

std::string UuidOf(std::string_view id) {
  return id.size() == MessageId::kSize ? FormatUuid(id) : std::string();
}

// Which leg (or, for a notification, which message) the id belongs to.
struct Subject {
  std::string leg;
  std::string message;
};

Result<Subject> FindSubject(const LogFiles& files,
                            const ledger::Checkpoint& checkpoint,
                            const std::string& id) {
  std::optional<Subject> subject;
  const auto look = [&](LogIndex, const ledger::GivenLeaf& leaf) -> Result<void> {
    v1::Entry entry;
    v1::Header header;
    if (!subject && entry.ParseFromString(leaf.entry) && entry.has_accepted() &&
        header.ParseFromString(entry.accepted().header()) &&
        (header.leg_id() == id || header.message_id() == id)) {
      subject = Subject{header.leg_id(), header.message_id()};
    }
    return {};
  };
  RETURN_IF_ERROR(ForEachSignedLeaf(files, checkpoint, look));
  if (!subject) {
    return Fail(Errc::kNotFound, "neither a leg nor a message of this ledger: " + UuidOf(id));
  }
  return std::move(*subject);
}

// Replays everything, keeps what concerns the subject.
class Follower {
 public:
  explicit Follower(Subject subject) : subject_(std::move(subject)), replay_(report_) {}

  Result<void> Visit(LogIndex index, const ledger::GivenLeaf& leaf) {
    return leaf.withheld ? replay_.Withhold(index) : VisitEntry(index, leaf.entry);
  }

  std::vector<TrailEvent> TakeEvents() { return std::move(events_); }

 private:
  Result<void> VisitEntry(LogIndex index, const std::string& bytes) {
    const uint64_t illegal_before = report_.tally(Check::kTransitions).failed;
    RETURN_IF_ERROR(replay_.Step(index, bytes));  // its signature is `verify`'s business
    v1::Entry entry;
    std::optional<TrailEvent> event;
    if (entry.ParseFromString(bytes)) {
      event = EventOf(entry);
    }
    if (event) {
      event->index = index;
      event->time = entry.time_ms();
      if (report_.tally(Check::kTransitions).failed > illegal_before) {
        event->note = "ILLEGAL: run rujukan-audit verify";
      }
      RETURN_IF_ERROR(AddState(*event));
      events_.push_back(std::move(*event));
    }
    return {};
  }

  bool Concerns(const v1::Header& header) const {
    return subject_.leg.empty() ? header.message_id() == subject_.message
                                : header.leg_id() == subject_.leg;
  }

  std::optional<TrailEvent> EventOf(const v1::Entry& entry) {
    if (entry.has_accepted()) {
      auto event = FromHeader(entry.accepted().header());
      if (event) {
        messages_.insert(event->message_id);
      }
      return event;
    }
    if (entry.has_refused()) {
      auto event = FromHeader(entry.refused().header());
      if (event) {
        event->note = "refused: " + v1::RefusalReason::Code_Name(entry.refused().reason());
      }
      return event;
    }
    return entry.has_delivery() ? FromReceipt(entry.delivery().receipt()) : std::nullopt;
  }

  std::optional<TrailEvent> FromHeader(const std::string& bytes) {
    v1::Header header;
    if (!header.ParseFromString(bytes) || !Concerns(header)) {
      return std::nullopt;
    }
    offset_minutes_ = header.utc_offset_minutes();
    TrailEvent event;
    event.utc_offset_minutes = offset_minutes_;
    event.who = header.from();
    event.to = Joined(header.to());
    event.kind = std::string(ledger::KindName(header.kind()));
    event.message_id = UuidOf(header.message_id());
    return event;
  }

  std::optional<TrailEvent> FromReceipt(const std::string& bytes) const {
    v1::DeliveryReceipt receipt;
    if (!receipt.ParseFromString(bytes) || messages_.count(UuidOf(receipt.message_id())) == 0) {
      return std::nullopt;
    }
    TrailEvent event;
    event.utc_offset_minutes = offset_minutes_;
    event.who = receipt.recipient();
    event.kind = "TANDA_TERIMA";
    event.message_id = UuidOf(receipt.message_id());
    if (receipt.outcome() != v1::DeliveryOutcome::DELIVERED) {
      event.note = "not delivered: " + v1::DeliveryOutcome::Code_Name(receipt.outcome());
    }
    return event;
  }

  Result<void> AddState(TrailEvent& event) const {
    ASSIGN_OR_RETURN(const auto leg, ledger::ReadLeg(replay_.view(), subject_.leg));
    if (leg) {
      event.state = std::string(ledger::StateName(leg->state()));
    }
    return {};
  }

  const Subject subject_;
  Report report_;
  Replay replay_;
  std::set<std::string> messages_;
  int offset_minutes_ = 0;
  std::vector<TrailEvent> events_;
};

// "2026-11-21 23:58:04 +07:00": to the second, for people.
std::string ShortTime(UnixMillis time, int offset_minutes) {
  std::string text = FormatTime(time, offset_minutes);
  constexpr size_t kSecondsEnd = 19;
  constexpr size_t kMillisEnd = 23;
  if (text.size() < kMillisEnd) {
    return text;
  }
  return text.substr(0, 10) + " " + text.substr(11, kSecondsEnd - 11) + " " +
         text.substr(kMillisEnd);
}

}  // namespace

Result<Trail> ReadTrail(Source& source, const std::string& vkey, const std::string& id) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  ASSIGN_OR_RETURN(Subject subject, FindSubject(files, anchor.checkpoint, id));
  Trail trail;
  trail.leg_id = UuidOf(subject.leg);
  Follower follower(std::move(subject));
  // Again from the source, which may now say something else: checked again, too.
  const auto follow = [&](LogIndex index, const ledger::GivenLeaf& leaf) {
    return follower.Visit(index, leaf);
  };
  RETURN_IF_ERROR(ForEachSignedLeaf(files, anchor.checkpoint, follow));
  trail.events = follower.TakeEvents();
  return trail;
}

std::string TrailAsText(const Trail& trail) {
  size_t who_width = 0;
  for (const TrailEvent& event : trail.events) {
    who_width = std::max(who_width, Printable(event.who).size());
  }
  std::string text = trail.leg_id.empty() ? "" : "Leg " + trail.leg_id + "\n";
  for (const TrailEvent& event : trail.events) {
    text += fmt::format("  {}  {:<{}}  {:<16}  {:<13}  #{:<6} {}",
                        ShortTime(event.time, event.utc_offset_minutes),
                        Printable(event.who),
                        who_width,
                        event.kind,
                        event.state,
                        event.index,
                        event.note);
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

std::string TrailAsJson(const Trail& trail) {
  Json json;
  json["leg_id"] = trail.leg_id;
  json["events"] = Json::array();
  for (const TrailEvent& event : trail.events) {
    Json one;
    one["index"] = event.index;
    one["time"] = FormatTime(event.time, event.utc_offset_minutes);
    one["who"] = event.who;
    one["to"] = event.to;
    one["kind"] = event.kind;
    one["state"] = event.state;
    one["note"] = event.note;
    one["message_id"] = event.message_id;
    json["events"].push_back(std::move(one));
  }
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
