// Events: kept for limits::kEventKeepMs, then pruned; what went is remembered as a cursor, so that
// a reader that was away for too long is told instead of missing some.
#include "agents/agency/tables.h"
#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kPrunedName = "events/pruned";
constexpr const char* kLastCursor = "SELECT seq FROM sqlite_sequence WHERE name='events'";

Event EventOf(const Row& row) {
  Event event;
  event.cursor = row.Int(0);
  event.id = row.Bytes(1);
  event.type = static_cast<EventType>(row.Int(2));
  event.time = row.Int(3);
  event.message = row.Bytes(4);
  event.leg = row.Bytes(5);
  event.kind = static_cast<v1::Kind::Code>(row.Int(6));
  event.code = row.Bytes(7);
  event.subject = row.Bytes(8);
  return event;
}

}  // namespace

Result<void> Tables::PutEvent(const Event& event) {
  const auto id = certs::NewMessageId(event.time);
  return database_->Run(
      "INSERT INTO events(id,type,at_ms,message,leg,kind,code,subject) VALUES(?,?,?,?,?,?,?,?)",
      {Blob{id.view()},
       static_cast<int64_t>(event.type),
       event.time,
       Blob{event.message},
       Blob{event.leg},
       int64_t{event.kind},
       Text{event.code},
       Blob{event.subject}});
}

Result<std::vector<Event>> Tables::ListEvents(int64_t since, size_t max) {
  std::vector<Event> events;
  RETURN_IF_ERROR(database_->Query(
      "SELECT seq,id,type,at_ms,message,leg,kind,code,subject FROM events WHERE seq>?"
      " ORDER BY seq LIMIT ?",
      {since, static_cast<int64_t>(max)},
      [&](const Row& row) {
        events.push_back(EventOf(row));
        return true;
      }));
  return events;
}

Result<std::optional<Event>> Tables::FindEvent(std::string_view id) {
  std::optional<Event> event;
  RETURN_IF_ERROR(database_->Query(
      "SELECT seq,id,type,at_ms,message,leg,kind,code,subject FROM events WHERE id=?",
      {Blob{id}},
      [&](const Row& row) {
        event = EventOf(row);
        return false;
      }));
  return event;
}

Result<Tables::EventBounds> Tables::BoundsOfEvents() {
  EventBounds bounds;
  ASSIGN_OR_RETURN(const std::string pruned, GetMeta(kPrunedName));
  bounds.pruned = pruned.empty() ? 0 : std::stoll(pruned);
  RETURN_IF_ERROR(database_->Query(kLastCursor, {}, [&](const Row& row) {
    bounds.last = row.Int(0);
    return false;
  }));
  return bounds;
}

Result<void> Tables::PruneEvents(UnixMillis now) {
  const int64_t before = now - limits::kEventKeepMs;
  int64_t gone = 0;
  RETURN_IF_ERROR(database_->Query(
      "SELECT coalesce(max(seq),0) FROM events WHERE at_ms<?", {before}, [&](const Row& row) {
        gone = row.Int(0);
        return false;
      }));
  if (gone == 0) {
    return {};
  }
  // By cursor, not by time: a clock that was wrong for a while must leave no hole.
  RETURN_IF_ERROR(database_->Run("DELETE FROM events WHERE seq<=?", {gone}));
  return PutMeta(kPrunedName, std::to_string(gone));
}

}  // namespace rujukan::agency
