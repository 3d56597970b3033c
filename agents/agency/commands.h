// The commands of rujukan-agent as CLI11 knows them: names, options, help that teaches. Thread:
// main.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "agents/agency/cli.h"
#include "agents/agency/command_fields.h"

namespace rujukan::agency {

// Options every command has.
struct CommonOptions {
  std::string home;
  bool json = false;
  std::string lang;  // "id", "en", "id/en"; "": as the environment says
  std::string passphrase_file;
};

// Adds the commands; the chosen one leaves what to do in `work`, which returns the exit code.
void AddCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// The commands that are steps in a leg: ack, accept, decline, ... (commands_leg.cc)
void AddLegCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// Messages without a leg: notify, invite-conference, complain, ... (commands_message.cc)
void AddMessageCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

// today, overdue, search, timer (commands_work.cc)
void AddWorkCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work);

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

// Options for the fields of a message; what is given comes into `values`, which must live as long
// as the command. Then, when it is called: the fields as JSON, or a usage error that names the
// option that is missing; with `from_file` none is.
void AddFieldOptions(CLI::App& command,
                     const std::vector<FieldOption>& fields,
                     std::vector<std::vector<std::string>>& values);
Json RequireFields(const std::vector<FieldOption>& fields,
                   const std::vector<std::vector<std::string>>& values,
                   bool from_file);

Terminal TerminalOf(const CommonOptions& common);
void AddCommon(CLI::App& command, CommonOptions& common);

}  // namespace rujukan::agency
