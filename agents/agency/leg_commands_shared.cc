// The steps that either side of a leg may take, as commands.
#include "agents/agency/command_fields.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
constexpr Need kRequired = Need::kRequired;
constexpr Need kOneOf = Need::kOneOf;
constexpr Need kOptional = Need::kOptional;

MessageCommand HandoverCommand() {
  return {
      "handover",
      K::SERAH_TERIMA,
      "SERAH_TERIMA: berita acara serah terima anak, ditandatangani kedua pihak / the child is\n"
      "handed over, signed by both sides. Pihak pertama mengisi, pihak kedua menyetujui isinya:\n"
      "  rujukan-agent handover LEG --place \"Polres\" --time 2026-11-22T08:00:00+07:00 "
      "--from \"Bripka Contoh\" --to \"Wulan\" --condition \"sehat\"\n"
      "  rujukan-agent handover LEG --sign PESAN      the other half, after reading it",
      {{"--place", "tempat", "where", kOptional},
       {"--time", "waktu", "when (RFC 3339)"},
       {"--from", "petugas_menyerahkan", "the officer who hands over"},
       {"--to", "petugas_menerima", "the officer who takes over"},
       {"--condition", "keadaan_anak", "how the child is"},
       {"--belonging", "barang", "belongings (repeat for more)", kOptional, Form::kList},
       {"--document", "dokumen", "documents (repeat for more)", kOptional, Form::kList},
       {"--note", "catatan", "a remark"},
       {"--sign",
        "",
        "message id of the other side's half: sign the same record",
        kOptional,
        Form::kCause}}};
}

std::vector<MessageCommand> Alerting() {
  return {
      {"alert",
       K::PERINGATAN_DARURAT,
       "PERINGATAN_DARURAT: bahaya sekarang, harus dijawab dalam 15 menit / danger now, to be\n"
       "answered within 15 minutes\n"
       "  rujukan-agent alert LEG --type KABUR --last-seen kemendagri:18.71 --action \"cari di "
       "terminal\"",
       {{"--type",
         "jenis",
         "KABUR, HILANG, BAHAYA, BUNUH_DIRI, PELAKU_MENDEKAT, PENGUSIRAN, MENINGGAL",
         kRequired},
        {"--action", "tindakan_diminta", "what is asked of the other side", kRequired},
        {"--last-seen", "terakhir_terlihat", "kabupaten/kota, kemendagri:18.71"},
        {"--note", "keterangan", "a remark"}}},
      {"respond",
       K::TANGGAPAN_PERINGATAN,
       "TANGGAPAN_PERINGATAN: menanggapi peringatan / act on an alert\n"
       "  rujukan-agent respond LEG --alert PESAN --action \"tim menuju terminal\" --by \"Wulan\"",
       {{"--action", "tindakan", "what is being done", kRequired},
        {"--by", "oleh", "by whom", kRequired},
        {"--alert",
         "",
         "message id of the alert, when several are open",
         kOptional,
         Form::kCause}}},
      {"risk",
       K::PERUBAHAN_RISIKO,
       "PERUBAHAN_RISIKO: tingkat risiko berubah, batas waktu ikut / the risk has changed, and "
       "the\n"
       "clocks with it\n"
       "  rujukan-agent risk LEG --level TINGGI --reason \"pelaku tahu alamat\"",
       {{"--level", "tingkat_risiko", "RENDAH, SEDANG, TINGGI", kRequired},
        {"--reason", "alasan", "why", kRequired},
        {"--danger", "bahaya_langsung", "immediate danger: DARURAT", kOptional, Form::kFlag},
        {"--approved-by", "disetujui_supervisor", "the supervisor; required to lower it"}}},
  };
}

std::vector<MessageCommand> Correcting() {
  return {
      {"correct",
       K::KOREKSI,
       "KOREKSI: memperbaiki pesan sendiri yang keliru / correct an earlier message of ours\n"
       "  rujukan-agent correct LEG --message PESAN --field t1.kelompok_usia --was USIA_6_12 --now "
       "USIA_13_17 --reason \"salah hitung\"",
       {{"--message", "", "message id of what is corrected", kRequired, Form::kCause},
        {"--field", "bidang", "the field", kRequired},
        {"--was", "semula", "what it said"},
        {"--now", "menjadi", "what it should have said", kRequired},
        {"--reason", "alasan", "why", kRequired}}},
      {"withdraw",
       K::PENARIKAN_PERSETUJUAN,
       "PENARIKAN_PERSETUJUAN: persetujuan ditarik, diteruskan ke pihak lain / consent is "
       "withdrawn\n"
       "  rujukan-agent withdraw LEG --by ibu --time 2026-11-25T10:00:00+07:00 --scope \"semua "
       "data\"",
       {{"--by", "oleh", "relation of who withdraws, no name", kRequired},
        {"--time", "waktu", "when (RFC 3339)", kRequired},
        {"--scope", "cakupan", "what it covers", kRequired}}},
      {"answer-withdrawal",
       K::TANGGAPAN_PENARIKAN,
       "TANGGAPAN_PENARIKAN: data dibatasi, atau dasar lain / restricted, or on another basis\n"
       "  rujukan-agent answer-withdrawal LEG --restricted\n"
       "  rujukan-agent answer-withdrawal LEG --basis TUGAS_PUBLIK --article \"UU 35/2014 ps. 59\"",
       {{"--restricted",
         "dibatasi",
         "no new disclosure, what is there is restricted",
         kOneOf,
         Form::kFlag},
        {"--basis", "dasar_lain", "KEWAJIBAN_HUKUM, KEPENTINGAN_VITAL, TUGAS_PUBLIK", kOneOf},
        {"--article", "pasal", "the article of law, with --basis"},
        {"--note", "keterangan", "a remark"},
        {"--withdrawal",
         "",
         "message id of the withdrawal, when several are open",
         kOptional,
         Form::kCause}}},
      {"reopen",
       K::BUKA_KEMBALI,
       "BUKA_KEMBALI: membuka lagi yang sudah DITUTUP; rujukan baru melanjutkannya / reopen what "
       "is\n"
       "closed: a new leg continues it\n"
       "  rujukan-agent reopen LEG --reason \"anak kembali ke jalan\"",
       {{"--reason", "alasan", "why", kRequired}}},
  };
}

}  // namespace

std::vector<MessageCommand> SharedCommands() {
  std::vector<MessageCommand> all = {HandoverCommand()};
  for (auto&& more : {Alerting(), Correcting()}) {
    all.insert(all.end(), more.begin(), more.end());
  }
  return all;
}

}  // namespace rujukan::agency
