// A whole domain in a temporary directory, made by the real commands: authority, broker, agents.
// What a test does with it is what an operator does. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/harness/process.h"

namespace rujukan::testing {

class Deployment {
 public:
  static constexpr std::string_view kDomain = "lampung.example";

  // Makes the authority and the broker's identity, chooses ports, starts the broker.
  Deployment();

  static std::string Address(std::string_view name) {
    return std::string(name) + "@" + std::string(kDomain);
  }

  // Starts the broker, with further arguments if any, and waits until it serves. The ports stay the
  // same over restarts.
  void StartBroker(const std::vector<std::string>& more = {});
  Process& broker() { return *broker_; }
  void KillBroker() { broker_.reset(); }

  // Invites, joins and approves: the agency has its home directory afterwards, no daemon yet.
  void Join(std::string_view name);
  // Several at once, invited from a table.
  struct Guest {
    std::string name;
    std::string region;
    std::string supervisor;   // name, "": none
    std::string office_type;  // A, B, C or ""
  };
  void JoinAll(const std::vector<Guest>& guests);
  // Starts the agency's daemon and waits until its API answers.
  void StartAgent(std::string_view name);
  Process& agent(std::string_view name) { return *agents_.at(std::string(name)); }
  void KillAgent(std::string_view name) { agents_.erase(std::string(name)); }

  // Commands against this deployment; arguments after the program's own --home and the like.
  Output Agent(std::string_view name,
               std::vector<std::string> args,
               const std::string& input = "") const;
  Output Admin(std::vector<std::string> args) const;
  Output Audit(std::vector<std::string> args) const;
  Output Broker(std::vector<std::string> args) const;
  // Exports as the operator into a fresh directory and verifies it: exit code 0 or what it found.
  Output ExportAndVerify(const std::string& out_dir) const;

  std::string path(std::string_view below) const { return dir_.path() + "/" + std::string(below); }
  std::string data_dir() const { return path("data"); }
  std::string identity_dir() const { return path("identity"); }
  std::string home(std::string_view name) const { return path(name); }
  // Opens every entry over HTTP, without an auditor.
  std::string operator_token() const { return path("operator.token"); }
  int main_port() const { return main_port_; }
  std::string endpoint() const { return "tcp://127.0.0.1:" + std::to_string(main_port_); }
  std::string http() const { return "http://127.0.0.1:" + std::to_string(http_port_); }

 private:
  TempDir dir_;
  int main_port_;
  int enrol_port_;
  int http_port_;
  std::unique_ptr<Process> broker_;
  std::map<std::string, std::unique_ptr<Process>> agents_;
};

// The path of one of the project's programs.
std::string Program(std::string_view name);

}  // namespace rujukan::testing
