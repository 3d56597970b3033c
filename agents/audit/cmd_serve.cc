// `serve`: watch brokers, and be a witness of their checkpoints.

#include <fmt/format.h>
#include <signal.h>

#include <ctime>
#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/watch_daemon.h"

namespace rujukan::audit {
namespace {

constexpr size_t kConfigBytesMax = 256 * 1024;
constexpr long kLookAtFailureNs = 500L * 1000 * 1000;

struct ServeOptions {
  std::string config_file;
  WatchConfig config;
  WatchedLedger ledger;
  std::string alert_program;
  bool once = false;
};

Result<WatchConfig> ConfigOf(const ServeOptions& options) {
  WatchConfig config = options.config;
  if (!options.config_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.config_file, kConfigBytesMax));
    RETURN_IF_ERROR(ReadConfig(text, config));
  }
  if (!options.ledger.addresses.empty()) {
    config.ledgers.push_back(options.ledger);
  }
  if (!options.alert_program.empty()) {
    config.alert_command = {options.alert_program};
  }
  RETURN_IF_ERROR(CheckConfig(config));
  return config;
}

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

bool StopAsked(const sigset_t& signals, long wait_ns) {
  const timespec wait{0, wait_ns};
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

bool HasAlert(const WatchStatus& status) {
  for (const WatchView& view : status.ledgers) {
    if (!view.open.empty()) {
      return true;
    }
  }
  return false;
}

bool HasTrouble(const WatchStatus& status) {
  for (const WatchView& view : status.ledgers) {
    if (!view.unreachable.empty() || !view.entries_trouble.empty()) {
      return true;
    }
  }
  return false;
}

Output RunOnce(WatchDaemon& daemon, bool json, const sigset_t& signals) {
  const auto looked = daemon.Once([&] { return StopAsked(signals, 0); });
  if (!looked) {
    return FailedWith(looked.error());
  }
  const WatchStatus status = daemon.Status();
  const int code = HasAlert(status)     ? kExitNotVerified
                   : HasTrouble(status) ? kExitUnavailable
                                        : kExitOk;
  return {code, json ? StatusAsJson(status) : StatusAsText(status), ""};
}

Output RunForever(WatchDaemon& daemon, const sigset_t& signals) {
  const auto started = daemon.Start();
  if (!started) {
    return FailedWith(started.error());
  }
  const std::string where = daemon.url().empty() ? "no server" : daemon.url();
  LogLine("info", "serving", where + ", witness key " + daemon.witness_key().ToVkey());
  while (!StopAsked(signals, kLookAtFailureNs)) {
    if (daemon.failed()) {
      daemon.Stop();
      return {kExitInternal, "", "rujukan-audit: stopped; what was seen last may not be kept\n"};
    }
  }
  daemon.Stop();
  LogLine("info", "stopped", "in order");
  return {};
}

Output RunServe(const CommonOptions& common, const ServeOptions& options) {
  const auto config = ConfigOf(options);
  if (!config) {
    return FailedWith(config.error(), kExitUsage);
  }
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread: all inherit it
  const SystemClock clock;
  const auto daemon = WatchDaemon::Open(*config, clock);
  if (!daemon) {
    const bool too_open = daemon.error().code == Errc::kDenied;
    return FailedWith(daemon.error(), too_open ? kExitPermission : ExitCodeOf(daemon.error().code));
  }
  return options.once ? RunOnce(**daemon, common.json, signals) : RunForever(**daemon, signals);
}

void AddLedgerOptions(CLI::App* command, ServeOptions& options) {
  command->add_option("--ledger",
                      options.ledger.addresses,
                      "http address of a broker (or folder); several: all of one ledger");
  CLI::Option* token = command->add_option(
      "--token-file",
      options.ledger.token_file,
      "Token that opens the entries: they are replayed; read again at every look");
  command
      ->add_option("--home",
                   options.ledger.home,
                   "Your home as an auditor: opens a reading every day. Without --home and "
                   "--token-file the tree alone is watched")
      ->excludes(token);
  command->add_option(
      "--passphrase-file", options.ledger.passphrase_file, "With --home: passphrase of its key");
  command->add_option("--purpose", options.ledger.purpose, "With --home: why, for the record");
  command->add_option(
      "--vkey", options.ledger.vkey, "Ledger key (or its file) the domain publishes");
  command->add_option(
      "--root", options.ledger.root_fingerprint, "Root certificate's SHA-256 (hex) you expect");
}

}  // namespace

void AddServeCommands(CommandSet& set) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = set.Add("serve",
                              "Watch ledgers, raise alerts, cosign as witness",
                              [options](const auto& common) { return RunServe(common, *options); });
  command->footer(
      "  rujukan-audit serve --data watch --name witness.contoh.test --vkey ledger.vkey \\\n"
      "    --ledger http://127.0.0.1:7402 --home auditor\n"
      "Exit codes with --once: 0 good; 3 an alert holds; 69 something could not be read.");
  AddLedgerOptions(command, *options);
  command->add_option("--data", options->config.data, "Folder of the watch: copies, key, alerts");
  command->add_option(
      "--name", options->config.name, "Name of the witness, as others will trust it");
  command->add_option("--listen", options->config.listen, "127.0.0.1:PORT or unix:PATH; '': none")
      ->capture_default_str();
  command->add_option("--host", options->config.hosts, "Name it is called by through a proxy");
  command->add_option("--every-ms", options->config.every_ms, "Between two looks")
      ->capture_default_str();
  command->add_option("--key-file", options->config.key_file, "Witness key; DATA/witness.key");
  command->add_option("--alert-command",
                      options->alert_program,
                      "Program started for each alert: KIND ORIGIN, JSON on its input");
  command->add_option("--config", options->config_file, "JSON file, for several ledgers");
  command->add_flag("--once", options->once, "Look once and end");
}

}  // namespace rujukan::audit
