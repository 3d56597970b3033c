// The benchmark: raw limits first, then the broker, agents and auditor against them.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/check.h"
#include "tests/bench/load.h"
#include "tests/bench/raw_limits.h"
#include "tests/bench/report.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::bench {
namespace {

using testing::Deployment;
using testing::Identity;

constexpr double kMebibyte = 1024.0 * 1024.0;
constexpr size_t kIdleReceivers = 10;  // mailboxes hold 10,000 messages each

struct Options {
  std::string json = "build/bench/results.json";
  size_t messages = 40'000;
  size_t entries = 1'000'000;
};

// The yardsticks that later rows are held against.
struct Yardsticks {
  double verify_all_cores = 0;
};

Yardsticks MeasureRawLimits(Report& report, const std::string& dir) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  report.Section("Raw limits of this machine");
  report.Row("P-256 verify, one core", VerifyPerSecond(1), "/s");
  const Yardsticks yardsticks{VerifyPerSecond(cores)};
  report.Row(fmt::format("P-256 verify, {} cores", cores), yardsticks.verify_all_cores, "/s");
  report.Row("P-256 sign, one core", SignPerSecond(), "/s");
  report.Row("fdatasync after 4 KiB", SyncsPerSecond(dir), "/s");
  for (const size_t batch : {1U, 16U, 64U, 256U, 1024U}) {
    report.Row(fmt::format("RocksDB synced 1 KiB records, batch of {}", batch),
               RocksRecordsPerSecond(dir, batch),
               "/s");
  }
  return yardsticks;
}

struct Cast {
  std::unique_ptr<Identity> sender;
  std::unique_ptr<Identity> receiver;
  std::vector<std::unique_ptr<Identity>> idle;
};

Cast Onboard(Deployment& deployment) {
  std::vector<std::string> names = {"uppa.18.01", "dinsos.18"};
  for (size_t i = 0; i < kIdleReceivers; ++i) {
    names.push_back(fmt::format("lksa.18.71.{:03}", i + 1));
  }
  for (const std::string& name : names) {
    deployment.Join(name);
  }
  Cast cast;
  cast.sender = std::make_unique<Identity>(deployment.home(names[0]));
  cast.receiver = std::make_unique<Identity>(deployment.home(names[1]));
  for (size_t i = 2; i < names.size(); ++i) {
    cast.idle.push_back(std::make_unique<Identity>(deployment.home(names[i])));
  }
  return cast;
}

std::string Describe(const LoadPlan& plan) {
  return fmt::format(
      "{} KiB, {} in flight, {}",
      plan.content_bytes / 1024,
      plan.in_flight,
      plan.batch == 1 ? "single signatures" : fmt::format("batches of {}", plan.batch));
}

void ReportLatency(Report& report, const std::string& what, const std::vector<double>& samples) {
  report.Row(what + " p50", Percentile(samples, 0.50) / 1000, "ms");
  report.Row(what + " p99", Percentile(samples, 0.99) / 1000, "ms");
}

void MeasureLoad(Report& report,
                 const LoadPlan& plan,
                 Deployment& deployment,
                 const Cast& cast,
                 const Yardsticks& yardsticks) {
  std::vector<const Identity*> receivers;
  for (const auto& idle : cast.idle) {
    receivers.push_back(idle.get());
  }
  if (plan.deliver) {
    receivers = {cast.receiver.get()};
  }
  const double cpu_before = deployment.broker().CpuSeconds();
  const LoadResult result = RunLoad(plan, *cast.sender, receivers);
  const double cpu = deployment.broker().CpuSeconds() - cpu_before;
  const std::string name = Describe(plan);
  const double verifies = plan.batch == 1 ? (plan.deliver ? 2.0 : 1.0) : 0;
  report.Row(name,
             result.PerSecond(),
             "/s",
             verifies > 0
                 ? fmt::format("{:.0f} % of the verify limit",
                               100 * verifies * result.PerSecond() / yardsticks.verify_all_cores)
                 : "");
  report.Row("    broker CPU a message", 1e6 * cpu / static_cast<double>(plan.messages), "us");
  ReportLatency(report, "    send to receipt", result.receipt_us);
  if (plan.deliver) {
    ReportLatency(report, "    send to delivered", result.delivered_us);
  }
}

void MeasureBroker(Report& report,
                   const Options& options,
                   Deployment& deployment,
                   const Cast& cast,
                   const Yardsticks& yardsticks) {
  for (const bool deliver : {false, true}) {
    report.Section(deliver ? "Delivered, with the delivery receipt in the ledger"
                           : "Accepted: durable and receipted");
    for (const size_t content : {size_t{1024}, size_t{64 * 1024}}) {
      for (const uint32_t in_flight : {1U, 64U}) {
        for (const uint32_t batch : {1U, 64U}) {
          // One in flight is bound by latency, 64 KiB by bytes: fewer messages say as much.
          const size_t divisor = (in_flight == 1 ? 20U : 1U) * (content > 1024 ? 8U : 1U);
          MeasureLoad(report,
                      {content, in_flight, batch, options.messages / divisor, deliver},
                      deployment,
                      cast,
                      yardsticks);
        }
      }
    }
  }
}

void MeasureAgent(Report& report, Deployment& deployment) {
  report.Section("Agent daemon");
  deployment.Join("rs.18.01");
  deployment.StartAgent("rs.18.01");
  report.Row("memory, idle",
             static_cast<double>(deployment.agent("rs.18.01").ResidentBytes()) / kMebibyte,
             "MiB",
             "expected under 30");
  deployment.KillAgent("rs.18.01");
}

void MeasureAudit(Report& report, Deployment& deployment, const Yardsticks& yardsticks) {
  report.Section("Auditor");
  const std::string dir = deployment.path("export");
  auto run = [&](std::vector<std::string> args) {
    const auto start = std::chrono::steady_clock::now();
    const testing::Output output = deployment.Audit(std::move(args));
    std::fprintf(stderr, "%s", output.exit_code == 0 ? "" : output.err.c_str());
    CHECK(output.exit_code == 0);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const std::string token = deployment.identity_dir() + "/auditor.token";
  run({"export", "--from", deployment.http(), "--token-file", token, "--out", dir});
  const std::string checkpoint = testing::ReadWholeFile(dir + "/checkpoint");
  const double entries = std::stod(checkpoint.substr(checkpoint.find('\n') + 1));
  const double seconds = run({"verify", dir, "--json"});
  report.Row(
      "full replay of the ledger made above",
      entries / seconds,
      "entries/s",
      fmt::format("{:.0f} entries; verify limit {:.0f}/s", entries, yardsticks.verify_all_cores));
}

// Grows the ledger to `options.entries` with delivered messages in large batches, then restarts.
void MeasureStart(Report& report,
                  const Options& options,
                  Deployment& deployment,
                  const Cast& cast) {
  report.Section(fmt::format("At {} entries", options.entries));
  LoadPlan plan{64, 256, 4096, options.entries / 2, /*deliver=*/true};
  const LoadResult grown = RunLoad(plan, *cast.sender, {cast.receiver.get()});
  report.Row("growing, delivered messages in batches of 4096", grown.PerSecond(), "/s");
  report.Row("broker memory after it",
             static_cast<double>(deployment.broker().ResidentBytes()) / kMebibyte,
             "MiB");
  deployment.KillBroker();
  const auto start = std::chrono::steady_clock::now();
  deployment.StartBroker();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.Row("start after kill -9 until it serves", seconds * 1000, "ms");
  report.Row("broker memory, freshly started",
             static_cast<double>(deployment.broker().ResidentBytes()) / kMebibyte,
             "MiB");
}

void RunAll(const Options& options) {
  Report report;
  const testing::TempDir dir;
  const Yardsticks yardsticks = MeasureRawLimits(report, dir.path());
  Deployment deployment;
  const Cast cast = Onboard(deployment);
  report.Section("Broker at rest");
  report.Row(
      "memory, idle", static_cast<double>(deployment.broker().ResidentBytes()) / kMebibyte, "MiB");
  MeasureBroker(report, options, deployment, cast, yardsticks);
  report.Row("broker memory after the load",
             static_cast<double>(deployment.broker().ResidentBytes()) / kMebibyte,
             "MiB");
  MeasureAgent(report, deployment);
  MeasureAudit(report, deployment, yardsticks);
  if (options.entries > 0) {
    MeasureStart(report, options, deployment, cast);
  }
  report.WriteJson(options.json);
  fmt::print("\nWritten to {}\n", options.json);
}

}  // namespace
}  // namespace rujukan::bench

int main(int argc, char** argv) {
  CLI::App app("Measures the machine's raw limits, then the broker, the agents and the auditor.");
  rujukan::bench::Options options;
  app.add_option("--json", options.json, "Where the results go as JSON");
  app.add_option("--messages", options.messages, "Messages of the largest measurement");
  app.add_option(
      "--entries", options.entries, "Entries for the start-up measurement; 0: leave out");
  CLI11_PARSE(app, argc, argv);
  rujukan::bench::RunAll(options);
  return 0;
}
