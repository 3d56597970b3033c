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

ApiReply AnswerOf(const Result<Composed>& composed, const std::string& leg_id) {
  if (!composed) {
    const Findings findings = FindingsOf(composed.error());
    return findings.empty() ? ProblemOf(composed.error()) : ProblemOf(findings);
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
                  : AnswerOf(composed, "");
}

Result<std::string> LegOf(Tables& tables, const MessageId& id) {
  ASSIGN_OR_RETURN(const auto row, tables.Find(id));
  return row && !row->leg.empty() ? FormatUuid(row->leg) : std::string();
}

}  // namespace

namespace {

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
  Findings findings;
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

// An emergency's redirect opens the next leg at once: what would stop that is told before.
Result<std::optional<ApiReply>> Api::CheckEmergencyRedirect(const LegId& leg, const NewStep& step) {
  NewMessage next;
  const auto opens = context_.store.Read([&](Tables& tables) -> Result<bool> {
    ASSIGN_OR_RETURN(const auto row, tables.FindLeg(leg));
    if (!row || LegToOpen(*row, step, context_.clock.Now()).empty()) {
      return false;
    }
    ASSIGN_OR_RETURN(
        next, Continue(tables, *row, step.content.alihkan().tujuan(), step.content.petugas()));
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
    return Continue(tables, *row, *to, context_.config.officer);
  });
  if (!message) {
    return AnswerOf(Fail(message.error()), leg_text);
  }
  return PostNew(request, RequestIdOf(*body, request.body, leg_text + "/forward"), *message);
}

}  // namespace rujukan::agency
