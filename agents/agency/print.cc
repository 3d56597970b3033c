#include "agents/agency/print.h"

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
    out << "  " << what << ": belum ada / none yet\n";
    return;
  }
  const bool verified = receipt.value("verified", false);
  out << "  " << what << ": entri " << Get(receipt, "index") << " dari "
      << Get(receipt, "tree_size")
      << (verified ? ", bukti sah / proof verified" : ", BUKTI TIDAK SAH / PROOF DOES NOT HOLD")
      << "\n";
}

std::string Peers(const Json& message) {
  if (Get(message, "direction") == "in") {
    return "dari " + Get(message, "from");
  }
  std::string peers = "kepada";
  for (const auto& to : message.value("to", Json::array())) {
    peers += " " + Printable(to.get<std::string>());
  }
  return peers;
}

std::string WithheldNote(const Json& message) {
  const std::string how = Get(message, "withheld_as");
  return how == "BOUNCED" ? "  KEMBALI / BOUNCED" : how == "HELD" ? "  DITAHAN / HELD" : "";
}

void PrintWitnesses(const Json& witnesses, std::ostream& out) {
  if (!witnesses.value("diikuti", false)) {
    return;
  }
  if (witnesses.value("terpenuhi", false)) {
    out << "  saksi / witnesses       cukup / enough\n";
    return;
  }
  out << "  saksi / witnesses       BELUM CUKUP / NOT ENOUGH: " << Get(witnesses, "masalah")
      << "\n";
  if (witnesses.value("wajib", false)) {
    out << "                          hanya AMAT_SEGERA yang dikirim / only AMAT_SEGERA is sent\n";
  }
}

}  // namespace

void PrintFields(const Json& json, std::ostream& out) {
  PrintTree(json, "", out);
}

void PrintStatus(const Json& status, std::ostream& out) {
  out << Get(status, "address") << "  " << Get(status, "official_name") << "\n";
  out << "  sambungan / link        " << Get(status, "link") << "  " << Get(status, "broker")
      << "\n";
  if (!Get(status, "last_error").empty()) {
    out << "  gangguan / last error   " << Get(status, "last_error") << "\n";
  }
  if (!Get(status, "alarm").empty()) {
    out << "  ALARM                   " << Get(status, "alarm") << "\n";
  }
  PrintWitnesses(status.value("saksi", Json::object()), out);
  out << "  buku besar / ledger     " << Get(status, "tree_size") << " entri / entries\n";
  out << "  antre / queued          " << Get(status, "queued") << "\n";
  out << "  terkirim / accepted     " << Get(status, "accepted") << "\n";
  out << "  ditolak / refused       " << Get(status, "refused") << "\n";
  out << "  masuk / received        " << Get(status, "received") << "\n";
  for (const auto& [name, label] : {std::pair("held", "ditahan / held          "),
                                    std::pair("bounced", "kembali / bounced       ")}) {
    if (status.value(name, 0) > 0) {
      out << "  " << label << Get(status, name) << "\n";
    }
  }
  out << "  jejak baca / reads      " << Get(status, "reads_logged")
      << ", di buku besar / in the ledger " << Get(status, "reads_anchored") << "\n";
  PrintCertificates(status.value("certificates", Json::array()), out);
  const Json rotation = status.value("rotation", Json::object());
  if (Get(rotation, "state") != "NONE" && Get(rotation, "state") != "-") {
    out << "  pembaruan kunci / renewal of keys: " << Get(rotation, "state") << "  "
        << Get(rotation, "note") << "\n";
  }
}

void PrintList(const Json& list, std::ostream& out) {
  const auto messages = list.value("messages", Json::array());
  if (messages.empty()) {
    out << "(kosong / empty)\n";
  }
  for (const auto& message : messages) {
    out << Get(message, "stored_at") << "  " << Get(message, "kind") << "  "
        << Get(message, "urgency") << "  " << Peers(message) << "  " << Get(message, "stage")
        << WithheldNote(message) << "\n    rujukan / leg " << Get(message, "leg_id")
        << "  pesan / message " << Get(message, "message_id") << "\n";
    if (Get(message, "decide_by") != "-") {
      out << "    putuskan sebelum / decide by " << Get(message, "decide_by") << "\n";
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
  out << Get(message, "kind") << "  " << Peers(message) << "  " << Get(message, "created_at")
      << "  " << Get(message, "stage") << "\n";
  out << "  pesan / message: " << Get(message, "message_id") << "\n";
  if (Get(message, "reason") != "-") {
    out << "  alasan / reason: " << Get(message, "reason") << "\n";
  }
  PrintReceipt("diterima buku besar / in the ledger", message.value("receipt", Json()), out);
  for (const auto& delivery : message.value("delivery_receipts", Json::array())) {
    PrintReceipt("tanda terima / receipt of " + Get(delivery, "recipient") + " (" +
                     Get(delivery, "outcome") + ")",
                 delivery.value("receipt", Json()),
                 out);
  }
  for (const auto& withheld : message.value("withheld", Json::array())) {
    const bool bounced = Get(withheld, "status") == "BOUNCED";
    out << "  " << (bounced ? "KEMBALI / BOUNCED" : "DITAHAN / HELD") << "  "
        << Get(withheld, "recipient") << "\n    " << Get(withheld, "next_step") << "\n";
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
  out << "rujukan / leg " << Get(leg, "leg_id") << "\n  keadaan / state: " << Get(leg, "state")
      << "\n  " << Get(leg, "role") << ", lawan / peer: " << Get(leg, "peer")
      << "\n  langkah yang mungkin / possible now: " << Get(leg, "actions") << "\n";
  const Json hold = leg.value("hold", Json::object());
  for (const char* where : {"here", "domain"}) {
    if (Get(hold, where) != "-") {
      out << "  DITAHAN, tidak dihapus / HELD, not erased: " << Get(hold, where) << "\n";
    }
  }
  for (const auto& message : leg.value("messages", Json::array())) {
    out << "\n";
    PrintMessage(message, out);
  }
}

void PrintQueued(const Json& answer, std::ostream& out) {
  const bool fresh = answer.value("new", true);
  out << (fresh ? "disimpan, akan dikirim / stored, on its way"
                : "sudah pernah dikirim / was sent before")
      << "\n  pesan / message " << Get(answer, "message_id") << "\n  rujukan / leg "
      << Get(answer, "leg_id") << "\n";
}

void PrintProblem(const Json& problem, std::ostream& out) {
  out << "gagal / failed: " << Get(problem, "detail") << "\n";
  for (const auto& error : problem.value("errors", Json::array())) {
    out << "  " << Get(error, "field") << ": " << Get(error, "detail") << "\n";
  }
}

}  // namespace rujukan::agency
