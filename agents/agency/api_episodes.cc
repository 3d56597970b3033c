// The API's answers about a whole episode: its legs and who is responsible, what was disclosed to
// whom, consent withdrawn in all of it at once; and the tasks that minutes gave this agency. No
// content is in these answers: names of fields, ids, states.
#include "agents/agency/api.h"
#include "agents/agency/episode.h"
#include "agents/agency/render.h"
#include "agents/agency/request.h"
#include "agents/agency/sending_rules.h"

namespace rujukan::agency {
namespace {

Json EpisodeJson(const std::string& id, const std::vector<LegRow>& legs) {
  Json list = Json::array();
  for (const LegRow& leg : legs) {
    list.push_back(LegSummaryOf(leg));
  }
  return {{"id_episode", id},
          {"terbuka", IsEpisodeOpen(legs)},
          {"penanggung_jawab", ResponsibleFor(legs)},
          {"legs", std::move(list)}};
}

Json DisclosureJson(const DisclosureRow& row) {
  return {{"message_id", FormatUuid(row.message.view())},
          {"leg_id", FormatUuid(row.leg)},
          {"direction", row.outgoing ? "out" : "in"},
          {"to", row.to},
          {"tahap", v1::DisclosureStage::Code_Name(row.stage)},
          {"bidang", row.fields},
          {"at", TimeOf(row.at)},
          {"stage", row.status}};
}

Result<void> AddDisclosures(Tables& tables, const LegId& leg, Json& list) {
  ASSIGN_OR_RETURN(const auto rows, tables.DisclosuresOfLeg(leg));
  for (const DisclosureRow& row : rows) {
    list.push_back(DisclosureJson(row));
  }
  return {};
}

Result<std::vector<LegRow>> RequireEpisode(Tables& tables, const std::string& id) {
  ASSIGN_OR_RETURN(auto legs, tables.LegsOfEpisode(id));
  if (legs.empty()) {
    return Fail(Errc::kNotFound, "tidak ada episode ini di sini / no such episode here");
  }
  return legs;
}

// One message for each leg of ours that is open; all of them or none.
Result<std::vector<MessageId>> WithdrawInAll(Tables& tables,
                                             const Sender& sender,
                                             const std::string& episode,
                                             const v1::Content& content) {
  ASSIGN_OR_RETURN(const auto legs, RequireEpisode(tables, episode));
  std::vector<MessageId> sent;
  for (const LegRow& leg : legs) {
    if (leg.side == ledger::Side::kSender && ledger::IsOpen(leg.plan.state())) {
      NewStep step{v1::Kind::PENARIKAN_PERSETUJUAN, content};
      ASSIGN_OR_RETURN(sent.emplace_back(), InsertAction(tables, sender, leg.id, std::move(step)));
    }
  }
  if (sent.empty()) {
    return Fail(Errc::kConflict,
                "tidak ada rujukan terbuka dalam episode ini / no leg of this episode is open");
  }
  return sent;
}

}  // namespace

ApiReply Api::GetEpisodes() {
  const auto json = context_.store.Read([](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto ids, tables.ListEpisodes());
    Json list = Json::array();
    for (const auto& id : ids) {
      ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(id));
      list.push_back(EpisodeJson(id, legs));
    }
    return Json{{"episodes", std::move(list)}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::GetEpisode(const std::string& id) {
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto legs, RequireEpisode(tables, id));
    return EpisodeJson(id, legs);
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::GetEpisodeDisclosures(const std::string& id) {
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto legs, RequireEpisode(tables, id));
    Json list = Json::array();
    for (const LegRow& leg : legs) {
      RETURN_IF_ERROR(AddDisclosures(tables, leg.id, list));
    }
    return Json{{"id_episode", id}, {"disclosures", std::move(list)}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::GetLegDisclosures(const std::string& text) {
  const auto bytes = ParseUuid(text);
  const auto leg = bytes ? LegId::FromBytes(*bytes) : Result<LegId>(Fail(bytes.error()));
  if (!leg) {
    return ProblemOf(leg.error());
  }
  const auto json = context_.store.Read([&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(*leg));
    if (!row) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    Json list = Json::array();
    RETURN_IF_ERROR(AddDisclosures(tables, *leg, list));
    return Json{{"leg_id", text}, {"disclosures", std::move(list)}};
  });
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::PostWithdrawConsent(const ApiRequest& request, const std::string& episode) {
  const auto body = ParseJson(request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  constexpr auto kKind = v1::Kind::PENARIKAN_PERSETUJUAN;
  Findings findings;
  const auto content = ReadActionRequest(*body, kKind, context_.config.officer, findings);
  if (findings.empty()) {
    findings = ValidateContent(kKind, content);
  }
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const RequestId id = RequestIdOf(*body, request.body, episode + "/withdraw-consent");
  const Sender sender{context_.config.address, context_.clock.Now()};
  Json messages = Json::array();
  const auto composed = context_.store.Write([&](Tables& tables) -> Result<Composed> {
    ASSIGN_OR_RETURN(const auto repeated, FindRepeated(tables, id));
    if (repeated) {
      return *repeated;
    }
    ASSIGN_OR_RETURN(const auto sent, WithdrawInAll(tables, sender, episode, content));
    for (const MessageId& one : sent) {
      messages.push_back(FormatUuid(one.view()));
    }
    RETURN_IF_ERROR(tables.PutRequest(id.key, id.body, sent.front()));
    return Composed{sent.front(), /*fresh=*/true};
  });
  context_.wake();
  context_.board.Notify();
  if (!composed) {
    const Findings found = FindingsOf(composed.error());
    return found.empty() ? ProblemOf(composed.error()) : ProblemOf(found);
  }
  return ReplyOf(composed->fresh ? 202 : 200,
                 {{"message_id", FormatUuid(composed->id.view())},
                  {"messages", std::move(messages)},
                  {"new", composed->fresh}});
}

ApiReply Api::GetTasks() {
  const auto tasks = context_.store.Read([](Tables& tables) { return tables.ListTasks(); });
  if (!tasks) {
    return ProblemOf(tasks.error());
  }
  Json list = Json::array();
  for (const TaskRow& task : *tasks) {
    list.push_back({{"notula", FormatUuid(task.minutes.view())},
                    {"nomor", task.number},
                    {"batas", TimeOf(task.due)},
                    {"sejak", TimeOf(task.since)},
                    {"selesai", TimeOf(task.done_at)}});
  }
  return ReplyOf(200, {{"tasks", std::move(list)}});
}

ApiReply Api::PostTaskDone(const ApiRequest& request, const std::string& minutes) {
  const auto bytes = ParseUuid(minutes);
  const auto id = bytes ? MessageId::FromBytes(*bytes) : Result<MessageId>(Fail(bytes.error()));
  const auto body = ParseJson(request.body);
  if (!id || !body) {
    return ProblemOf(id ? body.error() : id.error());
  }
  const auto number = body->find("nomor");
  if (number == body->end() || !number->is_number_unsigned() ||
      number->get<uint64_t>() > INT32_MAX) {
    return ProblemOf(Findings{{"nomor", "nomor tugas dalam notula, dari 0 / its number, from 0"}});
  }
  const int place = number->get<int>();
  const auto done = context_.store.Write([&](Tables& tables) {
    return tables.FinishTask(*id, place, request.reader, context_.clock.Now());
  });
  return done ? ReplyOf(200, {{"notula", minutes}, {"nomor", place}, {"selesai", true}})
              : ProblemOf(done.error());
}

}  // namespace rujukan::agency
