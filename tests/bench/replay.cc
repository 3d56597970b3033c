#include "tests/bench/replay.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "agents/audit/verify.h"
#include "base/check.h"
#include "tests/bench/replay_ledger.h"

namespace rujukan::bench {
namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

// Of this process, now.
double ResidentMebibytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  file >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMebibyte;
}

// Runs `work` in a child: what it leaves in memory does not count for what is measured after.
template <class Work>
void InChild(const Work& work) {
  const pid_t child = ::fork();
  CHECK(child >= 0);
  if (child == 0) {
    work();
    ::_exit(0);
  }
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// What the replaying child found out, handed over in a small file.
struct Replayed {
  double entries = 0;
  double signatures = 0;
  double seconds = 0;
  double at_tenth = 0;  // MiB at these parts of the way
  double at_half = 0;
  double at_end = 0;
};

Replayed Replay(const std::string& directory) {
  auto source = audit::OpenSource(directory, "");
  CHECK(source.has_value());
  Replayed replayed;
  const auto progress = [&](uint64_t done, uint64_t total) {
    if (replayed.at_tenth == 0 && done * 10 >= total) {
      replayed.at_tenth = ResidentMebibytes();
    }
    if (replayed.at_half == 0 && done * 2 >= total) {
      replayed.at_half = ResidentMebibytes();
    }
    if (done >= total) {
      replayed.at_end = ResidentMebibytes();
    }
  };
  const auto report = audit::Verify(**source, {}, progress);
  CHECK(report.has_value() && report->outcome() == audit::Outcome::kPass);
  replayed.entries = static_cast<double>(report->size);
  replayed.signatures = static_cast<double>(report->tally(audit::Check::kSignatures).checked);
  replayed.seconds = report->seconds;
  return replayed;
}

Replayed ReplayInChild(const std::string& directory) {
  const std::string path = directory + ".result";
  InChild([&] {
    const Replayed mine = Replay(directory);
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(&mine), sizeof(mine));
  });
  Replayed replayed;
  std::ifstream(path, std::ios::binary).read(reinterpret_cast<char*>(&replayed), sizeof(replayed));
  CHECK(replayed.entries > 0);
  return replayed;
}

}  // namespace

void MeasureReplay(Report& report,
                   uint64_t entries,
                   double verify_all_cores,
                   const std::string& directory) {
  report.Section(fmt::format("Replay of {} entries: referrals and receipts", entries));
  for (const size_t batch : {1U, 64U}) {
    const std::string ledger = fmt::format("{}/replay-{}", directory, batch);
    InChild([&] { MakeLedger({entries, batch}, ledger); });
    const Replayed replayed = ReplayInChild(ledger);
    const double rate = replayed.signatures / replayed.seconds;
    const std::string how = batch == 1 ? "single signatures" : "batches of 64";
    report.Row(how,
               replayed.entries / replayed.seconds,
               "entries/s",
               fmt::format("{:.0f} signed statements; {:.0f} % of the verify limit",
                           replayed.signatures,
                           100 * rate / verify_all_cores));
    report.Row(how + ", memory at a tenth", replayed.at_tenth, "MiB");
    report.Row(how + ", memory at half", replayed.at_half, "MiB");
    report.Row(how + ", memory at the end", replayed.at_end, "MiB");
    std::filesystem::remove_all(ledger);
  }
}

}  // namespace rujukan::bench
