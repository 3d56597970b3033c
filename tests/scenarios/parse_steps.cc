#include "tests/scenarios/parse_steps.h"

#include <algorithm>
#include <optional>

#include "base/bytes.h"

namespace rujukan::scenarios {
namespace {

using Words = std::vector<std::string>;

tl::unexpected<Error> Wrong(const std::string& form) {
  return Fail(Errc::kInvalid, "bentuknya / the form is: " + form);
}

Result<int> ParseCount(const std::string& text) {
  const auto number = ParseDecimal(text);
  if (!number || *number > 10'000) {
    return Fail(Errc::kInvalid, "bukan bilangan: " + text + " / not a number");
  }
  return static_cast<int>(*number);
}

// Takes "memakai T1 T2" off the end.
void TakeTemplates(Words& words, Deed& deed) {
  const auto at = std::find(words.begin(), words.end(), "memakai");
  if (at != words.end()) {
    deed.templates.assign(at + 1, words.end());
    words.erase(at, words.end());
  }
}

// Takes "-> ditolak 409 text" or "-> ditolak broker REASON" off the end.
Result<void> TakeRefusal(Words& words, Deed& deed) {
  const auto at = std::find(words.begin(), words.end(), "->");
  if (at == words.end()) {
    return {};
  }
  const Words rest(at + 1, words.end());
  words.erase(at, words.end());
  if (rest.size() < 2 || rest.size() > 3 || rest[0] != "ditolak") {
    return Wrong("... -> ditolak 409 \"teks\" | ... -> ditolak broker ALASAN");
  }
  deed.refused = true;
  deed.because = rest.size() == 3 ? rest[2] : "";
  if (rest[1] != "broker") {
    ASSIGN_OR_RETURN(deed.status, ParseCount(rest[1]));
  }
  return {};
}

Result<Deed> ParseAdmin(const Words& words, Deed deed) {
  if (words.size() == 2 && (words[1] == "broker_mati" || words[1] == "broker_hidup")) {
    deed.kind = Deed::Kind::kBroker;
    deed.verb = words[1].substr(7);
    return deed;
  }
  if (words.size() == 4 && words[1] == "izinkan") {
    deed.kind = Deed::Kind::kPermit;
    deed.name = words[2];
    deed.to = {words[3]};
    return deed;
  }
  if (words.size() != 3 || (words[1] != "bekukan" && words[1] != "pulihkan")) {
    return Wrong(
        "admin bekukan|pulihkan LEMBAGA, admin izinkan DARI KE, admin broker_mati|broker_hidup");
  }
  deed.kind = words[1] == "bekukan" ? Deed::Kind::kSuspend : Deed::Kind::kResume;
  deed.name = words[2];
  return deed;
}

Result<Deed> ParseSending(const Words& words, Deed deed) {
  const bool refers = words[1] == "rujuk";
  const size_t to = refers ? 3 : 4;
  if (words.size() <= to + 1 || words[to] != "ke" || (refers && words.size() != 5)) {
    return Wrong(refers ? "DARI rujuk NAMA ke LEMBAGA [memakai TEMPLAT...]"
                        : "DARI kirim NAMA JENIS ke LEMBAGA, LEMBAGA...");
  }
  deed.kind = refers ? Deed::Kind::kRefer : Deed::Kind::kSend;
  deed.name = words[2];
  deed.verb = refers ? "RUJUKAN" : words[3];
  deed.to.assign(words.begin() + static_cast<std::ptrdiff_t>(to) + 1, words.end());
  return deed;
}

// What concerns the agency itself; nullopt: it is something else.
Result<std::optional<Deed>> ParseOwn(const Words& words, Deed deed) {
  static const std::map<std::string, Deed::Kind> kAlone = {
      {"putus", Deed::Kind::kCut},
      {"sambung", Deed::Kind::kJoin},
      {"kunci_baru", Deed::Kind::kRenewKeys},
      {"mati_hidup", Deed::Kind::kRestart},
      {"profil", Deed::Kind::kProfile},
  };
  const auto alone = kAlone.find(words[1]);
  if (alone != kAlone.end()) {
    if (words.size() != 2) {
      return Wrong("LEMBAGA " + words[1]);
    }
    deed.kind = alone->second;
    return deed;
  }
  if (words[1] != "jam") {
    return std::optional<Deed>();
  }
  const bool shaped = words.size() == 3 && (words[2][0] == '+' || words[2][0] == '-');
  if (!shaped) {
    return Wrong("LEMBAGA jam +9m | -9m");
  }
  deed.kind = Deed::Kind::kSkew;
  ASSIGN_OR_RETURN(deed.ms, ParseSpan(std::string_view(words[2]).substr(1)));
  deed.ms = words[2][0] == '-' ? -deed.ms : deed.ms;
  return deed;
}

Result<Deed> ParseDeed(Words words) {
  Deed deed;
  RETURN_IF_ERROR(TakeRefusal(words, deed));
  TakeTemplates(words, deed);
  if (words.size() < 2) {
    return Wrong("WAKTU LEMBAGA TINDAKAN ...");
  }
  deed.who = words[0];
  if (words[0] == "admin") {
    return ParseAdmin(words, std::move(deed));
  }
  if (words[1] == "rujuk" || words[1] == "kirim") {
    return ParseSending(words, std::move(deed));
  }
  ASSIGN_OR_RETURN(auto own, ParseOwn(words, deed));
  if (own) {
    return std::move(*own);
  }
  if (words[1] == "api") {
    if (words.size() != 4) {
      return Wrong("LEMBAGA api METODE /v1/...");
    }
    deed.kind = Deed::Kind::kCall;
    deed.verb = words[2];
    deed.path = words[3];
    return deed;
  }
  if (words.size() != 3) {
    return Wrong("LEMBAGA TINDAKAN NAMA, contoh \"uptdppa.18.01 accept A\"");
  }
  deed.verb = words[1];
  deed.name = words[2];
  if (deed.verb == "hapus" || deed.verb == "tolak_hapus") {
    deed.kind = Deed::Kind::kErase;
    deed.verb = deed.verb == "hapus" ? "carry-out" : "object";
  }
  return deed;
}

constexpr const char* kClaimForms =
    "maka A keadaan DITERIMA [di LEMBAGA] | maka A penanggung_jawab LEMBAGA | maka A eskalasi 1 | "
    "maka LEMBAGA [tidak_]diberi_tahu A [TENGGAT] | maka LEMBAGA [tidak_]melihat A \"teks\" | "
    "maka LEMBAGA tidak_tahu A | maka tepat_satu A B keadaan DITERIMA | "
    "maka 23 dari A* keadaan TERKIRIM | maka LEMBAGA kotak_masuk 0 | "
    "maka LEMBAGA api GET /v1/... berisi|tanpa \"teks\"";

// "tepat_satu A B keadaan DITERIMA", "23 dari A* keadaan TERKIRIM"
Result<Claim> ParseCounted(const Words& words) {
  Claim claim;
  const auto state = std::find(words.begin(), words.end(), "keadaan");
  const bool one = words[0] == "tepat_satu";
  if (words.size() < 4 || state + 2 != words.end()) {
    return Wrong(kClaimForms);
  }
  claim.kind = one ? Claim::Kind::kExactlyOne : Claim::Kind::kCount;
  claim.names.assign(words.begin() + (one ? 1 : 2), state);
  claim.value = words.back();
  claim.number = 1;
  if (!one) {
    ASSIGN_OR_RETURN(claim.number, ParseCount(words[0]));
  }
  return claim;
}

// "A keadaan ...", "A penanggung_jawab ...", "A eskalasi ..."; nullopt: something else.
Result<std::optional<Claim>> ParseOfLeg(const Words& words) {
  Claim claim;
  claim.names = {words[0]};
  claim.value = words[2];
  if (words[1] == "keadaan" && (words.size() == 3 || (words.size() == 5 && words[3] == "di"))) {
    claim.who = words.size() == 5 ? words[4] : "";
    return claim;
  }
  if (words[1] == "penanggung_jawab" && words.size() == 3) {
    claim.kind = Claim::Kind::kResponsible;
    return claim;
  }
  if (words[1] == "eskalasi" && words.size() == 3) {
    claim.kind = Claim::Kind::kEscalation;
    ASSIGN_OR_RETURN(claim.number, ParseCount(words[2]));
    return claim;
  }
  return std::optional<Claim>();
}

Result<Claim> ParseOfAgency(const Words& words) {
  Claim claim;
  claim.who = words[0];
  std::string verb = words[1];
  if (verb.starts_with("tidak_")) {
    claim.negated = true;
    verb = verb.substr(6);
  }
  claim.names = {words[2]};
  claim.value = words.back();
  if (verb == "melihat" && words.size() == 4) {
    claim.kind = Claim::Kind::kSees;
    return claim;
  }
  if (verb == "diberi_tahu" && words.size() <= 4) {
    claim.kind = Claim::Kind::kTold;
    claim.value = words.size() == 4 ? words[3] : "";
    return claim;
  }
  if (verb == "tahu" && claim.negated && words.size() == 3) {
    claim.kind = Claim::Kind::kKnows;
    return claim;
  }
  if (verb == "kotak_masuk" && words.size() == 3) {
    claim.kind = Claim::Kind::kInbox;
    ASSIGN_OR_RETURN(claim.number, ParseCount(words[2]));
    return claim;
  }
  if (verb == "api" && words.size() == 6 && words[2] == "GET" &&
      (words[4] == "berisi" || words[4] == "tanpa")) {
    claim.kind = Claim::Kind::kAnswers;
    claim.negated = words[4] == "tanpa";
    claim.path = words[3];
    return claim;
  }
  return Wrong(kClaimForms);
}

Result<Claim> ParseClaim(const Words& words) {
  if (words.size() < 3) {
    return Wrong(kClaimForms);
  }
  if (words[0] == "tepat_satu" || words[1] == "dari") {
    return ParseCounted(words);
  }
  ASSIGN_OR_RETURN(auto of_leg, ParseOfLeg(words));
  if (of_leg) {
    return std::move(*of_leg);
  }
  return ParseOfAgency(words);
}

}  // namespace

Result<Step> ParseStep(const Line& line) {
  Step step;
  step.line = line.number;
  step.text = line.text;
  if (line.words[0] == "maka") {
    ASSIGN_OR_RETURN(step.claim, ParseClaim(Words(line.words.begin() + 1, line.words.end())));
    return step;
  }
  size_t used = 0;
  ASSIGN_OR_RETURN(step.when, ParseMoment(line.words, used));
  const auto rest = line.words.begin() + static_cast<std::ptrdiff_t>(used);
  ASSIGN_OR_RETURN(step.deed, ParseDeed(Words(rest, line.words.end())));
  return step;
}

}  // namespace rujukan::scenarios
