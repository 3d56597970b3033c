#include "agents/agency/validate_stages.h"

#include <algorithm>

namespace rujukan::agency {
namespace {

template <class Records>
void CheckBasis(Checker& check, const Records& records) {
  check.Require(!records.empty(), "dasar_pemrosesan");
  for (int i = 0; i < records.size(); ++i) {
    check.At("dasar_pemrosesan", i)
        .Code("kode", *v1::ProcessingBasis::Code_descriptor(), records[i].kode());
  }
}

template <class Withheld, class Silent>
void CheckWithholding(Checker& check, const Withheld& withheld, const Silent& silent) {
  const auto& reasons = *v1::WithholdReason::Code_descriptor();
  for (int i = 0; i < withheld.size(); ++i) {
    Checker item = check.At("informasi_ditahan", i);
    item.Text("bidang", withheld[i].bidang());
    item.Code("alasan", reasons, withheld[i].alasan());
  }
  for (int i = 0; i < silent.size(); ++i) {
    Checker item = check.At("jangan_beritahu", i);
    item.Text("siapa", silent[i].siapa());
    item.Code("alasan", reasons, silent[i].alasan());
  }
}

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

void CheckServices(Checker& check, const v1::StageOne& t1) {
  check.Require(t1.layanan_diminta_size() > 0, "layanan_diminta");
  for (int i = 0; i < t1.layanan_diminta_size(); ++i) {
    Checker item = check.At("layanan_diminta", i);
    item.Code("kode", *v1::Service::Code_descriptor(), t1.layanan_diminta(i).kode());
    item.OptionalTime("batas", t1.layanan_diminta(i).batas());
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

// Identity has no place before acceptance; the commonest slip is a NIK typed into a free text.
void CheckNoIdentity(Checker& check, const std::string& field, std::string_view text) {
  if (HasLongNumber(text, kNikDigits)) {
    check.Add(field,
              "tampak memuat NIK; hapus, identitas hanya di t2 / looks like a national id number; "
              "remove it, identity belongs to t2");
  }
}

void CheckStageOne(Checker check, const v1::StageOne& t1) {
  check.Text("ref_anak", t1.ref_anak(), 64);
  CheckNoIdentity(check, "ref_anak", t1.ref_anak());
  check.Code("kelompok_usia", *v1::AgeGroup::Code_descriptor(), t1.kelompok_usia());
  check.Code("jenis_kelamin", *v1::Sex::Code_descriptor(), t1.jenis_kelamin());
  CheckCategories(check, t1);
  CheckRisk(check, t1);
  check.Code("kewenangan", *v1::Competence::Code_descriptor(), t1.kewenangan());
  CheckServices(check, t1);
  check.Region("wilayah_kejadian", t1.wilayah_kejadian());
  check.Region("wilayah_asal", t1.wilayah_asal());
  check.Region("wilayah_berada", t1.wilayah_berada());
  CheckNeeds(check, t1);
  check.Code(
      "lokasi_anak_aman", *v1::ChildLocationSafety::Code_descriptor(), t1.lokasi_anak_aman());
  check.OptionalText("ringkasan", t1.ringkasan(), kSummaryCharactersMax);
  CheckNoIdentity(check, "ringkasan", t1.ringkasan());
  CheckBasis(check, t1.dasar_pemrosesan());
  CheckWithholding(check, t1.informasi_ditahan(), t1.jangan_beritahu());
  if (t1.has_keputusan_kepentingan_terbaik()) {
    Checker decision = check.In("keputusan_kepentingan_terbaik");
    decision.Text("oleh", t1.keputusan_kepentingan_terbaik().oleh());
    decision.Text("alasan", t1.keputusan_kepentingan_terbaik().alasan());
  }
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

void CheckReferral(Checker check, const v1::Referral& referral) {
  check.Code("jenis_rujukan", *v1::ReferralType::Code_descriptor(), referral.jenis_rujukan());
  if (!referral.has_t1()) {
    check.Require(false, "t1");
    return;
  }
  CheckStageOne(check.In("t1"), referral.t1());
  if (!referral.has_t2()) {
    return;
  }
  if (!referral.t1().bahaya_langsung()) {
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

void CheckStageThree(Checker check, const v1::StageThree& t3) {
  check.Text("kompartemen", t3.kompartemen());
  CheckBasis(check, t3.dasar_pemrosesan());
}

}  // namespace rujukan::agency
