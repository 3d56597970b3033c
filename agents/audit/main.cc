// rujukan-audit: verify the trail of referrals from outside, offline, trusting nobody's word.

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agents/audit/commands.h"

namespace {

using rujukan::audit::Options;
using rujukan::audit::Output;

constexpr char kAbout[] =
    "rujukan-audit: check a Rujukan ledger from outside.\n\n"
    "A ledger is every referral message, receipt and admin act of a domain, in order, signed.\n"
    "You see who sent what kind of message to whom and when; never what it said.\n\n"
    "A first audit, with the auditor's token from the broker's operator:\n"
    "  rujukan-audit export --from http://127.0.0.1:7402 --token-file auditor.token --out copy\n"
    "  rujukan-audit verify copy\n"
    "  rujukan-audit trail LEG_ID --from copy\n"
    "  rujukan-audit proof MESSAGE_ID --from copy --out one.tlog-proof\n"
    "  rujukan-audit check-proof one.tlog-proof --vkey copy/vkey\n\n"
    "Exit codes: 0 good; 1 could not be done; 2 usage; 3 NOT VERIFIED; 69 unreachable; 77 a "
    "secret\n"
    "file that others can read. Every command takes --json.";

void AddSource(CLI::App* command, Options& options) {
  command->add_option("--from", options.from, "Folder of an export, or http address of a broker")
      ->required();
  command->add_option("--token-file", options.token_file, "Auditor's token, for http addresses");
}

void AddKey(CLI::App* command, Options& options) {
  command->add_option("--vkey", options.vkey, "Ledger key (or its file) you got from elsewhere");
}

void AddVerify(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("verify", "Check everything; name every fault");
  command->add_option("WHERE", options.from, "Folder of an export, or http address")->required();
  command->add_option("--token-file", options.token_file, "Auditor's token, for http addresses");
  AddKey(command, options);
  command->add_option("--root", options.root, "Root certificate's SHA-256 (hex) you expect");
  command->add_option("--threads", options.threads, "Verifying threads; default: one a core");
}

void AddExport(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("export", "Copy a ledger to a folder, or extend a copy");
  AddSource(command, options);
  AddKey(command, options);
  command->add_option("--out", options.out, "Folder to write")->required();
}

void AddProofs(CLI::App& app, Options& options) {
  CLI::App* make = app.add_subcommand("proof", "Write a proof that one message is in the ledger");
  make->add_option("MESSAGE_ID", options.subject, "Its UUID")->required();
  AddSource(make, options);
  AddKey(make, options);
  make->add_option("--out", options.out, "File to write, by custom *.tlog-proof")->required();

  CLI::App* check = app.add_subcommand("check-proof", "Check such a proof, offline");
  check->add_option("FILE", options.subject, "The proof")->required();
  check->add_option("--vkey", options.vkey, "Ledger key, or a file that holds it")->required();
  check->add_option("--message", options.message, "UUID it must be about");
}

void AddTrail(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("trail", "One referral as a timeline");
  command->add_option("ID", options.subject, "UUID of a leg, or of any message in it")->required();
  AddSource(command, options);
  AddKey(command, options);
}

Output Run(const CLI::App& app, const Options& options) {
  if (app.got_subcommand("export")) {
    return rujukan::audit::RunExport(options);
  }
  if (app.got_subcommand("verify")) {
    return rujukan::audit::RunVerify(options);
  }
  if (app.got_subcommand("proof")) {
    return rujukan::audit::RunProof(options);
  }
  if (app.got_subcommand("check-proof")) {
    return rujukan::audit::RunCheckProof(options);
  }
  return rujukan::audit::RunTrail(options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(kAbout, "rujukan-audit");
  app.require_subcommand(1);
  Options options;
  AddExport(app, options);
  AddVerify(app, options);
  AddTrail(app, options);
  AddProofs(app, options);
  for (CLI::App* command : app.get_subcommands({})) {
    command->add_flag("--json", options.json, "Answer as JSON");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? rujukan::kExitOk : rujukan::kExitUsage;
  }
  const Output output = Run(app, options);
  std::fputs(output.text.c_str(), stdout);
  std::fputs(output.error.c_str(), stderr);
  return output.exit_code;
}
