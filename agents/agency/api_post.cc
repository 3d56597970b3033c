// The API's requests that change something.
#include "agents/agency/api.h"
#include "agents/agency/request.h"
#include "agents/link/directory.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kRefreshWaitMs = 3'000;

ApiReply AnswerOf(const Result<Composed>& composed, const std::string& leg_id) {
  if (!composed) {
    return ProblemOf(composed.error());
  }
  // 202: durable here and on its way; 200: it was asked for before.
  return ReplyOf(composed->fresh ? 202 : 200,
                 {{"message_id", FormatUuid(composed->id.view())},
                  {"leg_id", leg_id.empty() ? Json(nullptr) : Json(leg_id)},
                  {"new", composed->fresh}});
}

// Of a request that was only to be checked: it would be queued, or was before.
ApiReply CheckedReply(const Result<Composed>& composed) {
  return composed ? ReplyOf(200,
                            {{"message_id", nullptr},
                             {"leg_id", nullptr},
                             {"new", composed->fresh},
                             {"checked", true}})
                  : ProblemOf(composed.error());
}

Result<std::string> LegOf(Tables& tables, const MessageId& id) {
  ASSIGN_OR_RETURN(const auto row, tables.Find(id));
  return row && !row->leg.empty() ? FormatUuid(row->leg) : std::string();
}

}  // namespace

namespace {

void AwaitRefresh(const Board& board, const Clock& clock, uint64_t refreshes_seen) {
  const UnixMillis until = clock.Now() + kRefreshWaitMs;
  while (clock.Now() < until && !board.stopped()) {
    const uint64_t version = board.version();
    if (board.status().directory_refreshes != refreshes_seen) {
      return;
    }
    board.WaitPast(version, until - clock.Now());
  }
}

}  // namespace

// An address may have been admitted a moment ago: look, refresh once, look again. Without a broker
// the message is queued and the outbox decides later.
void Api::CheckRecipients(const std::vector<std::string>& to, Findings& findings) {
  const uint64_t seen = context_.board.status().directory_refreshes;
  for (const auto& address : to) {
    auto contact = link::FindContact(context_.store.directory(), address);
    if (!contact && context_.board.status().connected()) {
      context_.refresh_directory();
      AwaitRefresh(context_.board, context_.clock, seen);
      contact = link::FindContact(context_.store.directory(), address);
    }
    if (!contact && context_.board.status().connected()) {
      findings.push_back(Finding{"kepada",
                                 "tidak ada atau tidak aktif dalam direktori; lihat GET "
                                 "/v1/directory / " +
                                     contact.error().context});
    }
  }
}

ApiReply Api::PostMessage(const ApiRequest& request) {
  const auto body = ParseJson(request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  Findings findings;
  NewMessage message = ReadMessageRequest(*body, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const RequestId id = RequestIdOf(*body, request.body, "messages");
  const auto earlier =
      context_.store.Read([&](Tables& tables) { return tables.FindRequest(id.key); });
  // What was queued once is answered as it was then, whatever the policy has become.
  const auto judged =
      !earlier || *earlier ? Result<std::optional<ApiReply>>(std::nullopt) : CheckPolicy(message);
  if (!earlier || !judged) {
    return ProblemOf(earlier ? judged.error() : earlier.error());
  }
  if (*judged) {
    return **judged;
  }
  CheckRecipients(message.to, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  std::string leg;
  const auto queue = [&](Tables& tables) -> Result<Composed> {
    ASSIGN_OR_RETURN(const auto queued, QueueMessage(tables, sender, id, std::move(message)));
    ASSIGN_OR_RETURN(leg, LegOf(tables, queued.id));
    return queued;
  };
  if (CheckOnly(request)) {
    return CheckedReply(context_.store.Try(queue));
  }
  const auto composed = context_.store.Write(queue);
  context_.wake();
  context_.board.Notify();
  return AnswerOf(composed, leg);
}

ApiReply Api::PostAction(const ApiRequest& request,
                         const std::string& leg_text,
                         const std::string& name) {
  const Action* action = FindAction(name);
  const auto leg_bytes = ParseUuid(leg_text);
  if (action == nullptr || !leg_bytes) {
    return ProblemNamed("not-found", "tidak ada langkah atau rujukan ini / no such action or leg");
  }
  const LegId leg = LegId::FromBytes(*leg_bytes).value();
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  Findings findings;
  v1::Content content = ReadActionRequest(*body, action->kind, context_.config.officer, findings);
  const auto opening =
      context_.store.Read([&](Tables& tables) { return OpeningContent(tables, leg); });
  if (!opening) {
    return ProblemOf(opening.error());
  }
  if (findings.empty()) {
    findings = ValidateContent(action->kind, content, opening->rujukan().t1().tingkat_risiko());
  }
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto judged = CheckDisclosure(leg, content);
  if (!judged || *judged) {
    return judged ? **judged : ProblemOf(judged.error());
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  const RequestId id = RequestIdOf(*body, request.body, leg_text + "/" + name);
  const auto queue = [&](Tables& tables) {
    return QueueAction(tables, sender, id, leg, action->kind, std::move(content));
  };
  if (CheckOnly(request)) {
    return CheckedReply(context_.store.Try(queue));
  }
  const auto composed = context_.store.Write(queue);
  context_.wake();
  context_.board.Notify();
  return AnswerOf(composed, leg_text);
}

}  // namespace rujukan::agency
