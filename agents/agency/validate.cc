#include "agents/agency/validate.h"

#include "agents/agency/validate_stages.h"
#include "agents/link/envelope.h"

namespace rujukan::agency {
namespace {

void CheckOfficer(Checker check, const v1::Officer& officer, bool with_phone) {
  check.Text("peran", officer.peran(), 200);
  check.Text("nama", officer.nama(), 200);
  if (with_phone) {
    check.Text("telepon", officer.telepon(), 200);
  }
}

void CheckDecline(Checker check, const v1::Decline& decline, v1::RiskLevel::Code risk) {
  check.Code("alasan", *v1::DeclineReason::Code_descriptor(), decline.alasan());
  if (decline.alasan() == v1::DeclineReason::LAINNYA) {
    check.Text("keterangan", decline.keterangan());
  }
  if (risk != v1::RiskLevel::TINGGI) {
    return;
  }
  check.Text("alternatif", decline.alternatif());
  if (decline.alasan() == v1::DeclineReason::DOKUMEN_TIDAK_LENGKAP) {
    check.Add("alasan",
              "dokumen tidak boleh menjadi alasan menolak risiko TINGGI; minta dengan `ask` / "
              "missing documents are no reason to decline a high risk: ask for them");
  }
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

void CheckQuestions(Checker check, const v1::InformationRequest& request) {
  check.Require(request.pertanyaan_size() > 0, "pertanyaan");
  for (int i = 0; i < request.pertanyaan_size(); ++i) {
    check.Text("pertanyaan[" + std::to_string(i) + "]", request.pertanyaan(i));
  }
}

void CheckAnswers(Checker check, const v1::InformationAnswer& answer) {
  if (answer.jawaban_size() == 0 && answer.alasan_menolak().empty()) {
    check.Add("jawaban", "jawab, atau isi alasan_menolak / answer, or say why not");
  }
}

void CheckAcceptance(Checker check, const v1::Acceptance& acceptance) {
  CheckOfficer(check.In("pekerja"), acceptance.pekerja(), /*with_phone=*/false);
  check.Text("rencana_kontak", acceptance.rencana_kontak());
}

void CheckProgress(Checker check, const v1::ProgressReport& report) {
  check.Text("perkembangan", report.perkembangan());
  check.Text("permasalahan", report.permasalahan());
  check.Text("solusi", report.solusi());
  check.OptionalDate("laporan_berikutnya", report.laporan_berikutnya());
  if (report.tingkat_risiko() != v1::RiskLevel::UNSPECIFIED) {
    check.Code("tingkat_risiko", *v1::RiskLevel::Code_descriptor(), report.tingkat_risiko());
  }
}

void CheckFinal(Checker check, const v1::FinalReport& report) {
  check.Code("hasil", *v1::Outcome::Code_descriptor(), report.hasil());
  check.Text("pandangan_anak", report.pandangan_anak());
  check.Text("tindak_lanjut", report.tindak_lanjut());
}

void CheckContact(Checker check, const v1::FirstContact& contact) {
  check.Require(!contact.waktu().empty(), "waktu");
  check.OptionalTime("waktu", contact.waktu());
  check.Text("keadaan", contact.keadaan());
}

void CheckNotification(Checker check, const v1::Notification& notification) {
  check.Text("perihal", notification.perihal(), 200);
  check.Text("isi", notification.isi());
}

void CheckErasureRequest(Checker check, const v1::ErasureRequest& request) {
  check.Text("dasar", request.dasar(), 200);
  check.Text("alasan", request.alasan());
}

void CheckBody(Checker check, const v1::Content& content, v1::RiskLevel::Code risk) {
  switch (content.isi_case()) {
    case v1::Content::kRujukan:
      return CheckReferral(check.In("rujukan"), content.rujukan());
    case v1::Content::kKonfirmasi:
      return check.In("konfirmasi")
          .OptionalTime("perkiraan_waktu", content.konfirmasi().perkiraan_waktu());
    case v1::Content::kTerima:
      return CheckAcceptance(check.In("terima"), content.terima());
    case v1::Content::kTolak:
      return CheckDecline(check.In("tolak"), content.tolak(), risk);
    case v1::Content::kRincian:
      return CheckDisclosure(check.In("rincian"), content.rincian());
    case v1::Content::kPermintaanInfo:
      return CheckQuestions(check.In("permintaan_info"), content.permintaan_info());
    case v1::Content::kJawabanInfo:
      return CheckAnswers(check.In("jawaban_info"), content.jawaban_info());
    case v1::Content::kKontakPertama:
      return CheckContact(check.In("kontak_pertama"), content.kontak_pertama());
    case v1::Content::kLaporanKemajuan:
      return CheckProgress(check.In("laporan_kemajuan"), content.laporan_kemajuan());
    case v1::Content::kLaporanAkhir:
      return CheckFinal(check.In("laporan_akhir"), content.laporan_akhir());
    case v1::Content::kKonfirmasiTutup:
      return;
    case v1::Content::kKeberatanTutup:
      return check.In("keberatan_tutup").Text("alasan", content.keberatan_tutup().alasan());
    case v1::Content::kBatal:
      return check.In("batal").Text("alasan", content.batal().alasan());
    case v1::Content::kPemberitahuan:
      return CheckNotification(check.In("pemberitahuan"), content.pemberitahuan());
    case v1::Content::kPerintahHapus:
      return CheckErasureRequest(check.In("perintah_hapus"), content.perintah_hapus());
    case v1::Content::kAtestasiHapus:
      return check.In("atestasi_hapus")
          .OptionalText("keterangan", content.atestasi_hapus().keterangan(), kTextCharactersMax);
    case v1::Content::kKeberatanHapus:
      return check.In("keberatan_hapus").Text("alasan", content.keberatan_hapus().alasan());
    default:
      return;
  }
}

}  // namespace

Findings ValidateContent(v1::Kind::Code kind,
                         const v1::Content& content,
                         v1::RiskLevel::Code risk) {
  Findings findings;
  Checker check("isi", findings);
  if (!link::ContentFits(kind, content)) {
    findings.push_back(Finding{"isi",
                               "isi tidak sesuai jenis pesan " + v1::Kind::Code_Name(kind) +
                                   "; isi dengan bagian yang benar, contoh \"rujukan\" / the "
                                   "content is not of this kind"});
    return findings;
  }
  CheckOfficer(check.In("petugas"), content.petugas(), content.has_rujukan());
  check.OptionalText("id_episode", content.id_episode(), 64);
  CheckBody(check, content, risk);
  return findings;
}

Findings ValidateStageTwo(const std::string& path, const v1::StageTwo& t2) {
  Findings findings;
  CheckStageTwo(Checker(path, findings), t2);
  return findings;
}

v1::Urgency::Code UrgencyOf(v1::RiskLevel::Code risk) {
  switch (risk) {
    case v1::RiskLevel::TINGGI:
      return v1::Urgency::AMAT_SEGERA;
    case v1::RiskLevel::SEDANG:
      return v1::Urgency::SEGERA;
    default:
      return v1::Urgency::BIASA;
  }
}

bool IsEmergency(const v1::Referral& referral) {
  return referral.t1().bahaya_langsung() && referral.t1().tingkat_risiko() == v1::RiskLevel::TINGGI;
}

}  // namespace rujukan::agency
