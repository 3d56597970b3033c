#include "agents/admin/command_set.h"

#include "base/check.h"

namespace rujukan::admin {

CLI::App* CommandSet::Add(CLI::App* to,
                          const std::string& name,
                          const std::string& about,
                          Run run) {
  CLI::App* command = to->add_subcommand(name, about);
  command->add_option("--home", common_.home, "The admin's folder")->required();
  command->add_option("--passphrase-file", common_.passphrase_file, "0600; first line counts");
  command->add_flag("--json", common_.json, "Answer as JSON");
  commands_[command] = std::move(run);
  return command;
}

void CommandSet::AddBrokerOptions(CLI::App* command) {
  command->add_option("--broker", common_.broker, "tcp://host:port; remembered");
  command->add_option("--enrol", common_.enrol, "tcp://host:port for joining; remembered");
  command->add_option("--endpoints", common_.endpoints_file, "The broker's endpoints.json");
}

CLI::App* CommandSet::AddOffline(const std::string& name, const std::string& about, Run run) {
  return Add(&app_, name, about, std::move(run));
}

CLI::App* CommandSet::AddOnline(const std::string& name, const std::string& about, Run run) {
  return AddOnlineTo(&app_, name, about, std::move(run));
}

CLI::App* CommandSet::Group(const std::string& name, const std::string& about) {
  CLI::App*& group = groups_[name];
  if (group == nullptr) {
    group = app_.add_subcommand(name, about);
    group->require_subcommand(1);
  }
  return group;
}

CLI::App* CommandSet::AddOfflineTo(CLI::App* group,
                                   const std::string& name,
                                   const std::string& about,
                                   Run run) {
  return Add(group, name, about, std::move(run));
}

CLI::App* CommandSet::AddOnlineTo(CLI::App* group,
                                  const std::string& name,
                                  const std::string& about,
                                  Run run) {
  CLI::App* command = Add(group, name, about, std::move(run));
  AddBrokerOptions(command);
  return command;
}

const CLI::App* CommandSet::Innermost() const {
  const CLI::App* chosen = &app_;
  while (!chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
  }
  return chosen;
}

bool CommandSet::Chosen() const {
  return commands_.count(Innermost()) != 0;
}

Output CommandSet::RunChosen(const Office& office) const {
  const auto found = commands_.find(Innermost());
  CHECK(found != commands_.end());
  Result<Answer> answer = found->second(office);
  if (!answer) {
    return OutputOf(Fail(answer.error()));
  }
  return {answer->exit_code, std::move(answer->text), ""};
}

}  // namespace rujukan::admin
