#include "agents/agency/api.h"

#include "agents/agency/render.h"
#include "base/bytes.h"
#include "ledger/fold.h"

namespace rujukan::agency {
namespace {

std::vector<std::string> SplitPath(const std::string& path) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start < path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    if (end > start) {
      parts.push_back(path.substr(start, end - start));
    }
    start = end + 1;
  }
  return parts;
}

// A decimal of the query, at most `max`; `otherwise` when absent or malformed.
int64_t QueryNumber(const ApiRequest& request, const char* name, int64_t max, int64_t otherwise) {
  const auto found = request.query.find(name);
  const auto value = found == request.query.end() ? Result<uint64_t>(Fail(Errc::kNotFound, ""))
                                                  : ParseDecimal(found->second);
  return value ? static_cast<int64_t>(std::min<uint64_t>(*value, static_cast<uint64_t>(max)))
               : otherwise;
}

template <class Id>
Result<Id> IdOf(const std::string& text) {
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
  return Id::FromBytes(bytes);
}

ApiReply NoSuch(const std::string& what) {
  return ProblemOf(404, "not found", what + " tidak ada di sini / no such thing here");
}

// Calls `done` after every change until it is true or the wait is over; true when it is.
template <class Done>
bool WaitUntil(const Board& board, int64_t wait_ms, const Clock& clock, const Done& done) {
  const UnixMillis until = clock.Now() + wait_ms;
  while (true) {
    const uint64_t seen = board.version();
    if (done()) {
      return true;
    }
    const int64_t left = until - clock.Now();
    if (left <= 0 || board.stopped()) {
      return false;
    }
    board.WaitPast(seen, left);
  }
}

}  // namespace

ApiReply Api::Handle(const ApiRequest& request) {
  return Route(request, SplitPath(request.path));
}

ApiReply Api::Route(const ApiRequest& request, const std::vector<std::string>& parts) {
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  if (get && parts == std::vector<std::string>{"healthz"}) {
    return ApiReply{200, "text/plain", "ok\n"};
  }
  if (parts.size() < 2 || parts[0] != "v1") {
    return NoSuch("Alamat");
  }
  const std::string& room = parts[1];
  if (get && parts.size() == 2) {
    if (room == "status") {
      return GetStatus();
    }
    if (room == "directory") {
      return GetDirectory();
    }
    if (room == "inbox" || room == "outbox") {
      return GetList(request, room == "outbox");
    }
    if (room == "legs") {
      return GetLegs();
    }
  }
  if (get && parts.size() == 3 && room == "messages") {
    return GetMessage(request, parts[2]);
  }
  if (get && parts.size() == 3 && room == "legs") {
    return GetLeg(parts[2]);
  }
  if (post && parts.size() == 2 && room == "messages") {
    return PostMessage(request);
  }
  if (post && parts.size() == 4 && room == "legs") {
    return PostAction(request, parts[2], parts[3]);
  }
  return NoSuch("Alamat");
}

ApiReply Api::GetStatus() {
  const auto status = context_.board.status();
  const auto counts = context_.store.Read([](Tables& tables) { return tables.CountMessages(); });
  if (!counts) {
    return ProblemOf(counts.error());
  }
  return ReplyOf(200,
                 {{"address", context_.config.address},
                  {"official_name", context_.config.official_name},
                  {"broker", context_.config.endpoint},
                  {"link", status.state},
                  {"last_error", status.last_error},
                  {"alarm", status.alarm},
                  {"tree_size", status.tree_size},
                  {"clock_offset_ms", status.clock_offset_ms},
                  {"queued", counts->queued},
                  {"accepted", counts->accepted},
                  {"refused", counts->refused},
                  {"received", counts->received}});
}

ApiReply Api::GetDirectory() {
  Json list = Json::array();
  const auto scanned = context_.store.directory().Scan(
      ledger::Table::kAgency, "", "", [&](std::string_view, std::string_view value) {
        v1::AgencyRecord agency;
        if (agency.ParseFromString(std::string(value)) && agency.role() == v1::Role::AGENCY) {
          list.push_back({{"address", agency.address()},
                          {"official_name", agency.official_name()},
                          {"region", agency.region()},
                          {"status", v1::AgencyStatus::Code_Name(agency.status())}});
        }
        return true;
      });
  return scanned ? ReplyOf(200, {{"agencies", std::move(list)}}) : ProblemOf(scanned.error());
}

ApiReply Api::GetList(const ApiRequest& request, bool outgoing) {
  const Tables::ListRequest list{
      outgoing,
      QueryNumber(request, "after", INT64_MAX, 0),
      static_cast<size_t>(QueryNumber(request, "limit", kApiListMax, 50))};
  const int64_t wait_ms = QueryNumber(request, "wait", kApiWaitMsMax / 1000, 0) * 1000;
  Result<std::vector<MessageRow>> rows = Fail(Errc::kFatal, "not read");
  WaitUntil(context_.board, wait_ms, context_.clock, [&] {
    rows = context_.store.Read([&](Tables& tables) { return tables.List(list); });
    return !rows || !rows->empty();
  });
  if (!rows) {
    return ProblemOf(rows.error());
  }
  Json messages = Json::array();
  int64_t cursor = list.after;
  for (const auto& row : *rows) {
    messages.push_back(SummaryOf(row));
    cursor = row.local;
  }
  return ReplyOf(200, {{"messages", std::move(messages)}, {"cursor", cursor}});
}

ApiReply Api::GetMessage(const ApiRequest& request, const std::string& text) {
  const auto id = IdOf<MessageId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  const auto until = request.query.find("until");
  const bool delivered = until != request.query.end() && until->second == "delivered";
  const bool receipted = until != request.query.end() && until->second == "receipted";
  const int64_t wait_ms = QueryNumber(request, "wait", kApiWaitMsMax / 1000, 0) * 1000;
  ApiReply reply;
  WaitUntil(context_.board, wait_ms, context_.clock, [&] {
    bool done = !delivered && !receipted;
    const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
      ASSIGN_OR_RETURN(const auto row, tables.Find(*id));
      if (!row) {
        return Fail(Errc::kNotFound, "tidak ada pesan dengan id ini / no such message here");
      }
      ASSIGN_OR_RETURN(const auto receipts, tables.Deliveries(*id));
      v1::Header header;
      header.ParseFromString(row->header);
      const bool all = receipts.size() >= static_cast<size_t>(header.to_size());
      done = done || !row->outgoing || row->stage == Stage::kRefused ||
             (row->stage == Stage::kAccepted && (receipted || all));
      return DetailOf(*row, receipts, context_.log);
    });
    reply = json ? ReplyOf(200, *json) : ProblemOf(json.error());
    return done || !json;
  });
  return reply;
}

ApiReply Api::GetLegs() {
  const auto legs = context_.store.Read([](Tables& tables) { return tables.ListLegs(); });
  if (!legs) {
    return ProblemOf(legs.error());
  }
  Json list = Json::array();
  for (const auto& leg : *legs) {
    list.push_back(LegSummaryOf(leg));
  }
  return ReplyOf(200, {{"legs", std::move(list)}});
}

ApiReply Api::GetLeg(const std::string& text) {
  const auto id = IdOf<LegId>(text);
  if (!id) {
    return ProblemOf(id.error());
  }
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(*id));
    if (!leg) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    Json result = LegSummaryOf(*leg);
    ASSIGN_OR_RETURN(const auto rows, tables.ListLeg(*id));
    Json messages = Json::array();
    for (const auto& listed : rows) {
      ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
      ASSIGN_OR_RETURN(const auto deliveries, tables.Deliveries(listed.id));
      messages.push_back(DetailOf(*row, deliveries, context_.log));
    }
    result["messages"] = std::move(messages);
    return result;
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

}  // namespace rujukan::agency
