// The API's lists: inbox, outbox and legs, by page and filter.
#include "agents/agency/api.h"
#include "agents/agency/cursor.h"
#include "agents/agency/query.h"
#include "agents/agency/render.h"
#include "base/address.h"

namespace rujukan::agency {
namespace {

constexpr char kInboxList = 'i';
constexpr char kOutboxList = 'o';
constexpr char kLegList = 'l';
constexpr size_t kLegListMax = 1000;

// "TERKIRIM,SAMPAI": every one a name that `number` knows.
template <class Number>
std::set<int> CodesIn(Query& query, const char* name, const Number& number) {
  std::set<int> codes;
  const std::string text = query.Text(name);
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(',', start), text.size());
    const std::optional<int> code = number(text.substr(start, end - start));
    if (!code) {
      query.Refuse(name, "bukan keadaan yang dikenal / not a state that is known");
      return {};
    }
    codes.insert(*code);
    start = end + 1;
  }
  return codes;
}

std::optional<int> StateNamed(const std::string& name) {
  v1::LegState::Code code{};
  if (name == "DRAF") {
    return static_cast<int>(v1::LegState::UNSPECIFIED);
  }
  return v1::LegState::Code_Parse(name, &code) && code != v1::LegState::UNSPECIFIED
             ? std::optional<int>(code)
             : std::nullopt;
}

std::optional<int> StageNamed(const std::string& name) {
  for (const Stage stage : {Stage::kQueued,
                            Stage::kSealed,
                            Stage::kAccepted,
                            Stage::kRefused,
                            Stage::kReceived,
                            Stage::kRecorded}) {
    if (name == StageName(stage)) {
      return static_cast<int>(stage);
    }
  }
  return std::nullopt;
}

// What messages and legs are filtered by alike.
ListFilter CommonFilter(Query& query) {
  ListFilter filter;
  filter.urgency = query.CodeOf<v1::Urgency::Code>("urgency", &v1::Urgency::Code_Parse)
                       .value_or(v1::Urgency::UNSPECIFIED);
  filter.peer = query.Text("peer");
  if (query.Has("peer") && !AgencyAddress::Parse(filter.peer)) {
    query.Refuse("peer", "alamat lembaga / an agency's address: dinsos.18@lampung.example");
  }
  filter.since = query.Time("since").value_or(filter.since);
  filter.until = query.Time("until").value_or(filter.until);
  filter.episode = query.Text("episode");
  filter.ref = query.Text("ref");
  return filter;
}

ListFilter MessageFilter(Query& query) {
  ListFilter filter = CommonFilter(query);
  filter.kind =
      query.CodeOf<v1::Kind::Code>("kind", &v1::Kind::Code_Parse).value_or(v1::Kind::UNSPECIFIED);
  filter.states = CodesIn(query, "stage", &StageNamed);
  if (query.Has("leg")) {
    const auto leg = ParseUuid(query.Text("leg"));
    if (!leg) {
      query.Refuse("leg", leg.error().context);
    }
    filter.leg = leg.value_or("");
  }
  return filter;
}

ListFilter LegFilter(Query& query) {
  ListFilter filter = CommonFilter(query);
  filter.states = CodesIn(query, "state", &StateNamed);
  filter.changed_since = query.Time("changed_since").value_or(0);
  const std::string role = query.Text("role");
  if (query.Has("role") && role != "PERUJUK" && role != "PENERIMA") {
    query.Refuse("role", "PERUJUK atau PENERIMA / one of these");
  }
  filter.side = role == "PERUJUK" ? 0 : role == "PENERIMA" ? 1 : -1;
  return filter;
}

ListCursor CursorIn(Query& query, char list, const ListCursor& start) {
  if (!query.Has("cursor")) {
    return start;
  }
  auto cursor = ParseCursor(list, query.Text("cursor"));
  if (!cursor) {
    query.Refuse("cursor", cursor.error().context);
  }
  return cursor.value_or(start);
}

}  // namespace

ApiReply Api::GetList(const ApiRequest& request, bool outgoing) {
  Findings findings;
  Query query(request, findings);
  const char list = outgoing ? kOutboxList : kInboxList;
  const ListCursor start = CursorIn(query, list, {query.Cursor("after").value_or(0), ""});
  const Tables::ListRequest wanted{outgoing, start.number, query.Number("limit", kApiListMax, 50)};
  const ListFilter filter = MessageFilter(query);
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  Result<Tables::MessagePage> page = Fail(Errc::kFatal, "not read");
  WaitUntil(WaitMsOf(request), [&] {
    page = context_.store.Read([&](Tables& tables) { return tables.List(wanted, filter); });
    return !page || !page->rows.empty();
  });
  if (!page) {
    return ProblemOf(page.error());
  }
  Json messages = Json::array();
  for (const auto& row : page->rows) {
    messages.push_back(SummaryOf(row));
  }
  const std::string next = CursorText(list, {page->cursor, ""});
  ApiReply reply = ReplyOf(200,
                           {{"messages", std::move(messages)},
                            {"cursor", page->cursor},
                            {"next_cursor", next},
                            {"more", page->more}});
  if (page->more) {
    AddNextLink(request, next, reply);
  }
  return reply;
}

ApiReply Api::GetLegs(const ApiRequest& request) {
  Findings findings;
  Query query(request, findings);
  const ListCursor start = CursorIn(query, kLegList, {INT64_MAX, ""});
  const size_t limit = query.Number("limit", kLegListMax, kLegListMax);
  const ListFilter filter = LegFilter(query);
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  const auto page = context_.store.Read([&](Tables& tables) {
    return tables.ListLegs({start.number, start.id}, limit, filter);
  });
  if (!page) {
    return ProblemOf(page.error());
  }
  Json list = Json::array();
  for (const auto& leg : page->legs) {
    list.push_back(LegSummaryOf(leg));
  }
  const std::string next = CursorText(kLegList, {page->position.opened_at, page->position.id});
  ApiReply reply = ReplyOf(200,
                           {{"legs", std::move(list)},
                            {"next_cursor", page->more ? Json(next) : Json(nullptr)},
                            {"more", page->more}});
  if (page->more) {
    AddNextLink(request, next, reply);
  }
  return reply;
}

}  // namespace rujukan::agency
