// The tables that people fill in. The example row is nobody's: its recipient and its child do not
// exist, so it fails by itself when somebody leaves it in.
#include "agents/agency/csv_text.h"
#include "agents/agency/import_table.h"

namespace rujukan::agency {
namespace {

struct Example {
  const char* column;
  const char* value;
};

const std::vector<Example>& ReferralColumns() {
  static const std::vector<Example> columns = {
      {"kunci", "hapus-baris-contoh-ini"},
      {"kepada", "hapus-baris-contoh-ini"},
      {"jenis_rujukan", "RUJUKAN_LAYANAN"},
      {"penandatangan.jabatan", "Kepala Seksi (CONTOH)"},
      {"penandatangan.nama", "Sekar (CONTOH)"},
      {"petugas.peran", "pekerja sosial"},
      {"petugas.nama", "Wulan (CONTOH)"},
      {"petugas.telepon", "+62-000-555-0101"},
      {"t1.ref_anak", "LS-0001"},
      {"t1.kelompok_usia", "USIA_6_12"},
      {"t1.jenis_kelamin", "P"},
      {"t1.kategori", "M|I"},
      {"t1.kategori_utama", "M"},
      {"t1.tingkat_risiko", "SEDANG"},
      {"t1.dasar_penilaian", "asesmen awal"},
      {"t1.bahaya_langsung", "tidak"},
      {"t1.kewenangan", "KAB_KOTA"},
      {"t1.layanan_diminta", "PENGASUHAN|GIZI"},
      {"t1.wilayah_kejadian", "kemendagri:18.01"},
      {"t1.wilayah_asal", "kemendagri:18.01"},
      {"t1.wilayah_berada", "kemendagri:18.01"},
      {"t1.kebutuhan_khusus", ""},
      {"t1.lokasi_anak_aman", "AMAN"},
      {"t1.ringkasan", "tanpa identitas, paling banyak 280 huruf"},
      {"t1.dasar_pemrosesan", "TUGAS_PUBLIK"},
      {"t1.tindakan_sudah", "kunjungan rumah"},
      {"t2.nama", "Melati (CONTOH)"},
      {"t2.tanggal_lahir", "2016-05-14"},
      {"t2.tanggal_lahir_perkiraan", "ya"},
      {"t2.nik", ""},
      {"t2.no_kk", ""},
      {"t2.status_dokumen", "PROSES"},
      {"t2.alamat", "Desa Contohrejo"},
      {"t2.kecamatan_desa", ""},
      {"t2.pengasuh.1.nama", "Kenari (CONTOH)"},
      {"t2.pengasuh.1.hubungan", "bibi"},
      {"t2.pengasuh.1.diberi_tahu", "ya"},
      {"t2.tidak_ada_pengasuh", ""},
      {"t2.kronologi", "fakta; menurut anak: ..."},
      {"t2.pandangan_anak", "ingin tinggal bersama bibinya"},
      {"t2.dasar_pemrosesan", "TUGAS_PUBLIK"},
  };
  return columns;
}

const std::vector<Example>& ProgressColumns() {
  static const std::vector<Example> columns = {
      {"kunci", "2026-11/hapus-baris-contoh-ini"},
      {"ref_anak", "hapus-baris-contoh-ini"},
      {"id_rujukan", ""},
      {"dari", ""},
      {"perkembangan", "naik kelas; berat badan bertambah"},
      {"permasalahan", "akta belum terbit"},
      {"solusi", "didampingi ke Dukcapil pekan depan"},
      {"periode_dari", "2026-11-01"},
      {"periode_sampai", "2026-11-30"},
      {"laporan_berikutnya", "2026-12-31"},
      {"tingkat_risiko", "RENDAH"},
      {"status_tempat_tinggal", "di LKSA"},
      {"akta", "PROSES"},
      {"gizi", "baik"},
      {"pendidikan", "SD kelas 4"},
  };
  return columns;
}

const std::vector<Example>& VerificationColumns() {
  static const std::vector<Example> columns = {
      {"ref_anak", "hapus-baris-contoh-ini"},
      {"id_rujukan", ""},
      {"dari", ""},
      {"tanggal", "2026-11-20"},
      {"petugas", "operator verivali Dinsos (CONTOH)"},
      {"id_siks_ng", ""},
      {"catatan", ""},
  };
  return columns;
}

}  // namespace

std::string ImportTemplate(ImportKind kind) {
  const auto& columns = kind == ImportKind::kReferrals  ? ReferralColumns()
                        : kind == ImportKind::kProgress ? ProgressColumns()
                                                        : VerificationColumns();
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const Example& example : columns) {
    names.emplace_back(example.column);
    values.emplace_back(example.value);
  }
  return CsvLine(names) + CsvLine(values);
}

}  // namespace rujukan::agency
