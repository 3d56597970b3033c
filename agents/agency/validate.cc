#include "agents/agency/validate.h"

#include <algorithm>

#include "agents/agency/validate_answers.h"
#include "agents/agency/validate_basis.h"
#include "agents/agency/validate_beside.h"
#include "agents/agency/validate_course.h"
#include "agents/agency/validate_stages.h"
#include "agents/link/content_fits.h"

namespace rujukan::agency {
namespace {

using C = v1::Content;

void CheckErasureRequest(Checker check, const v1::ErasureRequest& request) {
  check.Text("dasar", request.dasar(), 200);
  check.Text("alasan", request.alasan());
}

// A reason is all it takes; the parts have the same field.
void CheckReasonOnly(Checker check, const std::string& reason) {
  check.Text("alasan", reason);
}

// Until acceptance, and of the referral itself. False: not one of these.
bool CheckOpening(Checker& check, const v1::Content& content, const LegFacts& facts) {
  switch (content.isi_case()) {
    case C::kRujukan:
      CheckReferral(check.In("rujukan"), content.rujukan(), facts);
      return true;
    case C::kKonfirmasi:
      check.In("konfirmasi")
          .OptionalTime("perkiraan_waktu", content.konfirmasi().perkiraan_waktu());
      return true;
    case C::kTerima:
      CheckAcceptance(check.In("terima"), content.terima());
      return true;
    case C::kTolak:
      CheckDecline(check.In("tolak"), content.tolak(), facts);
      return true;
    case C::kAlihkan:
      CheckRedirect(check.In("alihkan"), content.alihkan(), facts);
      return true;
    case C::kRincian:
      CheckDisclosure(check.In("rincian"), content.rincian());
      return true;
    case C::kPermintaanRincian:
      CheckCompartmentRequest(check.In("permintaan_rincian"), content.permintaan_rincian());
      return true;
    case C::kPermintaanInfo:
      CheckQuestions(check.In("permintaan_info"), content.permintaan_info(), facts);
      return true;
    case C::kJawabanInfo:
      CheckAnswers(check.In("jawaban_info"), content.jawaban_info(), facts);
      return true;
    case C::kPengesahan:
      CheckSignOff(check.In("pengesahan"), content.pengesahan());
      return true;
    default:
      return false;
  }
}

bool CheckCourse(Checker& check, const v1::Content& content, const LegFacts& facts) {
  switch (content.isi_case()) {
    case C::kKontakPertama:
      CheckContact(check.In("kontak_pertama"), content.kontak_pertama());
      return true;
    case C::kJadwal:
      CheckAppointment(check.In("jadwal"), content.jadwal());
      return true;
    case C::kTidakHadir:
      CheckAbsence(check.In("tidak_hadir"), content.tidak_hadir());
      return true;
    case C::kJadwalBatal:
      CheckReasonOnly(check.In("jadwal_batal"), content.jadwal_batal().alasan());
      return true;
    case C::kSerahTerima:
      CheckHandover(check.In("serah_terima"), content.serah_terima());
      return true;
    case C::kLaporanKemajuan:
      CheckProgress(check.In("laporan_kemajuan"), content.laporan_kemajuan());
      return true;
    case C::kTunda:
      CheckPause(check.In("tunda"), content.tunda(), facts.now);
      return true;
    case C::kLanjut:
      check.In("lanjut").OptionalText(
          "keterangan", content.lanjut().keterangan(), kTextCharactersMax);
      return true;
    case C::kPeringatanDarurat:
      CheckAlert(check.In("peringatan_darurat"), content.peringatan_darurat());
      return true;
    case C::kTanggapanPeringatan:
      CheckAlertResponse(check.In("tanggapan_peringatan"), content.tanggapan_peringatan());
      return true;
    case C::kPerubahanRisiko:
      CheckRiskChange(check.In("perubahan_risiko"), content.perubahan_risiko(), facts);
      return true;
    case C::kKoreksi:
      CheckCorrection(check.In("koreksi"), content.koreksi(), facts);
      return true;
    case C::kLampiran:
      CheckAttachment(check.In("lampiran"), content.lampiran());
      return true;
    case C::kPenarikanPersetujuan:
      CheckWithdrawal(check.In("penarikan_persetujuan"), content.penarikan_persetujuan());
      return true;
    case C::kTanggapanPenarikan:
      CheckWithdrawalResponse(check.In("tanggapan_penarikan"), content.tanggapan_penarikan());
      return true;
    default:
      return false;
  }
}

bool CheckEnding(Checker& check, const v1::Content& content) {
  switch (content.isi_case()) {
    case C::kGagal:
      CheckFailure(check.In("gagal"), content.gagal());
      return true;
    case C::kLaporanAkhir:
      CheckFinal(check.In("laporan_akhir"), content.laporan_akhir());
      return true;
    case C::kKonfirmasiTutup:
      check.In("konfirmasi_tutup")
          .OptionalText("keterangan", content.konfirmasi_tutup().keterangan(), kTextCharactersMax);
      return true;
    case C::kKeberatanTutup:
      CheckReasonOnly(check.In("keberatan_tutup"), content.keberatan_tutup().alasan());
      return true;
    case C::kBatal:
      CheckReasonOnly(check.In("batal"), content.batal().alasan());
      return true;
    case C::kPermintaanBatal:
      CheckCancellationRequest(check.In("permintaan_batal"), content.permintaan_batal());
      return true;
    case C::kSetujuBatal:
      CheckCancellationAnswer(check.In("setuju_batal"), content.setuju_batal(), /*agrees=*/true);
      return true;
    case C::kTolakBatal:
      CheckCancellationAnswer(check.In("tolak_batal"), content.tolak_batal(), /*agrees=*/false);
      return true;
    case C::kSalahInput:
      CheckReasonOnly(check.In("salah_input"), content.salah_input().alasan());
      return true;
    case C::kBukaKembali:
      CheckReasonOnly(check.In("buka_kembali"), content.buka_kembali().alasan());
      return true;
    case C::kPerintahHapus:
      CheckErasureRequest(check.In("perintah_hapus"), content.perintah_hapus());
      return true;
    case C::kAtestasiHapus:
      check.In("atestasi_hapus")
          .OptionalText("keterangan", content.atestasi_hapus().keterangan(), kTextCharactersMax);
      return true;
    case C::kKeberatanHapus:
      CheckReasonOnly(check.In("keberatan_hapus"), content.keberatan_hapus().alasan());
      return true;
    default:
      return false;
  }
}

void CheckBeside(Checker& check, const v1::Content& content) {
  switch (content.isi_case()) {
    case C::kPemberitahuan:
      return CheckNotification(check.In("pemberitahuan"), content.pemberitahuan());
    case C::kUndanganKonferensiKasus:
      return CheckInvitation(check.In("undangan_konferensi_kasus"),
                             content.undangan_konferensi_kasus());
    case C::kNotula:
      return CheckMinutes(check.In("notula"), content.notula());
    case C::kKeluhanLayanan:
      return CheckComplaint(check.In("keluhan_layanan"), content.keluhan_layanan());
    case C::kKonsultasiAhli:
      return CheckExpertQuestion(check.In("konsultasi_ahli"), content.konsultasi_ahli());
    case C::kInsidenData:
      return CheckIncident(check.In("insiden_data"), content.insiden_data());
    case C::kTanggapan:
      return CheckAnswer(check.In("tanggapan"), content.tanggapan());
    default:
      return;
  }
}

// A conference is about a child, so it says of which episode: who must not know is looked up there.
bool NeedsEpisode(v1::Kind::Code kind) {
  return kind == v1::Kind::UNDANGAN_KONFERENSI_KASUS || kind == v1::Kind::NOTULA;
}

// Of the caregivers nobody is left who could be asked: suspected, or not told and so out of reach.
bool NobodyToAsk(const v1::StageTwo& t2) {
  return t2.tidak_ada_pengasuh() ||
         (t2.pengasuh_size() > 0 &&
          std::all_of(t2.pengasuh().begin(), t2.pengasuh().end(), [](const v1::Caregiver& one) {
            return one.terduga_pelaku() || !one.diberi_tahu();
          }));
}

bool SomebodySuspected(const v1::StageTwo& t2) {
  return std::any_of(t2.pengasuh().begin(), t2.pengasuh().end(), [](const v1::Caregiver& one) {
    return one.terduga_pelaku();
  });
}

}  // namespace

Findings ValidateContent(v1::Kind::Code kind, const v1::Content& content, const LegFacts& facts) {
  Findings findings;
  Checker check("isi", findings);
  if (!link::ContentFits(kind, content)) {
    findings.push_back(Finding{"isi",
                               "isi tidak sesuai jenis pesan " + v1::Kind::Code_Name(kind) +
                                   "; isi dengan bagian yang benar, contoh \"rujukan\" / the "
                                   "content is not of this kind"});
    return findings;
  }
  if (!content.keluhan_layanan().anonim()) {
    CheckOfficer(check.In("petugas"), content.petugas(), content.has_rujukan());
  }
  check.OptionalText("id_episode", content.id_episode(), 64);
  check.NoLongNumber(
      "id_episode", content.id_episode().size() == 36 ? "" : content.id_episode(), kNikDigits);
  check.Require(!NeedsEpisode(kind) || !content.id_episode().empty(), "id_episode");
  if (!CheckOpening(check, content, facts) && !CheckCourse(check, content, facts) &&
      !CheckEnding(check, content)) {
    CheckBeside(check, content);
  }
  return findings;
}

Findings ValidateStageTwo(const std::string& path, const v1::StageTwo& t2) {
  Findings findings;
  CheckStageTwo(Checker(path, findings), t2);
  return findings;
}

Findings ValidateConsent(const v1::Referral& referral, const v1::StageTwo& t2) {
  Findings findings;
  Checker check("isi.rujukan.t1", findings);
  const v1::StageOne& t1 = referral.t1();
  const bool consent = HasBasis(t1.dasar_pemrosesan(), v1::ProcessingBasis::PERSETUJUAN) ||
                       HasBasis(t2.dasar_pemrosesan(), v1::ProcessingBasis::PERSETUJUAN);
  if (consent && NobodyToAsk(t2)) {
    check.Add(
        "dasar_pemrosesan",
        "persetujuan tidak boleh diminta: pengasuh terduga pelaku, tidak ada atau tidak "
        "terjangkau; pakai dasar lain / consent must not be asked for here: use another basis");
  }
  if ((SomebodySuspected(t2) || NobodyToAsk(t2)) && !t1.has_keputusan_kepentingan_terbaik()) {
    check.Add("keputusan_kepentingan_terbaik",
              "wajib: tidak ada pengasuh yang dapat dimintai persetujuan / required: no caregiver "
              "can be asked, so somebody decides in the child's best interest");
  }
  const bool later = HasBasis(t2.dasar_pemrosesan(), v1::ProcessingBasis::PERSETUJUAN) &&
                     !HasBasis(t1.dasar_pemrosesan(), v1::ProcessingBasis::PERSETUJUAN);
  if (later && !t1.has_persetujuan()) {
    check.Add("persetujuan", "catat persetujuan yang menjadi dasar / record the consent");
  }
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
