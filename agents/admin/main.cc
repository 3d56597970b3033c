// rujukan-admin: found a domain, bring agencies in, take them out.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "agents/admin/command_set.h"
#include "agents/admin/commands.h"

namespace {

using rujukan::admin::Authority;
using rujukan::admin::Broker;
using rujukan::admin::Commands;
using rujukan::admin::CommandSet;
using rujukan::admin::CommonOptions;
using rujukan::admin::LinkedBroker;
using rujukan::admin::Office;
using rujukan::admin::Options;
using rujukan::admin::Output;

constexpr char kAbout[] =
    "rujukan-admin: who belongs to a Rujukan domain.\n\n"
    "Everything an admin does is signed and becomes an entry that every auditor sees.\n\n"
    "Found a domain, then start its broker:\n"
    "  rujukan-admin init --domain lampung.example --home admin --broker-identity broker-id\n"
    "  rujukan-broker run --identity broker-id --data broker-data\n"
    "Bring an agency in:\n"
    "  rujukan-admin invite dinsos.18.71@lampung.example --name \"Dinas Sosial ...\" \\\n"
    "    --region kemendagri:18.71 --out dinsos.invite --home admin \\\n"
    "    --endpoints broker-data/endpoints.json\n"
    "  rujukan-agent join dinsos.invite --home dinsos            (at the agency)\n"
    "  rujukan-admin requests --home admin                       (call them, compare)\n"
    "  rujukan-admin approve \"4821 0937 5562\" --home admin\n"
    "Take it out, effective at the next message:\n"
    "  rujukan-admin revoke dinsos.18.71@lampung.example --reason KEY_COMPROMISE --home admin\n\n"
    "A passphrase for the key files comes from RUJUKAN_PASSPHRASE or --passphrase-file.\n"
    "Exit codes: 0 done; 1 refused; 2 usage; 3 the broker's answer does NOT VERIFY; 69 broker\n"
    "unreachable; 77 a key file that others can read. Every command takes --json.";

void AddCommon(CLI::App* command, Options& options) {
  command->add_option("--home", options.home, "The admin's folder")->required();
  command->add_option("--passphrase-file", options.passphrase_file, "0600; first line counts");
  command->add_flag("--json", options.json, "Answer as JSON");
}

void AddOnline(CLI::App* command, Options& options) {
  AddCommon(command, options);
  command->add_option("--broker", options.broker, "tcp://host:port; remembered");
  command->add_option("--enrol", options.enrol, "tcp://host:port for joining; remembered");
  command->add_option("--endpoints", options.endpoints_file, "The broker's endpoints.json");
}

void AddInit(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("init", "Found a domain: keys, certificates, genesis");
  AddCommon(command, options);
  command->add_option("--domain", options.domain, "DNS-like name: lampung.example")->required();
  command->add_option("--broker-identity", options.broker_identity, "Folder for the broker")
      ->required();
  command->add_option("--name", options.name, "Official name of the first admin");
}

void AddInvite(CLI::App& app, Options& options) {
  CLI::App* command = app.add_subcommand("invite", "Make a one-time invitation for an agency");
  AddOnline(command, options);
  command->add_option("ADDRESS", options.address, "dinsos.18.71@lampung.example")->required();
  command->add_option("--name", options.name, "Official name")->required();
  command->add_option("--region", options.region, "kemendagri:18.71")->required();
  command->add_option("--expires-in", options.expires_in, "30m, 12h, 7d; at most 30d")
      ->default_val("7d");
  command->add_option("--out", options.out, "Write it to this file (0600) instead of printing it");
}

void AddDecisions(CLI::App& app, Options& options) {
  AddOnline(app.add_subcommand("requests", "Who waits to be admitted"), options);

  CLI::App* approve = app.add_subcommand("approve", "Issue certificates and admit");
  AddOnline(approve, options);
  CLI::App* which = approve->add_option_group("which")->require_option(1);
  which->add_option("REQUEST", options.enrolments, "Fingerprint, address or id");
  which->add_flag("--all", options.all, "Everyone who waits; for tests and demos");

  CLI::App* reject = app.add_subcommand("reject", "Turn a request down");
  AddOnline(reject, options);
  reject->add_option("REQUEST", options.enrolments, "Fingerprint, address or id")->required();
  reject->add_option("--note", options.note, "Why; the agency sees it");

  CLI::App* revoke = app.add_subcommand("revoke", "Take an agency out, effective at once");
  AddOnline(revoke, options);
  revoke->add_option("ADDRESS", options.address, "The agency")->required();
  revoke->add_option("--reason", options.reason, "KEY_COMPROMISE, CESSATION, ...")->required();
  revoke->add_option("--note", options.note, "Free text for the record");

  AddOnline(app.add_subcommand("agencies", "Who belongs to the domain"), options);
}

Output Run(const CLI::App& app,
           const Options& options,
           const CommandSet& set,
           const CommonOptions& common) {
  const rujukan::SystemClock clock;
  const auto connect = [](const std::string& home,
                          const Authority& authority) -> rujukan::Result<std::unique_ptr<Broker>> {
    return LinkedBroker::Connect(home, authority);
  };
  if (set.Chosen()) {
    return set.RunChosen(Office(common, clock, connect));
  }
  Commands commands(options, clock, connect);
  static const std::map<std::string, Output (Commands::*)()> kCommands = {
      {"init", &Commands::Init},
      {"invite", &Commands::Invite},
      {"requests", &Commands::Requests},
      {"approve", &Commands::Approve},
      {"reject", &Commands::Reject},
      {"revoke", &Commands::Revoke},
      {"agencies", &Commands::Agencies},
  };
  return (commands.*kCommands.at(app.get_subcommands().front()->get_name()))();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(kAbout, "rujukan-admin");
  app.require_subcommand(1);
  Options options;
  CommonOptions common;
  CommandSet set(app, common);
  AddInit(app, options);
  AddInvite(app, options);
  AddDecisions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? rujukan::kExitOk : rujukan::kExitUsage;
  }
  const Output output = Run(app, options, set, common);
  std::fputs(output.text.c_str(), stdout);
  std::fputs(output.error.c_str(), stderr);
  return output.exit_code;
}
