// The steps of penerima, who was asked for help, as commands.
#include "agents/agency/command_fields.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
constexpr Need kRequired = Need::kRequired;
constexpr Need kOneOf = Need::kOneOf;
constexpr Need kOptional = Need::kOptional;

std::vector<MessageCommand> Deciding() {
  return {
      {"ack",
       K::KONFIRMASI,
       "KONFIRMASI: petugas sudah membuka / an officer has opened it\n"
       "  rujukan-agent ack LEG --expect 2026-11-22T01:00:00+07:00",
       {{"--expect", "perkiraan_waktu", "when an answer can be expected (RFC 3339)"}}},
      {"accept",
       K::TERIMA,
       "TERIMA: menerima; identitas (T2) lalu dikirim perujuk / accept\n"
       "  rujukan-agent accept LEG --worker \"Wulan\" --plan \"jemput malam ini\"",
       {{"--worker", "pekerja.nama", "the worker who takes the case", kRequired},
        {"--role", "pekerja.peran", "the worker's role (default: petugas)"},
        {"--phone", "pekerja.telepon", "the worker's phone"},
        {"--plan", "rencana_kontak", "contact plan", kRequired},
        {"--place", "tempat", "bed or slot; never an address"},
        {"--conditions", "syarat", "conditions"}}},
      {"decline",
       K::TOLAK,
       "TOLAK: menolak dengan alasan / decline with a reason\n"
       "  rujukan-agent decline LEG --reason DI_LUAR_WILAYAH --alternative \"via Kemensos\"",
       {{"--reason", "alasan", "KAPASITAS_PENUH, DI_LUAR_WILAYAH, ... LAINNYA", kRequired},
        {"--note", "keterangan", "explanation; required with LAINNYA"},
        {"--alternative", "alternatif", "who else can help; required for risk TINGGI"},
        {"--full-until", "penuh_sampai", "with KAPASITAS_PENUH: until when (YYYY-MM-DD)"}}},
      {"redirect",
       K::ALIHKAN,
       "ALIHKAN: mengusulkan lembaga lain; perujuk yang merujuk ke sana / propose another agency\n"
       "  rujukan-agent redirect LEG --to dinsos.18.71@lampung.example --reason \"anak di sana\"\n"
       "Paling banyak 3 kali. DARURAT: langsung diteruskan / an emergency goes on at once.",
       {{"--to", "tujuan", "the agency's address", kRequired},
        {"--reason", "alasan", "why there", kRequired},
        {"--code", "kode", "the reason as a code, as of decline"},
        {"--new-leg", "id_rujukan_baru", "DARURAT: the leg opened there at once"}}},
      {"ask",
       K::PERMINTAAN_INFO,
       "PERMINTAAN_INFO: bertanya sebelum memutuskan / ask before deciding\n"
       "  rujukan-agent ask LEG --code DOKUMEN --question \"akta sudah ada?\"\n"
       "Risiko TINGGI dan DARURAT: batas waktu tetap berjalan / clocks of high risk go on.",
       {{"--question", "pertanyaan", "a question (repeat for more)", kOneOf, Form::kList},
        {"--code",
         "kode",
         "IDENTITAS, KEADAAN_ANAK, PENGASUH, DOKUMEN, KESEHATAN, HUKUM, TINDAKAN, LAINNYA",
         kOneOf,
         Form::kList}}},
  };
}

std::vector<MessageCommand> Serving() {
  return {
      {"request-details",
       K::PERMINTAAN_RINCIAN,
       "PERMINTAAN_RINCIAN: meminta satu kompartemen T3 / ask for a compartment of stage T3\n"
       "  rujukan-agent request-details LEG --compartment visum --reason \"pemeriksaan lanjutan\"",
       {{"--compartment",
         "kompartemen",
         "medis, visum, hiv, kekerasan_seksual, bap, litmas, lpsk, jaringan",
         kRequired},
        {"--reason", "alasan", "what it is needed for", kRequired}}},
      {"schedule",
       K::JADWAL,
       "JADWAL: janji temu / an appointment\n"
       "  rujukan-agent schedule LEG --time 2026-11-23T09:00:00+07:00 --place \"ruang konseling "
       "2\"",
       {{"--time", "waktu", "when (RFC 3339)", kRequired},
        {"--place", "tempat", "a room or a code, never a safe house's address", kRequired},
        {"--escort", "pendamping", "who comes along"}}},
      {"no-show",
       K::TIDAK_HADIR,
       "TIDAK_HADIR: tidak datang ke janji temu / nobody came to the appointment\n"
       "  rujukan-agent no-show LEG --time 2026-11-23T09:00:00+07:00 --note \"ditelepon, tidak "
       "diangkat\"",
       {{"--time", "waktu", "of the appointment (RFC 3339)", kRequired},
        {"--note", "keterangan", "what was tried"}}},
      {"unschedule",
       K::JADWAL_BATAL,
       "JADWAL_BATAL: janji temu batal / the appointment is called off\n"
       "  rujukan-agent unschedule LEG --reason \"psikolog sakit\"",
       {{"--reason", "alasan", "why", kRequired}}},
      {"contact",
       K::KONTAK_PERTAMA,
       "KONTAK_PERTAMA: sudah bertemu anak / first contact with the child\n"
       "  rujukan-agent contact LEG --time 2026-11-22T02:10:00+07:00 --condition \"aman, lelah\"",
       {{"--time", "waktu", "when (RFC 3339)", kRequired},
        {"--condition", "keadaan", "how the child is", kRequired}}},
      {"progress",
       K::LAPORAN_KEMAJUAN,
       "LAPORAN_KEMAJUAN: tiga bagian wajib / progress, three sections required\n"
       "  rujukan-agent progress LEG --development \"mulai sekolah\" --problems \"belum ada akta\" "
       "--solutions \"ke Dukcapil 3/12\" --next 2026-12-20",
       {{"--development", "perkembangan", "perkembangan", kRequired},
        {"--problems", "permasalahan", "permasalahan", kRequired},
        {"--solutions", "solusi", "solusi", kRequired},
        {"--next", "laporan_berikutnya", "date of the next report"},
        {"--risk", "tingkat_risiko", "RENDAH, SEDANG, TINGGI"},
        {"--from", "periode_dari", "the period reported on (YYYY-MM-DD)"},
        {"--until", "periode_sampai", "its end (YYYY-MM-DD)"},
        {"--residence", "status_tempat_tinggal", "where the child lives, never an address"},
        {"--birth-certificate", "akta", "akta: how far it has come"},
        {"--nutrition", "gizi", "gizi"},
        {"--education", "pendidikan", "pendidikan"}}},
  };
}

std::vector<MessageCommand> Ending() {
  return {
      {"pause",
       K::TUNDA,
       "TUNDA: berhenti sementara, ditinjau paling lama 30 hari / pause, to be looked at again\n"
       "  rujukan-agent pause LEG --reason \"dirawat di rumah sakit\" --review 2026-12-05",
       {{"--reason", "alasan", "why", kRequired},
        {"--review",
         "ditinjau",
         "date to look again (YYYY-MM-DD, at most 30 days on)",
         kRequired}}},
      {"resume",
       K::LANJUT,
       "LANJUT: dilanjutkan / go on\n"
       "  rujukan-agent resume LEG --note \"sudah pulang\"",
       {{"--note", "keterangan", "a remark", kOptional}}},
      {"fail",
       K::GAGAL,
       "GAGAL: tidak dapat dilanjutkan / it cannot go on\n"
       "  rujukan-agent fail LEG --reason PINDAH_WILAYAH --note \"ikut bibi ke Jambi\"\n"
       "KABUR, HILANG, MENINGGAL juga membunyikan PERINGATAN_DARURAT / also raise an alert.",
       {{"--reason",
         "alasan",
         "KABUR, HILANG, MENINGGAL, MENOLAK_LAYANAN, PINDAH_WILAYAH, LAYANAN_TERHENTI, LAINNYA",
         kRequired},
        {"--note", "keterangan", "what happened"},
        {"--action", "tindakan", "what was done about it"}}},
      {"finish",
       K::LAPORAN_AKHIR,
       "LAPORAN_AKHIR: laporan akhir / final report\n"
       "  rujukan-agent finish LEG --outcome REINTEGRASI_KELUARGA --child-view \"ingin pulang\" "
       "--follow-up \"kunjungan tiap bulan\" --residual-risk \"rendah\"",
       {{"--outcome", "hasil", "REINTEGRASI_KELUARGA, ... (code list Outcome)", kRequired},
        {"--child-view", "pandangan_anak", "the child's own view", kRequired},
        {"--follow-up", "tindak_lanjut", "what follows", kRequired},
        {"--residual-risk", "risiko_tersisa", "what risk remains", kRequired}}},
      {"agree-cancel",
       K::SETUJU_BATAL,
       "SETUJU_BATAL: menyetujui pembatalan / agree to cancel\n"
       "  rujukan-agent agree-cancel LEG --custody \"anak kembali ke perujuk 22/11 pukul 10\"",
       {{"--custody", "pengasuhan", "where the child is, and with whom", kRequired},
        {"--reason", "alasan", "a remark"}}},
      {"refuse-cancel",
       K::TOLAK_BATAL,
       "TOLAK_BATAL: menolak pembatalan / refuse to cancel\n"
       "  rujukan-agent refuse-cancel LEG --reason \"anak belum aman\"",
       {{"--reason", "alasan", "why", kRequired},
        {"--custody", "pengasuhan", "where the child is, and with whom"}}},
  };
}

}  // namespace

std::vector<MessageCommand> ReceiverCommands() {
  std::vector<MessageCommand> all = Deciding();
  for (auto&& more : {Serving(), Ending()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace rujukan::agency
