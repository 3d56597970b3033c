// Steps in a leg from the command line. Each takes its fields as options; --file FILE gives all of
// them as JSON.
#include <memory>

#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

// An option and the field of the message that it fills.
struct FieldOption {
  const char* option;
  const char* field;  // "pekerja.nama": a member of a member
  const char* help;
  bool required = false;
};

struct LegCommand {
  const char* name;
  const char* help;
  std::vector<FieldOption> fields;
};

const std::vector<LegCommand>& LegCommands() {
  static const std::vector<LegCommand> commands = {
      {"ack",
       "KONFIRMASI: petugas sudah membuka / an officer has opened it",
       {{"--expect", "perkiraan_waktu", "when an answer can be expected (RFC 3339)"}}},
      {"accept",
       "TERIMA: menerima; identitas (T2) lalu dikirim perujuk / accept\n"
       "  rujukan-agent accept LEG --worker \"Wulan\" --plan \"jemput malam ini\"",
       {{"--worker", "pekerja.nama", "the worker who takes the case", true},
        {"--role", "pekerja.peran", "the worker's role (default: petugas)"},
        {"--phone", "pekerja.telepon", "the worker's phone"},
        {"--plan", "rencana_kontak", "contact plan", true},
        {"--place", "tempat", "bed or slot; never an address"},
        {"--conditions", "syarat", "conditions"}}},
      {"decline",
       "TOLAK: menolak dengan alasan / decline with a reason\n"
       "  rujukan-agent decline LEG --reason DI_LUAR_WILAYAH --alternative \"via Kemensos\"",
       {{"--reason", "alasan", "KAPASITAS_PENUH, DI_LUAR_WILAYAH, ... LAINNYA", true},
        {"--note", "keterangan", "explanation; required with LAINNYA"},
        {"--alternative", "alternatif", "who else can help; required for risk TINGGI"}}},
      {"ask",
       "PERMINTAAN_INFO: bertanya / ask for information",
       {{"--question", "pertanyaan[]", "a question (repeat for more)", true}}},
      {"answer",
       "JAWABAN_INFO: menjawab / answer",
       {{"--answer", "jawaban[]", "an answer (repeat for more)"},
        {"--refuse", "alasan_menolak", "why there is no answer"}}},
      {"contact",
       "KONTAK_PERTAMA: sudah bertemu anak / first contact with the child",
       {{"--time", "waktu", "when (RFC 3339)", true},
        {"--condition", "keadaan", "how the child is", true}}},
      {"progress",
       "LAPORAN_KEMAJUAN: tiga bagian wajib / progress, three sections required",
       {{"--development", "perkembangan", "perkembangan", true},
        {"--problems", "permasalahan", "permasalahan", true},
        {"--solutions", "solusi", "solusi", true},
        {"--next", "laporan_berikutnya", "date of the next report"},
        {"--risk", "tingkat_risiko", "RENDAH, SEDANG, TINGGI"}}},
      {"finish",
       "LAPORAN_AKHIR: laporan akhir / final report",
       {{"--outcome", "hasil", "REINTEGRASI_KELUARGA, ... (code list Outcome)", true},
        {"--child-view", "pandangan_anak", "the child's own view", true},
        {"--follow-up", "tindak_lanjut", "what follows", true},
        {"--residual-risk", "risiko_tersisa", "what risk remains", true}}},
      {"close",
       "KONFIRMASI_TUTUP: setuju ditutup / agree to close",
       {{"--note", "keterangan", "a remark"}}},
      {"object",
       "KEBERATAN_TUTUP: keberatan ditutup / object to closing",
       {{"--reason", "alasan", "why", true}}},
      {"cancel",
       "BATAL: membatalkan sebelum diterima / cancel before acceptance",
       {{"--reason", "alasan", "why", true}}},
      {"details",
       "RINCIAN: mengirim T2 atau T3 setelah diterima / release T2 or T3\n"
       "  rujukan-agent details LEG --file rincian.json     {\"t2\": {...}} or {\"t3\": {...}}",
       {}},
  };
  return commands;
}

struct Given {
  ActOptions act;
  std::vector<std::vector<std::string>> values;  // by option
};

// Puts the options that were given into the message's JSON.
Json FieldsOf(const LegCommand& command, const Given& given) {
  Json isi = Json::object();
  for (size_t i = 0; i < command.fields.size(); ++i) {
    if (given.values[i].empty()) {
      continue;
    }
    const std::string field = command.fields[i].field;
    const size_t dot = field.find('.');
    if (field.size() > 2 && field.substr(field.size() - 2) == "[]") {
      isi[field.substr(0, field.size() - 2)] = given.values[i];
    } else if (dot != std::string::npos) {
      isi[field.substr(0, dot)][field.substr(dot + 1)] = given.values[i].back();
    } else {
      isi[field] = given.values[i].back();
    }
  }
  if (isi.contains("pekerja") && !isi["pekerja"].contains("peran")) {
    isi["pekerja"]["peran"] = "petugas";
  }
  return isi;
}

void AddLegCommand(CLI::App& app,
                   CommonOptions& common,
                   std::function<int()>& work,
                   const LegCommand& spec) {
  auto given = std::make_shared<Given>();
  given->act.action = spec.name;
  given->values.resize(spec.fields.size());
  auto* command = app.add_subcommand(spec.name, spec.help);
  AddCommon(*command, common);
  command->add_option("LEG", given->act.leg, "leg id, as in `inbox`")->required();
  auto* file = command->add_option("--file", given->act.file, "the fields as JSON, - for stdin");
  command->add_option("--key", given->act.key, "idempotency key; default: from the fields");
  command->add_flag("--wait", given->act.wait, "wait until it is in the ledger");
  command->add_option("--timeout", given->act.timeout_s, "seconds to wait")->capture_default_str();
  for (size_t i = 0; i < spec.fields.size(); ++i) {
    command->add_option(spec.fields[i].option, given->values[i], spec.fields[i].help);
  }
  command->callback([&common, &work, given, &spec, file] {
    for (size_t i = 0; i < spec.fields.size(); ++i) {
      if (spec.fields[i].required && given->values[i].empty() && file->count() == 0) {
        throw CLI::RequiredError(spec.fields[i].option);
      }
    }
    given->act.isi = FieldsOf(spec, *given);
    work = [&common, given] { return Act(TerminalOf(common), given->act); };
  });
}

}  // namespace

void AddLegCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  for (const LegCommand& command : LegCommands()) {
    AddLegCommand(app, common, work, command);
  }
}

}  // namespace rujukan::agency
