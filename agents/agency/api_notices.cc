// GET /v1/notices: what the broker has put on record about legs, from a cursor on.
#include "agents/agency/api.h"
#include "agents/agency/render.h"
#include "base/bytes.h"

namespace rujukan::agency {
namespace {

Json NoticeJson(const NoticeRow& notice, bool own) {
  const v1::Entry& entry = notice.entry;
  const bool closed = entry.has_leg_closed();
  const v1::DeadlineMissed& missed = entry.deadline_missed();
  Json json{{"index", notice.evidence.index},
            {"leg_id", FormatUuid(notice.leg.view())},
            {"own", own},
            {"jenis", closed ? "DITUTUP" : "ESKALASI"},
            {"recorded", TimeOf(entry.time_ms())}};
  if (!closed) {
    json["deadline"] = v1::Deadline::Code_Name(missed.deadline());
    json["due"] = TimeOf(missed.due_ms());
    json["late_ms"] = entry.time_ms() - missed.due_ms();
    json["level"] = missed.level();
    json["told"] = std::vector<std::string>(missed.told().begin(), missed.told().end());
  }
  return json;
}

}  // namespace

// "after" is the index of the last one seen, so that nothing is missed after a pause.
ApiReply Api::GetNotices(const ApiRequest& request) {
  const auto after = request.query.find("after");
  const auto from =
      after == request.query.end() ? Result<uint64_t>(0) : ParseDecimal(after->second);
  if (!from) {
    return ProblemOf(
        Findings{Finding{"after", "indeks entri terakhir / the index of the last entry"}});
  }
  const LogIndex first = after == request.query.end() ? 0 : *from + 1;
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto notices, tables.ListNotices(first, kApiListMax));
    Json list = Json::array();
    for (const NoticeRow& notice : notices) {
      ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(notice.leg));
      list.push_back(NoticeJson(notice, leg.has_value()));
    }
    const Json next = notices.empty() ? Json(nullptr) : Json(notices.back().evidence.index);
    return Json{{"notices", std::move(list)}, {"next", next}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

}  // namespace rujukan::agency
