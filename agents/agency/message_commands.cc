// Messages that belong to no leg, as commands. To whom they go is --to; commands_message.cc finds
// it by itself where the message says it: the supervisor of a complaint, the writer of what is
// answered.
#include "agents/agency/command_fields.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
constexpr Need kRequired = Need::kRequired;
constexpr Need kOptional = Need::kOptional;

std::vector<MessageCommand> Conferring() {
  return {
      {"invite-conference",
       K::UNDANGAN_KONFERENSI_KASUS,
       "UNDANGAN_KONFERENSI_KASUS: mengundang konferensi kasus / invite to a case conference\n"
       "  rujukan-agent invite-conference --to dinsos.18@lampung.example --to "
       "uptdppa.18@lampung.example --purpose \"rencana bersama\" --time 2026-11-24T10:00:00+07:00 "
       "--mode DARING --agenda \"tempat tinggal\"",
       {{"--purpose", "tujuan", "what it is for; no identity", kRequired},
        {"--time", "waktu", "when, with the zone (RFC 3339)", kRequired},
        {"--mode", "cara", "TATAP_MUKA, DARING, CAMPURAN", kRequired},
        {"--place", "tempat", "room or link"},
        {"--agenda", "agenda", "a point (repeat for more)", kRequired, Form::kList},
        {"--guest",
         "undangan:peran;nama_tamu",
         "\"peran;nama\": a guest, who gets no data of the child",
         kOptional,
         Form::kRows},
        {"--secret", "sangat_rahasia", "what is said there is class SR", kOptional, Form::kFlag}}},
      {"minutes",
       K::NOTULA,
       "NOTULA: notula konferensi kasus dan tugas / minutes of a case conference, and tasks\n"
       "  rujukan-agent minutes --to dinsos.18@lampung.example --invitation PESAN --time "
       "2026-11-24T10:00:00+07:00 --attended dinsos.18@lampung.example --summary \"...\" --task "
       "\"dinsos.18@lampung.example;2026-12-01;kunjungan rumah\"",
       {{"--time", "waktu", "when it was (RFC 3339)", kRequired},
        {"--attended", "hadir", "who was there (repeat for more)", kRequired, Form::kList},
        {"--summary", "ringkasan", "what was agreed", kRequired},
        {"--task",
         "tugas:penanggung_jawab;batas;uraian",
         "\"alamat;YYYY-MM-DD;uraian\": who does what by when",
         kOptional,
         Form::kRows},
        {"--invitation", "", "message id of the invitation", kOptional, Form::kCause}}},
      {"consult",
       K::KONSULTASI_AHLI,
       "KONSULTASI_AHLI: bertanya kepada ahli dengan nama samaran / ask an expert, pseudonymously\n"
       "  rujukan-agent consult --to psikolog.18@lampung.example --ref KONSUL-7 --question \"...\"",
       {{"--ref", "ref", "a pseudonym made for this question only", kRequired},
        {"--question", "pertanyaan", "without identity", kRequired}}},
  };
}

std::vector<MessageCommand> Telling() {
  return {
      {"notify",
       K::PEMBERITAHUAN,
       "PEMBERITAHUAN: pemberitahuan, tanpa rujukan / a notification, without a referral\n"
       "  rujukan-agent notify --to dinsos.18@lampung.example --subject \"piket\" --text \"...\"",
       {{"--subject", "perihal", "what it is about", kRequired},
        {"--text", "isi", "the text", kRequired}}},
      {"complain",
       K::KELUHAN_LAYANAN,
       "KELUHAN_LAYANAN: keluhan kepada pengawas; lembaga yang dikeluhkan tidak melihatnya / a\n"
       "complaint to the supervisor, never seen by the agency complained about\n"
       "  rujukan-agent complain --about lksa.18.72.003@lampung.example --facts \"...\" --leg LEG\n"
       "Tanpa --to: kepada pengawas lembaga itu menurut direktori / to its supervisor.",
       {{"--about", "lembaga", "address complained about", kRequired},
        {"--facts", "fakta", "what happened", kRequired},
        {"--anonymous", "anonim", "do not name who complains", kOptional, Form::kFlag},
        {"--leg", "id_rujukan", "the leg it is about"}}},
      {"incident",
       K::INSIDEN_DATA,
       "INSIDEN_DATA: pemberitahuan insiden data, UU 27/2022 ps. 46 (3x24 jam) / a data incident\n"
       "  rujukan-agent incident --to dinsos.18@lampung.example --what \"laptop dicuri\" --when "
       "2026-11-22T10:00:00+07:00 --how \"dari mobil\" --handling \"kunci dicabut\" --leg LEG",
       {{"--what", "apa", "what happened", kRequired},
        {"--when", "kapan", "when", kRequired},
        {"--how", "bagaimana", "how", kRequired},
        {"--handling", "penanganan", "what is done about it", kRequired},
        {"--leg", "id_rujukan", "a leg concerned (repeat for more)", kOptional, Form::kList}}},
      {"reply",
       K::TANGGAPAN,
       "TANGGAPAN: menjawab pesan tanpa rujukan / answer a message without a leg\n"
       "  rujukan-agent reply --message PESAN --text \"kami hadir\" --attending\n"
       "Tanpa --to: kepada pengirim pesan itu / to who wrote it.",
       {{"--message", "", "message id of what is answered", kRequired, Form::kCause},
        {"--text", "isi", "the answer", kRequired},
        {"--attending", "hadir", "to an invitation: we come", kOptional, Form::kFlag}}},
  };
}

}  // namespace

const std::vector<MessageCommand>& LeglessCommands() {
  static const std::vector<MessageCommand> commands = [] {
    std::vector<MessageCommand> all = Conferring();
    const std::vector<MessageCommand> more = Telling();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return commands;
}

}  // namespace rujukan::agency
