// The benchmark: raw limits first, then the broker, agents and auditor against them.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <thread>

#include "base/check.h"
#include "tests/bench/attachments.h"
#include "tests/bench/clocks.h"
#include "tests/bench/load.h"
#include "tests/bench/raw_limits.h"
#include "tests/bench/replay.h"
#include "tests/bench/report.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::bench {
namespace {

using testing::Deployment;
using testing::Identity;

constexpr double kMebibyte = 1024.0 * 1024.0;
constexpr size_t kSenders = 4;  // of the row with several
// One sender may fill a quarter of a mailbox of 10,000 messages.
constexpr size_t kIdleReceivers = 50;

struct Options {
  std::string json = "build/bench/results.json";
  size_t messages = 40'000;
  size_t entries = 1'000'000;
  size_t replay = 1'000'000;
  bool only_replay = false;
};

// The yardsticks that later rows are held against.
struct Yardsticks {
  double verify_one_core = 0;
  double verify_all_cores = 0;
};

Yardsticks MeasureRawLimits(Report& report, const std::string& dir) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  report.Section("Raw limits of this machine");
  const Yardsticks yardsticks{VerifyPerSecond(1), VerifyPerSecond(cores)};
  report.Row("P-256 verify, one core", yardsticks.verify_one_core, "/s");
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
  std::vector<std::unique_ptr<Identity>> senders;
  std::unique_ptr<Identity> receiver;
  std::vector<std::unique_ptr<Identity>> idle;
};

std::vector<std::unique_ptr<Identity>> JoinAll(Deployment& deployment,
                                               const std::string& prefix,
                                               size_t count) {
  std::vector<std::unique_ptr<Identity>> joined;
  for (size_t i = 0; i < count; ++i) {
    const std::string name = fmt::format("{}.{:03}", prefix, i + 1);
    deployment.Join(name);
    joined.push_back(std::make_unique<Identity>(deployment.home(name)));
  }
  return joined;
}

// Receivers join first: a sender knows whom the directory had when it joined.
Cast Onboard(Deployment& deployment) {
  Cast cast;
  cast.idle = JoinAll(deployment, "uptdppa.18.71", kIdleReceivers);
  cast.receiver = std::move(JoinAll(deployment, "dinsos.18.71", 1).front());
  cast.senders = JoinAll(deployment, "uppa.18.71", kSenders);
  return cast;
}

std::string Describe(const LoadPlan& plan, size_t senders) {
  const std::string in_flight = senders == 1 ? std::to_string(plan.in_flight)
                                             : fmt::format("{} x {}", senders, plan.in_flight);
  const std::string signatures =
      plan.batch == 1 ? "single signatures" : fmt::format("batches of {}", plan.batch);
  return fmt::format("{} KiB, {} in flight, {}", plan.content_bytes / 1024, in_flight, signatures);
}

void ReportLatency(Report& report, const std::string& what, const std::vector<double>& samples) {
  report.Row(what + " p50", Percentile(samples, 0.50) / 1000, "ms");
  report.Row(what + " p99", Percentile(samples, 0.99) / 1000, "ms");
}

// What every measurement of the broker needs.
struct Stage {
  Report& report;
  Deployment& deployment;
  const Cast& cast;
  const Yardsticks& yardsticks;
};

std::vector<const Identity*> Pointers(const std::vector<std::unique_ptr<Identity>>& owned,
                                      size_t count) {
  std::vector<const Identity*> pointers;
  for (size_t i = 0; i < count; ++i) {
    pointers.push_back(owned[i].get());
  }
  return pointers;
}

// How much of the machine's verifications the messages took; "" for batches, which need few.
std::string AgainstLimit(const LoadPlan& plan, double per_second, const Yardsticks& yardsticks) {
  if (plan.batch != 1) {
    return "";
  }
  const double verifies = plan.deliver ? 2 : 1;  // the header's, and the delivery receipt's
  return fmt::format("{:.0f} % of the verify limit",
                     100 * verifies * per_second / yardsticks.verify_all_cores);
}

void MeasureLoad(const Stage& stage, const LoadPlan& plan, size_t senders) {
  const auto receivers = plan.deliver ? std::vector<const Identity*>{stage.cast.receiver.get()}
                                      : Pointers(stage.cast.idle, stage.cast.idle.size());
  const double cpu_before = stage.deployment.broker().CpuSeconds();
  const LoadResult result = RunLoad(plan, Pointers(stage.cast.senders, senders), receivers);
  const double cpu = stage.deployment.broker().CpuSeconds() - cpu_before;
  Report& report = stage.report;
  report.Row(Describe(plan, senders),
             result.PerSecond(),
             "/s",
             AgainstLimit(plan, result.PerSecond(), stage.yardsticks));
  report.Row("    broker CPU a message", 1e6 * cpu / static_cast<double>(plan.messages), "us");
  ReportLatency(report, "    send to receipt", result.receipt_us);
  if (plan.deliver) {
    ReportLatency(report, "    send to delivered", result.delivered_us);
  }
}

// One in flight is bound by latency, 64 KiB by bytes: fewer messages say as much.
size_t MessagesFor(const Options& options, size_t content, uint32_t in_flight) {
  return options.messages / ((in_flight == 1 ? 20U : 1U) * (content > 1024 ? 8U : 1U));
}

void MeasureBroker(const Stage& stage, const Options& options, bool deliver) {
  stage.report.Section(deliver ? "Delivered, with the delivery receipt in the ledger"
                               : "Accepted: durable and receipted");
  for (const size_t content : {size_t{1024}, size_t{64 * 1024}}) {
    for (const uint32_t in_flight : {1U, 64U}) {
      for (const uint32_t batch : {1U, 64U}) {
        const size_t messages = MessagesFor(options, content, in_flight);
        MeasureLoad(stage, {content, in_flight, batch, messages, deliver}, 1);
      }
    }
  }
  for (const uint32_t batch : {1U, 64U}) {
    MeasureLoad(stage, {1024, 64, batch, options.messages, deliver}, kSenders);
  }
}

double Mebibytes(const testing::Process& process) {
  return static_cast<double>(process.ResidentBytes()) / kMebibyte;
}

void MeasureAgent(const Stage& stage) {
  constexpr const char* kName = "rs.18.01";
  constexpr size_t kMessages = 2000;
  Deployment& deployment = stage.deployment;
  stage.report.Section("Agent daemon");
  deployment.Join(kName);
  deployment.StartAgent(kName);
  stage.report.Row("memory, idle", Mebibytes(deployment.agent(kName)), "MiB", "expected under 30");
  deployment.Join("uppa.18.02");
  const Identity writer(deployment.home("uppa.18.02"));
  testing::BulkSender sender(writer, Deployment::Address(kName), /*in_flight=*/64);
  CHECK(testing::Eventually([&] { return sender.acknowledged_count() >= kMessages; }));
  stage.report.Row("memory, receiving without pause",
                   Mebibytes(deployment.agent(kName)),
                   "MiB",
                   fmt::format("after {} messages", sender.acknowledged_count()));
  CHECK(sender.Finish());
  deployment.KillAgent(kName);
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
  const std::string token = deployment.operator_token();
  run({"export", "--ledger", deployment.http(), "--token-file", token, "--out", dir});
  const std::string checkpoint = testing::ReadWholeFile(dir + "/checkpoint");
  const double entries = std::stod(checkpoint.substr(checkpoint.find('\n') + 1));
  const double seconds = run({"verify", dir, "--json"});
  report.Row(
      "full replay of the ledger made above",
      entries / seconds,
      "entries/s",
      fmt::format("{:.0f} entries; verify limit {:.0f}/s", entries, yardsticks.verify_all_cores));
}

// Grows the ledger by options.entries with delivered messages in large batches, then restarts.
void MeasureStart(const Stage& stage, const Options& options) {
  Deployment& deployment = stage.deployment;
  stage.report.Section(fmt::format("After {} more entries", options.entries));
  const LoadPlan plan{64, 256, 4096, options.entries / 2, /*deliver=*/true};
  const LoadResult grown =
      RunLoad(plan, Pointers(stage.cast.senders, 1), {stage.cast.receiver.get()});
  stage.report.Row("growing, delivered messages in batches of 4096", grown.PerSecond(), "/s");
  stage.report.Row("broker memory after it", Mebibytes(deployment.broker()), "MiB");
  deployment.KillBroker();
  const auto start = std::chrono::steady_clock::now();
  deployment.StartBroker();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  stage.report.Row("start after kill -9 until it serves", seconds * 1000, "ms");
  stage.report.Row("broker memory, freshly started", Mebibytes(deployment.broker()), "MiB");
}

void MeasurePrograms(Report& report, const Options& options, const Yardsticks& yardsticks) {
  Deployment deployment;
  const Cast cast = Onboard(deployment);
  const Stage stage{report, deployment, cast, yardsticks};
  report.Section("Broker at rest");
  report.Row("memory, idle", Mebibytes(deployment.broker()), "MiB");
  MeasureBroker(stage, options, /*deliver=*/false);
  MeasureBroker(stage, options, /*deliver=*/true);
  report.Row("broker memory after the load", Mebibytes(deployment.broker()), "MiB");
  MeasureAgent(stage);
  MeasureAttachments(report, deployment);
  MeasureAudit(report, deployment, yardsticks);
  if (options.entries > 0) {
    MeasureStart(stage, options);
  }
}

void RunAll(const Options& options) {
  Report report;
  const testing::TempDir dir;
  const Yardsticks yardsticks = MeasureRawLimits(report, dir.path());
  if (options.replay > 0) {
    MeasureReplay(report, options.replay, yardsticks.verify_all_cores, dir.path());
  }
  MeasureClocks(report, yardsticks.verify_one_core);
  if (!options.only_replay) {
    MeasurePrograms(report, options, yardsticks);
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
  app.add_option("--replay", options.replay, "Entries of the ledgers to replay; 0: leave out");
  app.add_flag("--only-replay", options.only_replay, "Raw limits and replay, nothing else");
  CLI11_PARSE(app, argc, argv);
  rujukan::bench::RunAll(options);
  return 0;
}
