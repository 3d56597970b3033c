#include "broker/app/config.h"

#include <CLI/CLI.hpp>

namespace rujukan::broker {
namespace {

constexpr const char* kDescription =
    "rujukan-broker: carries sealed referrals between the agencies of one domain and keeps the\n"
    "ledger that proves who was told what and when. It cannot read what it carries.\n";

constexpr const char* kFooter =
    "First run:\n"
    "  rujukan-admin init --domain lampung.example --home admin --broker-identity broker\n"
    "  rujukan-broker run --identity broker --data ledger\n"
    "  curl http://127.0.0.1:7402/readyz\n"
    "\n"
    "A configuration file holds the same options, a section a command:\n"
    "  [run]\n"
    "  identity = \"/etc/rujukan/broker\"\n"
    "  data = \"/var/lib/rujukan\"\n"
    "  listen = \"tcp://0.0.0.0:7400\"\n"
    "\n"
    "Exit codes: 0 ok, 1 failed, 2 usage, 3 the ledger contradicts itself, 69 an address or the\n"
    "store is taken, 70 durable state unknown (start again: recovery reads it), 77 a key file can\n"
    "be read by others.";

void AddPlaces(CLI::App& command, std::string& identity, std::string& data) {
  command.add_option("--identity", identity, "Directory with the broker's keys and genesis.pb")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--data", data, "Directory of the ledger; made when it is not there")
      ->required();
}

CLI::App* AddRun(CLI::App& app, RunConfig& run) {
  CLI::App* command = app.add_subcommand(
      "run",
      "Serve until SIGTERM. Writes DATA/endpoints.json, with the real ports, once it serves.");
  AddPlaces(*command, run.identity, run.data);
  command->add_option("--listen", run.listen, "Where agencies connect; port 0: any free one")
      ->capture_default_str();
  command->add_option("--enrol", run.enrol, "Where newcomers with an invitation connect")
      ->capture_default_str();
  command
      ->add_option("--http",
                   run.http,
                   "Ledger tiles, health and metrics: ADDRESS:PORT or unix:/path. No TLS: keep it "
                   "on loopback or behind a proxy")
      ->capture_default_str();
  command->add_option(
      "--http-host", run.http_hosts, "Further host names the HTTP side answers to (a proxy's)");
  command->add_option("--operator-token",
                      run.operator_token,
                      "File (0600; made when absent) with a token that opens every entry to the "
                      "operator; without it entries are for accredited auditors only");
  command->add_option("--log", run.log, "Append JSON lines to this file instead of stderr");
  command->add_option("--workers", run.workers, "Threads that verify signatures; 0: one a core")
      ->check(CLI::Range(0, 256));
  command->add_flag("--accept-clock",
                    run.accept_clock,
                    "Start although the newest entry is over 30 days old: the clock is right");
  return command;
}

CLI::App* AddCheck(CLI::App& app, CheckConfig& check) {
  CLI::App* command = app.add_subcommand(
      "check",
      "Replay the whole ledger of a stopped broker, verify every signature, and compare what "
      "comes out with every row, tile and checkpoint in the store.");
  AddPlaces(*command, check.identity, check.data);
  command->add_flag("--json", check.json, "Print the verdict as JSON");
  return command;
}

}  // namespace

Command ParseCommandLine(int argc, const char* const* argv) {
  CLI::App app(kDescription, "rujukan-broker");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.set_config("--config", "", "Read options from a TOML file");
  app.fallthrough();  // so that --config may stand behind the command, too
  RunConfig run;
  CheckConfig check;
  const CLI::App* run_command = AddRun(app, run);
  AddCheck(app, check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (run_command->parsed()) {
    return run;
  }
  return check;
}

}  // namespace rujukan::broker
