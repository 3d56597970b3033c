#include "tests/harness/deployment.h"

#include <unistd.h>

#include <cstdio>

#include "base/check.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

// Set-up has to work: anything else is shown and ends the run.
Output MustRun(const std::vector<std::string>& argv, const std::string& input = "") {
  Output output = Run(argv, input);
  if (output.exit_code != 0) {
    std::fprintf(stderr,
                 "%s %s: exit %d\n%s%s\n",
                 argv[0].c_str(),
                 argv[1].c_str(),
                 output.exit_code,
                 output.out.c_str(),
                 output.err.c_str());
  }
  CHECK(output.exit_code == 0);
  return output;
}

bool Exists(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0;
}

// "dinsos.18.71" serves kemendagri:18.71.
std::string RegionOf(std::string_view name) {
  const std::string code(name.substr(name.find('.') + 1));
  constexpr size_t kProvince = 2;
  constexpr size_t kRegency = 5;
  return "kemendagri:" + code.substr(0, code.size() < kRegency ? kProvince : kRegency);
}

std::vector<std::string> Command(std::string_view program, std::vector<std::string> args) {
  args.insert(args.begin(), Program(program));
  return args;
}

}  // namespace

std::string Program(std::string_view name) {
  return std::string(RUJUKAN_BIN_DIR) + "/" + std::string(name);
}

Deployment::Deployment() : main_port_(FreePort()), enrol_port_(FreePort()), http_port_(FreePort()) {
  MustRun(Command("rujukan-admin",
                  {"init",
                   "--domain",
                   std::string(kDomain),
                   "--home",
                   path("admin"),
                   "--broker-identity",
                   identity_dir()}));
  StartBroker();
}

void Deployment::StartBroker(const std::vector<std::string>& more) {
  const std::string host = "127.0.0.1:";
  const std::string endpoints = data_dir() + "/endpoints.json";
  ::unlink(endpoints.c_str());  // a killed broker leaves it: only the new one's says that it serves
  std::vector<std::string> args = {"run",
                                   "--identity",
                                   identity_dir(),
                                   "--data",
                                   data_dir(),
                                   "--listen",
                                   endpoint(),
                                   "--enrol",
                                   "tcp://" + host + std::to_string(enrol_port_),
                                   "--http",
                                   host + std::to_string(http_port_),
                                   "--operator-token",
                                   operator_token()};
  args.insert(args.end(), more.begin(), more.end());
  broker_ =
      std::make_unique<Process>(Command("rujukan-broker", std::move(args)), path("broker.log"));
  const bool serving = Eventually([&] { return Exists(endpoints) || !broker_->Running(); });
  if (!serving || !broker_->Running()) {
    std::fprintf(stderr, "%s\n", ReadWholeFile(path("broker.log")).c_str());
  }
  CHECK(serving && broker_->Running());
}

void Deployment::Join(std::string_view name) {
  const std::string invitation = path(std::string(name) + ".invite");
  MustRun(Command("rujukan-admin",
                  {"invite",
                   Address(name),
                   "--home",
                   path("admin"),
                   "--endpoints",
                   data_dir() + "/endpoints.json",
                   "--name",
                   std::string(name) + " (CONTOH)",
                   "--region",
                   RegionOf(name),
                   "--out",
                   invitation}));
  MustRun(Command("rujukan-agent", {"join", invitation, "--home", home(name), "--no-wait"}));
  MustRun(Command("rujukan-admin", {"approve", "--all", "--home", path("admin")}));
  MustRun(Command("rujukan-agent", {"join", invitation, "--home", home(name)}));
}

void Deployment::JoinAll(const std::vector<Guest>& guests) {
  std::string table = "address,name,region,supervisor,office_type\n";
  for (const Guest& guest : guests) {
    table += Address(guest.name) + "," + guest.name + " (CONTOH)," + guest.region + "," +
             (guest.supervisor.empty() ? "" : Address(guest.supervisor)) + "," + guest.office_type +
             "\n";
  }
  WriteWholeFile(path("guests.csv"), table);
  MustRun(Command("rujukan-admin",
                  {"invite",
                   "--from",
                   path("guests.csv"),
                   "--out-dir",
                   path("invites"),
                   "--home",
                   path("admin"),
                   "--endpoints",
                   data_dir() + "/endpoints.json"}));
  for (const Guest& guest : guests) {
    const std::string invitation = path("invites/" + guest.name + ".invite");
    MustRun(
        Command("rujukan-agent", {"join", invitation, "--home", home(guest.name), "--no-wait"}));
  }
  MustRun(Command("rujukan-admin", {"approve", "--all", "--home", path("admin")}));
}

void Deployment::StartAgent(std::string_view name) {
  const std::string key(name);
  agents_[key] = std::make_unique<Process>(Command("rujukan-agent", {"run", "--home", home(name)}),
                                           path(key + ".log"));
  Process& daemon = *agents_[key];
  const bool answers = Eventually([&] {
    return !daemon.Running() || Agent(name, {"status", "--json"}).exit_code == 0;
  });
  if (!answers || !daemon.Running()) {
    std::fprintf(stderr, "%s\n", ReadWholeFile(path(key + ".log")).c_str());
  }
  CHECK(answers && daemon.Running());
}

Output Deployment::Agent(std::string_view name,
                         std::vector<std::string> args,
                         const std::string& input) const {
  args.insert(args.end(), {"--home", home(name)});
  return Run(Command("rujukan-agent", std::move(args)), input);
}

Output Deployment::Admin(std::vector<std::string> args) const {
  args.insert(args.end(), {"--home", path("admin")});
  return Run(Command("rujukan-admin", std::move(args)));
}

Output Deployment::Audit(std::vector<std::string> args) const {
  return Run(Command("rujukan-audit", std::move(args)));
}

Output Deployment::Broker(std::vector<std::string> args) const {
  args.insert(args.end(), {"--identity", identity_dir(), "--data", data_dir()});
  return Run(Command("rujukan-broker", std::move(args)));
}

Output Deployment::ExportAndVerify(const std::string& out_dir) const {
  Output exported =
      Audit({"export", "--ledger", http(), "--token-file", operator_token(), "--out", out_dir});
  if (exported.exit_code != 0) {
    return exported;
  }
  return Audit({"verify", out_dir, "--json"});
}

}  // namespace rujukan::testing
