// rujukan-audit as its users call it, without the process.
#pragma once

#include <string>
#include <vector>

#include "agents/audit/commands.h"

namespace rujukan::audit::testing {

inline Output RunAudit(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"rujukan-audit"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  return RunLine(static_cast<int>(argv.size()), argv.data());
}

}  // namespace rujukan::audit::testing
