// The API's requests that change something.
#include "agents/agency/api.h"
#include "agents/agency/beside.h"
#include "agents/agency/redirect.h"
#include "agents/agency/request.h"
#include "agents/agency/sending_rules.h"
#include "agents/agency/step_content.h"
#include "agents/link/directory.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kRefreshWaitMs = 3'000;

ApiReply AnswerOf(const Result<Composed>& composed,
                  const std::string& leg_id,
                  const Json& to = nullptr) {
  if (!composed) {
    const Findings findings = FindingsOf(composed.error());
    return findings.empty() ? ProblemOf(composed.error()) : ProblemOf(findings);
  }
  // 202: durable here and on its way; 200: it was asked for before.
  Json json = {{"message_id", FormatUuid(composed->id.view())},
               {"leg_id", leg_id.empty() ? Json(nullptr) : Json(leg_id)},
               {"new", composed->fresh}};
  if (!to.is_null()) {
    json["to"] = to;
  }
  return ReplyOf(composed->fresh ? 202 : 200, std::move(json));
}

// Of a request that was only to be checked: it would be queued, or was before.
ApiReply CheckedReply(const Result<Composed>& composed) {
  return composed ? ReplyOf(200,
                            {{"message_id", nullptr},
                             {"leg_id", nullptr},
                             {"new", composed->fresh},
                             {"checked", true}})
                  : AnswerOf(composed, "");
}

// What the answer to a new message says of it besides its id.
struct Queued {
  std::string leg;
  Json to = Json::array();
};
Result<Queued> QueuedOf(Tables& tables, const MessageId& id) {
  Queued queued;
  ASSIGN_OR_RETURN(const auto row, tables.Find(id));
  v1::Header header;
  if (row && header.ParseFromString(row->header)) {
    queued.leg = row->leg.empty() ? "" : FormatUuid(row->leg);
    queued.to = header.to();
  }
  return queued;
}

// Whom a message goes to that names nobody: those it invites, or who sent what it answers.
Result<void> FillRecipients(Tables& tables, const std::string& own, NewMessage& message) {
  if (message.to.empty()) {
    message.to = RecipientsIn(message.content, own);
  }
  const auto id = MessageId::FromBytes(message.cause);
  if (message.to.empty() && id) {
    ASSIGN_OR_RETURN(const auto answered, tables.Find(*id));
    v1::Header header;
    if (answered && !answered->outgoing && header.ParseFromString(answered->header)) {
      message.to = {header.from()};
    }
  }
  if (message.to.empty()) {
    return FailWith({{"kepada", "tidak ada penerima / there is nobody to send it to"}});
  }
  return {};
}

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
  NewMessage message =
      ReadMessageRequest(*body, findings, context_.clock.Now(), context_.config.officer);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto filled = context_.store.Read(
      [&](Tables& tables) { return FillRecipients(tables, context_.config.address, message); });
  if (!filled) {
    return AnswerOf(Fail(filled.error()), "");
  }
  if (message.content.keluhan_layanan().anonim()) {
    message.content.clear_petugas();
  }
  return PostNew(request, RequestIdOf(*body, request.body, "messages"), std::move(message));
}

ApiReply Api::PostNew(const ApiRequest& request, const RequestId& id, NewMessage message) {
  // What was queued once is answered as it was then, whatever policy and directory have become.
  Queued queued;
  const auto repeated = context_.store.Read([&](Tables& tables) -> Result<std::optional<Composed>> {
    ASSIGN_OR_RETURN(const auto found, FindRepeated(tables, id));
    if (found) {
      ASSIGN_OR_RETURN(queued, QueuedOf(tables, found->id));
    }
    return found;
  });
  if (!repeated) {
    return ProblemOf(repeated.error());
  }
  if (*repeated) {
    return CheckOnly(request) ? CheckedReply(**repeated)
                              : AnswerOf(**repeated, queued.leg, queued.to);
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  const auto named =
      context_.store.Read([&](Tables& tables) { return NameOffices(tables, sender, message); });
  if (!named) {
    return AnswerOf(Fail(named.error()), "");
  }
  const auto judged = CheckPolicy(message);
  if (!judged) {
    return ProblemOf(judged.error());
  }
  if (*judged) {
    return **judged;
  }
  Findings findings;
  CheckRecipients(message.to, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto queue = [&](Tables& tables) -> Result<Composed> {
    ASSIGN_OR_RETURN(const auto composed, QueueMessage(tables, sender, id, std::move(message)));
    ASSIGN_OR_RETURN(queued, QueuedOf(tables, composed.id));
    return composed;
  };
  if (CheckOnly(request)) {
    return CheckedReply(context_.store.Try(queue));
  }
  const auto composed = context_.store.Write(queue);
  context_.wake();
  context_.board.Notify();
  return AnswerOf(composed, queued.leg, queued.to);
}

// An emergency's redirect opens the next leg at once: what would stop that is told before.
Result<std::optional<ApiReply>> Api::CheckEmergencyRedirect(const LegId& leg, const NewStep& step) {
  NewMessage next;
  const auto opens = context_.store.Read([&](Tables& tables) -> Result<bool> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(leg));
    if (!row || LegToOpen(*row, step, context_.clock.Now()).empty()) {
      return false;
    }
    ASSIGN_OR_RETURN(next,
                     Continue(tables,
                              *row,
                              step.content.alihkan().tujuan(),
                              step.content.petugas(),
                              context_.clock.Now()));
    return true;
  });
  if (!opens || !*opens) {
    return opens ? Result<std::optional<ApiReply>>(std::nullopt) : Fail(opens.error());
  }
  Findings findings;
  CheckRecipients(next.to, findings);
  if (!findings.empty()) {
    return std::optional<ApiReply>(ProblemOf(findings));
  }
  return CheckPolicy(next);
}

Result<std::optional<ApiReply>> Api::CheckStep(const LegId& leg, NewStep& step) {
  Findings findings;
  const UnixMillis now = context_.clock.Now();
  const auto facts = context_.store.Read([&](Tables& tables) -> Result<LegFacts> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(leg));
    if (!row) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    RETURN_IF_ERROR(FillFromLeg(tables, *row, step.content, now, findings));
    return FactsOfLeg(*row, now);
  });
  if (!facts) {
    return Fail(facts.error());
  }
  if (findings.empty()) {
    findings = ValidateContent(step.kind, step.content, *facts);
  }
  if (!findings.empty()) {
    return std::optional<ApiReply>(ProblemOf(findings));
  }
  if (step.kind == v1::Kind::ALIHKAN) {
    return CheckEmergencyRedirect(leg, step);
  }
  return CheckDisclosure(leg, step.kind, step.content);
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
  NewStep step{action->kind,
               ReadActionRequest(*body, action->kind, context_.config.officer, findings),
               ReadCause(*body, findings)};
  if (step.kind == v1::Kind::KOREKSI && step.cause.empty()) {
    findings.push_back({"pesan", "tulis id pesan yang dikoreksi / which message it corrects"});
  }
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto refused = CheckStep(leg, step);
  if (!refused || *refused) {
    return refused ? **refused : ProblemOf(refused.error());
  }
  const Sender sender{context_.config.address, context_.clock.Now()};
  const RequestId id = RequestIdOf(*body, request.body, leg_text + "/" + name);
  const auto queue = [&](Tables& tables) {
    return QueueAction(tables, sender, id, leg, std::move(step));
  };
  if (CheckOnly(request)) {
    return CheckedReply(context_.store.Try(queue));
  }
  const auto composed = context_.store.Write(queue);
  context_.wake();
  context_.review();
  context_.board.Notify();
  return AnswerOf(composed, leg_text);
}

ApiReply Api::PostForward(const ApiRequest& request, const std::string& leg_text) {
  const auto leg_bytes = ParseUuid(leg_text);
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!leg_bytes || !body) {
    return ProblemOf(leg_bytes ? body.error() : leg_bytes.error());
  }
  const LegId leg = LegId::FromBytes(*leg_bytes).value();
  const auto to = StringMember(*body, "kepada");
  if (!to) {
    return ProblemOf(Findings{{"kepada", "satu alamat / one address"}});
  }
  const auto message = context_.store.Read([&](Tables& tables) -> Result<NewMessage> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(leg));
    if (!row) {
      return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
    }
    return Continue(tables, *row, *to, context_.config.officer, context_.clock.Now());
  });
  if (!message) {
    return AnswerOf(Fail(message.error()), leg_text);
  }
  // What was right when the first leg was opened may not be any more.
  if (const Findings findings = ValidateNew(*message, context_.clock.Now()); !findings.empty()) {
    return ProblemOf(findings);
  }
  return PostNew(request, RequestIdOf(*body, request.body, leg_text + "/forward"), *message);
}

}  // namespace rujukan::agency
