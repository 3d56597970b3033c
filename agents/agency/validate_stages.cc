#include "agents/agency/validate_stages.h"

#include <algorithm>
#include <array>

#include "agents/agency/validate_basis.h"
#include "base/address.h"
#include "base/ids.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

struct Compartment {
  std::string_view name;
  const char* field;  // of StageThree
};
constexpr auto kCompartments = std::to_array<Compartment>({
    {"medis", "catatan_medis"},
    {"visum", "visum"},
    {"hiv", "status_hiv"},
    {"kekerasan_seksual", "rincian_kekerasan_seksual"},
    {"bap", "bap"},
    {"litmas", "litmas"},
    {"lpsk", "status_lpsk"},
    {"jaringan", "jaringan"},
});

void CheckCategories(Checker& check, const v1::StageOne& t1) {
  const auto& list = *v1::AmpkCategory::Code_descriptor();
  check.Require(t1.kategori_size() > 0, "kategori");
  for (int i = 0; i < t1.kategori_size(); ++i) {
    check.Code("kategori[" + std::to_string(i) + "]", list, t1.kategori(i));
  }
  check.Code("kategori_utama", list, t1.kategori_utama());
  if (std::find(t1.kategori().begin(), t1.kategori().end(), t1.kategori_utama()) ==
      t1.kategori().end()) {
    check.Add("kategori_utama",
              "harus salah satu dari kategori / must be one of the codes in kategori");
  }
}

void CheckServiceEnd(Checker& item, const v1::RequestedService& service, UnixMillis now) {
  const auto end = TimeOfText(service.batas());
  if (now != 0 && end && *end <= now) {
    item.Add("batas", "sudah lewat; tulis waktu yang akan datang / it is past: write a later time");
  }
  if (now != 0 && end && *end > now + limits::kDueAheadMsMax) {
    item.Add("batas", "paling jauh 366 hari / at most 366 days ahead");
  }
}

void CheckServices(Checker& check, const v1::StageOne& t1, UnixMillis now) {
  check.Require(t1.layanan_diminta_size() > 0, "layanan_diminta");
  for (int i = 0; i < t1.layanan_diminta_size(); ++i) {
    Checker item = check.At("layanan_diminta", i);
    item.Code("kode", *v1::Service::Code_descriptor(), t1.layanan_diminta(i).kode());
    item.OptionalTime("batas", t1.layanan_diminta(i).batas());
    CheckServiceEnd(item, t1.layanan_diminta(i), now);
  }
}

void CheckRisk(Checker& check, const v1::StageOne& t1) {
  check.Code("tingkat_risiko", *v1::RiskLevel::Code_descriptor(), t1.tingkat_risiko());
  check.Text("dasar_penilaian", t1.dasar_penilaian());
  if (t1.bahaya_langsung() && t1.tingkat_risiko() != v1::RiskLevel::TINGGI) {
    check.Add("tingkat_risiko",
              "bahaya_langsung berarti TINGGI / with bahaya_langsung the risk is TINGGI");
  }
}

void CheckNeeds(Checker& check, const v1::StageOne& t1) {
  for (int i = 0; i < t1.kebutuhan_khusus_size(); ++i) {
    if (!IsNeed(t1.kebutuhan_khusus(i))) {
      check.Add(
          "kebutuhan_khusus[" + std::to_string(i) + "]",
          "kode tidak dikenal, contoh DISABILITAS_FISIK, BAHASA:jv, KEHAMILAN / unknown code");
    }
  }
}

// Consent is recorded where it is the basis, and only there.
void CheckStageOneBasis(Checker& check, const v1::Referral& referral, UnixMillis now) {
  const v1::StageOne& t1 = referral.t1();
  CheckBasis(check, t1.dasar_pemrosesan());
  const bool consent = HasBasis(t1.dasar_pemrosesan(), v1::ProcessingBasis::PERSETUJUAN);
  if (consent && !t1.has_persetujuan()) {
    check.Add(
        "persetujuan",
        "catat persetujuan: pemberi, hubungan, cara, tujuan, retensi, berlaku_sampai / record "
        "the consent that dasar_pemrosesan names");
  }
  if (t1.has_persetujuan()) {
    CheckConsent(check.In("persetujuan"), t1.persetujuan(), now);
  }
  if (t1.has_keputusan_kepentingan_terbaik()) {
    CheckDecision(check.In("keputusan_kepentingan_terbaik"),
                  t1.keputusan_kepentingan_terbaik(),
                  /*countersigned=*/!IsEmergency(referral));
  }
}

void CheckStageOne(Checker check, const v1::Referral& referral, UnixMillis now) {
  const v1::StageOne& t1 = referral.t1();
  check.Text("ref_anak", t1.ref_anak(), 64);
  check.NoLongNumber("ref_anak", t1.ref_anak(), kNikDigits);
  check.Code("kelompok_usia", *v1::AgeGroup::Code_descriptor(), t1.kelompok_usia());
  check.Code("jenis_kelamin", *v1::Sex::Code_descriptor(), t1.jenis_kelamin());
  CheckCategories(check, t1);
  CheckRisk(check, t1);
  check.Code("kewenangan", *v1::Competence::Code_descriptor(), t1.kewenangan());
  CheckServices(check, t1, now);
  check.Region("wilayah_kejadian", t1.wilayah_kejadian());
  check.Region("wilayah_asal", t1.wilayah_asal());
  check.Region("wilayah_berada", t1.wilayah_berada());
  CheckNeeds(check, t1);
  check.Code(
      "lokasi_anak_aman", *v1::ChildLocationSafety::Code_descriptor(), t1.lokasi_anak_aman());
  check.OptionalText("ringkasan", t1.ringkasan(), kSummaryCharactersMax);
  check.NoLongNumber("ringkasan", t1.ringkasan(), kNikDigits);
  check.NoLongNumber("dasar_penilaian", t1.dasar_penilaian(), kNikDigits);
  for (int i = 0; i < t1.tindakan_sudah_size(); ++i) {
    check.NoLongNumber(
        "tindakan_sudah[" + std::to_string(i) + "]", t1.tindakan_sudah(i), kNikDigits);
  }
  CheckStageOneBasis(check, referral, now);
  CheckWithholding(check, t1.informasi_ditahan(), t1.jangan_beritahu());
}

void CheckSignatory(Checker check, const v1::Referral& referral) {
  if (!referral.has_penandatangan()) {
    if (!IsEmergency(referral)) {
      check.Add("penandatangan",
                "isi jabatan dan nama pejabat penandatangan; hanya DARURAT boleh menyusul dengan "
                "`sign-off` dalam 24 jam / name the signing official; only an emergency may follow "
                "with `sign-off` within 24 hours");
    }
    return;
  }
  check.Text("penandatangan.jabatan", referral.penandatangan().jabatan(), 200);
  check.Text("penandatangan.nama", referral.penandatangan().nama(), 200);
}

void CheckReporter(Checker& check, const v1::Referral& referral) {
  if (referral.pelapor_saja() && referral.jenis_rujukan() != v1::ReferralType::LAPORAN_AWAL) {
    check.Add("pelapor_saja",
              "hanya untuk LAPORAN_AWAL; selain itu anak diserahkan dengan berita acara / only for "
              "a LAPORAN_AWAL; else the child is handed over with a record");
  }
}

void CheckContinuation(Checker check, const v1::Referral& referral) {
  if (!referral.has_lanjutan_dari()) {
    return;
  }
  if (!ParseUuid(referral.lanjutan_dari().id_rujukan())) {
    check.Add("lanjutan_dari.id_rujukan",
              "tulis id rujukan yang dilanjutkan / write the id of the leg that it continues");
  }
  const std::string& acts_for = referral.lanjutan_dari().bertindak_atas_nama();
  if (!acts_for.empty() && !AgencyAddress::Parse(acts_for)) {
    check.Add("lanjutan_dari.bertindak_atas_nama",
              "tulis alamat dinas yang digantikan / write the address of the office");
  }
  check.OptionalText("lanjutan_dari.alasan", referral.lanjutan_dari().alasan(), kTextCharactersMax);
}

void CheckCaregivers(Checker& check, const v1::StageTwo& t2) {
  if ((t2.pengasuh_size() > 0) == t2.tidak_ada_pengasuh()) {
    check.Add("pengasuh",
              "isi paling sedikit satu, atau tidak_ada_pengasuh: true / name at least one, or set "
              "tidak_ada_pengasuh");
  }
  for (int i = 0; i < t2.pengasuh_size(); ++i) {
    const auto& caregiver = t2.pengasuh(i);
    Checker item = check.At("pengasuh", i);
    item.Text("nama", caregiver.nama());
    item.Text("hubungan", caregiver.hubungan());
    if (!caregiver.diberi_tahu()) {
      item.Text("alasan_tidak_diberi_tahu", caregiver.alasan_tidak_diberi_tahu());
    }
  }
}

void CheckNumber(Checker& check, const std::string& field, std::string_view text) {
  if (!text.empty() && (text.size() != kNikDigits || !HasLongNumber(text, kNikDigits))) {
    check.Add(field, "harus 16 angka, atau kosongkan / must be 16 digits, or leave it out");
  }
}

}  // namespace

bool IsCompartment(std::string_view name) {
  return std::any_of(kCompartments.begin(), kCompartments.end(), [name](const Compartment& one) {
    return one.name == name;
  });
}

std::string CompartmentNames() {
  std::string names;
  for (const Compartment& one : kCompartments) {
    names += (names.empty() ? "" : ", ") + std::string(one.name);
  }
  return names;
}

void CheckReferral(Checker check, const v1::Referral& referral, const LegFacts& facts) {
  check.Code("jenis_rujukan", *v1::ReferralType::Code_descriptor(), referral.jenis_rujukan());
  if (!referral.has_t1()) {
    check.Require(false, "t1");
    return;
  }
  CheckStageOne(check.In("t1"), referral, facts.now);
  CheckSignatory(check, referral);
  CheckContinuation(check, referral);
  CheckReporter(check, referral);
  if (!referral.has_t2()) {
    return;
  }
  if (!IsEmergency(referral)) {
    check.Add("t2",
              "identitas hanya setelah diterima; pindahkan ke \"t2\" di luar \"isi\", dikirim "
              "otomatis saat TERIMA / identity only after acceptance: move it to \"t2\" beside "
              "\"isi\"");
    return;
  }
  CheckStageTwo(check.In("t2"), referral.t2());
}

void CheckStageTwo(Checker check, const v1::StageTwo& t2) {
  check.OptionalDate("tanggal_lahir", t2.tanggal_lahir());
  CheckNumber(check, "nik", t2.nik());
  CheckNumber(check, "no_kk", t2.no_kk());
  CheckCaregivers(check, t2);
  check.Text("kronologi", t2.kronologi(), kChronologyCharactersMax);
  if (t2.pandangan_anak().empty() && t2.pandangan_anak_tidak_ditanyakan().empty()) {
    check.Add("pandangan_anak",
              "tulis keinginan anak, atau alasan di pandangan_anak_tidak_ditanyakan / write the "
              "child's own view, or why it was not asked");
  }
  CheckBasis(check, t2.dasar_pemrosesan());
  CheckWithholding(check, t2.informasi_ditahan(), t2.jangan_beritahu());
}

// One compartment, and of it only its own field: what was asked for is all that is given.
void CheckStageThree(Checker check, const v1::StageThree& t3) {
  CheckBasis(check, t3.dasar_pemrosesan());
  if (!IsCompartment(t3.kompartemen())) {
    check.Add("kompartemen", "pilih salah satu: " + CompartmentNames() + " / choose one of these");
    return;
  }
  const auto& type = *v1::StageThree::descriptor();
  for (const Compartment& one : kCompartments) {
    const auto* field = type.FindFieldByName(one.field);
    const std::string text = t3.GetReflection()->GetString(t3, field);
    if (one.name == t3.kompartemen()) {
      check.Text(one.field, text);
    } else if (!text.empty()) {
      check.Add(one.field,
                "di luar kompartemen ini; kirim terpisah bila diminta / not of this compartment: "
                "release it by itself, when it is asked for");
    }
  }
}

}  // namespace rujukan::agency
