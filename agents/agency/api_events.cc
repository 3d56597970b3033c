// The API's events: as a list from a cursor on, and as a stream (text/event-stream).
#include <atomic>

#include "agents/agency/api.h"
#include "agents/agency/event.h"
#include "agents/agency/query.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kHeartbeatMs = 15'000;  // a listener that is gone is noticed by then
constexpr size_t kStreamPageEvents = 64;

// Where to read on, or why not.
struct Position {
  int64_t cursor = 0;
  std::optional<ApiReply> problem{};
};

// What was pruned cannot be told any more, and a cursor from the future is of another database:
// neither is passed over in silence.
Position CheckedPosition(int64_t cursor, const Tables::EventBounds& bounds) {
  if (cursor >= bounds.pruned && cursor <= bounds.last) {
    return {cursor};
  }
  ApiReply reply = ProblemNamed(
      "cursor-expired",
      "kejadian sesudah kursor ini tidak ada lagi di sini: baca GET /v1/inbox dan /v1/legs dari "
      "awal, lalu lanjutkan dari kursor terakhir tanpa since / what happened after this cursor is "
      "not kept here any more: read the inbox and the legs anew, then go on from the cursor of an "
      "answer without `since`");
  return {0, std::move(reply)};
}

std::string FrameOf(const Event& event) {
  return "id: " + std::to_string(event.cursor) + "\nevent: " + std::string(EventName(event.type)) +
         "\ndata: " + EventJson(event).dump() + "\n\n";
}

struct Page {
  std::vector<Event> events;
  int64_t cursor = 0;  // of the last one looked at
};

// At most `max` that are wanted; those between are passed over.
Result<Page> ReadPage(Store& store, int64_t since, const EventFilter& filter, size_t max) {
  return store.Read([&](Tables& tables) -> Result<Page> {
    Page page{{}, since};
    while (page.events.size() < max) {
      ASSIGN_OR_RETURN(auto events, tables.ListEvents(page.cursor, kStreamPageEvents));
      if (events.empty()) {
        break;
      }
      for (size_t i = 0; i < events.size() && page.events.size() < max; ++i) {
        page.cursor = events[i].cursor;
        if (filter.Wants(events[i].type)) {
          page.events.push_back(std::move(events[i]));
        }
      }
    }
    return page;
  });
}

// One of kEventStreamsMax, as long as it lives.
class StreamSlot {
 public:
  explicit StreamSlot(std::shared_ptr<std::atomic<size_t>> taken) : taken_(std::move(taken)) {
    free_ = taken_->fetch_add(1) < limits::kEventStreamsMax;
  }
  ~StreamSlot() { taken_->fetch_sub(1); }
  StreamSlot(const StreamSlot&) = delete;
  StreamSlot& operator=(const StreamSlot&) = delete;
  bool free() const { return free_; }

 private:
  const std::shared_ptr<std::atomic<size_t>> taken_;
  bool free_ = false;
};

// What a listener is told next: events, or after a while of silence a line that says nothing.
struct Listener {
  Store& store;
  Board& board;
  EventFilter filter;
  int64_t cursor = 0;
  std::shared_ptr<StreamSlot> slot;

  std::optional<std::string> Next() {
    while (!board.stopped()) {
      const uint64_t seen = board.version();
      const auto page = ReadPage(store, cursor, filter, kStreamPageEvents);
      if (!page) {
        return std::nullopt;  // it connects again and is told why
      }
      cursor = page->cursor;
      std::string frames;
      for (const auto& event : page->events) {
        frames += FrameOf(event);
      }
      if (!frames.empty()) {
        return frames;
      }
      if (!board.WaitPast(seen, kHeartbeatMs)) {
        return board.stopped() ? std::nullopt : std::optional<std::string>(":\n\n");
      }
    }
    return std::nullopt;
  }
};

}  // namespace

ApiReply Api::GetEvents(const ApiRequest& request) {
  Findings findings;
  Query query(request, findings);
  const auto since = query.Cursor("since");
  const size_t limit = query.Number("limit", kApiListMax, 100);
  const EventFilter filter = query.Events("type");
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  const auto bounds = context_.store.Read([](Tables& tables) { return tables.BoundsOfEvents(); });
  if (!bounds) {
    return ProblemOf(bounds.error());
  }
  Position position = CheckedPosition(since.value_or(bounds->pruned), *bounds);
  if (position.problem) {
    return std::move(*position.problem);
  }
  Result<Page> page = Fail(Errc::kFatal, "not read");
  WaitUntil(WaitMsOf(request), [&] {
    page = ReadPage(context_.store, position.cursor, filter, limit);
    return !page || !page->events.empty();
  });
  if (!page) {
    return ProblemOf(page.error());
  }
  Json events = Json::array();
  for (const auto& event : page->events) {
    events.push_back(EventJson(event));
  }
  return ReplyOf(200,
                 {{"events", std::move(events)},
                  {"cursor", std::to_string(page->cursor)},
                  {"more", page->events.size() == limit}});
}

// From Last-Event-ID or `since` on; without either, what happens from now on.
ApiReply Api::StreamEvents(const ApiRequest& request) {
  Findings findings;
  Query query(request, findings);
  const auto last = request.headers.find("last-event-id");
  auto since = query.Cursor("since");
  const EventFilter filter = query.Events("type");
  if (last != request.headers.end()) {
    since = query.CursorOf("Last-Event-ID", last->second);
  }
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  const auto bounds = context_.store.Read([](Tables& tables) { return tables.BoundsOfEvents(); });
  if (!bounds) {
    return ProblemOf(bounds.error());
  }
  Position position = CheckedPosition(since.value_or(bounds->last), *bounds);
  if (position.problem) {
    return std::move(*position.problem);
  }
  auto slot = std::make_shared<StreamSlot>(streams_);
  if (!slot->free()) {
    ApiReply reply = ProblemNamed(
        "too-many",
        "paling banyak " + std::to_string(limits::kEventStreamsMax) +
            " pendengar sekaligus; tutup yang tidak dipakai / listeners at once: end some");
    reply.headers.emplace_back("Retry-After", "15");
    return reply;
  }
  ApiReply reply{200, "text/event-stream", "retry: 3000\n\n"};
  auto listener = std::make_shared<Listener>(
      Listener{context_.store, context_.board, filter, position.cursor, std::move(slot)});
  reply.stream = [listener] { return listener->Next(); };
  return reply;
}

}  // namespace rujukan::agency
