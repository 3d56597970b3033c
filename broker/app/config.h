// The command line of rujukan-broker, and the TOML file behind it (--config). The same names in
// both; the command line wins.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "broker/app/exit_code.h"

namespace rujukan::broker {

struct RunConfig {
  std::string identity;  // directory: what rujukan-admin init made for the broker
  std::string data;      // directory of the ledger
  std::string listen = "tcp://127.0.0.1:7400";
  std::string enrol = "tcp://127.0.0.1:7401";
  std::string http = "127.0.0.1:7402";
  std::vector<std::string> http_hosts;
  std::string operator_token;  // file; "": entries are for accredited auditors only
  std::string log;             // file; "": stderr
  size_t workers = 0;          // 0: one a core
  bool accept_clock = false;
};

struct CheckConfig {
  std::string identity;
  std::string data;
  bool json = false;
};

// A command, or the code to end with: help was printed, or the usage was wrong and that was
// printed.
using Command = std::variant<ExitCode, RunConfig, CheckConfig>;
Command ParseCommandLine(int argc, const char* const* argv);

}  // namespace rujukan::broker
