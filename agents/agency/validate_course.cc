#include "agents/agency/validate_course.h"

#include <array>

#include "agents/agency/validate_basis.h"
#include "agents/link/content_fits.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr int kUtcOffsetMinutes = 7 * 60;  // WIB
constexpr size_t kAttachmentKeyBytes = 32;

// A photograph of the child has no field; these are how one would slip into a text.
void CheckNoPicture(Checker& check, const std::string& field, std::string_view text) {
  constexpr auto kPictures =
      std::to_array<std::string_view>({"data:image", ".jpg", ".jpeg", ".png", ".heic", ".webp"});
  std::string lower(text);
  for (char& c : lower) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const std::string_view picture : kPictures) {
    if (lower.find(picture) != std::string::npos) {
      check.Add(field, "foto anak tidak dikirim / no photograph of the child is sent");
      return;
    }
  }
}

void CheckList(Checker& check,
               const std::string& field,
               const google::protobuf::RepeatedPtrField<std::string>& texts) {
  for (int i = 0; i < texts.size(); ++i) {
    const std::string item = field + "[" + std::to_string(i) + "]";
    check.Text(item, texts[i], 200);
    CheckNoPicture(check, item, texts[i]);
  }
}

}  // namespace

void CheckContact(Checker check, const v1::FirstContact& contact) {
  check.Time("waktu", contact.waktu());
  check.Text("keadaan", contact.keadaan());
}

void CheckAppointment(Checker check, const v1::Appointment& appointment) {
  check.Time("waktu", appointment.waktu());
  check.Text("tempat", appointment.tempat(), 200);
  check.OptionalText("pendamping", appointment.pendamping(), 200);
}

void CheckAbsence(Checker check, const v1::Absence& absence) {
  check.Time("waktu", absence.waktu());
  check.OptionalText("keterangan", absence.keterangan(), kTextCharactersMax);
}

void CheckHandover(Checker check, const v1::Handover& handover) {
  check.Text("tempat", handover.tempat(), 200);
  check.Time("waktu", handover.waktu());
  check.Text("petugas_menyerahkan", handover.petugas_menyerahkan(), 200);
  check.Text("petugas_menerima", handover.petugas_menerima(), 200);
  check.Text("keadaan_anak", handover.keadaan_anak());
  if (handover.barang_size() + handover.dokumen_size() == 0 && handover.catatan().empty()) {
    check.Add("barang",
              "daftar barang dan dokumen, atau tulis di catatan bahwa tidak ada / list belongings "
              "and documents, or say in catatan that there are none");
  }
  CheckList(check, "barang", handover.barang());
  CheckList(check, "dokumen", handover.dokumen());
  check.OptionalText("catatan", handover.catatan(), kTextCharactersMax);
  CheckNoPicture(check, "keadaan_anak", handover.keadaan_anak());
  CheckNoPicture(check, "catatan", handover.catatan());
}

void CheckProgress(Checker check, const v1::ProgressReport& report) {
  check.Text("perkembangan", report.perkembangan());
  check.Text("permasalahan", report.permasalahan());
  check.Text("solusi", report.solusi());
  check.Date("periode_dari", report.periode_dari());
  check.Date("periode_sampai", report.periode_sampai());
  check.Date("laporan_berikutnya", report.laporan_berikutnya());
  const auto from = DayOfText(report.periode_dari(), 0);
  const auto until = DayOfText(report.periode_sampai(), 0);
  if (from && until && *until < *from) {
    check.Add("periode_sampai", "sebelum periode_dari / it lies before periode_dari");
  }
  check.OptionalText("status_tempat_tinggal", report.status_tempat_tinggal(), 200);
  check.Code("tingkat_risiko", *v1::RiskLevel::Code_descriptor(), report.tingkat_risiko());
  check.OptionalText("akta", report.akta(), kTextCharactersMax);
  check.OptionalText("gizi", report.gizi(), kTextCharactersMax);
  check.OptionalText("pendidikan", report.pendidikan(), kTextCharactersMax);
}

UnixMillis ReviewOf(const v1::Pause& pause) {
  return DayOfText(pause.ditinjau(), kUtcOffsetMinutes).value_or(0);
}

void CheckPause(Checker check, const v1::Pause& pause, UnixMillis now) {
  check.Text("alasan", pause.alasan());
  check.Date("ditinjau", pause.ditinjau());
  const UnixMillis due = ReviewOf(pause);
  if (now != 0 && due != 0 && (due <= now || due > now + limits::kPauseMsMax)) {
    check.Add("ditinjau",
              "tanggal sesudah hari ini, paling lama 30 hari lagi / a day after today, at most 30 "
              "days on");
  }
}

bool RaisesAlert(v1::FailureReason::Code reason) {
  return reason == v1::FailureReason::KABUR || reason == v1::FailureReason::HILANG ||
         reason == v1::FailureReason::MENINGGAL;
}

void CheckFailure(Checker check, const v1::Failure& failure) {
  check.Code("alasan", *v1::FailureReason::Code_descriptor(), failure.alasan());
  const bool needs_words = failure.alasan() == v1::FailureReason::LAINNYA;
  check.Require(!needs_words || !failure.keterangan().empty(), "keterangan");
  check.OptionalText("keterangan", failure.keterangan(), kTextCharactersMax);
  check.Require(!RaisesAlert(failure.alasan()) || !failure.tindakan().empty(), "tindakan");
  check.OptionalText("tindakan", failure.tindakan(), kTextCharactersMax);
}

void CheckFinal(Checker check, const v1::FinalReport& report) {
  check.Code("hasil", *v1::Outcome::Code_descriptor(), report.hasil());
  check.Text("pandangan_anak", report.pandangan_anak());
  check.Text("tindak_lanjut", report.tindak_lanjut());
  check.Text("risiko_tersisa", report.risiko_tersisa());
}

void CheckAlert(Checker check, const v1::Alert& alert) {
  check.Code("jenis", *v1::AlertType::Code_descriptor(), alert.jenis());
  check.Region("terakhir_terlihat", alert.terakhir_terlihat());
  check.Text("tindakan_diminta", alert.tindakan_diminta());
  check.OptionalText("keterangan", alert.keterangan(), kTextCharactersMax);
}

void CheckAlertResponse(Checker check, const v1::AlertResponse& response) {
  check.Text("tindakan", response.tindakan());
  check.Text("oleh", response.oleh(), 200);
}

void CheckRiskChange(Checker check, const v1::RiskChange& change, const LegFacts& facts) {
  check.Code("tingkat_risiko", *v1::RiskLevel::Code_descriptor(), change.tingkat_risiko());
  if (change.bahaya_langsung() && change.tingkat_risiko() != v1::RiskLevel::TINGGI) {
    check.Add("tingkat_risiko",
              "bahaya_langsung berarti TINGGI / with bahaya_langsung the risk is TINGGI");
  }
  check.Text("alasan", change.alasan());
  const auto changed = link::ClockClassOf(change.tingkat_risiko(), change.bahaya_langsung());
  const bool looser = facts.clock_class != v1::ClockClass::UNSPECIFIED &&
                      changed > facts.clock_class;  // DARURAT is 1
  if (looser && change.disetujui_supervisor().empty()) {
    check.Add("disetujui_supervisor",
              "menurunkan risiko melonggarkan tenggat: pengawas menyetujui dulu / a lower risk "
              "loosens the clocks: a supervisor agrees first");
  }
}

void CheckCorrection(Checker check, const v1::Correction& correction, const LegFacts& facts) {
  check.Text("bidang", correction.bidang(), 200);
  check.OptionalText("semula", correction.semula(), kTextCharactersMax);
  check.Text("menjadi", correction.menjadi());
  check.Text("alasan", correction.alasan());
  if (facts.before_acceptance) {
    check.NoLongNumber("semula", correction.semula(), kNikDigits);
    check.NoLongNumber("menjadi", correction.menjadi(), kNikDigits);
  }
}

void CheckWithdrawal(Checker check, const v1::ConsentWithdrawal& withdrawal) {
  check.Text("oleh", withdrawal.oleh(), 200);
  check.Time("waktu", withdrawal.waktu());
  check.Text("cakupan", withdrawal.cakupan());
}

void CheckWithdrawalResponse(Checker check, const v1::WithdrawalResponse& response) {
  const bool other = response.dasar_lain() != v1::ProcessingBasis::UNSPECIFIED;
  if (response.dibatasi() == other) {
    check.Add(
        "dibatasi",
        "dibatasi: true, atau dasar_lain dengan pasal / restricted, or on which other basis it "
        "goes on: one of the two");
  }
  if (other) {
    check.Code("dasar_lain", *v1::ProcessingBasis::Code_descriptor(), response.dasar_lain());
    check.Text("pasal", response.pasal(), 200);
  }
  if (response.dasar_lain() == v1::ProcessingBasis::PERSETUJUAN) {
    check.Add("dasar_lain", "persetujuan sudah ditarik / the consent is what was withdrawn");
  }
  check.OptionalText("keterangan", response.keterangan(), kTextCharactersMax);
}

v1::Classification::Code LeastClassOf(v1::AttachmentType::Code type) {
  return type == v1::AttachmentType::VISUM || type == v1::AttachmentType::LITMAS
             ? v1::Classification::SR
             : v1::Classification::R;
}

void CheckAttachment(Checker check, const v1::Attachment& attachment) {
  check.Code("jenis", *v1::AttachmentType::Code_descriptor(), attachment.jenis());
  check.Text("nama_berkas", attachment.nama_berkas(), 200);
  check.Text("tipe_isi", attachment.tipe_isi(), 200);
  if (attachment.jenis() == v1::AttachmentType::BERITA_ACARA &&
      attachment.tipe_isi().rfind("image/", 0) == 0) {
    check.Add(
        "tipe_isi",
        "berita acara bukan foto; pindai ke PDF / a record of handover is no photograph: scan "
        "it to PDF");
  }
  check.Require(attachment.ukuran() > 0, "ukuran");
  check.Require(attachment.sha256().size() == Digest::kSize, "sha256");
  check.Require(attachment.kunci().size() == kAttachmentKeyBytes, "kunci");
  check.Require(attachment.ukuran_potongan() > 0, "ukuran_potongan");
  const auto least = LeastClassOf(attachment.jenis());
  if (!v1::Classification::Code_IsValid(attachment.klasifikasi()) ||
      attachment.klasifikasi() < least) {
    check.Add("klasifikasi",
              "paling rendah " + v1::Classification::Code_Name(least) +
                  " untuk lampiran ini / too low for this attachment");
  }
  check.OptionalDate("retensi", attachment.retensi());
  check.OptionalText("keterangan", attachment.keterangan(), kTextCharactersMax);
}

}  // namespace rujukan::agency
