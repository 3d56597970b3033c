// Goal: a file of 500 MB gets from one agency to another over a line that breaks twenty times, once
// and byte for byte, and neither agents nor broker hold it in memory; killed in the middle, none of
// them loses anything. Method: real processes behind proxies that cut (tests/support); peak memory
// (VmHWM) after a file of 5 MB against that after 500 MB.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "certs/hash.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"
#include "tests/support/cutting_proxy.h"

namespace rujukan::testing {
namespace {

constexpr const char* kSender = "uppa.18.01";
constexpr const char* kReceiver = "dinsos.18";
constexpr uint64_t kMiB = 1024 * 1024;
constexpr std::chrono::milliseconds kLong{300'000};

// Random bytes behind the head of a PDF: nothing compresses them.
void MakeFile(const std::string& path, uint64_t bytes) {
  std::mt19937_64 random(bytes);
  std::ofstream file(path, std::ios::binary);
  std::string block = "%PDF-1.7\n";
  block.resize(kMiB);
  for (uint64_t written = 0; written < bytes; written += block.size()) {
    for (size_t i = written == 0 ? 16 : 0; i + 8 <= block.size(); i += 8) {
      const uint64_t word = random();
      std::memcpy(block.data() + i, &word, sizeof word);
    }
    block.resize(std::min<uint64_t>(block.size(), bytes - written));
    file.write(block.data(), static_cast<std::streamsize>(block.size()));
  }
}

Digest DigestOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  certs::Sha256Stream digest;
  std::string block(kMiB, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    digest.Update(std::string_view(block).substr(0, static_cast<size_t>(file.gcount())));
  }
  return digest.Finish();
}

uint64_t PeakBytes(const Process& process) {
  const std::string status = ReadWholeFile("/proc/" + std::to_string(process.pid()) + "/status");
  const size_t at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::stoull(status.substr(at + 6)) * 1024;
}

class Attachment : public ::testing::Test {
 protected:
  Attachment() {
    const int port = std::stoi(deployment.endpoint().substr(deployment.endpoint().rfind(':') + 1));
    for (const char* name : {kSender, kReceiver}) {
      deployment.Join(name);
      proxies[name] = std::make_unique<CuttingProxy>(port);
      RouteThrough(name, proxies[name]->port());
      deployment.StartAgent(name);
    }
  }

  void RouteThrough(const std::string& name, int port) {
    const std::string path = deployment.home(name) + "/config.json";
    auto config = nlohmann::ordered_json::parse(ReadWholeFile(path));
    config["endpoint"] = "tcp://127.0.0.1:" + std::to_string(port);
    WriteWholeFile(path, config.dump(2));
  }
  nlohmann::json Call(const char* name,
                      const std::string& method,
                      const std::string& path,
                      const std::string& body = "") const {
    const auto reply = agency::CallApi(deployment.home(name) + "/agent.sock", {method, path, body});
    return reply ? nlohmann::json::parse(reply->body, nullptr, false) : nlohmann::json();
  }
  // A leg that the receiver has accepted: before that only an emergency carries attachments.
  std::string OpenLeg() {
    const nlohmann::json body = {{"jenis", "RUJUKAN"},
                                 {"kepada", Deployment::Address(kReceiver)},
                                 {"urgensi", "SEGERA"},
                                 {"isi", agency::FromMessage(SampleReferral())}};
    const auto sent = Call(kSender, "POST", "/v1/messages", body.dump());
    const std::string message = sent.value("message_id", "");
    Call(kSender, "GET", "/v1/messages/" + message + "?until=delivered&wait=60&isi=0");
    const std::string path = "/v1/legs/" + sent.value("leg_id", "");
    const nlohmann::json acceptance = {
        {"petugas", {{"peran", "piket"}, {"nama", "Petugas (CONTOH)"}, {"telepon", "0800-1"}}},
        {"isi",
         {{"pekerja", {{"peran", "peksos"}, {"nama", "Peksos (CONTOH)"}, {"telepon", "0800-2"}}},
          {"rencana_kontak", "besok pagi"}}}};
    const auto accepted = Call(kReceiver, "POST", path + "/accept", acceptance.dump());
    EXPECT_TRUE(accepted.contains("message_id")) << accepted.dump(1);
    EXPECT_TRUE(Eventually(
        [&] { return Call(kSender, "GET", path + "?isi=0").value("state", "") == "DITERIMA"; }));
    return sent.value("leg_id", "");
  }
  std::string Attach(const std::string& leg, const std::string& file) {
    const Output out =
        deployment.Agent(kSender, {"attach", leg, file, "--type", "ASESMEN", "--json"});
    EXPECT_EQ(out.exit_code, 0) << out.out << out.err;
    return nlohmann::json::parse(out.out, nullptr, false).value("id", "");
  }
  nlohmann::json Incoming(const std::string& leg) const {
    const auto list = Call(kReceiver, "GET", "/v1/legs/" + leg + "/attachments?isi=0");
    return list.is_object() ? list.value("attachments", nlohmann::json::array())
                            : nlohmann::json::array();
  }
  std::string StageOf(const char* name, const std::string& id) const {
    const auto json = Call(name, "GET", "/v1/attachments/" + id + "?isi=0");
    return json.is_object() ? json.value("stage", "") : "";
  }
  uint64_t DoneAt(const char* name, const std::string& id) const {
    const auto json = Call(name, "GET", "/v1/attachments/" + id + "?isi=0");
    const auto done =
        json.is_object() && json.contains("progress") ? json["progress"]["done"] : nlohmann::json();
    return done.is_number() ? done.get<uint64_t>() : 0;
  }
  // Waits for the `which`th attachment of the leg to be readable at the receiver; its id.
  std::string AwaitReady(const std::string& leg, size_t which) {
    std::string id;
    EXPECT_TRUE(Eventually(
        [&] {
          const auto all = Incoming(leg);
          if (all.size() <= which) {
            return false;
          }
          id = all[which].value("id", "");
          return all[which].value("stage", "") == "READY";
        },
        kLong))
        << Incoming(leg).dump(2) << ReadWholeFile(deployment.path(std::string(kSender) + ".log"));
    return id;
  }
  void ExpectFetched(const std::string& id, const std::string& original) {
    const std::string out = deployment.path("fetched-" + id);
    const Output fetched = deployment.Agent(kReceiver, {"fetch", id, "--out", out});
    EXPECT_EQ(fetched.exit_code, 0) << fetched.out << fetched.err;
    EXPECT_EQ(DigestOf(out), DigestOf(original));
    EXPECT_EQ(std::filesystem::file_size(out), std::filesystem::file_size(original));
    std::filesystem::remove(out);
  }
  bool BrokerHasNone() const {
    return std::filesystem::is_empty(deployment.data_dir() + "/attachments");
  }

  Deployment deployment;
  std::map<std::string, std::unique_ptr<CuttingProxy>> proxies;
};

TEST_F(Attachment, FiveHundredMegabytesOverALineThatBreaksTwentyTimesArriveOnceInFlatMemory) {
  const std::string leg = OpenLeg();
  const std::string small = deployment.path("small.pdf");
  const std::string large = deployment.path("large.pdf");
  MakeFile(small, 5 * kMiB);
  MakeFile(large, 500 * kMiB);
  Attach(leg, small);
  ExpectFetched(AwaitReady(leg, 0), small);
  std::map<std::string, uint64_t> before;
  const auto peaks = [&] {
    return std::map<std::string, uint64_t>{{"sender", PeakBytes(deployment.agent(kSender))},
                                           {"receiver", PeakBytes(deployment.agent(kReceiver))},
                                           {"broker", PeakBytes(deployment.broker())}};
  };
  before = peaks();

  for (const auto& [name, proxy] : proxies) {
    proxy->CutEvery(45 * kMiB, 10);
  }
  const auto began = std::chrono::steady_clock::now();
  const std::string sent = Attach(leg, large);
  const std::string id = AwaitReady(leg, 1);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  EXPECT_EQ(proxies[kSender]->cuts() + proxies[kReceiver]->cuts(), 20);
  ExpectFetched(id, large);
  EXPECT_EQ(Incoming(leg).size(), 2U) << "once";
  EXPECT_EQ(StageOf(kSender, sent), "QUEUED");
  EXPECT_TRUE(Eventually([&] { return BrokerHasNone(); })) << "the broker let go of it";

  const auto after = peaks();
  for (const auto& [who, peak] : after) {
    std::printf("peak memory of %s: %.1f MB after 5 MB, %.1f MB after 500 MB\n",
                who.c_str(),
                static_cast<double>(before[who]) / 1e6,
                static_cast<double>(peak) / 1e6);
    EXPECT_LT(peak, before[who] + 48 * kMiB) << who << " holds it in memory";
  }
  std::printf("500 MB up and down over %d cuts in %.1f s (%.0f MB/s); resent %.0f MB\n",
              proxies[kSender]->cuts() + proxies[kReceiver]->cuts(),
              static_cast<double>(took.count()) / 1e3,
              500.0 * kMiB / 1e3 / static_cast<double>(took.count()),
              static_cast<double>(proxies[kSender]->bytes() + proxies[kReceiver]->bytes()) / 1e6 -
                  2 * 505 * 1.049);
}

TEST_F(Attachment, KilledInTheMiddleNeitherAgentNorBrokerLosesAnything) {
  const std::string leg = OpenLeg();
  const std::string file = deployment.path("file.pdf");
  MakeFile(file, 60 * kMiB);
  deployment.KillAgent(kReceiver);
  const std::string sent = Attach(leg, file);
  EXPECT_TRUE(Eventually([&] { return DoneAt(kSender, sent) > 20; }));
  deployment.KillAgent(kSender);
  deployment.StartAgent(kSender);
  EXPECT_TRUE(
      Eventually([&] { return DoneAt(kSender, sent) > 60 || StageOf(kSender, sent) == "QUEUED"; }));
  deployment.KillBroker();
  deployment.StartBroker();
  EXPECT_TRUE(Eventually([&] { return StageOf(kSender, sent) == "QUEUED"; }));
  deployment.StartAgent(kReceiver);
  EXPECT_TRUE(Eventually([&] { return Incoming(leg).size() == 1; }));
  const std::string id = Incoming(leg)[0].value("id", "");
  EXPECT_TRUE(Eventually(
      [&] { return DoneAt(kReceiver, id) > 20 || StageOf(kReceiver, id) != "FETCHING"; }));
  deployment.KillAgent(kReceiver);
  deployment.StartAgent(kReceiver);
  ExpectFetched(AwaitReady(leg, 0), file);
  EXPECT_EQ(Incoming(leg).size(), 1U);
}

}  // namespace
}  // namespace rujukan::testing
