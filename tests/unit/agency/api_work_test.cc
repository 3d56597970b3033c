// Goal: what waits and what is late is served from what the agency holds; a search by name finds
// what may be read and every content it opens is in the read trail, the word itself nowhere;
// statutory timers are kept sealed and within their limit. Method: two agencies and a World, no
// socket.
#include <gtest/gtest.h>

#include <fstream>

#include "base/limits.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class ApiWorkTest : public ::testing::Test {
 protected:
  ApiWorkTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
    body_ = Vector("referral_with_held_t2.json");
    body_["kepada"] = office_.config_.address;
    const auto sent = police_.Call("POST", "/v1/messages", body_.dump());
    EXPECT_EQ(sent.status, 202) << sent.body;
    leg_ = Json::parse(sent.body)["leg_id"];
    Carry(police_, office_);
  }

  // One message of `from` through the broker to `to`.
  void Carry(Party& from, Party& to) {
    const auto submissions = from.TakeOutbox();
    ASSERT_EQ(submissions.size(), 1U);
    const LogIndex index = from.Accept(submissions[0]);
    to.Take(from.DeliveryOf(submissions[0], index));
  }

  static Json Worklist(Party& party, const std::string& view, bool children = false) {
    ApiRequest request{"GET", "/v1/worklist", {{"view", view}}, ""};
    if (children) {
      request.query["anak"] = "1";
    }
    return Json::parse(party.api_->Handle(request).body);
  }
  Json Search(Party& party, const Json& body) {
    return Json::parse(party.Call("POST", "/v1/search", body.dump()).body);
  }
  static Json Reads(Party& party) { return party.Get("/v1/reads"); }

  testing::World world_;
  Party police_;
  Party office_;
  Json body_;
  std::string leg_;
};

TEST_F(ApiWorkTest, ANewReferralWaitsForItsReceiverAndInAnEmergencyForTheSignature) {
  const Json items = Worklist(office_, "today")["items"];
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0]["leg_id"], leg_);
  EXPECT_EQ(items[0]["task"], "CONFIRM");
  EXPECT_EQ(items[0]["command"], "ack");
  EXPECT_LT(items[0]["late_ms"], 0);
  const Json ours = Worklist(police_, "today")["items"];
  ASSERT_EQ(ours.size(), 1U);
  EXPECT_EQ(ours[0]["task"], "SIGN_OFF");
  EXPECT_TRUE(Worklist(office_, "overdue")["items"].empty());
}

TEST_F(ApiWorkTest, NoListOpensContentUnlessItNamesTheChildren) {
  const auto before = Reads(office_)["logged"];
  world_.Advance(400LL * 24 * 3'600'000);
  Worklist(office_, "today");
  const Json plain = Worklist(office_, "overdue");
  ASSERT_FALSE(plain["items"].empty());
  EXPECT_FALSE(plain["items"][0].contains("ref_anak"));
  EXPECT_EQ(Reads(office_)["logged"], before);
  const Json named = Worklist(office_, "overdue", /*children=*/true);
  EXPECT_EQ(named["items"][0]["ref_anak"], body_["isi"]["rujukan"]["t1"]["ref_anak"]);
  EXPECT_GT(Reads(office_)["logged"], before);
}

TEST_F(ApiWorkTest, AnotherViewIsRefusedByName) {
  const auto reply = office_.Call("GET", "/v1/worklist");
  EXPECT_EQ(reply.status, 422);
  EXPECT_NE(reply.body.find("view"), std::string::npos);
}

TEST_F(ApiWorkTest, ALegIsFoundByWhatIsKnownWithoutOpeningAnything) {
  const auto before = Reads(office_)["logged"];
  EXPECT_EQ(Search(office_, {{"peer", "uppa.18"}, {"state", "SAMPAI"}})["legs"][0]["leg_id"], leg_);
  EXPECT_TRUE(Search(office_, {{"state", "DITUTUP"}})["legs"].empty());
  EXPECT_EQ(Reads(office_)["logged"], before);
  ApiRequest request{"GET", "/v1/search", {{"leg", leg_.substr(0, 13)}}, ""};
  EXPECT_EQ(Json::parse(office_.api_->Handle(request).body)["legs"].size(), 1U);
}

TEST_F(ApiWorkTest, AWrongFilterIsNamed) {
  for (const Json& body : {Json{{"state", "SELESAI SEKALI"}},
                           Json{{"deadline", "UNSPECIFIED"}},
                           Json{{"urgency", "cepat"}},
                           Json{{"from", "kemarin"}},
                           Json{{"nama", 7}}}) {
    const auto reply = office_.Call("POST", "/v1/search", body.dump());
    EXPECT_EQ(reply.status, 422) << body;
    EXPECT_NE(reply.body.find(body.begin().key()), std::string::npos) << body;
  }
}

TEST_F(ApiWorkTest, ANameIsFoundWhereItMayBeReadAndEveryContentOpenedIsAReading) {
  const std::string name = body_["t2"]["nama"];
  const auto before = Reads(police_)["logged"].get<int>();
  const Json found = Search(police_, {{"nama", name}});
  ASSERT_EQ(found["legs"].size(), 1U) << found;
  EXPECT_EQ(found["legs"][0]["leg_id"], leg_);
  EXPECT_EQ(Reads(police_)["logged"].get<int>(), before + found["opened"].get<int>());
  // The receiver has no second stage yet: the name is nowhere in what it can open, and it opened
  // it.
  const auto office_before = Reads(office_)["logged"].get<int>();
  EXPECT_TRUE(Search(office_, {{"nama", name}})["legs"].empty());
  EXPECT_GT(Reads(office_)["logged"].get<int>(), office_before);
  EXPECT_EQ(police_.Call("GET", "/v1/reads").body.find(name), std::string::npos);
}

TEST_F(ApiWorkTest, APseudonymIsFoundWhole) {
  const std::string ref = body_["isi"]["rujukan"]["t1"]["ref_anak"];
  EXPECT_EQ(Search(office_, {{"ref_anak", ref}})["legs"].size(), 1U);
  EXPECT_TRUE(Search(office_, {{"ref_anak", ref.substr(1)}})["legs"].empty());
}

TEST_F(ApiWorkTest, ContentIsNotSearchedByAnAddressOfTheWeb) {
  for (const char* name : {"nama", "ref_anak"}) {
    ApiRequest request{"GET", "/v1/search", {{name, "Bunga"}}, ""};
    const auto reply = office_.api_->Handle(request);
    EXPECT_EQ(reply.status, 422);
    EXPECT_EQ(reply.body.find("Bunga"), std::string::npos);
  }
}

TEST_F(ApiWorkTest, BytesThatAreNoTextInAnAddressFindNothing) {
  const ApiRequest request{"GET", "/v1/search", {{"peer", "\xff\xfe"}}, ""};
  const auto reply = office_.api_->Handle(request);
  EXPECT_TRUE(reply.status == 200 || reply.status == 422) << reply.status;
}

TEST_F(ApiWorkTest, AStatutoryTimerIsStartedShownInTodayAndStopped) {
  const std::string path = "/v1/legs/" + leg_ + "/timers";
  const std::string since = FormatTime(world_.now() - 3'600'000, 420);
  const Json body = {{"timer", "LITMAS"}, {"mulai", since}, {"catatan", "menunggu Bapas"}};
  const auto started = office_.Call("POST", path, body.dump());
  ASSERT_EQ(started.status, 201) << started.body;
  const std::string id = Json::parse(started.body)["timer_id"];
  EXPECT_EQ(office_.Call("POST", path, body.dump()).status, 201);  // the same: one timer
  ASSERT_EQ(office_.Get(path)["timers"].size(), 1U);
  EXPECT_EQ(office_.Get(path)["timers"][0]["keadaan"], "BERJALAN");
  world_.Advance(2LL * 24 * 3'600'000);
  bool in_today = false;
  const Json today = Worklist(office_, "today");
  for (const auto& item : today["items"]) {
    in_today = in_today || item["task"] == "STATUTORY";
  }
  EXPECT_TRUE(in_today) << today.dump(1);
  const ApiRequest stop{"DELETE", path, {{"timer", id}}, ""};
  EXPECT_EQ(office_.api_->Handle(stop).status, 200);
  EXPECT_EQ(office_.api_->Handle(stop).status, 404);
  EXPECT_TRUE(office_.Get(path)["timers"].empty());
}

TEST_F(ApiWorkTest, NothingOfATimerIsInTheFileInClear) {
  const Json body = {{"timer", "LAPOR_POLISI_TPKS"},
                     {"mulai", FormatTime(world_.now(), 420)},
                     {"catatan", "kataSandiUnik"}};
  ASSERT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/timers", body.dump()).status, 201);
  for (const char* name : {"agent.db", "agent.db-wal"}) {
    std::ifstream file(office_.scratch_.file(name), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find("kataSandiUnik"), std::string::npos) << name;
    EXPECT_EQ(bytes.find("\"timer\""), std::string::npos) << name;
  }
}

TEST_F(ApiWorkTest, SixteenTimersALegAndNotOneMore) {
  const std::string path = "/v1/legs/" + leg_ + "/timers";
  for (size_t i = 0; i <= limits::kStatutoryTimersPerLegMax; ++i) {
    const auto since = world_.now() - static_cast<int64_t>(i + 1) * 60'000;
    const Json body = {{"timer", "LITMAS"}, {"mulai", FormatTime(since, 420)}};
    const bool fits = i < limits::kStatutoryTimersPerLegMax;
    EXPECT_EQ(office_.Call("POST", path, body.dump()).status == 201, fits) << i;
  }
}

TEST_F(ApiWorkTest, AWrongTimerIsRefusedByName) {
  const std::string path = "/v1/legs/" + leg_ + "/timers";
  const std::string now = FormatTime(world_.now(), 420);
  for (const auto& [field, body] :
       {std::pair("timer", Json{{"timer", "SEGERA"}, {"mulai", now}}),
        std::pair("mulai", Json{{"timer", "LITMAS"}, {"mulai", "kemarin"}}),
        std::pair("mulai",
                  Json{{"timer", "LITMAS"}, {"mulai", FormatTime(world_.now() + 60'000, 420)}}),
        std::pair("timer", Json{{"timer", "PEMBATASAN"}, {"mulai", "2001-01-01T00:00:00+07:00"}}),
        std::pair("catatan",
                  Json{{"timer", "LITMAS"}, {"mulai", now}, {"catatan", std::string(501, 'x')}})}) {
    const auto reply = office_.Call("POST", path, body.dump());
    EXPECT_EQ(reply.status, 422) << body;
    EXPECT_NE(reply.body.find("\"" + std::string(field) + "\""), std::string::npos) << body;
  }
  const std::string nowhere = "/v1/legs/019a7c1e-0000-7000-8000-000000000001/timers";
  EXPECT_EQ(office_.Call("POST", nowhere, Json{{"timer", "LITMAS"}, {"mulai", now}}.dump()).status,
            404);
}

}  // namespace
}  // namespace rujukan::agency
