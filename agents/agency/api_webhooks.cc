// The API's webhooks: registering, changing, trying, dead letters and replay. The telling itself is
// webhook_worker.h's.
#include "agents/agency/api.h"
#include "agents/agency/event.h"
#include "agents/agency/query.h"
#include "agents/agency/render.h"
#include "agents/agency/webhook_delivery.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

Json WebhookJson(const WebhookRow& hook) {
  Json events = Json::array();
  if (const auto filter = EventFilter::Parse(hook.events); filter) {
    for (const auto& name : filter->names()) {
      events.push_back(name);
    }
  }
  return {{"id", hook.id},
          {"url", hook.url},
          {"events", std::move(events)},
          {"active", hook.active},
          {"created_at", TimeOf(hook.created_at)},
          {"cursor", std::to_string(hook.cursor)},
          {"attempts", hook.attempts},
          {"next_attempt_at", TimeOf(hook.next_at)},
          {"last_error", hook.last_error.empty() ? Json(nullptr) : Json(hook.last_error)},
          {"last_success_at", TimeOf(hook.last_ok_at)}};
}

Json LetterJson(const DeadLetter& letter) {
  return {{"event", FormatUuid(letter.event)},
          {"cursor", std::to_string(letter.cursor)},
          {"type", EventName(static_cast<EventType>(letter.type))},
          {"attempts", letter.attempts},
          {"reason", letter.reason},
          {"died_at", TimeOf(letter.died_at)}};
}

Error NoSuchWebhook() {
  return Error{Errc::kNotFound, "tidak ada kait dengan id ini / no such webhook: GET /v1/webhooks"};
}

Result<WebhookRow> RequireWebhook(Tables& tables, const std::string& id) {
  ASSIGN_OR_RETURN(auto hook, tables.FindWebhook(id));
  return hook ? Result<WebhookRow>(std::move(*hook)) : Fail(NoSuchWebhook());
}

void RefuseOthers(const Json& body,
                  std::initializer_list<std::string_view> known,
                  Findings& findings) {
  for (const auto& [name, value] : body.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      findings.push_back({name.size() <= 64 ? name : "?", "bidang tidak dikenal / unknown field"});
    }
  }
}

void ReadUrl(const Json& body, WebhookRow& hook, Findings& findings) {
  const auto url = StringMember(body, "url");
  const auto fits = url ? CheckPostUrl(*url) : Result<void>(Fail(url.error()));
  if (!fits) {
    findings.push_back({"url", url ? fits.error().context : "teks / a text"});
    return;
  }
  hook.url = *url;
}

void ReadEvents(const Json& body, WebhookRow& hook, Findings& findings) {
  const auto found = body.find("events");
  std::string names;
  for (size_t i = 0; found != body.end() && i < found->size(); ++i) {
    const bool text = found->is_array() && (*found)[i].is_string();
    names += (names.empty() ? "" : ",") + (text ? (*found)[i].get<std::string>() : "?");
  }
  const auto filter = EventFilter::Parse(names);
  if (!filter || (found != body.end() && !found->is_array())) {
    findings.push_back(
        {"events", filter ? "larik teks / an array of texts" : filter.error().context});
    return;
  }
  hook.events = filter->text();
}

// "since": a cursor, or "oldest"; absent: from now on.
void ReadSince(const Json& body,
               const Tables::EventBounds& bounds,
               WebhookRow& hook,
               Findings& findings) {
  hook.cursor = bounds.last;
  const auto since = StringMember(body, "since");
  const auto number = since ? ParseDecimal(*since) : Result<uint64_t>(Fail(since.error()));
  if (since && *since == "oldest") {
    hook.cursor = bounds.pruned;
  } else if (number && *number >= static_cast<uint64_t>(bounds.pruned) &&
             *number <= static_cast<uint64_t>(bounds.last)) {
    hook.cursor = static_cast<int64_t>(*number);
  } else if (!since || !since->empty()) {
    findings.push_back({"since",
                        "kursor yang masih tersimpan, atau \"oldest\" / a cursor that is still "
                        "kept, or \"oldest\""});
  }
}

}  // namespace

ApiReply Api::PostWebhook(const ApiRequest& request) {
  const auto body = ParseJson(request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  const auto bounds = context_.store.Read([](Tables& tables) { return tables.BoundsOfEvents(); });
  if (!bounds) {
    return ProblemOf(bounds.error());
  }
  WebhookRow hook;
  Findings findings;
  RefuseOthers(*body, {"url", "events", "since"}, findings);
  ReadUrl(*body, hook, findings);
  ReadEvents(*body, hook, findings);
  ReadSince(*body, *bounds, hook, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  hook.created_at = context_.clock.Now();
  hook.id = FormatUuid(certs::NewMessageId(hook.created_at).view());
  hook.secret = NewWebhookSecret();
  const auto added = context_.store.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto hooks, tables.ListWebhooks());
    if (hooks.size() >= limits::kWebhooksMax) {
      return Fail(Errc::kConflict,
                  "paling banyak " + std::to_string(limits::kWebhooksMax) +
                      " kait; hapus yang tidak dipakai / webhooks at most: remove one first");
    }
    return tables.AddWebhook(hook);
  });
  if (!added) {
    return ProblemOf(added.error());
  }
  context_.board.Notify();
  Json json = WebhookJson(hook);
  json["secret"] = hook.secret;
  ApiReply reply = ReplyOf(201, json);
  reply.headers.emplace_back("Location", "/v1/webhooks/" + hook.id);
  return reply;
}

ApiReply Api::GetWebhooks() {
  const auto hooks = context_.store.Read([](Tables& tables) { return tables.ListWebhooks(); });
  if (!hooks) {
    return ProblemOf(hooks.error());
  }
  Json list = Json::array();
  for (const auto& hook : *hooks) {
    list.push_back(WebhookJson(hook));
  }
  return ReplyOf(200, {{"webhooks", std::move(list)}});
}

ApiReply Api::GetWebhook(const std::string& id) {
  const auto hook = context_.store.Read([&](Tables& tables) { return RequireWebhook(tables, id); });
  return hook ? ReplyOf(200, WebhookJson(*hook)) : ProblemOf(hook.error());
}

ApiReply Api::PatchWebhook(const ApiRequest& request, const std::string& id) {
  const auto body = ParseJson(request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  Findings findings;
  const auto changed = context_.store.Write([&](Tables& tables) -> Result<WebhookRow> {
    ASSIGN_OR_RETURN(WebhookRow hook, RequireWebhook(tables, id));
    RefuseOthers(*body, {"url", "events", "active"}, findings);
    if (body->contains("url")) {
      ReadUrl(*body, hook, findings);
    }
    if (body->contains("events")) {
      ReadEvents(*body, hook, findings);
    }
    if (const auto active = body->find("active"); active != body->end()) {
      if (active->is_boolean()) {
        hook.active = active->get<bool>();
      } else {
        findings.push_back({"active", "true atau false / true or false"});
      }
    }
    if (findings.empty()) {
      RETURN_IF_ERROR(tables.ChangeWebhook(hook));
    }
    return RequireWebhook(tables, id);
  });
  context_.board.Notify();
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  return changed ? ReplyOf(200, WebhookJson(*changed)) : ProblemOf(changed.error());
}

ApiReply Api::DeleteWebhook(const std::string& id) {
  const auto removed = context_.store.Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(RequireWebhook(tables, id));
    return tables.RemoveWebhook(id);
  });
  return removed ? ApiReply{204, "", ""} : ProblemOf(removed.error());
}

// One try, now, with an event that is only of this call; nothing is queued and nothing repeated.
ApiReply Api::TestWebhook(const std::string& id) {
  const auto hook = context_.store.Read([&](Tables& tables) { return RequireWebhook(tables, id); });
  if (!hook) {
    return ProblemOf(hook.error());
  }
  Event event{EventType::kWebhookTest, context_.clock.Now()};
  event.id = certs::NewMessageId(event.time).str();
  std::string body = WebhookBody(event, context_.config.address);
  auto headers = WebhookHeaders(hook->secret, FormatUuid(event.id), event.time, body);
  if (!headers) {
    return ProblemOf(headers.error());
  }
  const PostOutcome outcome =
      OutgoingPost(hook->url, std::move(*headers), std::move(body), limits::kWebhookTimeoutMs)
          .Perform();
  return ReplyOf(200,
                 {{"event", FormatUuid(event.id)},
                  {"taken", outcome.failure.empty()},
                  {"status", outcome.status == 0 ? Json(nullptr) : Json(outcome.status)},
                  {"failure", outcome.failure.empty() ? Json(nullptr) : Json(outcome.failure)}});
}

ApiReply Api::GetDeadLetters(const ApiRequest& request, const std::string& id) {
  Findings findings;
  Query query(request, findings);
  const int64_t after = query.Cursor("cursor").value_or(0);
  const size_t limit = query.Number("limit", kApiListMax, 50);
  if (!findings.empty()) {
    return ProblemOfQuery(findings);
  }
  const auto letters = context_.store.Read([&](Tables& tables) -> Result<std::vector<DeadLetter>> {
    RETURN_IF_ERROR(RequireWebhook(tables, id));
    return tables.ListDeadLetters(id, after, limit);
  });
  if (!letters) {
    return ProblemOf(letters.error());
  }
  Json list = Json::array();
  for (const auto& letter : *letters) {
    list.push_back(LetterJson(letter));
  }
  const int64_t cursor = letters->empty() ? after : letters->back().cursor;
  return ReplyOf(200, {{"dead_letters", std::move(list)}, {"cursor", std::to_string(cursor)}});
}

// {"event": ID}: this one. {"since": CURSOR}: everything after it once more. {}: every dead letter.
Result<Json> Api::Replay(Tables& tables, const std::string& id, const Json& body) {
  RETURN_IF_ERROR(RequireWebhook(tables, id));
  ASSIGN_OR_RETURN(const std::string event_text, StringMember(body, "event"));
  ASSIGN_OR_RETURN(const std::string since_text, StringMember(body, "since"));
  if (!event_text.empty()) {
    ASSIGN_OR_RETURN(const auto event_id, ParseUuid(event_text));
    ASSIGN_OR_RETURN(const auto event, tables.FindEvent(event_id));
    if (!event) {
      return Fail(Errc::kNotFound,
                  "kejadian ini tidak ada, atau tidak tersimpan lagi / no such event is kept");
    }
    RETURN_IF_ERROR(tables.PutReplay(id, event->cursor));
    return Json{{"replayed", 1}};
  }
  if (!since_text.empty()) {
    ASSIGN_OR_RETURN(const auto bounds, tables.BoundsOfEvents());
    ASSIGN_OR_RETURN(const auto cursor, ParseDecimal(since_text));
    if (cursor < static_cast<uint64_t>(bounds.pruned)) {
      return Fail(Errc::kExpired,
                  "kejadian sesudah kursor ini tidak tersimpan lagi; yang tertua / not kept any "
                  "more; the oldest cursor is " +
                      std::to_string(bounds.pruned));
    }
    RETURN_IF_ERROR(tables.RewindWebhook(
        id, static_cast<int64_t>(std::min<uint64_t>(cursor, static_cast<uint64_t>(bounds.last)))));
    return Json{{"since", since_text}};
  }
  ASSIGN_OR_RETURN(const int64_t count, tables.ReplayDeadLetters(id));
  return Json{{"replayed", count}};
}

ApiReply Api::PostReplay(const ApiRequest& request, const std::string& id) {
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!body) {
    return ProblemNamed("bad-request", body.error().context);
  }
  Findings findings;
  RefuseOthers(*body, {"event", "since"}, findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto replayed =
      context_.store.Write([&](Tables& tables) { return Replay(tables, id, *body); });
  context_.board.Notify();
  return replayed ? ReplyOf(202, *replayed) : ProblemOf(replayed.error());
}

}  // namespace rujukan::agency
