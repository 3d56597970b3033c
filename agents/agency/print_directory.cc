#include "agents/agency/print_directory.h"

#include "agents/agency/phrases.h"
#include "agents/agency/print.h"
#include "base/printable.h"

namespace rujukan::agency {
namespace {

using P = Phrase;

void LineOf(const std::string& label, const std::string& value, std::ostream& out) {
  if (!value.empty() && value != "-") {
    out << "  " << label << ": " << value << "\n";
  }
}

void LineOf(Phrase label, const std::string& value, std::ostream& out) {
  LineOf(Say(label, SpokenOn(out)), value, out);
}

std::string Joined(const Json& list) {
  std::string text;
  for (const auto& item : list) {
    text += (text.empty() ? "" : ", ") +
            (item.is_string() ? Printable(item.get<std::string>()) : item.dump());
  }
  return text;
}

std::string NearnessText(const std::string& nearness, Lang lang) {
  if (nearness == "EXACT") {
    return Say(P::kThisRegion, lang);
  }
  if (nearness == "CATCHMENT") {
    return Say(P::kServesRegion, lang);
  }
  if (nearness == "WITHIN") {
    return Say(P::kInsideRegion, lang);
  }
  if (nearness == "PROVINCE") {
    return Say(P::kProvince, lang);
  }
  return nearness == "NATION" ? Say(P::kNational, lang) : "";
}

std::string PlaceOf(const Json& record) {
  return JsonText(record, "region_name") + " (" + JsonText(record, "region") + ")";
}

void PrintHit(const Json& hit, std::ostream& out) {
  const Json capacity = hit.value("capacity", Json::object());
  out << JsonText(hit, "address") << "  " << JsonText(hit, "status") << "  "
      << JsonText(hit, "official_name") << "\n";
  LineOf(
      P::kPlace, PlaceOf(hit) + "  " + NearnessText(hit.value("nearness", ""), SpokenOn(out)), out);
  LineOf(P::kServices, Joined(hit.value("services", Json::array())), out);
  LineOf(P::kCapacity, JsonText(capacity, "status"), out);
  LineOf(P::kContact24, JsonText(hit, "contact_24h"), out);
  if (const Json reasons = hit.value("why_not", Json::array()); !reasons.empty()) {
    out << "  " << P::kDoesNotFit << ": " << Joined(reasons) << "\n";
  }
}

}  // namespace

void PrintDirectorySearch(const Json& answer, std::ostream& out) {
  const Json agencies = answer.value("agencies", Json::array());
  for (const auto& hit : agencies) {
    PrintHit(hit, out);
  }
  if (agencies.empty()) {
    out << P::kNothingFits << "\n";
  }
  out << "(" << agencies.size() << " " << P::kAgenciesAsOf << " " << JsonText(answer, "as_of")
      << ")\n";
}

void PrintDirectoryRecord(const Json& record, std::ostream& out) {
  const Lang lang = SpokenOn(out);
  out << JsonText(record, "address") << "  " << JsonText(record, "status") << "  "
      << JsonText(record, "official_name") << "\n";
  LineOf(P::kNote, JsonText(record, "status_note"), out);
  LineOf(P::kPlace, PlaceOf(record), out);
  LineOf(P::kAdmitted,
         JsonText(record, "admitted_at") + ", " + Say(P::kEntry, lang) + " " +
             JsonText(record, "admitted_entry"),
         out);
  LineOf(P::kSteward, JsonText(record, "steward"), out);
  for (const auto& [usage, label] : {std::pair("signing_certificate", P::kSigningKey),
                                     std::pair("encryption_certificate", P::kEncryptionKey)}) {
    if (const Json key = record.value(usage, Json()); key.is_object()) {
      LineOf(label,
             JsonText(key, "key").substr(0, 16) + "... " + Say(P::kUntil, lang) + " " +
                 JsonText(key, "not_after"),
             out);
    }
  }
  if (const Json edited = record.value("profile_edited", Json()); edited.is_object()) {
    LineOf(P::kEdited,
           JsonText(edited, "by") + ", " + JsonText(edited, "at") + ", " + Say(P::kEntry, lang) +
               " " + JsonText(edited, "entry"),
           out);
  }
  for (const char* part : {"capacity", "profile", "standing"}) {
    if (const Json tree = record.value(part, Json()); tree.is_object() && !tree.empty()) {
      out << "  " << part << "\n";
      PrintFields(tree, out);
    }
  }
}

void PrintDirectoryRoot(const Json& root, std::ostream& out) {
  out << P::kDirectoryRoot << ": " << JsonText(root, "root") << "\n";
  LineOf(P::kLastEntry, JsonText(root, "last_entry"), out);
  LineOf(P::kAsOf, JsonText(root, "as_of"), out);
  out << "  " << P::kReadRootAloud << "\n";
}

void PrintDirectoryEdited(const Json& answer, std::ostream& out) {
  out << JsonText(answer, "address") << " " << P::kRecorded << ": " << P::kEntry << " "
      << Joined(answer.value("entries", Json::array())) << "\n";
}

void PrintPolicyAnswer(const Json& answer, std::ostream& out) {
  const std::string effect = answer.value("effect", "");
  out << JsonText(answer, "from") << " -> " << JsonText(answer, "to") << ": "
      << (answer.value("permit", false) ? P::kPermitted
          : effect == "allowed"         ? P::kAllowed
          : effect == "denied"          ? P::kDenied
                                        : P::kNeedsSupervisor)
      << "\n  " << P::kRule << " " << JsonText(answer, "rule") << ": "
      << JsonText(answer, "because") << "\n";
  LineOf(P::kNext, JsonText(answer, "next_step"), out);
  LineOf(P::kPolicyVersion, JsonText(answer, "policy_version"), out);
}

void PrintPolicyExplained(const Json& answer, std::ostream& out) {
  PrintPolicyAnswer(answer, out);
  for (const auto& step : answer.value("rules", Json::array())) {
    const bool decides = step.value("decides", false);
    out << "  " << JsonText(step, "rule") << "  "
        << (decides ? Say(P::kDecides, SpokenOn(out)) : JsonText(step, "why")) << "\n";
  }
}

void PrintCertificates(const Json& certificates, std::ostream& out) {
  for (const auto& one : certificates) {
    out << "  " << P::kCertificate << " " << JsonText(one, "certificate") << ": " << P::kUntil
        << " " << JsonText(one, "not_after") << ", " << JsonText(one, "days_left") << " "
        << P::kDays << "\n";
    if (!one.value("next_step", "").empty()) {
      out << "    " << JsonText(one, "next_step") << "\n";
    }
  }
}

void PrintKeys(const Json& keys, std::ostream& out) {
  const Lang lang = SpokenOn(out);
  out << JsonText(keys, "address") << "\n";
  LineOf(P::kSigningKey, JsonText(keys, "signing_key"), out);
  LineOf(P::kEncryptionKey, JsonText(keys, "encryption_key"), out);
  PrintCertificates(keys.value("certificates", Json::array()), out);
  for (const auto& old : keys.value("replaced", Json::array())) {
    LineOf(Say(P::kReplaced, lang) + " " + JsonText(old, "usage"),
           Say(P::kCountsUntil, lang) + " " + JsonText(old, "counts_until"),
           out);
  }
  const Json rotation = keys.value("rotation", Json::object());
  LineOf(P::kKeyRenewal, JsonText(rotation, "state"), out);
  LineOf(P::kNote, JsonText(rotation, "note"), out);
}

}  // namespace rujukan::agency
