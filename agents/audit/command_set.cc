#include "agents/audit/command_set.h"

#include "agents/audit/layered_source.h"
#include "agents/audit/reading.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

Result<std::string> ReadToken(const std::string& path) {
  if (path.empty()) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(path));
  return text.substr(0, text.find_first_of(" \r\n"));
}

Output WithSource(const CommonOptions& common,
                  const std::string& token,
                  const std::function<Output(Source&)>& command) {
  auto source = OpenSource(common.ledger, token);
  if (source && !common.archives.empty()) {
    source = OpenLayeredSource(std::move(*source), common.archives, common.vkey);
  }
  if (!source) {
    return FailedWith(source.error());
  }
  return command(**source);
}

// The token never leaves this process.
Output WithNewReading(const CommonOptions& common, const std::function<Output(Source&)>& command) {
  const auto passphrase = link::ReadPassphrase(common.passphrase_file);
  if (!passphrase) {
    return FailedWith(passphrase.error(), kExitPermission);
  }
  const ReadingWish wish{common.purpose, 0, 0, limits::kAuditReadLifeMsMax};
  const auto opened = OpenReading(common.home, *passphrase, wish, SystemClock().Now());
  if (!opened) {
    return FailedWith(opened.error());
  }
  return WithSource(common, opened->token, command);
}

}  // namespace

CLI::App* CommandSet::Add(const std::string& name, const std::string& about, Run run) {
  CLI::App* command = app_.add_subcommand(name, about);
  command->add_flag("--json", common_.json, "Answer as JSON");
  commands_[command] = std::move(run);
  return command;
}

void CommandSet::AddLedger(CLI::App* command) {
  command->add_option("--ledger", common_.ledger, "Folder of a copy, or http address of a broker")
      ->required();
  AddAccess(command);
  AddArchive(command);
}

void CommandSet::AddAccess(CLI::App* command) {
  CLI::Option* token = command->add_option(
      "--token-file", common_.token_file, "Token of a reading (see read), for http addresses");
  AddHome(command);
  command->get_option("--home")->excludes(token);
  command->add_option("--purpose", common_.purpose, "With --home: why you read, for the record");
}

void CommandSet::AddHome(CLI::App* command) {
  command->add_option("--home", common_.home, "Your home as an auditor (see join)");
  command->add_option("--passphrase-file",
                      common_.passphrase_file,
                      "Passphrase of your key; or set RUJUKAN_PASSPHRASE");
}

void CommandSet::AddArchive(CLI::App* command) {
  command->add_option(
      "--archive", common_.archives, "Folder with archive files of older entries; repeatable");
}

void CommandSet::AddKey(CLI::App* command) {
  command->add_option("--vkey", common_.vkey, "Ledger key (or its file) you got from elsewhere");
}

void CommandSet::AddSubject(CLI::App* command, std::string& subject) {
  command
      ->add_option(
          "SUBJECT", subject, "UUID of a leg or of any message in it, or an agency's address")
      ->required();
}

Output CommandSet::RunChosen() const {
  const auto found = commands_.find(app_.get_subcommands().front());
  CHECK(found != commands_.end());
  return found->second(common_);
}

Output FailedWith(const Error& error, int exit_code) {
  return {exit_code, "", "rujukan-audit: " + Printable(error.ToString()) + "\n"};
}

Output FailedWith(const Error& error) {
  return FailedWith(error, ExitCodeOf(error.code));
}

std::string Dump(const nlohmann::ordered_json& json) {
  using Json = nlohmann::ordered_json;
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

Output WithLedger(const CommonOptions& common, const std::function<Output(Source&)>& command) {
  if (!common.home.empty() && IsHttpAddress(common.ledger)) {
    return WithNewReading(common, command);
  }
  const auto token = ReadToken(common.token_file);
  if (!token) {
    const bool too_open = token.error().code == Errc::kDenied;
    return FailedWith(token.error(), too_open ? kExitPermission : ExitCodeOf(token.error().code));
  }
  return WithSource(common, *token, command);
}

}  // namespace rujukan::audit
