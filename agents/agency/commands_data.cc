// import, export, verivali: tables in and out.
#include <memory>

#include "agents/agency/cli_data.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

struct ImportFlags {
  ImportFileOptions options;
  std::string template_of;
  bool check = false;
  bool all = false;
  bool skip = false;
};

void AddImport(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto flags = std::make_shared<ImportFlags>();
  auto* command = app.add_subcommand(
      "import",
      "Impor massal dari CSV atau NDJSON / bulk import. Mengulang berkas yang sama tidak mengirim "
      "dua kali.\n"
      "  rujukan-agent import --template progress > laporan.csv\n"
      "  rujukan-agent import laporan.csv --as progress --check\n"
      "  rujukan-agent import laporan.csv --as progress --all-or-nothing");
  AddCommon(*command, common);
  auto* file = command->add_option("FILE", flags->options.file, "table, at most 64 MiB");
  const CLI::IsMember kinds({"referrals", "progress", "verivali"});
  auto* as = command->add_option("--as", flags->options.kind, "referrals, progress or verivali");
  as->check(kinds);
  auto* form = command->add_option("--template", flags->template_of, "print a table to fill in");
  form->check(kinds)->excludes(file);
  auto* mode = command->add_option_group("mode", "pilih satu / choose one");
  mode->add_flag("--check", flags->check, "only check: nothing is sent");
  mode->add_flag("--all-or-nothing", flags->all, "send when every row is right");
  mode->add_flag("--skip-bad", flags->skip, "send the rows that are right, leave out the others");
  mode->require_option(0, 1);
  command->add_flag("--ndjson", flags->options.ndjson, "one JSON object a line, not CSV");
  command->callback([&common, &work, flags, file, as] {
    if (!flags->template_of.empty()) {
      work = [&common, flags] { return ImportTemplateOut(TerminalOf(common), flags->template_of); };
      return;
    }
    if (file->count() == 0 || as->count() == 0 || !(flags->check || flags->all || flags->skip)) {
      throw CLI::RequiredError(
          "FILE --as referrals|progress|verivali --check|--all-or-nothing|--skip-bad");
    }
    flags->options.mode = flags->check ? "check" : flags->all ? "all" : "skip";
    work = [&common, flags] { return ImportFile(TerminalOf(common), flags->options); };
  });
}

void AddExport(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<ExportOptions>();
  auto* command = app.add_subcommand(
      "export",
      "Ekspor / export: siks-ng, simfoni, legs, fhir.\n"
      "  rujukan-agent export siks-ng --from 2026-11-01 --to 2026-11-30 --out siks.csv\n"
      "  rujukan-agent export simfoni --from 2026-10-01 --to 2026-10-31   bulan utuh / whole "
      "months\n"
      "  rujukan-agent export fhir --leg LEG");
  AddCommon(*command, common);
  command->add_option("NAME", options->name, "siks-ng, simfoni, legs or fhir")
      ->required()
      ->check(CLI::IsMember({"siks-ng", "simfoni", "legs", "fhir"}));
  command->add_option("--from", options->from, "first day, 2026-11-01 (WIB)");
  command->add_option("--to", options->to, "last day");
  command->add_option("--out", options->out, "file; default: standard output");
  command->add_option("--leg", options->leg, "fhir: which leg");
  command->add_flag("--identity", options->identity, "fhir: with the child's identity (logged)");
  command->callback([&common, &work, options] {
    if ((options->name == "fhir") == options->leg.empty()) {
      throw CLI::ValidationError("--leg", "fhir needs it, the others have none");
    }
    work = [&common, options] { return Export(TerminalOf(common), *options); };
  });
}

void AddVerification(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<VerificationOptions>();
  auto* command = app.add_subcommand(
      "verivali",
      "Menandai anak sudah verivali Dinsos, untuk ekspor SIKS-NG / mark a child as verified.\n"
      "  rujukan-agent verivali LEG --date 2026-11-20 --by \"operator verivali\"");
  AddCommon(*command, common);
  command->add_option("LEG", options->leg, "leg id, as in `inbox`")->required();
  command->add_option("--date", options->date, "when, 2026-11-20")->required();
  command->add_option("--by", options->officer, "who verified")->required();
  command->add_option(
      "--siks-id", options->siks_id, "the child's number in SIKS-NG, if it has one");
  command->add_option("--note", options->note, "a remark");
  command->callback([&common, &work, options] {
    work = [&common, options] { return MarkVerified(TerminalOf(common), *options); };
  });
}

}  // namespace

void AddDataCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  AddImport(app, common, work);
  AddExport(app, common, work);
  AddVerification(app, common, work);
}

}  // namespace rujukan::agency
