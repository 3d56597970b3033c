// reads, disclose, erase, erasures, hold, unhold.
#include <memory>

#include "agents/agency/cli_evidence.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

void AddReads(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<ReadsOptions>();
  auto* command = app.add_subcommand(
      "reads",
      "Jejak baca: siapa membaca apa, kapan / the read trail: who read what, when\n"
      "  rujukan-agent reads --anchor                  mencatat di buku besar sekarang / in the "
      "ledger now\n"
      "  rujukan-agent reads --export jejak.txt        untuk auditor / for an auditor");
  AddCommon(*command, common);
  command->add_option("--from", options->from, "from this number on");
  command->add_option("--limit", options->limit, "at most N (256)")->capture_default_str();
  command->add_flag("--anchor", options->anchor, "put its root into the ledger now, and wait");
  command->add_option("--export", options->export_file, "write all of it to a new file (0600)");
  command->callback([&common, &work, options] {
    work = [&common, options] { return Reads(TerminalOf(common), *options); };
  });
}

void AddDisclose(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<DiscloseOptions>();
  auto* command = app.add_subcommand(
      "disclose",
      "Membuka isi satu pesan bagi auditor / open one message's content to an auditor\n"
      "  rujukan-agent disclose PESAN --to auditor.01@lampung.example --reason \"...\" --out "
      "isi.opened\n"
      "Isinya terbukti sama dengan yang dikirim. Tercatat di jejak baca.");
  AddCommon(*command, common);
  command->add_option("MESSAGE", options->message, "message id")->required();
  command->add_option("--to", options->to, "the auditor's address")->required();
  command->add_option("--reason", options->reason, "why, for the read trail")->required();
  command->add_option("--out", options->file, "new file (0600)")->required();
  command->callback([&common, &work, options] {
    work = [&common, options] { return Disclose(TerminalOf(common), *options); };
  });
}

void AddErase(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto options = std::make_shared<EraseOptions>();
  auto* command = app.add_subcommand(
      "erase",
      "PERINTAH_HAPUS: meminta pihak lain menghapus isi / ask the other side to erase content\n"
      "  rujukan-agent erase LEG --basis \"UU 27/2022 ps. 8\" --reason \"permintaan orang tua\"\n"
      "Salinan sendiri dihapus setelah pihak lain membuktikan / our copy goes once they attest.");
  AddCommon(*command, common);
  command->add_option("LEG", options->leg, "leg id")->required();
  command->add_option("--message", options->message, "only this message; default: all of the leg");
  command->add_option("--basis", options->basis, "legal basis")->required();
  command->add_option("--reason", options->reason, "why")->required();
  command->add_flag("--own-copy-too", options->own_copy_too, "erase our own copy at once");
  command->add_option("--key", options->key, "idempotency key; default: from the fields");
  command->callback([&common, &work, options] {
    work = [&common, options] { return Erase(TerminalOf(common), *options); };
  });
}

void AddDecision(CLI::App& erasures,
                 CommonOptions& common,
                 std::function<int()>& work,
                 bool carry_out) {
  auto options = std::make_shared<DecideOptions>();
  options->carry_out = carry_out;
  auto* command = erasures.add_subcommand(
      carry_out ? "carry-out" : "object",
      carry_out ? "Menghapus dan membuktikan / erase, and attest it"
                : "KEBERATAN_HAPUS: tidak dihapus, dengan alasan / do not erase, with the reason");
  AddCommon(*command, common);
  command->add_option("ID", options->request, "the request, as `erasures` shows it")->required();
  if (!carry_out) {
    command->add_option("--reason", options->reason, "what has to be kept, and why")->required();
    command->add_option("--basis", options->basis, "legal basis");
  }
  command->callback([&common, &work, options] {
    work = [&common, options] { return DecideErasure(TerminalOf(common), *options); };
  });
}

void AddErasures(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto* erasures =
      app.add_subcommand("erasures",
                         "Permintaan hapus dan jawabannya / requests to erase, and their answers\n"
                         "  rujukan-agent erasures\n"
                         "  rujukan-agent erasures carry-out ID\n"
                         "  rujukan-agent erasures object ID --reason \"...\"");
  AddDecision(*erasures, common, work, /*carry_out=*/true);
  AddDecision(*erasures, common, work, /*carry_out=*/false);
  erasures->add_option("--home", common.home, "the agency's directory");
  erasures->add_flag("--json", common.json, "answer in JSON");
  erasures->callback([&common, &work, erasures] {
    if (!erasures->get_subcommands().empty()) {
      return;
    }
    RequireHome(common);
    work = [&common] { return ListErasures(TerminalOf(common)); };
  });
}

void AddHolds(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  struct Given {
    std::string leg;
    std::string reason;
  };
  auto given = std::make_shared<Given>();
  auto* hold = app.add_subcommand(
      "hold",
      "Menahan: rujukan ini tidak dihapus di sini / keep: nothing of this leg is erased here");
  AddCommon(*hold, common);
  hold->add_option("LEG", given->leg, "leg id")->required();
  hold->add_option("--reason", given->reason, "why it has to be kept")->required();
  hold->callback([&common, &work, given] {
    work = [&common, given] { return HoldLeg(TerminalOf(common), given->leg, given->reason); };
  });
  auto* unhold =
      app.add_subcommand("unhold", "Tidak menahan lagi / no longer keep what `hold` keeps");
  AddCommon(*unhold, common);
  unhold->add_option("LEG", given->leg, "leg id")->required();
  unhold->callback([&common, &work, given] {
    work = [&common, given] { return UnholdLeg(TerminalOf(common), given->leg); };
  });
}

}  // namespace

void AddEvidenceCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  AddReads(app, common, work);
  AddDisclose(app, common, work);
  AddErase(app, common, work);
  AddErasures(app, common, work);
  AddHolds(app, common, work);
}

}  // namespace rujukan::agency
