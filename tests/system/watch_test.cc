// Goal: a broker that was put back to an old copy of its data, and two brokers with one key and two
// histories, are caught by a running `rujukan-audit serve` within one checkpoint. Method: real
// processes; data folders are copied as a careless or dishonest operator would; the time until the
// alert is in the watch's log is measured and printed.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/audit/source.h"
#include "ledger/checkpoint.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

void CopyFolder(const std::string& from, const std::string& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

TreeSize SizeShownAt(const std::string& http) {
  const auto source = audit::OpenSource(http, "");
  const auto note = source ? (*source)->Read("checkpoint", 100'000) : Fail(source.error());
  const auto parsed = note ? ledger::ParseNote(*note) : Fail(note.error());
  const auto checkpoint = parsed ? ledger::Checkpoint::Parse(parsed->text) : Fail(parsed.error());
  return checkpoint ? checkpoint->size : 0;
}

class Watch : public ::testing::Test {
 protected:
  Watch() {
    deployment.Join("uppa.18.01");
    deployment.Join("dinsos.18");
  }

  // Follows `addresses`, all of the one ledger.
  void StartWatch(const std::vector<std::string>& addresses) {
    WriteWholeFile(deployment.path("ledger.vkey"), Vkey());
    port_ = FreePort();
    std::vector<std::string> argv = {Program("rujukan-audit"),
                                     "serve",
                                     "--data",
                                     deployment.path("watch"),
                                     "--name",
                                     "witness.contoh.test/uji",
                                     "--vkey",
                                     deployment.path("ledger.vkey"),
                                     "--token-file",
                                     deployment.operator_token(),
                                     "--listen",
                                     "127.0.0.1:" + std::to_string(port_),
                                     "--every-ms",
                                     "20"};
    for (const std::string& address : addresses) {
      argv.insert(argv.end(), {"--ledger", address});
    }
    watch_ = std::make_unique<Process>(argv, deployment.path("watch.log"));
  }
  std::string Vkey() const {
    const auto source = audit::OpenSource(deployment.http(), "");
    return *(*source)->Read("vkey", 1000);
  }
  // -1 until it answers.
  int64_t WatchedSize() const {
    const auto source = audit::OpenSource("http://127.0.0.1:" + std::to_string(port_), "");
    const auto text = (*source)->Read("status", 1'000'000);
    const auto json = nlohmann::json::parse(text.value_or(""), nullptr, false);
    if (!json.is_object()) {
      return -1;
    }
    const auto& ledger = json["ledgers"][0];
    return ledger["replayed"] == ledger["size"] ? ledger["size"].get<int64_t>() : -1;
  }
  void AwaitWatched() {
    const auto size = static_cast<int64_t>(SizeShownAt(deployment.http()));
    ASSERT_TRUE(Eventually([&] { return WatchedSize() == size; }))
        << ReadWholeFile(deployment.path("watch.log"));
  }
  // One more entry at the broker that serves at `endpoints`, by the admin whose home this is.
  void Grow(const std::string& admin, const std::string& endpoints) {
    const std::string name = Deployment::Address("lpa." + std::to_string(++guests_));
    const Output invited =
        rujukan::testing::Run({Program("rujukan-admin"),
                               "invite",
                               name,
                               "--home",
                               deployment.path(admin),
                               "--endpoints",
                               endpoints,
                               "--name",
                               "LPA (CONTOH)",
                               "--region",
                               "kemendagri:18",
                               "--out",
                               deployment.path("guest-" + std::to_string(guests_))});
    ASSERT_EQ(invited.exit_code, 0) << invited.out << invited.err;
  }
  void Grow() { Grow("admin", deployment.data_dir() + "/endpoints.json"); }
  bool Alerted(const std::string& name) const {
    return ReadWholeFile(deployment.path("watch/alerts.jsonl"))
               .find("{\"event\":\"raised\",\"alert\":\"" + name + "\"") != std::string::npos;
  }
  // Milliseconds from `since` until the alert is in the log.
  int64_t AwaitAlert(const std::string& name, SteadyClock::time_point since) {
    EXPECT_TRUE(Eventually([&] { return Alerted(name); }))
        << ReadWholeFile(deployment.path("watch.log"));
    return std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - since)
        .count();
  }

  Deployment deployment;
  std::unique_ptr<Process> watch_;
  int port_ = 0;
  int guests_ = 0;
};

TEST_F(Watch, ABrokerPutBackToAnOldCopyIsCaughtAtItsFirstCheckpointAndItsNewHistoryToo) {
  StartWatch({deployment.http()});
  AwaitWatched();
  deployment.KillBroker();
  CopyFolder(deployment.data_dir(), deployment.path("old-data"));
  CopyFolder(deployment.path("admin"), deployment.path("old-admin"));
  deployment.StartBroker();
  for (int i = 0; i < 3; ++i) {
    ASSERT_NO_FATAL_FAILURE(Grow());
  }
  ASSERT_NO_FATAL_FAILURE(AwaitWatched());
  EXPECT_EQ(ReadWholeFile(deployment.path("watch/alerts.jsonl")), "");

  deployment.KillBroker();
  CopyFolder(deployment.path("old-data"), deployment.data_dir());
  const auto start = SteadyClock::now();
  deployment.StartBroker();
  const auto serving = SteadyClock::now();
  const TreeSize old_size = SizeShownAt(deployment.http());
  const int64_t rollback_ms = AwaitAlert("ROLLBACK", start);
  EXPECT_FALSE(Alerted("FORK"));
  std::printf(
      "rollback: caught at its 1st checkpoint (%llu entries), %lld ms after the broker's "
      "start, of which it took %lld ms to serve\n",
      static_cast<unsigned long long>(old_size),
      static_cast<long long>(rollback_ms),
      static_cast<long long>(
          std::chrono::duration_cast<std::chrono::milliseconds>(serving - start).count()));

  guests_ += 100;
  const auto act = SteadyClock::now();
  ASSERT_NO_FATAL_FAILURE(Grow("old-admin", deployment.data_dir() + "/endpoints.json"));
  const int64_t fork_ms = AwaitAlert("FORK", act);
  const TreeSize forked = SizeShownAt(deployment.http()) - old_size;
  EXPECT_EQ(forked, 1U);
  std::printf(
      "fork after a rollback: caught within %llu checkpoint of the other history, %lld ms "
      "after the admin's command for it was started\n",
      static_cast<unsigned long long>(forked),
      static_cast<long long>(fork_ms));
}

TEST_F(Watch, TwoBrokersWithOneKeyAndTwoHistoriesAreCaughtAtTheFirstCheckpointOfTheSecond) {
  deployment.KillBroker();
  CopyFolder(deployment.data_dir(), deployment.path("twin-data"));
  CopyFolder(deployment.path("admin"), deployment.path("twin-admin"));
  deployment.StartBroker();
  const int http = FreePort();
  const std::string endpoints = deployment.path("twin-data/endpoints.json");
  fs::remove(endpoints);
  const Process twin({Program("rujukan-broker"),
                      "run",
                      "--identity",
                      deployment.identity_dir(),
                      "--data",
                      deployment.path("twin-data"),
                      "--listen",
                      "tcp://127.0.0.1:" + std::to_string(FreePort()),
                      "--enrol",
                      "tcp://127.0.0.1:" + std::to_string(FreePort()),
                      "--http",
                      "127.0.0.1:" + std::to_string(http)},
                     deployment.path("twin.log"));
  ASSERT_TRUE(Eventually([&] { return fs::exists(endpoints); }));
  const std::string twin_http = "http://127.0.0.1:" + std::to_string(http);
  StartWatch({deployment.http(), twin_http});
  ASSERT_NO_FATAL_FAILURE(AwaitWatched());
  EXPECT_EQ(ReadWholeFile(deployment.path("watch/alerts.jsonl")), "") << "still one history";

  ASSERT_NO_FATAL_FAILURE(Grow());
  ASSERT_NO_FATAL_FAILURE(AwaitWatched());
  EXPECT_FALSE(Alerted("FORK")) << "the twin is only behind";
  const TreeSize before = SizeShownAt(twin_http);
  const auto act = SteadyClock::now();
  ASSERT_NO_FATAL_FAILURE(Grow("twin-admin", endpoints));
  const int64_t ms = AwaitAlert("FORK", act);
  const TreeSize signed_by_twin = SizeShownAt(twin_http) - before;
  EXPECT_EQ(signed_by_twin, 1U);
  const auto evidence = fs::directory_iterator(deployment.path("watch/evidence"));
  EXPECT_EQ(std::distance(begin(evidence), end(evidence)), 2) << "both signed notes are kept";
  std::printf(
      "two brokers with one key: caught within %llu checkpoint of the second, %lld ms after "
      "the admin's command for it was started\n",
      static_cast<unsigned long long>(signed_by_twin),
      static_cast<long long>(ms));
}

}  // namespace
}  // namespace rujukan::testing
