#include "agents/audit/command_set.h"

#include "base/check.h"
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
  command->add_option("--token-file", common_.token_file, "Auditor's token, for http addresses");
}

void CommandSet::AddKey(CLI::App* command) {
  command->add_option("--vkey", common_.vkey, "Ledger key (or its file) you got from elsewhere");
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
  const auto token = ReadToken(common.token_file);
  if (!token) {
    const bool too_open = token.error().code == Errc::kDenied;
    return FailedWith(token.error(), too_open ? kExitPermission : ExitCodeOf(token.error().code));
  }
  auto source = OpenSource(common.ledger, *token);
  if (!source) {
    return FailedWith(source.error());
  }
  return command(**source);
}

}  // namespace rujukan::audit
