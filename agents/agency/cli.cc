#include "agents/agency/cli.h"

#include <algorithm>
#include <iostream>
#include <iterator>

#include "agents/agency/file.h"
#include "agents/agency/phrases.h"
#include "agents/agency/print.h"
#include "agents/agency/time_text.h"
#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kWaitStepS = 30;  // one long poll; several make a longer wait

int ExitOfStatus(int status) {
  if (status < 400) {
    return kExitOk;
  }
  return status == 503 ? kExitUnavailable : (status >= 500 ? kExitInternal : kExitFailed);
}

int GetAndPrint(const Terminal& terminal, const std::string& path, Printer print) {
  const auto reply = CallApi(terminal.socket_path, {"GET", path, ""});
  return reply ? PrintReply(terminal, *reply, print) : Report(terminal, reply.error());
}

// The fields of the message that `options` answers, as what it says itself; shown first, so that
// nobody signs unread.
Result<void> TakeFieldsOf(const Terminal& terminal, ActOptions& options) {
  ASSIGN_OR_RETURN(const auto reply,
                   CallApi(terminal.socket_path, {"GET", "/v1/messages/" + options.cause, ""}));
  const Json message = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (reply.status >= 400 || !message.is_object()) {
    return Fail(Errc::kNotFound, JsonText(message, "detail"));
  }
  const Json isi = message.value("isi", Json::object());
  if (!isi.is_object() || !isi.contains(options.content_field)) {
    return Fail(Errc::kInvalid,
                "pesan itu bukan jenis yang dijawab langkah ini / that message is not of the kind "
                "that this step answers with the same words");
  }
  options.isi = isi[options.content_field];
  if (!terminal.json) {
    PrintFields(options.isi, terminal.out);
  }
  return {};
}

enum class Arrival { kUnderWay, kDelivered, kHeld, kFailed };

// Delivered is what every recipient's machine says: one that could not read it is a failure, and so
// is one that was taken out before it got it. Held: it waits for a suspended recipient.
Arrival ArrivalOf(const Json& message) {
  const Json receipts = message.value("delivery_receipts", Json::array());
  for (const auto& receipt : receipts) {
    if (receipt.value("outcome", "") != "DELIVERED") {
      return Arrival::kFailed;
    }
  }
  bool held = false;
  for (const auto& withheld : message.value("withheld", Json::array())) {
    if (withheld.value("status", "") == "BOUNCED") {
      return Arrival::kFailed;
    }
    held = true;
  }
  if (held) {
    return Arrival::kHeld;
  }
  const size_t recipients = message.value("to", Json::array()).size();
  return receipts.size() == recipients ? Arrival::kDelivered : Arrival::kUnderWay;
}

// Waits for a message to get as far as `wait` says; prints it then. 69: not in time, it goes on by
// itself.
int WaitAndPrint(const Terminal& terminal, const std::string& id, WaitFor wait, int64_t timeout_s) {
  const std::string until = wait == WaitFor::kDelivery ? "delivered" : "receipted";
  for (int64_t left = timeout_s; left > 0; left -= kWaitStepS) {
    // Without content: what was just sent is known, and a look at it would be one more reading.
    const std::string path = "/v1/messages/" + id + "?isi=0&until=" + until +
                             "&wait=" + std::to_string(std::min(left, kWaitStepS));
    const auto reply = CallApi(terminal.socket_path, {"GET", path, ""});
    if (!reply || reply->status >= 400) {
      return reply ? PrintReply(terminal, *reply, PrintMessage) : Report(terminal, reply.error());
    }
    const Json message = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
    const std::string stage = message.value("stage", "");
    const Arrival arrival = ArrivalOf(message);
    if (stage == "REFUSED" || (wait == WaitFor::kDelivery && arrival == Arrival::kFailed)) {
      PrintReply(terminal, *reply, PrintMessage);
      return kExitFailed;
    }
    if (stage == "ACCEPTED" && wait == WaitFor::kDelivery && arrival == Arrival::kHeld) {
      PrintReply(terminal, *reply, PrintMessage);
      return kExitUnavailable;
    }
    if (stage == "ACCEPTED" && (wait == WaitFor::kReceipt || arrival == Arrival::kDelivered)) {
      return PrintReply(terminal, *reply, PrintMessage);
    }
  }
  return Report(terminal,
                Error{Errc::kUnavailable,
                      "pesan " + id +
                          " belum sampai, tetapi tersimpan dan terus dicoba; lihat "
                          "`rujukan-agent status` / not there yet, but stored and being "
                          "sent; see status"});
}

// What the API wrote, in the reader's language and zone. What other people wrote stays as it is.
Json ForReader(const Terminal& terminal, const std::string& body) {
  Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  MomentsIn(ZoneOfHome(terminal.home), json);
  InOneLanguage(SpokenOn(terminal.out), json);
  return json;
}

}  // namespace

int PostAndPrint(const Terminal& terminal, const MessagePost& post) {
  const auto reply = CallApi(terminal.socket_path, {"POST", post.path, post.body.dump()});
  if (!reply) {
    return Report(terminal, reply.error());
  }
  if (reply->status >= 400 || post.wait == WaitFor::kNothing) {
    return PrintReply(terminal, *reply, PrintQueued);
  }
  const Json answer = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
  return WaitAndPrint(terminal, answer.value("message_id", ""), post.wait, post.timeout_s);
}

Result<std::string> ReadInput(const std::string& file) {
  if (file != "-") {
    return ReadFile(file, kApiBodyBytesMax);
  }
  std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
  if (text.size() > kApiBodyBytesMax) {
    return Fail(Errc::kLimit, "standard input is over 300 KiB");
  }
  return text;
}

int PrintReply(const Terminal& terminal, const ApiReply& reply, Printer print) {
  if (terminal.json) {
    terminal.out << reply.body;
    return ExitOfStatus(reply.status);
  }
  const Json json = ForReader(terminal, reply.body);
  if (reply.status >= 400) {
    PrintProblem(json, terminal.err);
  } else {
    print(json, terminal.out);
  }
  return ExitOfStatus(reply.status);
}

int ExitCodeOf(const Error& error) {
  switch (error.code) {
    case Errc::kUnavailable:
      return kExitUnavailable;
    case Errc::kCorrupt:
      return kExitVerification;
    case Errc::kFatal:
      return kExitInternal;
    default:
      return kExitFailed;
  }
}

int Report(const Terminal& terminal, const Error& error) {
  if (terminal.json) {
    terminal.out << ProblemOf(error).body;
  } else {
    terminal.err << Phrase::kFailed << ": " << OneLanguage(error.context, SpokenOn(terminal.err))
                 << "\n";
  }
  return ExitCodeOf(error);
}

int Send(const Terminal& terminal, const SendOptions& options) {
  const auto text = ReadInput(options.file);
  if (!text) {
    return Report(terminal, text.error());
  }
  auto body = ParseJson(*text);
  if (!body) {
    return Report(terminal, Error{Errc::kInvalid, options.file + ": " + body.error().context});
  }
  if (!options.key.empty()) {
    (*body)["kunci_idempoten"] = options.key;
  } else if (!body->contains("kunci_idempoten")) {
    (*body)["kunci_idempoten"] = ToHex(certs::Sha256(*text).view());
  }
  return PostAndPrint(terminal, {"/v1/messages", *body, options.wait, options.timeout_s});
}

Result<void> MergeFile(const std::string& file, Json& isi) {
  if (file.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto text, ReadInput(file));
  ASSIGN_OR_RETURN(const auto given, ParseJson(text));
  if (!given.is_object()) {
    return Fail(Errc::kInvalid, file + ": harus objek JSON / must be a JSON object");
  }
  isi.update(given);
  return {};
}

int Act(const Terminal& terminal, ActOptions options) {
  auto ready = MergeFile(options.file, options.isi);
  // A second signature is under the very record that the first is under.
  if (ready && !options.cause.empty() && options.isi.empty()) {
    ready = TakeFieldsOf(terminal, options);
  }
  if (!ready) {
    return Report(terminal, ready.error());
  }
  Json body = {{"isi", options.isi}};
  if (!options.cause.empty()) {
    body[kCauseMember] = options.cause;
  }
  const std::string named = options.leg + "\n" + options.action + "\n" + body.dump();
  body["kunci_idempoten"] = options.key.empty() ? ToHex(certs::Sha256(named).view()) : options.key;
  const std::string path = "/v1/legs/" + options.leg + "/" + options.action;
  const WaitFor wait = options.wait ? WaitFor::kReceipt : WaitFor::kNothing;
  return PostAndPrint(terminal, {path, body, wait, options.timeout_s});
}

int ListMessages(const Terminal& terminal, const ListOptions& options) {
  const std::string room = options.outgoing ? "outbox" : "inbox";
  const int64_t wait_s = std::min(options.wait_s, kApiWaitMsMax / 1000);
  return GetAndPrint(terminal,
                     "/v1/" + room + "?after=" + std::to_string(options.after) + "&limit=" +
                         std::to_string(options.limit) + "&wait=" + std::to_string(wait_s),
                     PrintList);
}

int ListLegs(const Terminal& terminal) {
  return GetAndPrint(terminal, "/v1/legs", PrintLegs);
}

int Show(const Terminal& terminal, const std::string& id) {
  const auto leg = CallApi(terminal.socket_path, {"GET", "/v1/legs/" + id, ""});
  if (leg && leg->status == 404) {
    return GetAndPrint(terminal, "/v1/messages/" + id, PrintMessage);
  }
  return leg ? PrintReply(terminal, *leg, PrintLeg) : Report(terminal, leg.error());
}

int Status(const Terminal& terminal) {
  return GetAndPrint(terminal, "/v1/status", PrintStatus);
}

}  // namespace rujukan::agency
