// Goal: while witnesses are missing only the most urgent leaves, the rest keeps its place and
// leaves afterwards, and people are told. Method: an outbox with messages of both kinds; the API
// and the command line's print-out of a status.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "agents/agency/metrics.h"
#include "agents/agency/print.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class UnwitnessedTest : public ::testing::Test {
 protected:
  UnwitnessedTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
  }
  void Post(const std::string& key, const std::string& urgency) {
    std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) +
                       "/tests/vectors/content/valid/referral_with_held_t2.json");
    Json body = Json::parse(file)["request"];
    body["kunci_idempoten"] = key;
    body["urgensi"] = urgency;
    body["isi"]["rujukan"]["t1"]["tingkat_risiko"] = "RENDAH";  // so that any urgency will do
    body["isi"]["rujukan"]["t1"]["bahaya_langsung"] = false;
    body["isi"]["rujukan"]["t1"]["keputusan_kepentingan_terbaik"]["disetujui_supervisor"] =
        "Kabid Rehsos (CONTOH)";
    body["isi"]["rujukan"]["penandatangan"] = {{"jabatan", "Kanit PPA"}, {"nama", "AKP CONTOH"}};
    const auto reply = police_.Call("POST", "/v1/messages", body.dump());
    ASSERT_EQ(reply.status, 202) << reply.body;
  }
  std::vector<v1::Urgency::Code> Sent(v1::Urgency::Code least) {
    std::vector<v1::Urgency::Code> sent;
    for (const auto& submission : police_.TakeOutbox(least)) {
      v1::Header header;
      header.ParseFromString(submission.statement);
      sent.push_back(header.urgency());
    }
    return sent;
  }
  void Tell(bool required, bool met) {
    police_.board_.Update([&](LinkStatus& status) {
      status.state = required && !met ? "UNWITNESSED" : "LIVE";
      status.witnesses = {true, required, met, {"s2"}, met ? "" : "no cosignature by: s2"};
    });
  }
  std::string Printed() {
    std::ostringstream out;
    PrintStatus(police_.Get("/v1/status"), out);
    return out.str();
  }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(UnwitnessedTest, OnlyTheMostUrgentLeavesAndTheRestLaterInItsOrder) {
  Post("kunci-1", "BIASA");
  Post("kunci-2", "SEGERA");
  Post("kunci-3", "AMAT_SEGERA");
  using U = v1::Urgency;
  EXPECT_EQ(Sent(U::AMAT_SEGERA), (std::vector<U::Code>{U::AMAT_SEGERA}));
  EXPECT_TRUE(Sent(U::AMAT_SEGERA).empty());
  EXPECT_EQ(Sent(U::UNSPECIFIED), (std::vector<U::Code>{U::SEGERA, U::BIASA}));
}

TEST_F(UnwitnessedTest, OfficersAreToldWhatIsHeldAndWhoIsMissing) {
  EXPECT_EQ(Printed().find("saksi"), std::string::npos) << "nobody follows witnesses here";
  Tell(/*required=*/true, /*met=*/false);
  EXPECT_EQ(police_.Get("/v1/status")["link"], "UNWITNESSED");
  EXPECT_EQ(police_.Get("/v1/status")["saksi"]["kurang"], Json({"s2"}));
  EXPECT_NE(Printed().find("BELUM CUKUP / NOT ENOUGH: no cosignature by: s2"), std::string::npos);
  EXPECT_NE(Printed().find("hanya AMAT_SEGERA"), std::string::npos);
  Tell(/*required=*/false, /*met=*/false);
  EXPECT_EQ(Printed().find("hanya AMAT_SEGERA"), std::string::npos) << "followed, not required";
  Tell(/*required=*/true, /*met=*/true);
  EXPECT_NE(Printed().find("cukup / enough"), std::string::npos);
}

TEST_F(UnwitnessedTest, MetricsSayIt) {
  Tell(/*required=*/true, /*met=*/false);
  const std::string text = police_.Call("GET", "/metrics").body;
  EXPECT_NE(text.find("rujukan_agent_witnessed 0\n"), std::string::npos);
  EXPECT_NE(text.find("rujukan_agent_witnesses_missing 1\n"), std::string::npos);
  EXPECT_NE(text.find("rujukan_agent_link_state{state=\"UNWITNESSED\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace rujukan::agency
