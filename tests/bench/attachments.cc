#include "tests/bench/attachments.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/chunk.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/wait.h"

namespace rujukan::bench {
namespace {

using nlohmann::json;
using testing::Deployment;

constexpr const char* kSender = "uppa.18.05";
constexpr const char* kReceiver = "dinsos.18.05";
constexpr size_t kFileBytes = 256 * 1024 * 1024;
constexpr std::chrono::milliseconds kPatience{600'000};
constexpr double kMega = 1e6;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Seals and hashes a chunk again and again, as a sender's agent does once for each byte.
double SealedPerSecond() {
  constexpr uint32_t kChunks = 512;
  const auto key = certs::ChunkKey::Generate();
  const std::string chunk = certs::RandomBytes(limits::kAttachmentChunkBytesMax - 1024);
  const auto start = std::chrono::steady_clock::now();
  for (uint32_t i = 0; i < kChunks; ++i) {
    certs::Sha256(key.Seal(chunk, {i, kChunks}));
  }
  return static_cast<double>(chunk.size()) * kChunks / SecondsSince(start);
}

// Writes the file that is sent, chunk by chunk, and syncs it: what each of the three disks does.
double WrittenPerSecond(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  CHECK(file >= 0);
  std::string chunk = certs::RandomBytes(limits::kAttachmentChunkBytesMax);
  chunk.replace(0, 9, "%PDF-1.7\n");
  const auto start = std::chrono::steady_clock::now();
  for (size_t written = 0; written < kFileBytes; written += chunk.size()) {
    CHECK(::write(file, chunk.data(), chunk.size()) == static_cast<ssize_t>(chunk.size()));
    chunk.replace(0, 9, certs::RandomBytes(9));  // no two chunks alike: nothing is deduplicated
  }
  CHECK(::fdatasync(file) == 0);
  const double seconds = SecondsSince(start);
  ::close(file);
  return static_cast<double>(kFileBytes) / seconds;
}

json Call(const Deployment& deployment,
          const char* who,
          const std::string& method,
          const std::string& path,
          const json& body = nullptr) {
  const auto reply = agency::CallApi(deployment.home(who) + "/agent.sock",
                                     {method, path, body.is_null() ? "" : body.dump()});
  return reply ? json::parse(reply->body, nullptr, false) : json::object();
}

// A leg that takes attachments.
std::string OpenLeg(const Deployment& deployment) {
  const json content = json::parse(agency::FromMessage(testing::SampleReferral()).dump());
  const json sent = Call(deployment,
                         kSender,
                         "POST",
                         "/v1/messages",
                         {{"kepada", Deployment::Address(kReceiver)}, {"isi", content}});
  const std::string leg = "/v1/legs/" + sent.value("leg_id", "");
  Call(deployment,
       kSender,
       "GET",
       "/v1/messages/" + sent.value("message_id", "") + "?until=delivered&wait=60&isi=0");
  Call(deployment,
       kReceiver,
       "POST",
       leg + "/accept",
       {{"petugas", content["petugas"]},
        {"isi",
         {{"pekerja", {{"peran", "peksos"}, {"nama", "Peksos (CONTOH)"}}},
          {"rencana_kontak", "besok pagi"}}}});
  CHECK(testing::Eventually([&] {
    return Call(deployment, kSender, "GET", leg + "?isi=0").value("state", "") == "DITERIMA";
  }));
  return sent.value("leg_id", "");
}

bool IsReady(const Deployment& deployment, const std::string& leg) {
  const json list = Call(deployment, kReceiver, "GET", "/v1/legs/" + leg + "/attachments?isi=0");
  const json all = list.value("attachments", json::array());
  return !all.empty() && all[0].value("stage", "") == "READY";
}

void ReportPeak(Report& report, const std::string& who, const testing::Process& process) {
  const std::string status =
      testing::ReadWholeFile("/proc/" + std::to_string(process.pid()) + "/status");
  const double kibibytes = std::stod(status.substr(status.find("VmHWM:") + 6));
  report.Row("    peak memory of the " + who, kibibytes / 1024, "MiB");
}

}  // namespace

void MeasureAttachments(Report& report, Deployment& deployment) {
  report.Section(fmt::format("An attachment of {} MiB", kFileBytes / 1024 / 1024));
  const std::string file = deployment.path("attachment.pdf");
  const double sealed = SealedPerSecond();
  const double written = WrittenPerSecond(file);
  // Sealed once, opened once, and written by sender, broker and receiver.
  const double limit = 1 / (2 / sealed + 3 / written);
  report.Row("AES-256-GCM and SHA-256, one core", sealed / kMega, "MB/s");
  report.Row("written and synced, 256 KiB at a time", written / kMega, "MB/s");
  for (const char* name : {kSender, kReceiver}) {
    deployment.Join(name);
    deployment.StartAgent(name);
  }
  const std::string leg = OpenLeg(deployment);
  const auto start = std::chrono::steady_clock::now();
  const testing::Output out =
      deployment.Agent(kSender, {"attach", leg, file, "--type", "ASESMEN", "--json"});
  CHECK(out.exit_code == 0);
  CHECK(testing::Eventually([&] { return IsReady(deployment, leg); }, kPatience));
  const double rate = static_cast<double>(kFileBytes) / SecondsSince(start);
  report.Row("from the command to readable at the receiver",
             rate / kMega,
             "MB/s",
             fmt::format("{:.0f} % of sealing, opening and three disks, one after the other",
                         100 * rate / limit));
  ReportPeak(report, "sender", deployment.agent(kSender));
  ReportPeak(report, "broker", deployment.broker());
  ReportPeak(report, "receiver", deployment.agent(kReceiver));
  for (const char* name : {kSender, kReceiver}) {
    deployment.KillAgent(name);
  }
}

}  // namespace rujukan::bench
