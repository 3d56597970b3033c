// Goal: kill -9 of either agent at any moment loses nothing it acknowledged and gives nothing twice
// to an application. Method: an application posts referrals to the sender's agent while both agents
// are killed in turn, 50 times; every id the API acknowledged must reach the other application
// exactly once, and the sender must end with a verified receipt for each.
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <thread>

#include "agents/agency/apiclient.h"
#include "agents/agency/json.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"
#include "tests/system/trail_check.h"

namespace rujukan::testing {
namespace {

constexpr int kKills = 50;
constexpr const char* kSender = "uppa.18.01";
constexpr const char* kReceiver = "dinsos.18";

// An application that posts one referral after another, each under its own key, and asks again with
// the same key until it is acknowledged: what a well-behaved system does.
class Application {
 public:
  explicit Application(const Deployment& deployment)
      : socket_(deployment.home(kSender) + "/agent.sock"), thread_([this] { Run(); }) {}
  ~Application() { Stop(); }

  void Stop() {
    stop_ = true;
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  size_t count() const { return count_; }
  bool stopped() const { return stop_; }  // the API refused something: see trouble
  const std::vector<std::string>& acknowledged() const { return acknowledged_; }
  const std::string& trouble() const { return trouble_; }

 private:
  void Run() {
    for (int next = 0; !stop_; ++next) {
      const std::string body = Body(next);
      while (!stop_ && !Post(body)) {
      }
    }
  }
  static std::string Body(int number) {
    return nlohmann::json{{"kunci_idempoten", "uji-" + std::to_string(number)},
                          {"jenis", "RUJUKAN"},
                          {"kepada", Deployment::Address(kReceiver)},
                          {"urgensi", "SEGERA"},
                          {"isi", agency::FromMessage(SampleReferral())}}
        .dump();
  }
  bool Post(const std::string& body) {
    const auto reply = agency::CallApi(socket_, {"POST", "/v1/messages", body});
    if (!reply) {
      return false;  // the agent is down: ask again
    }
    if (reply->status >= 300) {
      trouble_ = reply->body;
      stop_ = true;
      return true;
    }
    acknowledged_.push_back(nlohmann::json::parse(reply->body)["message_id"]);
    ++count_;
    return true;
  }

  const std::string socket_;
  std::atomic<bool> stop_{false};
  std::atomic<size_t> count_{0};
  std::vector<std::string> acknowledged_;
  std::string trouble_;
  std::thread thread_;
};

class RecoveryAgent : public ::testing::Test {
 protected:
  RecoveryAgent() {
    for (const char* name : {kSender, kReceiver}) {
      deployment.Join(name);
      deployment.StartAgent(name);
    }
  }

  void KillOften(const Application& application) {
    const unsigned seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    for (int kill = 0; kill < kKills; ++kill) {
      const char* victim = kill % 2 == 0 ? kSender : kReceiver;
      const size_t until = application.count() + 1 + random() % 20;
      ASSERT_TRUE(
          Eventually([&] { return application.count() >= until || application.stopped(); }) &&
          !application.stopped())
          << "no progress after kill " << kill << " (seed " << seed << ")";
      deployment.KillAgent(victim);
      deployment.StartAgent(victim);
    }
  }

  bool HasVerifiedReceipt(const std::string& id) const {
    const auto reply =
        agency::CallApi(deployment.home(kSender) + "/agent.sock",
                        {"GET", "/v1/messages/" + id + "?until=receipted&wait=30", ""});
    const auto json = reply ? nlohmann::json::parse(reply->body) : nlohmann::json();
    return json.contains("receipt") && json["receipt"].is_object() && json["receipt"]["verified"];
  }

  Deployment deployment;
};

TEST_F(RecoveryAgent, FiftyKillsUnderLoadLoseNothingAcknowledgedAndGiveNothingTwice) {
  Application application(deployment);
  KillOften(application);
  application.Stop();
  EXPECT_EQ(application.trouble(), "");

  const std::set<std::string> promised(application.acknowledged().begin(),
                                       application.acknowledged().end());
  EXPECT_EQ(promised.size(), application.acknowledged().size()) << "two keys, one message";
  std::vector<std::string> inbox;
  EXPECT_TRUE(Eventually([&] {
    inbox = ApplicationInbox(deployment, kReceiver);
    return inbox.size() >= promised.size();
  })) << inbox.size()
      << " of " << promised.size() << " arrived";
  const std::set<std::string> given(inbox.begin(), inbox.end());
  EXPECT_EQ(given.size(), inbox.size()) << "something was given to the application twice";
  for (const std::string& id : promised) {
    EXPECT_TRUE(given.count(id)) << id << " was acknowledged but never delivered";
    EXPECT_TRUE(HasVerifiedReceipt(id)) << id;
  }
  const TrailCheck trail(deployment);
  std::printf("%d kills, %zu acknowledged, %zu given once, %zu entries\n",
              kKills,
              promised.size(),
              inbox.size(),
              trail.size());
}

}  // namespace
}  // namespace rujukan::testing
