// Goal: a broker that was away for three days puts on record what fell due meanwhile, a tier and no
// more, and both parties learn of it when they are connected again. Method: real programs on
// loopback under a clock that the test moves (base/test_clock.h).
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "agents/agency/apiclient.h"
#include "agents/agency/home.h"
#include "agents/agency/json.h"
#include "base/check.h"
#include "base/test_clock.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

using Json = nlohmann::json;

constexpr int64_t kAway = (3 * 24 + 1) * 3600 * 1000LL;
constexpr const char* kPolice = "uppa.18.01";
constexpr const char* kOffice = "dinsos.18";

// Every program started meanwhile goes by this clock.
class MovedClock {
 public:
  explicit MovedClock(const std::string& path) : path_(path) {
    Set(0);
    CHECK(setenv(kTestClockVariable, path_.c_str(), /*overwrite=*/1) == 0);
  }
  ~MovedClock() { unsetenv(kTestClockVariable); }
  void Set(int64_t offset) const {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    if (!file.is_open()) {
      file.open(path_, std::ios::out | std::ios::binary);
    }
    file.write(reinterpret_cast<const char*>(&offset), sizeof offset);
  }

 private:
  const std::string path_;
};

class Clocks : public ::testing::Test {
 protected:
  Json Ask(std::string_view name, const std::string& path) const {
    const auto reply =
        agency::CallApi(agency::Home(deployment.home(name)).socket_path(), {"GET", path, ""});
    return reply ? Json::parse(reply->body, nullptr, /*allow_exceptions=*/false) : Json();
  }
  // A referral that has arrived; its leg.
  std::string Refer() const {
    const std::string file = deployment.path("rujukan.json");
    WriteWholeFile(file,
                   Json{{"kepada", Deployment::Address(kOffice)},
                        {"isi", agency::FromMessage(SampleReferral())}}
                       .dump());
    const Output sent = deployment.Agent(kPolice, {"send", file, "--wait-delivered", "--json"});
    EXPECT_EQ(sent.exit_code, 0) << sent.err << sent.out;
    return Json::parse(sent.out, nullptr, /*allow_exceptions=*/false).value("leg_id", "");
  }

  TempDir clock_dir;
  MovedClock clock{clock_dir.path() + "/clock"};
  Deployment deployment;
};

TEST_F(Clocks, AfterThreeDaysOffTheFirstTierIsToldAndNobodyIsPassedOver) {
  ASSERT_TRUE(HasTestClock());
  for (const char* name : {kPolice, kOffice}) {
    deployment.Join(name);
    deployment.StartAgent(name);
  }
  const std::string leg = Refer();
  deployment.KillBroker();
  clock.Set(kAway);
  deployment.StartBroker();
  for (const char* name : {kPolice, kOffice}) {
    Json notices;
    ASSERT_TRUE(Eventually([&] {
      notices = Ask(name, "/v1/notices").value("notices", Json::array());
      return notices.size() >= 3;
    })) << name
        << notices.dump();
    for (const Json& notice : notices) {
      EXPECT_EQ(notice["leg_id"], leg);
      EXPECT_EQ(notice["level"], 1) << notice.dump();
      EXPECT_EQ(notice["own"], true);
    }
    const Json later =
        Ask(name, "/v1/notices?after=" + std::to_string(notices.back()["index"].get<uint64_t>()));
    EXPECT_EQ(later["notices"].size(), 0u);
  }
  ASSERT_EQ(deployment.ExportAndVerify(deployment.path("copy")).exit_code, 0);
}

}  // namespace
}  // namespace rujukan::testing
