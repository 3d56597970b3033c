// Goal: the registrar renews what is due and no more, keeps the CRL current, tells each threshold
// once, and goes on after a restart. Method: its decisions over a directory made for them; then
// whole rounds over a broker in memory with the real fold, which refuses what a registrar may not.
#include "agents/admin/registrar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "agents/admin/governing.h"
#include "agents/admin/registrar_service.h"
#include "agents/admin/registrar_state.h"
#include "agents/admin/webhook.h"
#include "base/check.h"
#include "base/limits.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using testing::BringInMember;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kFounded;
using testing::kOneDay;

constexpr char kRegistrar[] = "registrar.01@lampung.example";
constexpr UnixMillis kHour = 3'600'000;

std::string Home(int number) {
  return "lksa.18.71.00" + std::to_string(number) + "@lampung.example";
}

class RegistrarTest : public testing::FoundedDomain {
 protected:
  RegistrarTest() : FoundedDomain({AddRegistrarCommands}) {}

  // An agency whose certificates have `days` left and that asks for new keys.
  testing::MemberKeys Ask(const std::string& address, int days) {
    auto keys = BringInMember(home, *broker, {address, v1::Role::AGENCY, "kemendagri:18.71", days});
    AskAgain(keys);
    return keys;
  }
  void AskAgain(const testing::MemberKeys& keys) {
    EXPECT_TRUE(testing::SubmitAs(keys, *broker, testing::KeyRequest({keys.address})));
  }
  Actions Step(Registrar& registrar, UnixMillis now) {
    return registrar.Step(broker->view(), now).value();
  }
  static std::vector<int> Thresholds(const Actions& actions, const std::string& subject) {
    std::vector<int> thresholds;
    for (const Warning& warning : actions.warn) {
      if (warning.ending.subject == subject) {
        thresholds.push_back(warning.threshold);
      }
    }
    return thresholds;
  }
  void MakeRegistrarHome() {
    const auto keys = BringInMember(home, *broker, {kRegistrar, v1::Role::REGISTRAR});
    WriteHomeOf(keys, home, *broker, registrar_home);
  }
  // One round in the registrar's home.
  Result<void> Round(ServiceOptions options = {}) {
    const Office office({registrar_home, "", "", "", "", false}, clock, connect);
    RegistrarService service(
        office,
        std::move(options),
        [this](const Json& line) { log.push_back(line); },
        [this](const std::string& body) -> Result<void> {
          bodies.push_back(body);
          return webhook_down ? Result<void>(Fail(Errc::kUnavailable, "down")) : Result<void>();
        });
    return service.Round();
  }
  size_t Logged(const std::string& event) const {
    return static_cast<size_t>(std::count_if(
        log.begin(), log.end(), [&](const Json& line) { return line["event"] == event; }));
  }

  const std::string registrar_home = root + "/registrar";
  std::vector<Json> log;
  std::vector<std::string> bodies;
  bool webhook_down = false;
};

TEST_F(RegistrarTest, ItRenewsWhatIsInsideTheWindowAndLeavesTheRestToAnAdmin) {
  constexpr int kWindowDays = static_cast<int>(limits::kRenewalWindowMs / kOneDay);
  Ask(Home(1), kWindowDays);
  Ask(Home(2), kWindowDays + 1);
  Registrar registrar({60, true}, {});
  const Actions actions = Step(registrar, kFounded);
  EXPECT_THAT(actions.grant, ElementsAre(Home(1)));
  EXPECT_EQ(actions.not_due, 1u);
  // A day later the other is due, too.
  EXPECT_THAT(Step(registrar, kFounded + kOneDay).grant, ElementsAre(Home(1), Home(2)));
  Registrar without_key({60, false}, {});
  EXPECT_THAT(Step(without_key, kFounded).grant, IsEmpty());
}

TEST_F(RegistrarTest, AnHourAllowsSoManyAndTheNextHourTheRest) {
  for (int i = 1; i <= 3; ++i) {
    Ask(Home(i), 30);
  }
  Registrar registrar({2, true}, {});
  const Actions first = Step(registrar, kFounded);
  EXPECT_THAT(first.grant, ElementsAre(Home(1), Home(2)));
  EXPECT_EQ(first.deferred, 1u);
  registrar.Granted(Home(1), kFounded);
  registrar.Granted(Home(2), kFounded);
  EXPECT_THAT(Step(registrar, kFounded + kHour - 1).grant, IsEmpty());
  EXPECT_THAT(Step(registrar, kFounded + kHour).grant, ElementsAre(Home(3)));
}

TEST_F(RegistrarTest, OneAgencyIsRenewedOnceInSevenDays) {
  Ask(Home(1), 30);
  Registrar registrar({60, true}, {});
  registrar.Granted(Home(1), kFounded);
  EXPECT_EQ(Step(registrar, kFounded + limits::kKeyOverlapMs - 1).deferred, 1u);
  EXPECT_THAT(Step(registrar, kFounded + limits::kKeyOverlapMs).grant, ElementsAre(Home(1)));
}

TEST_F(RegistrarTest, EachThresholdIsToldOnceAndALaterOneSwallowsThoseMissed) {
  BringInMember(home, *broker, {Home(1), v1::Role::AGENCY, "kemendagri:18.71", 300});
  const UnixMillis end = kFounded + 300 * kOneDay;
  Registrar registrar({60, true}, {});
  const auto tell = [&](UnixMillis now) {
    const Actions actions = Step(registrar, now);
    for (const Warning& warning : actions.warn) {
      registrar.Warned(warning);
    }
    return Thresholds(actions, Home(1));
  };
  EXPECT_THAT(tell(end - 60 * kOneDay - 1), IsEmpty());
  EXPECT_THAT(tell(end - 60 * kOneDay), ElementsAre(60));
  EXPECT_THAT(tell(end - 59 * kOneDay), IsEmpty());
  EXPECT_THAT(tell(end - 10 * kOneDay), ElementsAre(14));
  EXPECT_THAT(tell(end - 7 * kOneDay), ElementsAre(7));
  EXPECT_THAT(tell(end - kOneDay), ElementsAre(1));
  EXPECT_THAT(tell(end), ElementsAre(0));
  EXPECT_THAT(tell(end + 99 * kOneDay), IsEmpty());
}

TEST(Expiry, WhatLivesShortlyIsNotWarnedOfFromItsFirstDay) {
  const Ending list{"crl", "", "id", kFounded, kFounded + 30 * kOneDay};
  EXPECT_EQ(WarningDue(list, kFounded), std::nullopt);
  EXPECT_EQ(WarningDue(list, kFounded + 16 * kOneDay), 14);
  EXPECT_EQ(WarningDue(list, kFounded + 30 * kOneDay), 0);
  EXPECT_EQ(DaysLeft(list, kFounded + 1), 29);
  EXPECT_EQ(DaysLeft(list, kFounded + 30 * kOneDay + 1), -1);
}

TEST_F(RegistrarTest, ARoundGrantsForTheRegistrarWhatTheFoldLetsIt) {
  MakeRegistrarHome();
  Ask(Home(1), 30);
  Ask(Home(2), 300);
  const std::string before = MemberOf(Home(1)).signing_key();
  ASSERT_TRUE(Round());
  EXPECT_NE(MemberOf(Home(1)).signing_key(), before);
  EXPECT_EQ(Logged("granted"), 1u);
  EXPECT_TRUE(*ledger::ReadRotation(broker->view(), Home(2)));  // for an admin
  const auto state = ReadRegistrarState(registrar_home);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->granted, 1u);
  EXPECT_EQ(state->last_grant.count(Home(1)), 1u);
  // The same directory, a round later: nothing is left to do.
  ASSERT_TRUE(Round());
  EXPECT_EQ(Logged("granted"), 1u);
}

TEST_F(RegistrarTest, TheCrlIsPublishedAtFirstThenWhenItMissesSomebodyOrNearsItsEnd) {
  MakeRegistrarHome();
  BringInMember(home, *broker, {Home(1)});
  EXPECT_TRUE(*CrlIsDue(broker->view(), kFounded));
  ASSERT_TRUE(Round());
  EXPECT_EQ(Logged("crl_published"), 1u);
  EXPECT_FALSE(*CrlIsDue(broker->view(), clock.now));
  v1::Act act;
  act.mutable_revoke()->set_address(Home(1));
  act.mutable_revoke()->set_reason(v1::RevocationReason::CESSATION);
  ASSERT_TRUE(testing::SubmitFrom(home, *broker, act));
  EXPECT_TRUE(*CrlIsDue(broker->view(), clock.now));
  ASSERT_TRUE(Round());
  EXPECT_FALSE(*CrlIsDue(broker->view(), clock.now));
  // A third of its thirty days is left.
  EXPECT_FALSE(*CrlIsDue(broker->view(), clock.now + 20 * kOneDay - 1));
  EXPECT_TRUE(*CrlIsDue(broker->view(), clock.now + 20 * kOneDay));
}

TEST_F(RegistrarTest, WarningsAreToldAgainUntilTheWebhookHasThemAndSurviveARestart) {
  MakeRegistrarHome();
  BringInMember(home, *broker, {Home(1), v1::Role::AGENCY, "kemendagri:18.71", 180});
  Pass(150 * kOneDay);
  webhook_down = true;
  ASSERT_TRUE(Round());
  EXPECT_EQ(Logged("webhook_failed"), 1u);
  webhook_down = false;
  ASSERT_TRUE(Round());
  ASSERT_EQ(bodies.size(), 2u);
  const Json body = Json::parse(bodies[1]);
  EXPECT_EQ(body["domain"], "lampung.example");
  ASSERT_EQ(body["warnings"].size(), 1u);
  EXPECT_EQ(body["warnings"][0]["subject"], Home(1));
  EXPECT_EQ(body["warnings"][0]["days_left"], 30);
  ASSERT_TRUE(Round());  // another service over the same home
  EXPECT_EQ(bodies.size(), 2u);
}

TEST_F(RegistrarTest, MetricsAreReplacedAfterEachRoundTheFailedOnesToo) {
  MakeRegistrarHome();
  Ask(Home(1), 30);
  ServiceOptions options;
  options.metrics_file = root + "/metrics/rujukan.prom";
  ASSERT_TRUE(Round(options));
  const std::string good = testing::ReadBytes(options.metrics_file);
  EXPECT_THAT(good, HasSubstr("rujukan_registrar_grants_total 1\n"));
  EXPECT_THAT(good, HasSubstr("rujukan_registrar_round_ok 1\n"));
  EXPECT_THAT(good, HasSubstr("{kind=\"agency\",subject=\"" + Home(1) + "\""));
  connect = [](const std::string&, const auto&) {
    return Result<std::unique_ptr<Broker>>(Fail(Errc::kUnavailable, "no answer"));
  };
  EXPECT_EQ(Round(options).error().code, Errc::kUnavailable);
  const std::string bad = testing::ReadBytes(options.metrics_file);
  EXPECT_THAT(bad, HasSubstr("rujukan_registrar_round_ok 0\n"));
  EXPECT_THAT(bad, HasSubstr("rujukan_registrar_failed_rounds_total 1\n"));
  EXPECT_THAT(bad, HasSubstr("rujukan_registrar_grants_total 1\n"));
}

TEST_F(RegistrarTest, AMemberOfAnotherRoleIsNoRegistrar) {
  const auto keys = BringInMember(home, *broker, {"pengurus@lampung.example", v1::Role::STEWARD});
  WriteHomeOf(keys, home, *broker, registrar_home);
  const auto round = Round();
  EXPECT_EQ(round.error().code, Errc::kDenied);
  EXPECT_THAT(round.error().context, HasSubstr("--role registrar"));
}

TEST_F(RegistrarTest, ADamagedStateFileIsSaidAndNotOverwritten) {
  MakeRegistrarHome();
  std::ofstream(registrar_home + "/registrar.json") << "{\"grants\": 7}";
  EXPECT_THAT(Round().error().context, HasSubstr("remove it"));
  EXPECT_EQ(testing::ReadBytes(registrar_home + "/registrar.json"), "{\"grants\": 7}");
}

TEST_F(RegistrarTest, TheCommandRunsOneRoundAndEnds) {
  MakeRegistrarHome();
  Ask(Home(1), 30);
  EXPECT_EQ(RunAt(registrar_home, {"serve", "--once", "--per-hour", "1"}).exit_code, kExitOk);
  EXPECT_EQ(ReadRegistrarState(registrar_home)->granted, 1u);
  EXPECT_EQ(RunAt(registrar_home, {"serve", "--once", "--per-hour", "0"}).exit_code, kExitUsage);
}

// --- The webhook, over loopback ---

// Takes one POST and answers with `status`.
class OneAnswer {
 public:
  explicit OneAnswer(std::string status) : status_(std::move(status)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the sockets interface asks so.
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(listener_, generic, size) == 0 && ::listen(listener_, 1) == 0);
    CHECK(::getsockname(listener_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~OneAnswer() {
    Join();
    ::close(listener_);
  }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  const std::string& Join() {
    if (thread_.joinable()) {
      thread_.join();
    }
    return request_;
  }

 private:
  void Serve() {
    const int peer = ::accept(listener_, nullptr, nullptr);
    char piece[4096];
    while (request_.find("}") == std::string::npos) {
      const ssize_t count = ::read(peer, piece, sizeof(piece));
      if (count <= 0) {
        break;
      }
      request_.append(piece, static_cast<size_t>(count));
    }
    const std::string answer = "HTTP/1.1 " + status_ + "\r\nContent-Length: 0\r\n\r\n";
    CHECK(::write(peer, answer.data(), answer.size()) > 0);
    ::close(peer);
  }

  std::string status_;
  int listener_ = -1;
  int port_ = 0;
  std::string request_;
  std::thread thread_;
};

TEST(Webhook, ABodyIsPostedAsJsonAndOnly2xxMeansThatItArrived) {
  OneAnswer good("204 No Content");
  EXPECT_TRUE(PostJson(good.Url(), "{\"a\":1}"));
  EXPECT_THAT(good.Join(), HasSubstr("POST /hook"));
  EXPECT_THAT(good.Join(), HasSubstr("Content-Type: application/json"));
  EXPECT_THAT(good.Join(), HasSubstr("{\"a\":1}"));
  for (const char* status : {"302 Found", "500 Internal Server Error"}) {
    OneAnswer bad(status);
    const auto posted = PostJson(bad.Url(), "{}");
    EXPECT_EQ(posted.error().code, Errc::kUnavailable);
    EXPECT_THAT(posted.error().context, ::testing::Not(HasSubstr("hook\"")));
    bad.Join();
  }
  EXPECT_EQ(PostJson("file:///etc/hostname", "{}").error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::admin
