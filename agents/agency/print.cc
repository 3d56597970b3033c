#include "agents/agency/print.h"

#include <algorithm>

#include "agents/agency/phrases.h"
#include "agents/agency/print_directory.h"
#include "base/printable.h"

namespace rujukan::agency {

std::string JsonText(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) {
    return "-";
  }
  return found->is_string() ? Printable(found->get<std::string>()) : found->dump();
}

namespace {

using P = Phrase;

std::string Get(const Json& json, const char* name) {
  return JsonText(json, name);
}

// Lines "path: value" of everything in a document. Depth is bounded by ParseJson.
void PrintTree(const Json& json,  // NOLINT(misc-no-recursion)
               const std::string& path,
               std::ostream& out) {
  if (!json.is_structured()) {
    out << "    " << path << ": "
        << (json.is_string() ? Printable(json.get<std::string>()) : json.dump()) << "\n";
    return;
  }
  size_t index = 0;
  for (const auto& [name, value] : json.items()) {
    const std::string step =
        json.is_array() ? "[" + std::to_string(index++) + "]" : (path.empty() ? "" : ".") + name;
    PrintTree(value, path + step, out);
  }
}

void PrintReceipt(const std::string& what, const Json& receipt, std::ostream& out) {
  if (!receipt.is_object()) {
    out << "  " << what << ": " << P::kNoneYet << "\n";
    return;
  }
  const bool verified = receipt.value("verified", false);
  out << "  " << what << ": " << P::kEntry << " " << Get(receipt, "index") << " " << P::kOf << " "
      << Get(receipt, "tree_size") << ", " << (verified ? P::kProofVerified : P::kProofFails)
      << "\n";
}

std::string Peers(const Json& message, Lang lang) {
  if (Get(message, "direction") == "in") {
    return Say(P::kFrom, lang) + " " + Get(message, "from");
  }
  std::string peers = Say(P::kTo, lang);
  for (const auto& to : message.value("to", Json::array())) {
    peers += " " + Printable(to.get<std::string>());
  }
  return peers;
}

std::string WithheldNote(const Json& message, Lang lang) {
  const std::string how = Get(message, "withheld_as");
  const bool bounced = how == "BOUNCED";
  return bounced || how == "HELD" ? "  " + Say(bounced ? P::kBouncedLoud : P::kHeldLoud, lang) : "";
}

// A label of the status, padded so that the values stand in one column.
void Line(Phrase label, const std::string& value, std::ostream& out) {
  constexpr size_t kWidth = 24;
  std::string text = Say(label, SpokenOn(out));
  text.resize(std::max(kWidth, text.size() + 1), ' ');
  out << "  " << text << value << "\n";
}

void PrintWitnesses(const Json& witnesses, std::ostream& out) {
  if (!witnesses.value("diikuti", false)) {
    return;
  }
  const Lang lang = SpokenOn(out);
  if (witnesses.value("terpenuhi", false)) {
    Line(P::kWitnesses, Say(P::kEnough, lang), out);
    return;
  }
  Line(P::kWitnesses, Say(P::kNotEnough, lang) + ": " + Get(witnesses, "masalah"), out);
  if (witnesses.value("wajib", false)) {
    out << std::string(26, ' ') << P::kOnlyMostUrgent << "\n";
  }
}

// What of the notices did not get through; those that do need no line.
void PrintNotices(const Json& notices, std::ostream& out) {
  const Lang lang = SpokenOn(out);
  for (const auto& one : notices) {
    const std::string error = Get(one, "galat");
    Line(P::kNotices,
         Get(one, "sasaran") + ": " + Get(one, "terkirim") + " " + Say(P::kToldTimes, lang) + ", " +
             Get(one, "gagal") + " " + Say(P::kFailedTimes, lang) +
             (error.empty() ? "" : ": " + error),
         out);
  }
}

}  // namespace

void PrintFields(const Json& json, std::ostream& out) {
  PrintTree(json, "", out);
}

void PrintStatus(const Json& status, std::ostream& out) {
  out << Get(status, "address") << "  " << Get(status, "official_name") << "\n";
  Line(P::kLink, Get(status, "link") + "  " + Get(status, "broker"), out);
  if (!Get(status, "last_error").empty()) {
    Line(P::kLastError, Get(status, "last_error"), out);
  }
  if (!Get(status, "alarm").empty()) {
    out << "  ALARM                   " << Get(status, "alarm") << "\n";
  }
  PrintWitnesses(status.value("saksi", Json::object()), out);
  Line(P::kLedger, Get(status, "tree_size") + " " + Say(P::kEntries, SpokenOn(out)), out);
  Line(P::kQueued, Get(status, "queued"), out);
  Line(P::kAccepted, Get(status, "accepted"), out);
  Line(P::kRefused, Get(status, "refused"), out);
  Line(P::kReceived, Get(status, "received"), out);
  for (const auto& [name, label] :
       {std::pair("held", P::kHeld), std::pair("bounced", P::kBounced)}) {
    if (status.value(name, 0) > 0) {
      Line(label, Get(status, name), out);
    }
  }
  Line(P::kReads,
       Get(status, "reads_logged") + ", " + Say(P::kInLedger, SpokenOn(out)) + " " +
           Get(status, "reads_anchored"),
       out);
  PrintNotices(status.value("pemberitahuan", Json::array()), out);
  PrintCertificates(status.value("certificates", Json::array()), out);
  const Json rotation = status.value("rotation", Json::object());
  if (Get(rotation, "state") != "NONE" && Get(rotation, "state") != "-") {
    out << "  " << P::kKeyRenewal << ": " << Get(rotation, "state") << "  " << Get(rotation, "note")
        << "\n";
  }
}

void PrintList(const Json& list, std::ostream& out) {
  const auto messages = list.value("messages", Json::array());
  if (messages.empty()) {
    out << "(" << P::kEmpty << ")\n";
  }
  for (const auto& message : messages) {
    out << Get(message, "stored_at") << "  " << Get(message, "kind") << "  "
        << Get(message, "urgency") << "  " << Peers(message, SpokenOn(out)) << "  "
        << Get(message, "stage") << WithheldNote(message, SpokenOn(out)) << "\n    " << P::kLeg
        << " " << Get(message, "leg_id") << "  " << P::kMessage << " " << Get(message, "message_id")
        << "\n";
    if (Get(message, "decide_by") != "-") {
      out << "    " << P::kDecideBy << " " << Get(message, "decide_by") << "\n";
    }
  }
}

void PrintLegs(const Json& legs, std::ostream& out) {
  for (const auto& leg : legs.value("legs", Json::array())) {
    out << Get(leg, "leg_id") << "  " << Get(leg, "state") << "  " << Get(leg, "role") << "  "
        << Get(leg, "peer") << "\n";
  }
}

void PrintMessage(const Json& message, std::ostream& out) {
  const Lang lang = SpokenOn(out);
  out << Get(message, "kind") << "  " << Peers(message, lang) << "  " << Get(message, "created_at")
      << "  " << Get(message, "stage") << "\n";
  out << "  " << P::kMessage << ": " << Get(message, "message_id") << "\n";
  if (Get(message, "reason") != "-") {
    out << "  " << P::kReason << ": " << Get(message, "reason") << "\n";
  }
  PrintReceipt(Say(P::kInLedger, lang), message.value("receipt", Json()), out);
  for (const auto& delivery : message.value("delivery_receipts", Json::array())) {
    PrintReceipt(Say(P::kReceiptOf, lang) + " " + Get(delivery, "recipient") + " (" +
                     Get(delivery, "outcome") + ")",
                 delivery.value("receipt", Json()),
                 out);
  }
  for (const auto& withheld : message.value("withheld", Json::array())) {
    const bool bounced = Get(withheld, "status") == "BOUNCED";
    out << "  " << (bounced ? P::kBouncedLoud : P::kHeldLoud) << "  " << Get(withheld, "recipient")
        << "\n    " << Get(withheld, "next_step") << "\n";
  }
  if (message.value("isi", Json()).is_object()) {
    PrintTree(message["isi"], "", out);
  }
  const Json erased = message.value("isi_dihapus", Json());
  if (erased.is_object()) {
    out << "  " << Get(erased, "note") << "  " << Get(erased, "at") << "\n";
  }
}

void PrintLeg(const Json& leg, std::ostream& out) {
  out << P::kLeg << " " << Get(leg, "leg_id") << "\n  " << P::kState << ": " << Get(leg, "state")
      << "\n  " << Get(leg, "role") << ", " << P::kPeer << ": " << Get(leg, "peer") << "\n  "
      << P::kPossibleNow << ": " << Get(leg, "actions") << "\n";
  const Json hold = leg.value("hold", Json::object());
  for (const char* where : {"here", "domain"}) {
    if (Get(hold, where) != "-") {
      out << "  " << P::kHeldNotErased << ": " << Get(hold, where) << "\n";
    }
  }
  for (const auto& message : leg.value("messages", Json::array())) {
    out << "\n";
    PrintMessage(message, out);
  }
}

void PrintQueued(const Json& answer, std::ostream& out) {
  const bool fresh = answer.value("new", true);
  out << (fresh ? P::kStored : P::kSentBefore) << "\n  " << P::kMessage << " "
      << Get(answer, "message_id") << "\n  " << P::kLeg << " " << Get(answer, "leg_id") << "\n";
}

void PrintProblem(const Json& problem, std::ostream& out) {
  out << P::kFailed << ": " << Get(problem, "detail") << "\n";
  for (const auto& error : problem.value("errors", Json::array())) {
    out << "  " << Get(error, "field") << ": " << Get(error, "detail") << "\n";
  }
}

}  // namespace rujukan::agency
