// rujukan-sim: runs one seed, or several in a row, and says which command repeats a failure.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/sim/simulation.h"

namespace {

using rujukan::sim::Cast;
using rujukan::sim::Options;
using rujukan::sim::Report;

constexpr const char* kUsage =
    "usage: rujukan-sim [--seed S] [--seeds COUNT] [--steps N] [--break NAME] [--verbose]\n"
    "  NAME: lose-ack, reorder, fork, early-receipt, twice, deaf-outlet\n"
    "exit: 0 all invariants held, 1 one was violated, 2 usage\n";

std::string Replay(const Options& options) {
  std::string command = "rujukan-sim --seed " + std::to_string(options.seed) + " --steps " +
                        std::to_string(options.steps);
  if (options.broken != rujukan::sim::Break::kNone) {
    command += " --break " + std::string(NameOf(options.broken));
  }
  return command + " --verbose";
}

int RunOne(const Cast& cast, const Options& options) {
  std::printf("SEED=%llu steps %llu\n",
              static_cast<unsigned long long>(options.seed),
              static_cast<unsigned long long>(options.steps));
  const Report report = rujukan::sim::Simulation(cast, options).Run();
  if (report.violation) {
    std::printf("%sVIOLATION after %llu steps: %s\nSEED=%llu replay: %s\n",
                options.verbose ? "" : report.tail.c_str(),
                static_cast<unsigned long long>(report.steps),
                report.violation->c_str(),
                static_cast<unsigned long long>(options.seed),
                Replay(options).c_str());
    return 1;
  }
  std::printf(
      "  held: %llu steps, %zu messages, %zu receipts, %zu checkpoints, crashes %zu broker %zu "
      "agent, trace %016llx\n",
      static_cast<unsigned long long>(report.steps),
      report.messages,
      report.receipts,
      report.checkpoints,
      report.broker_crashes,
      report.agent_crashes,
      static_cast<unsigned long long>(report.digest));
  return 0;
}

// False: usage.
bool Parse(int argc, char** argv, Options& options, uint64_t& seeds) {
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--verbose") {
      options.verbose = true;
      continue;
    }
    if (i + 1 == argc) {
      return false;
    }
    const char* value = argv[++i];
    if (flag == "--break") {
      const auto parsed = rujukan::sim::ParseBreak(value);
      if (!parsed) {
        return false;
      }
      options.broken = *parsed;
      continue;
    }
    char* end = nullptr;
    const uint64_t number = std::strtoull(value, &end, 10);
    if (*value == '\0' || *end != '\0') {
      return false;
    }
    if (flag == "--seed") {
      options.seed = number;
    } else if (flag == "--seeds") {
      seeds = number;
    } else if (flag == "--steps") {
      options.steps = number;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  uint64_t seeds = 1;
  if (!Parse(argc, argv, options, seeds)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const Cast cast;
  for (uint64_t i = 0; i < seeds; ++i, ++options.seed) {
    if (const int code = RunOne(cast, options); code != 0) {
      return code;
    }
  }
  return 0;
}
