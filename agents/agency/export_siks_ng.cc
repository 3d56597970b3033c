#include "agents/agency/export_siks_ng.h"

#include <algorithm>

#include "agents/agency/csv_text.h"
#include "agents/agency/render.h"
#include "base/region.h"

namespace rujukan::agency {
namespace {

std::string YesNo(bool yes) {
  return yes ? "ya" : "tidak";
}

std::string PlaceName(const std::string& code) {
  const auto region = RegionCode::Parse(code);
  return region ? std::string(region->name()) : "";
}

std::string DayOf(UnixMillis time) {
  const Json text = TimeOf(time);
  return text.is_string() ? text.get<std::string>().substr(0, 10) : "";
}

std::string BasesOf(const ChildCase& child) {
  std::string names;
  for (const auto& basis : child.referral.t1().dasar_pemrosesan()) {
    const std::string name = v1::ProcessingBasis::Code_Name(basis.kode());
    if (name != "PERSETUJUAN" || !child.withdrawn) {
      names += (names.empty() ? "" : "|") + name;
    }
  }
  return names;
}

// Who cares for the child: never somebody who is alleged to have harmed it.
const v1::Caregiver& CaregiverOf(const v1::StageTwo& t2) {
  const auto& all = t2.pengasuh();
  const auto found = std::find_if(
      all.begin(), all.end(), [](const v1::Caregiver& one) { return !one.terduga_pelaku(); });
  return found == all.end() ? v1::Caregiver::default_instance() : *found;
}

bool ConsentStands(const ChildCase& child, const std::string& today) {
  const std::string& until = child.referral.t1().persetujuan().berlaku_sampai();
  return !child.withdrawn && (until.empty() || until >= today);
}

}  // namespace

std::string LeftOutName(LeftOut why) {
  switch (why) {
    case LeftOut::kNo:
      return "baris";
    case LeftOut::kRecalled:
      return "salah_input";
    case LeftOut::kUnreadable:
      return "tidak_terbaca";
    case LeftOut::kNoBasis:
      return "tanpa_dasar";
    case LeftOut::kNotVerified:
      return "belum_verivali";
    case LeftOut::kNoIdentity:
      return "tanpa_identitas";
    case LeftOut::kDuplicate:
      return "anak_sama";
  }
  return "";
}

bool CoversRegistration(const ChildCase& child, const std::string& today) {
  for (const auto& basis : child.referral.t1().dasar_pemrosesan()) {
    switch (basis.kode()) {
      case v1::ProcessingBasis::KEWAJIBAN_HUKUM:
      case v1::ProcessingBasis::TUGAS_PUBLIK:
        return true;
      case v1::ProcessingBasis::PERSETUJUAN:
        if (ConsentStands(child, today)) {
          return true;
        }
        break;
      default:
        break;
    }
  }
  return false;
}

LeftOut JudgeForSiks(const ChildCase& child, const std::string& today) {
  if (child.leg.state == v1::LegState::SALAH_INPUT) {
    return LeftOut::kRecalled;
  }
  if (!child.readable) {
    return LeftOut::kUnreadable;
  }
  if (!CoversRegistration(child, today)) {
    return LeftOut::kNoBasis;
  }
  if (!child.mark) {
    return LeftOut::kNotVerified;
  }
  return child.t2 && !child.t2->nama().empty() ? LeftOut::kNo : LeftOut::kNoIdentity;
}

std::string PpksClassOf(const v1::StageOne& t1) {
  switch (t1.kategori_utama()) {
    case v1::AmpkCategory::B:
      return "ABH";
    case v1::AmpkCategory::L:
      return "ANAK_DENGAN_DISABILITAS";
    case v1::AmpkCategory::I:
      return "ANAK_KORBAN_TINDAK_KEKERASAN";
    case v1::AmpkCategory::M:
      return t1.kelompok_usia() == v1::AgeGroup::USIA_0_5 ? "BALITA_TELANTAR" : "ANAK_TELANTAR";
    default:
      return "AMPK_LAINNYA";
  }
}

std::vector<std::string> SiksHeader() {
  return {"id_rujukan",
          "id_siks_ng",
          "alamat_lembaga",
          "nama_lembaga",
          "nik",
          "no_kk",
          "no_akta",
          "nama",
          "tanggal_lahir",
          "perkiraan",
          "jenis_kelamin",
          "alamat",
          "kecamatan_desa",
          "wilayah_asal",
          "nama_wilayah",
          "wilayah_berada",
          "jenis_ppks",
          "status_dokumen",
          "nama_pengasuh",
          "hubungan_pengasuh",
          "tanggal_rujukan",
          "status_rujukan",
          "dasar",
          "verivali_tanggal",
          "verivali_petugas",
          "ada_koreksi"};
}

std::vector<std::string> SiksRow(const ChildCase& child, const SiksContext& context) {
  const v1::StageOne& t1 = child.referral.t1();
  const v1::StageTwo& t2 = *child.t2;
  const v1::Caregiver& caregiver = CaregiverOf(t2);
  return {FormatUuid(child.leg.id.view()),
          child.mark->siks_id,
          context.address,
          context.official_name,
          t2.nik(),
          t2.no_kk(),
          t2.no_akta(),
          t2.nama(),
          t2.tanggal_lahir(),
          YesNo(t2.tanggal_lahir_perkiraan()),
          v1::Sex::Code_Name(t1.jenis_kelamin()),
          t2.alamat(),
          t2.kecamatan_desa(),
          t1.wilayah_asal(),
          PlaceName(t1.wilayah_asal()),
          t1.wilayah_berada(),
          PpksClassOf(t1),
          t2.status_dokumen() == v1::DocumentStatus::UNSPECIFIED
              ? ""
              : v1::DocumentStatus::Code_Name(t2.status_dokumen()),
          caregiver.nama(),
          caregiver.hubungan(),
          DayOf(child.leg.opened_at),
          v1::LegState::Code_Name(child.leg.state),
          BasesOf(child),
          child.mark->date,
          child.mark->officer,
          YesNo(child.corrected)};
}

LeftOut SiksCount::Judge(const ChildCase& child, const std::string& today) {
  LeftOut why = JudgeForSiks(child, today);
  if (why == LeftOut::kNo && !child.episode.empty() && !seen_.insert(child.episode).second) {
    why = LeftOut::kDuplicate;
  }
  ++counts_[why];
  return why;
}

Json SiksCount::Summary() const {
  Json left_out = Json::object();
  for (const LeftOut why : {LeftOut::kRecalled,
                            LeftOut::kUnreadable,
                            LeftOut::kNoBasis,
                            LeftOut::kNotVerified,
                            LeftOut::kNoIdentity,
                            LeftOut::kDuplicate}) {
    const auto found = counts_.find(why);
    left_out[LeftOutName(why)] = found == counts_.end() ? 0 : found->second;
  }
  const auto rows = counts_.find(LeftOut::kNo);
  return {{"baris", rows == counts_.end() ? 0 : rows->second},
          {"dikeluarkan", std::move(left_out)}};
}

}  // namespace rujukan::agency
