// The commands of rujukan-agent as CLI11 knows them: names, options, help that teaches. Thread:
// main.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

// Options every command has.
struct CommonOptions {
  std::string home;
  bool json = false;
  std::string passphrase_file;
};

// Adds the commands; the chosen one leaves what to do in `work`, which returns the exit code.
void AddCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// The commands that are steps in a leg: ack, accept, decline, ... (commands_leg.cc)
void AddLegCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// directory and its commands, policy test (commands_directory.cc); rotate, keys (commands_keys.cc)
void AddDirectoryCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);
void AddKeyCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// reads, disclose, erase, erasures, hold, unhold (commands_evidence.cc)
void AddEvidenceCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// webhook and its commands, events (commands_webhooks.cc)
void AddWebhookCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// schema, openapi (commands_schema.cc)
void AddSchemaCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);
// import, export, verivali (commands_data.cc)
void AddDataCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// attach, attachments, fetch (commands_attachments.cc)
void AddAttachmentCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// For a command that has others below it: the home from --home or RUJUKAN_AGENT_HOME, else a usage
// error. Not by CLI11, which would put the variable over what a command below was given.
void RequireHome(CommonOptions& common);

Terminal TerminalOf(const CommonOptions& common);
void AddCommon(CLI::App& command, CommonOptions& common);

}  // namespace rujukan::agency
