// The commands of the program, each where its file adds it: a name, what it may be told, and the
// function that carries it out. main.cc only adds the sets and runs the one that was chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>

#include "agents/admin/office.h"
#include "base/exit_code.h"

namespace rujukan::admin {

// What a command prints, and how the program ends: some do most of what they were told and say what
// they could not do.
struct Answer {
  Answer() = default;
  // From the text alone, for all that either answer or fail.
  Answer(std::string answer) : text(std::move(answer)) {}  // NOLINT(google-explicit-constructor)
  Answer(std::string answer, int code) : text(std::move(answer)), exit_code(code) {}

  std::string text;
  int exit_code = kExitOk;
};

class CommandSet {
 public:
  // Options that are parsed live as long as the set. `app` and `common` must outlive it.
  CommandSet(CLI::App& app, CommonOptions& common) : app_(app), common_(common) {}

  using Run = std::function<Result<Answer>(const Office&)>;
  // A command that needs the admin's home only.
  CLI::App* AddOffline(const std::string& name, const std::string& about, Run run);
  // A command that talks to the broker.
  CLI::App* AddOnline(const std::string& name, const std::string& about, Run run);
  // "policy test": a command under a name that groups several. Made on first use.
  CLI::App* Group(const std::string& name, const std::string& about);
  CLI::App* AddOfflineTo(CLI::App* group,
                         const std::string& name,
                         const std::string& about,
                         Run run);
  CLI::App* AddOnlineTo(CLI::App* group,
                        const std::string& name,
                        const std::string& about,
                        Run run);

  // After parsing: runs the chosen command. Requires: Chosen().
  bool Chosen() const;
  Output RunChosen(const Office& office) const;

 private:
  const CLI::App* Innermost() const;
  CLI::App* Add(CLI::App* to, const std::string& name, const std::string& about, Run run);
  void AddBrokerOptions(CLI::App* command);

  CLI::App& app_;
  CommonOptions& common_;
  std::map<std::string, CLI::App*> groups_;
  std::map<const CLI::App*, Run> commands_;
};

}  // namespace rujukan::admin
