#include "agents/agency/profile_check.h"

#include <algorithm>

#include "agents/agency/checker.h"
#include "base/address.h"
#include "base/limits.h"
#include "base/region.h"

namespace rujukan::agency {
namespace {

constexpr size_t kNameCharactersMax = 200;
constexpr uint32_t kAgeMax = 21;
constexpr int kItemsMax = 64;

bool TakesEmergencies(const v1::ServiceOffer& offer) {
  return offer.kode() == v1::Service::PENJANGKAUAN || offer.kode() == v1::Service::KESEHATAN ||
         offer.kode() == v1::Service::PENAMPUNGAN_SEMENTARA;
}

template <class List>
void CheckCodes(Checker& check,
                const std::string& field,
                const google::protobuf::EnumDescriptor& codes,
                const List& values) {
  for (const int value : values) {
    check.Code(field, codes, value);
  }
}

template <class List>
void CheckTexts(Checker& check, const std::string& field, const List& texts) {
  if (texts.size() > kItemsMax) {
    check.Add(field, "paling banyak 64 / at most 64");
  }
  for (const auto& text : texts) {
    check.Text(field, text, kNameCharactersMax);
  }
}

void CheckOffer(Checker check, const v1::ServiceOffer& offer) {
  check.Code("kode", *v1::Service::Code_descriptor(), offer.kode());
  CheckCodes(check, "jenis_kelamin", *v1::Sex::Code_descriptor(), offer.jenis_kelamin());
  CheckCodes(
      check, "kategori_diterima", *v1::AmpkCategory::Code_descriptor(), offer.kategori_diterima());
  CheckCodes(check,
             "kategori_dikecualikan",
             *v1::AmpkCategory::Code_descriptor(),
             offer.kategori_dikecualikan());
  const uint32_t oldest = offer.usia_max() == 0 ? kAgeMax : offer.usia_max();
  if (offer.usia_min() > oldest || oldest > kAgeMax) {
    check.Add("usia_max", "usia_min sampai usia_max, paling tinggi 21 / at most 21, and not below");
  }
  for (const auto& need : offer.kebutuhan_khusus()) {
    if (!IsNeed(need)) {
      check.Add("kebutuhan_khusus", "kode tidak dikenal; lihat docs/guide-integrator.md / unknown");
    }
  }
  CheckTexts(check, "syarat_dokumen", offer.syarat_dokumen());
}

void CheckCapacity(Checker check, const v1::Capacity& capacity, UnixMillis now) {
  if (capacity.status() != v1::CapacityStatus::UNSPECIFIED) {
    check.Code("status", *v1::CapacityStatus::Code_descriptor(), capacity.status());
  }
  if (capacity.berlaku_sampai_ms() > now + limits::kCapacityLifeMsMax) {
    check.Add("berlaku_sampai_ms",
              "paling lama 24 jam dari sekarang; perbarui setiap hari / at most 24 hours from now");
  }
  for (int i = 0; i < capacity.tempat_tidur_size(); ++i) {
    const auto& beds = capacity.tempat_tidur(i);
    if (beds.terisi() > beds.jumlah()) {
      check.At("tempat_tidur", i).Add("terisi", "lebih dari jumlah / more than there are");
    }
  }
}

void CheckRegions(Checker& check, const v1::AgencyProfile& profile) {
  for (int i = 0; i < profile.wilayah_kerja_size(); ++i) {
    if (!RegionCode::Parse(profile.wilayah_kerja(i))) {
      check.Add("wilayah_kerja[" + std::to_string(i) + "]", RegionTextOf(profile.wilayah_kerja(i)));
    }
  }
}

}  // namespace

Findings ValidateProfile(const v1::AgencyProfile& profile, UnixMillis now) {
  Findings findings;
  Checker check("profile", findings);
  CheckTexts(check, "nama_alternatif", profile.nama_alternatif());
  CheckRegions(check, profile);
  bool emergencies = false;
  for (int i = 0; i < profile.layanan_size(); ++i) {
    CheckOffer(check.At("layanan", i), profile.layanan(i));
    emergencies = emergencies || TakesEmergencies(profile.layanan(i));
  }
  if (emergencies && profile.kontak_24jam().empty()) {
    check.Add("kontak_24jam",
              "wajib bagi yang menerima keadaan darurat / required of who takes emergencies");
  }
  check.OptionalText("kontak_24jam", profile.kontak_24jam(), kNameCharactersMax);
  check.OptionalText("jadwal", profile.jadwal(), kNameCharactersMax);
  CheckCapacity(check.In("kapasitas"), profile.kapasitas(), now);
  const auto& zone = profile.zona_waktu();
  if (!zone.empty() && zone != "WIB" && zone != "WITA" && zone != "WIT") {
    check.Add("zona_waktu", "WIB, WITA atau WIT / one of these");
  }
  CheckTexts(check, "piket", profile.piket());
  CheckTexts(check, "pejabat_penandatangan", profile.pejabat_penandatangan());
  if (profile.ByteSizeLong() > limits::kProfileBytesMax) {
    check.Add("layanan", "profil lebih dari 16 KiB; ringkas / over 16 KiB: shorten it");
  }
  return findings;
}

Findings ValidateStanding(const v1::AgencyStanding& standing) {
  Findings findings;
  Checker check("standing", findings);
  for (const auto& [field, address] :
       {std::pair("pengawas", standing.pengawas()), std::pair("induk", standing.induk())}) {
    if (!address.empty() && !AgencyAddress::Parse(address)) {
      check.Add(field, "alamat lembaga, contoh dinsos.18@lampung.example / an agency's address");
    }
  }
  check.OptionalDate("tanggal_akreditasi", standing.tanggal_akreditasi());
  check.OptionalDate("tgl_verifikasi", standing.tgl_verifikasi());
  check.OptionalText("verifikator", standing.verifikator(), kNameCharactersMax);
  for (int i = 0; i < standing.perjanjian_size(); ++i) {
    check.At("perjanjian", i).Text("id", standing.perjanjian(i).id(), kNameCharactersMax);
  }
  if (standing.ByteSizeLong() > limits::kStandingBytesMax) {
    check.Add("perjanjian", "lebih dari 4 KiB; ringkas / over 4 KiB: shorten it");
  }
  return findings;
}

void FillCapacityTimes(v1::AgencyProfile& profile, UnixMillis now) {
  if (!profile.has_kapasitas() || profile.kapasitas().status() == v1::CapacityStatus::UNSPECIFIED) {
    return;
  }
  v1::Capacity& capacity = *profile.mutable_kapasitas();
  if (capacity.berlaku_sampai_ms() == 0) {
    capacity.set_diperbarui_ms(now);
    // A little less than may be said: the broker's clock counts.
    capacity.set_berlaku_sampai_ms(now + limits::kCapacityLifeMsMax - limits::kClockSkewMsMax);
  }
}

}  // namespace rujukan::agency
