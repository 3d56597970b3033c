// rujukan-broker: parse the command line, do what it says.
#include <variant>

#include "broker/app/archive.h"
#include "broker/app/check.h"
#include "broker/app/config.h"
#include "broker/app/run.h"

int main(int argc, char** argv) {
  using namespace rujukan::broker;  // NOLINT(google-build-using-namespace): the whole program
  const Command command = ParseCommandLine(argc, argv);
  if (const auto* run = std::get_if<RunConfig>(&command)) {
    return Run(*run);
  }
  if (const auto* check = std::get_if<CheckConfig>(&command)) {
    return Check(*check);
  }
  if (const auto* archive = std::get_if<ArchiveConfig>(&command)) {
    return ArchiveNow(*archive);
  }
  return std::get<rujukan::ExitCode>(command);
}
