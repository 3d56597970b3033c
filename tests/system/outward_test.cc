// Goal: witnesses and a time-stamping authority that come and go never stop exchange; what they
// sign reaches agencies and auditors. Method: real processes: a broker, `rujukan-audit serve` as
// witnesses, agents; an authority of openssl's behind a small HTTP server that the test stops.
#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "agents/audit/source.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"
#include "tests/support/http_stub.h"
#include "tests/support/tsa.h"

namespace rujukan::testing {
namespace {

using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

std::string ReadHttp(const std::string& base, const std::string& path) {
  const auto source = audit::OpenSource(base, "");
  return source ? (*source)->Read(path, 1'000'000).value_or("") : "";
}

int64_t MillisSince(SteadyClock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - start).count();
}

class Outward : public ::testing::Test {
 protected:
  Outward() {
    deployment.Join("uppa.18.01");
    deployment.Join("dinsos.18");
  }

  void RestartBroker(const std::vector<std::string>& options) {
    deployment.KillBroker();
    deployment.StartBroker(options);
  }
  // A gauge of the broker; -2 when it has none of that name.
  int64_t Metric(const std::string& name) const {
    const std::string text = "\n" + ReadHttp(deployment.http(), "metrics");
    const size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? -2 : std::stoll(text.substr(at + name.size() + 2));
  }

  Deployment deployment;
};

TEST_F(Outward, AnAuthorityThatIsAwayStopsNothingAndItsStampsCatchUp) {
  const Tsa tsa;
  const auto answer = [&](const HttpStub::Request& request) {
    return HttpStub::Reply{200, "application/timestamp-reply", tsa.Reply(request.body), ""};
  };
  auto authority = std::make_unique<HttpStub>(answer);
  const int port = authority->port();
  RestartBroker(
      {"--tsa", authority->url(), "--tsa-ca", tsa.ca_pem_path(), "--timestamp-every", "1"});
  ASSERT_TRUE(Eventually([&] { return Metric("rujukan_stamped_entries") > 0; }))
      << ReadWholeFile(deployment.path("broker.log"));
  const int64_t before = Metric("rujukan_stamped_entries");

  authority.reset();
  const auto outage = SteadyClock::now();
  const Identity uppa(deployment.home("uppa.18.01"));
  BulkSender sender(uppa, Deployment::Address("dinsos.18"), 16);
  // Few enough for the share of a mailbox that nobody reads here, however fast they go.
  ASSERT_TRUE(Eventually([&] { return sender.acknowledged_count() > 50; }));
  ASSERT_TRUE(sender.Finish());
  EXPECT_EQ(sender.trouble(), "");
  ASSERT_TRUE(Eventually([&] { return Metric("rujukan_stamp_failures_total") >= 2; }));
  const int64_t away_ms = MillisSince(outage);
  const int64_t at_end = Metric("rujukan_stamped_entries");

  authority = std::make_unique<HttpStub>(answer, port);
  const auto back = SteadyClock::now();
  const auto entries = Metric("rujukan_entries");
  ASSERT_TRUE(Eventually([&] { return Metric("rujukan_stamped_entries") >= entries; }));
  std::printf("away %lld ms: %zu messages accepted meanwhile; stamped again after %lld ms\n",
              static_cast<long long>(away_ms),
              sender.acknowledged_count(),
              static_cast<long long>(MillisSince(back)));
  EXPECT_LE(at_end, before + 2) << "at most the stamp that was under way";

  const std::string copy = deployment.path("copy");
  ASSERT_EQ(deployment.ExportAndVerify(copy).exit_code, 0);
  const Output verified = deployment.Audit({"verify", copy, "--tsa", tsa.ca_pem_path(), "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  const json report = json::parse(verified.out);
  EXPECT_GE(report["stamps"]["count"], 2);
  EXPECT_GE(report["stamps"]["largest_gap_seconds"], away_ms / 1000 - 2) << "the gap shows";
  const Tsa stranger;
  EXPECT_EQ(deployment.Audit({"verify", copy, "--tsa", stranger.ca_pem_path()}).exit_code, 3);
}

class Witnessed : public Outward {
 protected:
  struct Witness {
    int port = 0;
    std::string vkey;
    std::unique_ptr<Process> process;
  };

  Witnessed() {
    WriteWholeFile(deployment.path("ledger.vkey"), ReadHttp(deployment.http(), "vkey"));
    for (Witness& witness : witnesses) {
      witness.port = FreePort();
    }
  }

  void Start(size_t i) {
    Witness& witness = witnesses[i];
    const std::string name = "w" + std::to_string(i);
    const std::string listen = "127.0.0.1:" + std::to_string(witness.port);
    witness.process =
        std::make_unique<Process>(std::vector<std::string>{Program("rujukan-audit"),
                                                           "serve",
                                                           "--data",
                                                           deployment.path(name),
                                                           "--name",
                                                           name + ".contoh.test",
                                                           "--vkey",
                                                           deployment.path("ledger.vkey"),
                                                           "--listen",
                                                           listen,
                                                           "--ledger",
                                                           deployment.http()},
                                  deployment.path(name + ".log"));
    ASSERT_TRUE(Eventually([&] {
      witness.vkey = ReadHttp("http://" + listen, "vkey");
      return !witness.vkey.empty();
    })) << ReadWholeFile(deployment.path(name + ".log"));
    while (witness.vkey.ends_with('\n')) {
      witness.vkey.pop_back();
    }
  }
  void Stop(size_t i) { witnesses[i].process.reset(); }

  // Two of the three, with addresses for the broker.
  std::string Policy() const {
    std::string text;
    for (size_t i = 0; i < witnesses.size(); ++i) {
      text += "witness s" + std::to_string(i) + " " + witnesses[i].vkey +
              " http://127.0.0.1:" + std::to_string(witnesses[i].port) + "\n";
    }
    return text + "group dua 2 s0 s1 s2\nquorum dua\n";
  }
  json Status() const {
    return json::parse(deployment.Agent("uppa.18.01", {"status", "--json"}).out, nullptr, false);
  }
  bool Accepted(const std::string& id) const {
    const auto reply = agency::CallApi(deployment.home("uppa.18.01") + "/agent.sock",
                                       {"GET", "/v1/messages/" + id, ""});
    return reply && json::parse(reply->body).value("stage", "") == "ACCEPTED";
  }
  std::string Post(const std::string& urgency) const {
    const json body = {{"kunci_idempoten", "uji-" + urgency},
                       {"jenis", "RUJUKAN"},
                       {"kepada", Deployment::Address("dinsos.18")},
                       {"urgensi", urgency},
                       {"isi", agency::FromMessage(SampleReferral())}};
    const auto reply = agency::CallApi(deployment.home("uppa.18.01") + "/agent.sock",
                                       {"POST", "/v1/messages", body.dump()});
    EXPECT_TRUE(reply && reply->status < 300) << (reply ? reply->body : "no answer");
    return reply ? json::parse(reply->body).value("message_id", "") : "";
  }

  std::array<Witness, 3> witnesses;
};

TEST_F(Witnessed, AnAgencyThatRequiresTwoOfThreeSendsOnlyTheMostUrgentUntilTwoAreThere) {
  for (size_t i = 0; i < witnesses.size(); ++i) {
    ASSERT_NO_FATAL_FAILURE(Start(i));  // for their keys
  }
  for (size_t i = 0; i < witnesses.size(); ++i) {
    Stop(i);
  }
  WriteWholeFile(deployment.path("witnesses"), Policy());
  RestartBroker({"--witnesses", deployment.path("witnesses"), "--cosign-every", "1"});
  WriteWholeFile(deployment.home("uppa.18.01") + "/saksi.policy", Policy());
  const std::string config = deployment.home("uppa.18.01") + "/config.json";
  json edited = json::parse(ReadWholeFile(config));
  edited["saksi"] = {{"wajib", true}};
  WriteWholeFile(config, edited.dump());
  deployment.StartAgent("uppa.18.01");
  ASSERT_TRUE(Eventually([&] { return Status()["link"] == "UNWITNESSED"; })) << Status();

  const std::string routine = Post("SEGERA");
  const std::string urgent = Post("AMAT_SEGERA");
  ASSERT_TRUE(Eventually([&] { return Accepted(urgent); })) << "a child waits for no witness";
  EXPECT_FALSE(Accepted(routine));
  EXPECT_EQ(Status()["saksi"]["kurang"].size(), 3U);

  ASSERT_NO_FATAL_FAILURE(Start(0));
  ASSERT_TRUE(Eventually([&] { return Metric("rujukan_cosigned_entries") > 0; }))
      << ReadWholeFile(deployment.path("broker.log"));
  EXPECT_EQ(Status()["link"], "UNWITNESSED") << "one is not enough";
  ASSERT_NO_FATAL_FAILURE(Start(2));
  const auto back = SteadyClock::now();
  ASSERT_TRUE(Eventually([&] { return Accepted(routine); }, 2 * kPatience)) << Status();
  std::printf("two of three there: what was held was accepted after %lld ms\n",
              static_cast<long long>(MillisSince(back)));
  EXPECT_EQ(Status()["link"], "LIVE");
  EXPECT_EQ(Status()["saksi"]["kurang"], json({"s1"}));

  const std::string cosigned = ReadHttp(deployment.http(), "checkpoint/cosigned");
  EXPECT_NE(cosigned.find("w0.contoh.test"), std::string::npos);
  EXPECT_NE(cosigned.find("w2.contoh.test"), std::string::npos);
  EXPECT_EQ(cosigned.find("w1.contoh.test"), std::string::npos);
}

}  // namespace
}  // namespace rujukan::testing
