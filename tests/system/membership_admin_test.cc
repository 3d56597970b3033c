// Goal: an admin brings in many at once and a colleague joins, over the wire as in production; what
// the history says is proven. Method: real programs on loopback.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/harness/deployment.h"

namespace rujukan::testing {
namespace {

using Json = nlohmann::json;

constexpr int kAgencies = 300;  // over one send window (limits::kSendWindowMax)

class MembershipAdmin : public ::testing::Test {
 protected:
  Json Answer(std::vector<std::string> args) {
    args.emplace_back("--json");
    const Output output = deployment.Admin(std::move(args));
    EXPECT_EQ(output.exit_code, 0) << output.err << output.out;
    return Json::parse(output.out, nullptr, /*allow_exceptions=*/false);
  }
  // As the colleague, in a home of its own.
  Output Colleague(std::vector<std::string> args) {
    args.insert(args.begin(), Program("rujukan-admin"));
    args.insert(args.end(), {"--home", deployment.path("admin2"), "--json"});
    return rujukan::testing::Run(args);
  }
  std::string endpoints() const { return deployment.data_dir() + "/endpoints.json"; }

  Deployment deployment;
};

TEST_F(MembershipAdmin, HundredsAreInvitedFromATableOverOneConnection) {
  std::ofstream table(deployment.path("agencies.csv"));
  table << "address,name,region\n";
  for (int i = 0; i < kAgencies; ++i) {
    const std::string number = std::to_string(1000 + i).substr(1);
    table << Deployment::Address("lksa.18.71." + number) << ",LKSA (CONTOH),kemendagri:18.71\n";
  }
  table.close();
  const std::vector<std::string> invite = {"invite",
                                           "--from",
                                           deployment.path("agencies.csv"),
                                           "--out-dir",
                                           deployment.path("invitations"),
                                           "--endpoints",
                                           endpoints()};
  const Json rows = Answer(invite);
  ASSERT_EQ(rows.size(), static_cast<size_t>(kAgencies));
  for (const Json& row : rows) {
    EXPECT_EQ(row["state"], "invited");
  }
  EXPECT_EQ(Answer(invite)[0]["state"], "already");
  EXPECT_EQ(Answer({"invitations"}).size(), static_cast<size_t>(kAgencies));
}

TEST_F(MembershipAdmin, AColleagueJoinsDecidesAndSeesWhoSignedWhat) {
  Answer({"invite",
          Deployment::Address("admin.02"),
          "--name",
          "Admin dua (CONTOH)",
          "--role",
          "admin",
          "--out",
          deployment.path("admin2.invite"),
          "--endpoints",
          endpoints()});
  const Output asked = Colleague({"join", deployment.path("admin2.invite")});
  ASSERT_EQ(asked.exit_code, 0) << asked.err;
  Answer({"approve", Json::parse(asked.out)["fingerprint"]});
  ASSERT_EQ(Colleague({"join"}).exit_code, 0);

  deployment.Join("dinsos.18");
  const Output suspended =
      Colleague({"suspend", Deployment::Address("dinsos.18"), "--note", "uji", "--hold"});
  ASSERT_EQ(suspended.exit_code, 0) << suspended.err;
  const Json history = Answer({"history", Deployment::Address("dinsos.18")});
  ASSERT_EQ(history.size(), 4u);
  EXPECT_EQ(history[3]["what"], "SUSPEND");
  EXPECT_EQ(history[3]["signed_by"], Deployment::Address("admin.02"));
  EXPECT_EQ(Answer({"rotate"})["granted"], true);
  EXPECT_EQ(Answer({"agencies"}).size(), 3u);
}

}  // namespace
}  // namespace rujukan::testing
