#include "agents/agency/verification.h"

#include "agents/agency/checker.h"

namespace rujukan::agency {
namespace {

constexpr size_t kOfficerCharactersMax = 200;
constexpr size_t kSiksIdCharactersMax = 64;
constexpr size_t kNoteCharactersMax = 500;

std::string TextOf(const Json& isi, const char* name, Checker& check) {
  const auto text = StringMember(isi, name);
  if (!text) {
    check.Add(name, "harus teks / must be a text");
  }
  return text.value_or("");
}

}  // namespace

Verification ReadVerification(const Json& body, const std::string& today, Findings& findings) {
  const Json isi = body.value("isi", Json::object());
  Checker check("isi", findings);
  Verification mark;
  if (!isi.is_object()) {
    check.Require(false, "tanggal");
    return mark;
  }
  for (const auto& [name, value] : isi.items()) {
    if (name != "tanggal" && name != "petugas" && name != "id_siks_ng" && name != "catatan") {
      check.Add(name.size() <= 64 ? name : "?", "bidang tidak dikenal / unknown field");
    }
  }
  mark.date = TextOf(isi, "tanggal", check);
  mark.officer = TextOf(isi, "petugas", check);
  mark.siks_id = TextOf(isi, "id_siks_ng", check);
  mark.note = TextOf(isi, "catatan", check);
  check.Require(!mark.date.empty(), "tanggal");
  check.OptionalDate("tanggal", mark.date);
  if (mark.date > today) {
    check.Add("tanggal", "belum terjadi; tulis tanggal verivali / it is in the future");
  }
  check.Text("petugas", mark.officer, kOfficerCharactersMax);
  check.OptionalText("id_siks_ng", mark.siks_id, kSiksIdCharactersMax);
  check.OptionalText("catatan", mark.note, kNoteCharactersMax);
  return mark;
}

std::string PackVerification(const Verification& mark) {
  return Json{{"tanggal", mark.date},
              {"petugas", mark.officer},
              {"id_siks_ng", mark.siks_id},
              {"catatan", mark.note}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Verification> UnpackVerification(const std::string& bytes) {
  const Json json = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kCorrupt, "a verivali mark does not parse");
  }
  return Verification{json.value("tanggal", ""),
                      json.value("petugas", ""),
                      json.value("id_siks_ng", ""),
                      json.value("catatan", "")};
}

}  // namespace rujukan::agency
