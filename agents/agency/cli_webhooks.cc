#include "agents/agency/cli_webhooks.h"

#include <ostream>

#include "agents/agency/print.h"
#include "base/printable.h"

namespace rujukan::agency {
namespace {

int Ask(const Terminal& terminal, const ApiCall& call, Printer print) {
  const auto reply = CallApi(terminal.socket_path, call);
  return reply ? PrintReply(terminal, *reply, print) : Report(terminal, reply.error());
}

void PrintWebhook(const Json& hook, std::ostream& out) {
  out << JsonText(hook, "id") << "  " << JsonText(hook, "url") << "\n  "
      << (hook.value("active", false) ? "aktif / active" : "MATI / OFF");
  std::string names;
  for (const auto& name : hook.value("events", Json::array())) {
    names += " " + Printable(name.get<std::string>());
  }
  out << "; kejadian / events:" << (names.empty() ? " semua / all" : names) << "\n";
  if (JsonText(hook, "last_error") != "-") {
    out << "  gagal / failed: " << JsonText(hook, "last_error")
        << "; dicoba lagi / next try: " << JsonText(hook, "next_attempt_at") << "\n";
  }
}

void PrintAdded(const Json& hook, std::ostream& out) {
  PrintWebhook(hook, out);
  out << "  rahasia / secret: " << JsonText(hook, "secret")
      << "\n  simpan sekarang, tidak ditampilkan lagi / keep it now, it is not shown again\n";
}

void PrintWebhooks(const Json& reply, std::ostream& out) {
  const Json hooks = reply.value("webhooks", Json::array());
  for (const auto& hook : hooks) {
    PrintWebhook(hook, out);
  }
  if (hooks.empty()) {
    out << "belum ada kait / no webhooks: rujukan-agent webhook add URL\n";
  }
}

void PrintRemoved(const Json&, std::ostream& out) {
  out << "dihapus / removed\n";
}

void PrintLetters(const Json& reply, std::ostream& out) {
  const Json letters = reply.value("dead_letters", Json::array());
  for (const auto& letter : letters) {
    out << JsonText(letter, "event") << "  " << JsonText(letter, "type") << "  "
        << JsonText(letter, "died_at") << "\n  " << JsonText(letter, "attempts")
        << " kali / tries: " << JsonText(letter, "reason") << "\n";
  }
  if (letters.empty()) {
    out << "tidak ada / none\n";
  }
}

void PrintReplayed(const Json& reply, std::ostream& out) {
  out << "dikirim lagi / to be told again: "
      << (reply.contains("since") ? "sejak / since " + JsonText(reply, "since")
                                  : JsonText(reply, "replayed"))
      << "\n";
}

void PrintEvents(const Json& reply, std::ostream& out) {
  for (const auto& event : reply.value("events", Json::array())) {
    out << JsonText(event, "cursor") << "  " << JsonText(event, "time") << "  "
        << JsonText(event, "type");
    for (const char* name : {"kind", "code", "leg_id", "message_id"}) {
      if (event.contains(name)) {
        out << "  " << JsonText(event, name);
      }
    }
    out << "\n";
  }
  out << "kursor / cursor: " << JsonText(reply, "cursor") << "\n";
}

}  // namespace

int AddWebhook(const Terminal& terminal, const WebhookOptionsGiven& given) {
  Json body = {{"url", given.url}, {"events", given.events}};
  if (!given.since.empty()) {
    body["since"] = given.since;
  }
  return Ask(terminal, {"POST", "/v1/webhooks", body.dump()}, PrintAdded);
}

int ListWebhooks(const Terminal& terminal) {
  return Ask(terminal, {"GET", "/v1/webhooks", ""}, PrintWebhooks);
}

int RemoveWebhook(const Terminal& terminal, const std::string& id) {
  return Ask(terminal, {"DELETE", "/v1/webhooks/" + id, ""}, PrintRemoved);
}

int EnableWebhook(const Terminal& terminal, const std::string& id, bool active) {
  const Json body = {{"active", active}};
  return Ask(terminal, {"PATCH", "/v1/webhooks/" + id, body.dump()}, PrintWebhook);
}

int TestWebhook(const Terminal& terminal, const std::string& id) {
  const auto reply = CallApi(terminal.socket_path, {"POST", "/v1/webhooks/" + id + "/test", "{}"});
  if (!reply) {
    return Report(terminal, reply.error());
  }
  const int code = PrintReply(terminal, *reply, [](const Json& json, std::ostream& out) {
    out << (json.value("taken", false) ? "diterima / taken"
                                       : "tidak diterima / not taken: " + JsonText(json, "failure"))
        << "\n";
  });
  const Json json = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
  return code == kExitOk && !json.value("taken", false) ? kExitFailed : code;
}

int ListDeadLetters(const Terminal& terminal, const WebhookOptionsGiven& given) {
  return Ask(terminal,
             {"GET",
              "/v1/webhooks/" + given.id + "/dead-letters?limit=" + std::to_string(given.limit),
              ""},
             PrintLetters);
}

int ReplayWebhook(const Terminal& terminal, const WebhookOptionsGiven& given) {
  Json body = Json::object();
  if (!given.event.empty()) {
    body["event"] = given.event;
  } else if (!given.since.empty()) {
    body["since"] = given.since;
  }
  return Ask(
      terminal, {"POST", "/v1/webhooks/" + given.id + "/replay", body.dump()}, PrintReplayed);
}

int ListEvents(const Terminal& terminal, const EventsOptions& options) {
  std::string path = "/v1/events?limit=" + std::to_string(options.limit) +
                     "&wait=" + std::to_string(options.wait_s);
  path += options.since.empty() ? "" : "&since=" + options.since;
  path += options.types.empty() ? "" : "&type=" + options.types;
  return Ask(terminal, {"GET", path, ""}, PrintEvents);
}

}  // namespace rujukan::agency
