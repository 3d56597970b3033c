#include "agents/agency/validate_answers.h"

#include "agents/agency/validate_stages.h"

namespace rujukan::agency {
namespace {

// Nothing may identify the child before acceptance, in whatever text.
void CheckEarlyText(Checker& check,
                    const std::string& field,
                    std::string_view text,
                    const LegFacts& facts) {
  check.OptionalText(field, text, kTextCharactersMax);
  if (facts.before_acceptance) {
    check.NoLongNumber(field, text, kNikDigits);
  }
}

bool IsHighRisk(v1::ClockClass::Code clock_class) {
  return clock_class == v1::ClockClass::DARURAT || clock_class == v1::ClockClass::TINGGI;
}

// What a decline or a redirect may not give as its reason.
void CheckReason(Checker& check,
                 const std::string& field,
                 v1::DeclineReason::Code reason,
                 const LegFacts& facts) {
  if (IsHighRisk(facts.clock_class) && reason == v1::DeclineReason::DOKUMEN_TIDAK_LENGKAP) {
    check.Add(field,
              "dokumen tidak boleh menjadi alasan bila risiko TINGGI; minta dengan `ask` / missing "
              "documents are no reason with a high risk: ask for them");
  }
}

}  // namespace

void CheckOfficer(Checker check, const v1::Officer& officer, bool with_phone) {
  check.Text("peran", officer.peran(), 200);
  check.Text("nama", officer.nama(), 200);
  if (with_phone) {
    check.Text("telepon", officer.telepon(), 200);
  }
}

void CheckAcceptance(Checker check, const v1::Acceptance& acceptance) {
  CheckOfficer(check.In("pekerja"), acceptance.pekerja(), /*with_phone=*/false);
  check.Text("rencana_kontak", acceptance.rencana_kontak());
  check.OptionalText("tempat", acceptance.tempat(), 200);
  check.OptionalText("syarat", acceptance.syarat(), kTextCharactersMax);
}

void CheckDecline(Checker check, const v1::Decline& decline, const LegFacts& facts) {
  check.Code("alasan", *v1::DeclineReason::Code_descriptor(), decline.alasan());
  if (decline.alasan() == v1::DeclineReason::LAINNYA) {
    check.Require(!decline.keterangan().empty(), "keterangan");
  }
  CheckEarlyText(check, "keterangan", decline.keterangan(), facts);
  if (IsHighRisk(facts.clock_class)) {
    check.Require(!decline.alternatif().empty(), "alternatif");
  }
  CheckEarlyText(check, "alternatif", decline.alternatif(), facts);
  CheckReason(check, "alasan", decline.alasan(), facts);
  check.OptionalDate("penuh_sampai", decline.penuh_sampai());
}

void CheckRedirect(Checker check, const v1::Redirect& redirect, const LegFacts& facts) {
  check.Address("tujuan", redirect.tujuan());
  check.Require(!redirect.alasan().empty(), "alasan");
  CheckEarlyText(check, "alasan", redirect.alasan(), facts);
  check.OptionalCode("kode", *v1::DeclineReason::Code_descriptor(), redirect.kode());
  CheckReason(check, "kode", redirect.kode(), facts);
}

void CheckQuestions(Checker check, const v1::InformationRequest& request, const LegFacts& facts) {
  check.Require(request.pertanyaan_size() + request.kode_size() > 0, "pertanyaan");
  for (int i = 0; i < request.pertanyaan_size(); ++i) {
    const std::string field = "pertanyaan[" + std::to_string(i) + "]";
    check.Require(!request.pertanyaan(i).empty(), field);
    CheckEarlyText(check, field, request.pertanyaan(i), facts);
  }
  for (int i = 0; i < request.kode_size(); ++i) {
    check.Code(
        "kode[" + std::to_string(i) + "]", *v1::QuestionCode::Code_descriptor(), request.kode(i));
  }
}

void CheckAnswers(Checker check, const v1::InformationAnswer& answer, const LegFacts& facts) {
  if (answer.jawaban_size() == 0 && answer.alasan_menolak().empty()) {
    check.Add("jawaban", "jawab, atau isi alasan_menolak / answer, or say why not");
  }
  for (int i = 0; i < answer.jawaban_size(); ++i) {
    CheckEarlyText(check, "jawaban[" + std::to_string(i) + "]", answer.jawaban(i), facts);
  }
  CheckEarlyText(check, "alasan_menolak", answer.alasan_menolak(), facts);
}

void CheckDisclosure(Checker check, const v1::Disclosure& disclosure) {
  if (!disclosure.has_t2() && !disclosure.has_t3()) {
    check.Add("t2", "isi t2 atau t3 / give t2 or t3");
  }
  if (disclosure.has_t2()) {
    CheckStageTwo(check.In("t2"), disclosure.t2());
  }
  if (disclosure.has_t3()) {
    CheckStageThree(check.In("t3"), disclosure.t3());
  }
}

void CheckCompartmentRequest(Checker check, const v1::CompartmentRequest& request) {
  if (!IsCompartment(request.kompartemen())) {
    check.Add("kompartemen", "pilih salah satu: " + CompartmentNames() + " / choose one of these");
  }
  check.Text("alasan", request.alasan());
}

void CheckSignOff(Checker check, const v1::SignOff& sign_off) {
  check.Text("penandatangan.jabatan", sign_off.penandatangan().jabatan(), 200);
  check.Text("penandatangan.nama", sign_off.penandatangan().nama(), 200);
  check.OptionalText("keterangan", sign_off.keterangan(), kTextCharactersMax);
}

void CheckCancellationRequest(Checker check, const v1::CancellationRequest& request) {
  check.Text("alasan", request.alasan());
  check.Text("pengasuhan", request.pengasuhan());
}

void CheckCancellationAnswer(Checker check, const v1::CancellationAnswer& answer, bool agrees) {
  check.Require(!(agrees ? answer.pengasuhan() : answer.alasan()).empty(),
                agrees ? "pengasuhan" : "alasan");
  check.OptionalText("alasan", answer.alasan(), kTextCharactersMax);
  check.OptionalText("pengasuhan", answer.pengasuhan(), kTextCharactersMax);
}

}  // namespace rujukan::agency
