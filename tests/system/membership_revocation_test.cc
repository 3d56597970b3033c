// Goal: a revoked agency is out at the next admitted message, whatever it has under way. Method: it
// sends 200 messages a second over the real wire, an admin revokes it with the real command, and
// the exported ledger says what was admitted when. The time from the command to the cut is printed.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "rujukan/v1/act.pb.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/identity.h"
#include "tests/harness/wait.h"
#include "tests/system/trail_check.h"

namespace rujukan::testing {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* kRevoked = "uppa.18.01";
constexpr const char* kRecipient = "dinsos.18";
constexpr auto kBetweenMessages = std::chrono::microseconds(5'000);  // 200 a second
constexpr size_t kWarmUp = 400;                                      // two seconds of traffic
constexpr int kPollMs = 2;
constexpr milliseconds kCutWithinMax{2'000};

// Sends at a steady rate until it is cut off for good, and remembers when.
class SteadySender {
 public:
  explicit SteadySender(const Identity& from) : from_(from), thread_([this] { Run(); }) {}
  ~SteadySender() {
    stop_ = true;
    thread_.join();
  }

  size_t receipted() const { return receipted_; }
  bool cut() const { return cut_; }
  Steady::time_point cut_at() const { return cut_at_; }  // requires cut()

 private:
  void Run() {
    const auto client = from_.MakeClient(/*window=*/256, /*credit=*/0);
    ASSERT_TRUE(client->Connect(kPatience.count()).has_value());
    Steady::time_point due = Steady::now();
    while (!stop_ && !cut_) {
      for (; Steady::now() >= due; due += kBetweenMessages) {
        auto submission =
            link::SubmitMessage(from_.Referral(Deployment::Address(kRecipient), SampleReferral()));
        client->Submit(std::move(*submission));
      }
      for (const link::Event& event : client->Poll(kPollMs)) {
        Take(event);
      }
    }
  }
  void Take(const link::Event& event) {
    if (std::holds_alternative<link::Receipted>(event)) {
      ++receipted_;
    } else if (std::holds_alternative<link::Disconnected>(event)) {
      cut_at_ = Steady::now();
      cut_ = true;
    }
  }

  const Identity& from_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cut_{false};
  std::atomic<size_t> receipted_{0};
  Steady::time_point cut_at_;
  std::thread thread_;
};

struct Admitted {
  LogIndex revoked_at = 0;
  int64_t revoked_ms = 0;
  size_t before = 0;
  size_t after = 0;
  int64_t last_ms = 0;  // time of the last message that was admitted
};

// What the ledger holds of the revoked agency, before and after the act.
Admitted Count(const std::vector<std::string>& entries) {
  Admitted admitted;
  for (LogIndex index = 0; index < entries.size(); ++index) {
    v1::Entry entry;
    v1::Act act;
    v1::Header header;
    EXPECT_TRUE(entry.ParseFromString(entries[index]));
    if (entry.has_act() && act.ParseFromString(entry.act().act()) && act.has_revoke()) {
      admitted.revoked_at = index;
      admitted.revoked_ms = entry.time_ms();
    } else if (entry.has_accepted() && header.ParseFromString(entry.accepted().header()) &&
               header.from() == Deployment::Address(kRevoked)) {
      ++(admitted.revoked_at == 0 ? admitted.before : admitted.after);
      admitted.last_ms = entry.time_ms();
    }
  }
  return admitted;
}

TEST(MembershipRevocation, NothingIsAdmittedAfterTheActWhileTwoHundredMessagesASecondAreInFlight) {
  Deployment deployment;
  deployment.Join(kRevoked);
  deployment.Join(kRecipient);
  const Identity uppa(deployment.home(kRevoked));
  SteadySender sender(uppa);
  ASSERT_TRUE(Eventually([&] { return sender.receipted() >= kWarmUp; }));

  const auto ordered = Steady::now();
  const Output revoked = deployment.Admin({"revoke",
                                           Deployment::Address(kRevoked),
                                           "--reason",
                                           "KEY_COMPROMISE",
                                           "--hold",
                                           "--note",
                                           "laptop stolen"});
  const auto done = Steady::now();
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;
  ASSERT_TRUE(Eventually([&] { return sender.cut(); }));

  const auto to_cut = std::chrono::duration_cast<milliseconds>(sender.cut_at() - ordered);
  const auto command = std::chrono::duration_cast<milliseconds>(done - ordered);
  const TrailCheck trail(deployment);
  const Admitted admitted = Count(trail.entries());
  EXPECT_GE(admitted.before, kWarmUp);
  EXPECT_EQ(admitted.after, 0U) << "admitted after entry " << admitted.revoked_at;
  EXPECT_LT(to_cut, kCutWithinMax);
  EXPECT_FALSE(uppa.MakeClient(1, 0)->Connect(3'000).has_value()) << "it came back";
  std::printf(
      "%zu messages admitted before entry %llu, %zu after; cut off %lld ms after the command "
      "began (the command took %lld ms); last message admitted %lld ms before the act\n",
      admitted.before,
      static_cast<unsigned long long>(admitted.revoked_at),
      admitted.after,
      static_cast<long long>(to_cut.count()),
      static_cast<long long>(command.count()),
      static_cast<long long>(admitted.revoked_ms - admitted.last_ms));
}

}  // namespace
}  // namespace rujukan::testing
