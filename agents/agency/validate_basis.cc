#include "agents/agency/validate_basis.h"

#include <algorithm>

namespace rujukan::agency {
namespace {

constexpr int kUtcOffsetMinutes = 7 * 60;  // WIB: a date ends last in the west

using B = v1::ProcessingBasis;

}  // namespace

void CheckBasis(Checker check, const BasisRecords& records) {
  check.Require(!records.empty(), "dasar_pemrosesan");
  for (int i = 0; i < records.size(); ++i) {
    check.At("dasar_pemrosesan", i).Code("kode", *B::Code_descriptor(), records[i].kode());
  }
}

bool HasBasis(const BasisRecords& records, B::Code code) {
  return std::any_of(records.begin(), records.end(), [code](const v1::BasisRecord& record) {
    return record.kode() == code;
  });
}

bool HasOtherBasis(const BasisRecords& records) {
  return HasBasis(records, B::KEWAJIBAN_HUKUM) || HasBasis(records, B::KEPENTINGAN_VITAL) ||
         HasBasis(records, B::TUGAS_PUBLIK);
}

void CheckConsent(Checker check, const v1::Consent& consent, UnixMillis now) {
  check.Text("pemberi", consent.pemberi(), 200);
  check.NoLongNumber("pemberi", consent.pemberi(), kNikDigits);
  check.Text("hubungan", consent.hubungan(), 200);
  check.Code("cara", *v1::ConsentMethod::Code_descriptor(), consent.cara());
  check.Text("tujuan", consent.tujuan());
  check.Text("retensi", consent.retensi(), 200);
  check.Date("berlaku_sampai", consent.berlaku_sampai());
  if (!consent.hak_dijelaskan()) {
    check.Add(
        "hak_dijelaskan",
        "jelaskan haknya, juga hak menarik persetujuan, lalu isi true / explain their rights, "
        "also that it can be withdrawn: without that consent is void");
  }
  for (int i = 0; i < consent.penerima_size(); ++i) {
    check.Address("penerima[" + std::to_string(i) + "]", consent.penerima(i));
  }
  const auto last_day = DayOfText(consent.berlaku_sampai(), kUtcOffsetMinutes);
  constexpr int64_t kDayMs = 24LL * 3600 * 1000;
  if (now != 0 && last_day && *last_day + kDayMs <= now) {
    check.Add(
        "berlaku_sampai",
        "persetujuan sudah berakhir; minta yang baru, atau pakai dasar lain / this consent has "
        "ended: ask anew, or use another basis");
  }
}

void CheckDecision(Checker check, const v1::BestInterestDecision& decision, bool countersigned) {
  check.Text("oleh", decision.oleh());
  check.Text("peran", decision.peran(), 200);
  check.Text("alasan", decision.alasan());
  check.Text("fakta", decision.fakta());
  check.Text("alternatif", decision.alternatif());
  check.Text("pandangan_anak", decision.pandangan_anak());
  check.Time("waktu", decision.waktu());
  if (countersigned && decision.disetujui_supervisor().empty()) {
    check.Add("disetujui_supervisor",
              "pengawas menyetujui sebelum dikirim; hanya DARURAT boleh menyusul dalam 24 jam / a "
              "supervisor countersigns first; only an emergency may follow within 24 hours");
  }
}

void CheckWithholding(Checker check, const WithheldItems& withheld, const DoNotInforms& silent) {
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
    for (int j = 0; j < silent[i].alamat_size(); ++j) {
      item.Address("alamat[" + std::to_string(j) + "]", silent[i].alamat(j));
    }
  }
}

}  // namespace rujukan::agency
