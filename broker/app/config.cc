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
    "  witness = [\"audit.example+1a2b3c4d+BA... https://audit.example\"]\n"
    "  tsa = \"https://tsa.example\"\n"
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

// A time in days, and the same in seconds for whoever tries it out.
void AddTime(CLI::App& command,
             const std::string& name,
             const std::string& about,
             int64_t days_max,
             int64_t& ms) {
  constexpr int64_t kSecondMs = 1000;
  CLI::Option* days = command.add_option_function<int64_t>(
      name + "-days", [&ms](const int64_t& value) { ms = value * kDayMs; }, about);
  days->check(CLI::Range(int64_t{0}, days_max))->default_str(std::to_string(ms / kDayMs));
  command
      .add_option_function<int64_t>(
          name + "-seconds",
          [&ms](const int64_t& value) { ms = value * kSecondMs; },
          "The same in seconds, to try it out")
      ->check(CLI::Range(int64_t{0}, days_max * kDayMs / kSecondMs))
      ->excludes(days);
}

void AddFileEntries(CLI::App& command, uint64_t& file_entries, const std::string& about) {
  command.add_option("--archive-file-entries", file_entries, about)
      ->check(CLI::IsMember({256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}))
      ->capture_default_str();
}

void AddRetention(CLI::App& command, RunConfig& run) {
  AddTime(command,
          "--content-grace",
          "Ciphertext stays this long after its last delivery receipt",
          limits::kContentGraceMsMax / kDayMs,
          run.content_grace_ms);
  command.add_option("--archive",
                     run.archive,
                     "Move old entries to files in this directory; made when it is not there");
  AddTime(command,
          "--archive-keep",
          "Younger entries stay in the store",
          kArchiveKeepDaysMax,
          run.archive_keep_ms);
  command
      .add_option("--archive-keep-entries",
                  run.archive_keep_entries,
                  "So do as many at the end; 256 always do")
      ->capture_default_str();
  AddFileEntries(command, run.archive_file_entries, "Write no smaller archive files than this");
}

void AddOutward(CLI::App& command, RunConfig& run) {
  constexpr int64_t kDayS = 24 * 3600;
  command
      .add_option("--witness",
                  run.witnesses,
                  "\"VKEY URL\": asked to cosign checkpoints (C2SP tlog-witness); may be repeated")
      ->take_all();
  command
      .add_option("--witnesses",
                  run.witnesses_file,
                  "File of witnesses with their URLs, as a C2SP tlog-policy")
      ->check(CLI::ExistingFile);
  command.add_option("--cosign-every", run.cosign_every_s, "Seconds between two rounds of asking")
      ->check(CLI::Range(limits::kCosignEveryMsMin / 1000, kDayS))
      ->capture_default_str();
  command.add_option(
      "--tsa",
      run.tsa,
      "Address of a time-stamping authority (RFC 3161): http://, https://, unix:/path");
  command
      .add_option(
          "--tsa-ca", run.tsa_ca, "Its trusted certificates (PEM): other stamps are refused")
      ->check(CLI::ExistingFile);
  command.add_option("--timestamp-every", run.timestamp_every_s, "Seconds between two time-stamps")
      ->check(CLI::Range(int64_t{1}, 30 * kDayS))
      ->capture_default_str();
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
  AddRetention(*command, run);
  AddOutward(*command, run);
  return command;
}

CLI::App* AddCheck(CLI::App& app, CheckConfig& check) {
  CLI::App* command = app.add_subcommand(
      "check",
      "Replay the whole ledger of a stopped broker, verify every signature, and compare what "
      "comes out with every row, tile and checkpoint in the store.");
  AddPlaces(*command, check.identity, check.data);
  command->add_option("--archive",
                      check.archives,
                      "Directories with the archive files of entries that have left the store");
  command->add_flag("--json", check.json, "Print the verdict as JSON");
  return command;
}

CLI::App* AddArchive(CLI::App& app, ArchiveConfig& archive) {
  CLI::App* command = app.add_subcommand(
      "archive",
      "Move old entries of a stopped broker to immutable files: written, read back, verified, and "
      "only then pruned. A running broker does it with run --archive.");
  AddPlaces(*command, archive.identity, archive.data);
  command->add_option("--to", archive.to, "Directory of the archive; made when it is not there")
      ->required();
  command->add_option("--keep-days", archive.keep_days, "Younger entries stay in the store")
      ->check(CLI::Range(int64_t{0}, kArchiveKeepDaysMax))
      ->capture_default_str();
  command
      ->add_option(
          "--keep-entries", archive.keep_entries, "So do as many at the end; 256 always do")
      ->capture_default_str();
  AddFileEntries(*command, archive.file_entries, "Write no smaller files than this");
  command->add_flag("--json", archive.json, "Print one JSON object a file");
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
  ArchiveConfig archive;
  const CLI::App* run_command = AddRun(app, run);
  const CLI::App* archive_command = AddArchive(app, archive);
  AddCheck(app, check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitUsage;
  }
  if (run_command->parsed()) {
    return run;
  }
  if (archive_command->parsed()) {
    return archive;
  }
  return check;
}

}  // namespace rujukan::broker
