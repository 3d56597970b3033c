// The steps of perujuk, who asked for help, as commands.
#include "agents/agency/command_fields.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
constexpr Need kRequired = Need::kRequired;
constexpr Need kOneOf = Need::kOneOf;

std::vector<MessageCommand> Informing() {
  return {
      {"answer",
       K::JAWABAN_INFO,
       "JAWABAN_INFO: menjawab pertanyaan / answer a question\n"
       "  rujukan-agent answer LEG --answer \"akta belum ada, sedang diurus\"",
       {{"--answer", "jawaban", "an answer (repeat for more)", kOneOf, Form::kList},
        {"--refuse", "alasan_menolak", "why there is no answer", kOneOf}}},
      {"details",
       K::RINCIAN,
       "RINCIAN: mengirim T2 atau T3 setelah diterima / release T2 or T3\n"
       "  rujukan-agent details LEG --file rincian.json     {\"t2\": {...}} or {\"t3\": {...}}",
       {}},
      {"sign-off",
       K::PENGESAHAN,
       "PENGESAHAN: pejabat mengesahkan rujukan DARURAT, paling lambat 24 jam / the signing\n"
       "official's word after an emergency went out without it\n"
       "  rujukan-agent sign-off LEG --position \"Kepala Bidang Rehsos\" --name \"Sari\"",
       {{"--position", "penandatangan.jabatan", "the official's position", kRequired},
        {"--name", "penandatangan.nama", "the official's name", kRequired},
        {"--note", "keterangan", "a remark"}}},
  };
}

std::vector<MessageCommand> Closing() {
  return {
      {"close",
       K::KONFIRMASI_TUTUP,
       "KONFIRMASI_TUTUP: setuju ditutup / agree to close\n"
       "  rujukan-agent close LEG --note \"sudah dikunjungi\"",
       {{"--note", "keterangan", "a remark"}}},
      {"object",
       K::KEBERATAN_TUTUP,
       "KEBERATAN_TUTUP: keberatan ditutup, layanan berlanjut / object to closing, service goes "
       "on\n"
       "  rujukan-agent object LEG --reason \"belum ada pengasuh\"",
       {{"--reason", "alasan", "why", kRequired}}},
      {"cancel",
       K::BATAL,
       "BATAL: membatalkan sebelum diterima / cancel before acceptance\n"
       "  rujukan-agent cancel LEG --reason \"keluarga ditemukan\"",
       {{"--reason", "alasan", "why", kRequired}}},
      {"request-cancel",
       K::PERMINTAAN_BATAL,
       "PERMINTAAN_BATAL: meminta batal setelah diterima / ask to cancel after acceptance\n"
       "  rujukan-agent request-cancel LEG --reason \"keluarga ditemukan\" --custody \"di "
       "penerima\"",
       {{"--reason", "alasan", "why", kRequired},
        {"--custody", "pengasuhan", "where the child is, and with whom", kRequired}}},
      {"recall",
       K::SALAH_INPUT,
       "SALAH_INPUT: salah input, penerima menghapus dan membuktikan / entered by mistake: the\n"
       "receiver purges it and attests\n"
       "  rujukan-agent recall LEG --reason \"tertukar dengan anak lain\"",
       {{"--reason", "alasan", "why", kRequired}}},
  };
}

}  // namespace

std::vector<MessageCommand> SenderCommands() {
  std::vector<MessageCommand> all = Informing();
  const std::vector<MessageCommand> more = Closing();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace rujukan::agency
