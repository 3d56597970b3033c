// Goal: lists are read page by page without missing or repeating anything, and filters choose
// exactly what they say. Method: several referrals at different times; every page and filter.
#include <gtest/gtest.h>

#include <fstream>

#include "agents/agency/cursor.h"
#include "agents/agency/query.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

using Parameters = std::map<std::string, std::string>;

class ListsTest : public ::testing::Test {
 protected:
  ListsTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    for (int i = 0; i < 5; ++i) {
      Json body = Vector("referral_with_held_t2.json");
      body["isi"]["id_episode"] = "ep-" + std::to_string(i % 2);
      body["isi"]["rujukan"]["t1"]["ref_anak"] = "LS-" + std::to_string(i);
      const auto reply = police_.Call("POST", "/v1/messages", body.dump());
      EXPECT_EQ(reply.status, 202) << reply.body;
      legs_.push_back(Json::parse(reply.body)["leg_id"]);
      times_.push_back(world_.now());
      world_.Advance(60'000);
    }
  }

  ApiReply Ask(const std::string& path, Parameters query) {
    return police_.api_->Handle(ApiRequest{"GET", path, std::move(query), ""});
  }
  std::vector<std::string> LegsIn(const Json& list) {
    std::vector<std::string> ids;
    for (const auto& one : list) {
      ids.push_back(one["leg_id"]);
    }
    return ids;
  }
  std::vector<std::string> Outbox(Parameters query) {
    return LegsIn(Json::parse(Ask("/v1/outbox", std::move(query)).body)["messages"]);
  }
  std::vector<std::string> Legs(Parameters query) {
    return LegsIn(Json::parse(Ask("/v1/legs", std::move(query)).body)["legs"]);
  }

  testing::World world_;
  Party police_;
  Party office_;
  std::vector<std::string> legs_;  // the oldest first
  std::vector<UnixMillis> times_;
};

TEST_F(ListsTest, PagesFollowEachOtherToTheEnd) {
  for (const std::string path : {"/v1/outbox", "/v1/legs"}) {
    Parameters query{{"limit", "2"}};
    std::vector<std::string> seen;
    Json page;
    do {
      const auto reply = Ask(path, query);
      page = Json::parse(reply.body);
      for (const auto& id : LegsIn(page[path == "/v1/legs" ? "legs" : "messages"])) {
        seen.push_back(id);
      }
      const bool more = page["more"];
      EXPECT_EQ(reply.headers.size(), more ? 1U : 0U);
      if (more) {
        query["cursor"] = page["next_cursor"];
        EXPECT_EQ(reply.headers[0].first, "Link");
        EXPECT_EQ(reply.headers[0].second,
                  "<" + path + "?cursor=" + query["cursor"] + "&limit=2>; rel=\"next\"");
      }
    } while (page["more"].get<bool>());
    auto expected = legs_;
    if (path == "/v1/legs") {
      std::reverse(expected.begin(), expected.end());
    }
    EXPECT_EQ(seen, expected) << path;
  }
}

TEST_F(ListsTest, APageThatIsJustFullHasNothingAfterIt) {
  const Json page = Json::parse(Ask("/v1/outbox", {{"limit", "5"}}).body);
  EXPECT_EQ(page["messages"].size(), 5U);
  EXPECT_EQ(page["more"], false);
}

TEST_F(ListsTest, TheCursorOfTheLastPageGivesWhatComesLater) {
  const Json last = Json::parse(Ask("/v1/outbox", {}).body);
  const Parameters query{{"cursor", last["next_cursor"].get<std::string>()}};
  EXPECT_TRUE(Outbox(query).empty());
  police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json").dump());
  EXPECT_EQ(Outbox(query).size(), 1U);
  EXPECT_EQ(Outbox({{"after", std::to_string(last["cursor"].get<int64_t>())}}).size(), 1U);
}

TEST_F(ListsTest, FiltersOfContentLookAtTheOpening) {
  for (const auto* list : {"legs", "outbox"}) {
    const auto ask = [&](const Parameters& query) {
      auto ids = std::string(list) == "legs" ? Legs(query) : Outbox(query);
      std::sort(ids.begin(), ids.end());
      return ids;
    };
    EXPECT_EQ(ask({{"ref", "LS-3"}}), std::vector<std::string>{legs_[3]}) << list;
    std::vector<std::string> odd = {legs_[1], legs_[3]};
    std::sort(odd.begin(), odd.end());
    EXPECT_EQ(ask({{"episode", "ep-1"}}), odd) << list;
    EXPECT_TRUE(ask({{"episode", "ep-1"}, {"ref", "LS-2"}}).empty()) << list;
    EXPECT_TRUE(ask({{"ref", "LS-9"}}).empty()) << list;
  }
}

TEST_F(ListsTest, FiltersOfWhatIsInClear) {
  EXPECT_EQ(Outbox({{"kind", "RUJUKAN"}}).size(), 5U);
  EXPECT_TRUE(Outbox({{"kind", "TERIMA"}}).empty());
  EXPECT_EQ(Outbox({{"urgency", "AMAT_SEGERA"}}).size(), 5U);
  EXPECT_TRUE(Legs({{"urgency", "BIASA"}}).empty());
  EXPECT_EQ(Outbox({{"peer", office_.config_.address}}).size(), 5U);
  EXPECT_TRUE(Outbox({{"peer", "lain.18@lampung.example"}}).empty());
  EXPECT_TRUE(Legs({{"peer", "lain.18@lampung.example"}}).empty());
  EXPECT_EQ(Outbox({{"leg", legs_[2]}}), std::vector<std::string>{legs_[2]});
  EXPECT_EQ(Outbox({{"stage", "QUEUED,SEALED"}}).size(), 5U);
  EXPECT_TRUE(Outbox({{"stage", "REFUSED"}}).empty());
  EXPECT_EQ(Legs({{"role", "PERUJUK"}}).size(), 5U);
  EXPECT_TRUE(Legs({{"role", "PENERIMA"}}).empty());
  EXPECT_EQ(Legs({{"state", "DRAF"}}).size(), 5U);
  EXPECT_TRUE(Legs({{"state", "TERKIRIM,SAMPAI"}}).empty());
}

TEST_F(ListsTest, TimesAreFromAndBefore) {
  const Parameters middle{{"since", FormatTime(times_[1], 7 * 60)},
                          {"until", FormatTime(times_[3])}};
  EXPECT_EQ(Outbox(middle), (std::vector<std::string>{legs_[1], legs_[2]}));
  EXPECT_EQ(Legs(middle), (std::vector<std::string>{legs_[2], legs_[1]}));
}

TEST_F(ListsTest, WhatIsMalformedIsNamed) {
  const std::string leg_cursor = Json::parse(Ask("/v1/legs", {{"limit", "1"}}).body)["next_cursor"];
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"cursor", "x"},
                                                        {"cursor", leg_cursor},
                                                        {"after", "-1"},
                                                        {"limit", "0"},
                                                        {"limit", "x"},
                                                        {"kind", "SURAT"},
                                                        {"kind", "UNSPECIFIED"},
                                                        {"urgency", "CEPAT"},
                                                        {"peer", "bukan alamat"},
                                                        {"leg", "x"},
                                                        {"stage", "LAIN"},
                                                        {"since", "kemarin"},
                                                        {"until", "2026-13-01"}}) {
    const auto reply = Ask("/v1/outbox", {{name, value}});
    EXPECT_EQ(reply.status, 422) << name << "=" << value;
    EXPECT_EQ(Json::parse(reply.body)["errors"][0]["parameter"], name) << value;
  }
  for (const auto& [name, value] : Parameters{{"state", "LAIN"}, {"role", "x"}}) {
    EXPECT_EQ(Ask("/v1/legs", {{name, value}}).status, 422) << name;
  }
}

TEST(Query, ATimeIsAMomentInItsZoneAndADateTheFirstOfItsDayInWib) {
  const auto time_of = [](const std::string& text) {
    Findings findings;
    const ApiRequest request{"GET", "/", {{"since", text}}, ""};
    return Query(request, findings).Time("since");
  };
  EXPECT_EQ(time_of("1970-01-01T00:00:01Z"), 1'000);
  EXPECT_EQ(time_of("1970-01-01T07:00:01+07:00"), 1'000);
  EXPECT_EQ(time_of("1970-01-01T07:00:01 07:00"), 1'000);  // as a query's plus arrives
  EXPECT_EQ(time_of("1970-01-01T00:00:01.900-01:30"), 1'000 + 90 * 60'000);
  EXPECT_EQ(time_of("1970-01-02"), 17 * 3'600'000);
  EXPECT_EQ(time_of("2026-02-30"), std::nullopt);
}

}  // namespace
}  // namespace rujukan::agency
