// Goal: an agency changes all its keys under load and nobody notices: nothing refused, nothing
// unreadable, nothing lost. Method: two real agents exchange referrals while the receiver, then the
// sender, renew their keys several times; every message must arrive readable exactly once.
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
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

using Json = nlohmann::json;

constexpr const char* kSender = "uppa.18.01";
constexpr const char* kReceiver = "dinsos.18";
constexpr int kRotationsEach = 3;
constexpr size_t kBetweenRotations = 40;  // messages

// An application that posts referrals to its agent as fast as it answers.
class Traffic {
 public:
  explicit Traffic(const Deployment& deployment)
      : socket_(deployment.home(kSender) + "/agent.sock"), thread_([this] { Run(); }) {}
  ~Traffic() { Stop(); }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  size_t count() const { return count_; }
  bool stopped() const { return stopped_; }  // the API refused something: see trouble
  const std::vector<std::string>& ids() const { return ids_; }  // after Stop
  const std::string& trouble() const { return trouble_; }       // after Stop

 private:
  void Run() {
    for (int next = 0; !stop_; ++next) {
      const std::string body = Json{{"kunci_idempoten", "putar-" + std::to_string(next)},
                                    {"jenis", "RUJUKAN"},
                                    {"kepada", Deployment::Address(kReceiver)},
                                    {"urgensi", "SEGERA"},
                                    {"isi", agency::FromMessage(SampleReferral())}}
                                   .dump();
      const auto reply = agency::CallApi(socket_, {"POST", "/v1/messages", body});
      if (!reply || reply->status >= 300) {
        trouble_ = reply ? reply->body : reply.error().ToString();
        stopped_ = true;
        return;
      }
      ids_.push_back(Json::parse(reply->body)["message_id"]);
      ++count_;
    }
  }
  const std::string socket_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> stopped_{false};
  std::atomic<size_t> count_{0};
  std::vector<std::string> ids_;
  std::string trouble_;
  std::thread thread_;
};

class MembershipRotation : public ::testing::Test {
 protected:
  MembershipRotation() {
    for (const char* name : {kSender, kReceiver}) {
      deployment.Join(name);
      deployment.StartAgent(name);
    }
  }

  std::string SigningKeyOf(const char* name) const {
    const Output shown = deployment.Admin({"show", Deployment::Address(name), "--json"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    const Json member = Json::parse(shown.out);
    for (const Json& key : member["keys"]) {
      if (key["usage"] == "SIGNING" && key["state"] == "in force") {
        return key["key_id"];
      }
    }
    return "";
  }

  // The agent asks, the admin grants; returns once the directory has the new keys.
  void Rotate(const char* name) {
    const std::string before = SigningKeyOf(name);
    const Output asked = deployment.Agent(name, {"rotate"});
    ASSERT_EQ(asked.exit_code, 0) << asked.out << asked.err;
    ASSERT_TRUE(Eventually([&] {
      deployment.Admin({"approve", "--all"});
      return SigningKeyOf(name) != before;
    })) << name
        << " has no new keys";
  }

  Json MessageOf(const std::string& id) const {
    const auto reply =
        agency::CallApi(deployment.home(kSender) + "/agent.sock",
                        {"GET", "/v1/messages/" + id + "?until=delivered&wait=30", ""});
    return reply ? Json::parse(reply->body) : Json();
  }

  Deployment deployment;
};

TEST_F(MembershipRotation, AllKeysChangeUnderLoadAndNothingIsRefusedUnreadableOrLost) {
  Traffic traffic(deployment);
  const auto more_traffic = [&] {
    const size_t until = traffic.count() + kBetweenRotations;
    return Eventually([&] { return traffic.count() >= until || traffic.stopped(); }) &&
           !traffic.stopped();
  };
  for (int i = 0; i < 2 * kRotationsEach && more_traffic(); ++i) {
    Rotate(i % 2 == 0 ? kReceiver : kSender);
  }
  more_traffic();
  traffic.Stop();
  ASSERT_EQ(traffic.trouble(), "");

  size_t failed = 0;
  for (const std::string& id : traffic.ids()) {
    const Json message = MessageOf(id);
    const Json receipts = message.value("delivery_receipts", Json::array());
    const bool readable = receipts.size() == 1 && receipts[0].value("outcome", "") == "DELIVERED";
    failed += readable && message.value("stage", "") == "ACCEPTED" ? 0U : 1U;
    EXPECT_TRUE(readable) << message.dump(2);
  }
  const std::vector<std::string> inbox = ApplicationInbox(deployment, kReceiver);
  const std::set<std::string> given(inbox.begin(), inbox.end());
  EXPECT_EQ(inbox.size(), given.size()) << "a message was given twice";
  EXPECT_EQ(given, std::set<std::string>(traffic.ids().begin(), traffic.ids().end()));
  const TrailCheck trail(deployment);  // the auditor accepts every signature, old keys and new
  std::printf("%zu referrals over %d changes of all keys: %zu failed or unreadable, %zu entries\n",
              traffic.ids().size(),
              2 * kRotationsEach,
              failed,
              trail.size());
}

}  // namespace
}  // namespace rujukan::testing
