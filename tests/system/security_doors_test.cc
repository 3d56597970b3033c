// Goal: who has no admitted key, had one, or never means to authenticate gets nothing, costs no
// memory and does not disturb others. Method: a real broker under each attack, its memory read from
// /proc before and after, an honest agency served meanwhile.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/identity.h"
#include "tests/support/raw_client.h"

namespace rujukan::testing {
namespace {

constexpr size_t kFloodBytes = 300UL * 1024 * 1024;
constexpr double kMebibyte = 1024.0 * 1024.0;
constexpr double kGrowthMebibytesMax = 16;
constexpr int64_t kRefusedWithinMs = 3'000;
constexpr int64_t kServedWithinMs = 30'000;

class SecurityDoors : public ::testing::Test {
 protected:
  SecurityDoors() {
    deployment.Join("uppa.18.01");
    deployment.Join("dinsos.18");
    uppa = std::make_unique<Identity>(deployment.home("uppa.18.01"));
    ExpectServed();  // what the first message costs once is not growth
    memory_before = deployment.broker().ResidentBytes();
  }

  // The honest agency gets a receipt.
  void ExpectServed() {
    const auto client = uppa->MakeClient(/*window=*/1, /*credit=*/0);
    ASSERT_TRUE(client->Connect(kServedWithinMs).has_value());
    auto submission =
        link::SubmitMessage(uppa->Referral(Deployment::Address("dinsos.18"), SampleReferral()));
    ASSERT_TRUE(submission.has_value());
    const auto receipt = client->Call(std::move(*submission), kServedWithinMs);
    EXPECT_TRUE(receipt.has_value()) << receipt.error().ToString();
  }

  double GrowthMebibytes() {
    const auto now = static_cast<double>(deployment.broker().ResidentBytes());
    return (now - static_cast<double>(memory_before)) / kMebibyte;
  }

  Deployment deployment;
  std::unique_ptr<Identity> uppa;
  uint64_t memory_before = 0;
};

TEST_F(SecurityDoors, AClientWithoutAnAdmittedKeyGetsNothing) {
  const agency::Config config = *agency::Home(deployment.home("uppa.18.01")).ReadConfig();
  link::ClientOptions options{
      {config.endpoint, config.broker_key}, certs::GenerateTransportKeyPair(), {}};
  options.session.log = agency::PinsOf(config)->log;
  const auto stranger = link::Client::Open(std::move(options));
  ASSERT_TRUE(stranger.has_value());
  EXPECT_FALSE((*stranger)->Connect(kRefusedWithinMs).has_value());
  ExpectServed();
}

TEST_F(SecurityDoors, ARevokedAgencyIsCutOffAndCannotComeBack) {
  const Identity dinsos(deployment.home("dinsos.18"));
  const auto connected = dinsos.MakeClient(/*window=*/1, /*credit=*/8);
  ASSERT_TRUE(connected->Connect(kServedWithinMs).has_value());
  const Output revoked = deployment.Admin(
      {"revoke", Deployment::Address("dinsos.18"), "--reason", "KEY_COMPROMISE", "--hold"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;

  auto late =
      link::SubmitMessage(dinsos.Referral(Deployment::Address("uppa.18.01"), SampleReferral()));
  EXPECT_FALSE(connected->Call(std::move(*late), kRefusedWithinMs).has_value());
  const auto again = dinsos.MakeClient(/*window=*/1, /*credit=*/8);
  EXPECT_FALSE(again->Connect(kRefusedWithinMs).has_value());
}

TEST_F(SecurityDoors, ThreeHundredMegabytesBeforeAuthenticationCostNoMemory) {
  RawClient attacker(deployment.endpoint());
  ASSERT_TRUE(attacker.Send(CurveGreeting()));
  attacker.Send(LongCommandHead(kFloodBytes));
  const size_t taken = attacker.Flood(kFloodBytes);
  EXPECT_LT(taken, kFloodBytes) << "the broker read it all";
  ExpectServed();
  const double growth = GrowthMebibytes();
  EXPECT_LT(growth, kGrowthMebibytesMax);
  std::printf("%.1f MiB of 300 taken before the cut; broker memory grew by %.1f MiB to %.1f MiB\n",
              static_cast<double>(taken) / kMebibyte,
              growth,
              static_cast<double>(deployment.broker().ResidentBytes()) / kMebibyte);
}

}  // namespace
}  // namespace rujukan::testing
