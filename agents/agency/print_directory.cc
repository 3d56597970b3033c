#include "agents/agency/print_directory.h"

#include "agents/agency/print.h"
#include "base/printable.h"

namespace rujukan::agency {
namespace {

std::string Line(const std::string& label, const std::string& value) {
  return value.empty() || value == "-" ? "" : "  " + label + ": " + value + "\n";
}

std::string Joined(const Json& list) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : ", ") +
            (item.is_string() ? Printable(item.get<std::string>()) : item.dump());
  }
  return text;
}

std::string NearnessText(const std::string& nearness) {
  if (nearness == "EXACT") {
    return "wilayah ini / this region";
  }
  if (nearness == "CATCHMENT") {
    return "melayani wilayah ini / serves it";
  }
  if (nearness == "WITHIN") {
    return "di dalamnya / inside it";
  }
  if (nearness == "PROVINCE") {
    return "provinsi / province";
  }
  return nearness == "NATION" ? "nasional / national" : "";
}

void PrintHit(const Json& hit, std::ostream& out) {
  const Json capacity = hit.value("capacity", Json::object());
  out << JsonText(hit, "address") << "  " << JsonText(hit, "status") << "  "
      << JsonText(hit, "official_name") << "\n"
      << Line("tempat / place",
              JsonText(hit, "region_name") + " (" + JsonText(hit, "region") + ")  " +
                  NearnessText(hit.value("nearness", "")))
      << Line("layanan / services", Joined(hit.value("services", Json::array())))
      << Line("kapasitas / capacity", JsonText(capacity, "status"))
      << Line("24 jam / 24 h", JsonText(hit, "contact_24h"));
  if (const Json reasons = hit.value("why_not", Json::array()); !reasons.empty()) {
    out << "  TIDAK COCOK / DOES NOT FIT: " << Joined(reasons) << "\n";
  }
}

}  // namespace

void PrintDirectorySearch(const Json& answer, std::ostream& out) {
  const Json agencies = answer.value("agencies", Json::array());
  for (const auto& hit : agencies) {
    PrintHit(hit, out);
  }
  if (agencies.empty()) {
    out << "tidak ada yang cocok; kurangi syaratnya / nothing fits: ask for less\n";
  }
  out << "(" << agencies.size() << " lembaga, direktori per / agencies, directory as of "
      << JsonText(answer, "as_of") << ")\n";
}

void PrintDirectoryRecord(const Json& record, std::ostream& out) {
  out << JsonText(record, "address") << "  " << JsonText(record, "status") << "  "
      << JsonText(record, "official_name") << "\n"
      << Line("keterangan / note", JsonText(record, "status_note"))
      << Line("tempat / place",
              JsonText(record, "region_name") + " (" + JsonText(record, "region") + ")")
      << Line("diterima / admitted",
              JsonText(record, "admitted_at") + ", entri / entry " +
                  JsonText(record, "admitted_entry"))
      << Line("pengelola catatan / steward", JsonText(record, "steward"));
  for (const char* usage : {"signing_certificate", "encryption_certificate"}) {
    if (const Json key = record.value(usage, Json()); key.is_object()) {
      out << Line(
          usage,
          JsonText(key, "key").substr(0, 16) + "... sampai / until " + JsonText(key, "not_after"));
    }
  }
  if (const Json edited = record.value("profile_edited", Json()); edited.is_object()) {
    out << Line("disunting / edited",
                JsonText(edited, "by") + ", " + JsonText(edited, "at") + ", entri / entry " +
                    JsonText(edited, "entry"));
  }
  for (const char* part : {"capacity", "profile", "standing"}) {
    if (const Json tree = record.value(part, Json()); tree.is_object() && !tree.empty()) {
      out << "  " << part << "\n";
      PrintFields(tree, out);
    }
  }
}

void PrintDirectoryRoot(const Json& root, std::ostream& out) {
  out << "akar direktori / directory root: " << JsonText(root, "root") << "\n"
      << Line("entri terakhir / last entry", JsonText(root, "last_entry"))
      << Line("per / as of", JsonText(root, "as_of"))
      << "  bacakan kepada lembaga lain: angka yang sama berarti direktori yang sama\n"
         "  read it to another agency: the same digits mean the same directory\n";
}

void PrintDirectoryEdited(const Json& answer, std::ostream& out) {
  out << JsonText(answer, "address") << " tercatat / recorded: entri / entry "
      << Joined(answer.value("entries", Json::array())) << "\n";
}

void PrintPolicyAnswer(const Json& answer, std::ostream& out) {
  const std::string effect = answer.value("effect", "");
  out << JsonText(answer, "from") << " -> " << JsonText(answer, "to") << ": "
      << (answer.value("permit", false) ? "diizinkan pengawas / permitted"
          : effect == "allowed"         ? "boleh / allowed"
          : effect == "denied"          ? "dilarang / denied"
                                        : "perlu pengawas / needs a supervisor")
      << "\n  aturan / rule " << JsonText(answer, "rule") << ": " << JsonText(answer, "because")
      << "\n"
      << Line("langkah / next", JsonText(answer, "next_step"))
      << Line("versi kebijakan / policy version", JsonText(answer, "policy_version"));
}

void PrintPolicyExplained(const Json& answer, std::ostream& out) {
  PrintPolicyAnswer(answer, out);
  for (const auto& step : answer.value("rules", Json::array())) {
    out << "  " << JsonText(step, "rule") << "  "
        << (step.value("decides", false) ? "MEMUTUSKAN / DECIDES" : JsonText(step, "why")) << "\n";
  }
}

void PrintCertificates(const Json& certificates, std::ostream& out) {
  for (const auto& one : certificates) {
    out << "  sertifikat / certificate " << JsonText(one, "certificate") << ": sampai / until "
        << JsonText(one, "not_after") << ", " << JsonText(one, "days_left") << " hari / days\n";
    if (!one.value("next_step", "").empty()) {
      out << "    " << JsonText(one, "next_step") << "\n";
    }
  }
}

void PrintKeys(const Json& keys, std::ostream& out) {
  out << JsonText(keys, "address") << "\n"
      << Line("kunci tanda tangan / signing key", JsonText(keys, "signing_key"))
      << Line("kunci enkripsi / encryption key", JsonText(keys, "encryption_key"));
  PrintCertificates(keys.value("certificates", Json::array()), out);
  for (const auto& old : keys.value("replaced", Json::array())) {
    out << Line("diganti / replaced " + JsonText(old, "usage"),
                "berlaku sampai / counts until " + JsonText(old, "counts_until"));
  }
  const Json rotation = keys.value("rotation", Json::object());
  out << Line("pembaruan / renewal", JsonText(rotation, "state"))
      << Line("  catatan / note", JsonText(rotation, "note"));
}

}  // namespace rujukan::agency
