// rujukan-admin: found a domain, bring agencies in, take them out.

#include <CLI/CLI.hpp>
#include <cstdio>

#include "agents/admin/command_set.h"
#include "agents/admin/commands.h"
#include "agents/admin/governing.h"

namespace {

using rujukan::admin::Broker;
using rujukan::admin::CommandSet;
using rujukan::admin::CommonOptions;
using rujukan::admin::LinkedBroker;
using rujukan::admin::Office;
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
    "  rujukan-admin revoke dinsos.18.71@lampung.example --reason KEY_COMPROMISE --bounce \\\n"
    "    --note \"key found on a memory stick\" --home admin\n\n"
    "A passphrase for the key files comes from RUJUKAN_PASSPHRASE or --passphrase-file.\n"
    "Exit codes: 0 done; 1 refused; 2 usage; 3 the broker's answer does NOT VERIFY; 69 broker\n"
    "unreachable; 77 a key file that others can read. Every command takes --json.";

void AddCommands(CommandSet& set) {
  rujukan::admin::AddFoundCommands(set);
  rujukan::admin::AddJoinCommands(set);
  rujukan::admin::AddInviteCommands(set);
  rujukan::admin::AddInvitationCommands(set);
  rujukan::admin::AddRequestCommands(set);
  rujukan::admin::AddStatusCommands(set);
  rujukan::admin::AddStandingCommands(set);
  rujukan::admin::AddShowCommands(set);
  rujukan::admin::AddHistoryCommands(set);
  rujukan::admin::AddCrlCommands(set);
  rujukan::admin::AddRotateCommands(set);
  rujukan::admin::AddGoverningCommands(set);
}

Output Run(const CommandSet& set, const CommonOptions& common) {
  const rujukan::SystemClock clock;
  const auto connect = [](const std::string& home, const rujukan::link::Caller& caller)
      -> rujukan::Result<std::unique_ptr<Broker>> { return LinkedBroker::Connect(home, caller); };
  return set.RunChosen(Office(common, clock, connect));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(kAbout, "rujukan-admin");
  app.require_subcommand(1);
  CommonOptions common;
  CommandSet set(app, common);
  AddCommands(set);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? rujukan::kExitOk : rujukan::kExitUsage;
  }
  const Output output = Run(set, common);
  std::fputs(output.text.c_str(), stdout);
  std::fputs(output.error.c_str(), stderr);
  return output.exit_code;
}
