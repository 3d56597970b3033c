// Goal: whatever happens is told as an event, once, in order and without content, and a reader that
// was away misses nothing, or is told that it did.
// Method: a referral between two parties; the events of each, by cursor, filter and stream.
#include "agents/agency/event.h"

#include <curl/curl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <thread>

#include "agents/agency/http.h"
#include "base/limits.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class EventsTest : public ::testing::Test {
 protected:
  EventsTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }

  std::string Refer() {
    const auto reply =
        police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json").dump());
    EXPECT_EQ(reply.status, 202) << reply.body;
    return Json::parse(reply.body)["leg_id"];
  }
  void Carry(Party& from, Party& to) {
    for (const auto& submission : from.TakeOutbox()) {
      const LogIndex index = from.Accept(submission);
      for (const auto& receipt : to.Take(from.DeliveryOf(submission, index)).receipts) {
        const link::Noticed notice{submission.subject, from.ProvenAt(to.Accept(receipt))};
        EXPECT_TRUE(from.inbox_->TakeNotice(notice, world_.now()).value());
      }
    }
  }
  static ApiReply Ask(Party& party, std::map<std::string, std::string> query) {
    return party.api_->Handle(ApiRequest{"GET", "/v1/events", std::move(query), ""});
  }
  static Json Events(Party& party, std::map<std::string, std::string> query = {}) {
    return Json::parse(Ask(party, std::move(query)).body)["events"];
  }
  static std::vector<std::string> Types(const Json& events) {
    std::vector<std::string> types;
    for (const auto& event : events) {
      types.push_back(event["type"]);
    }
    return types;
  }
  void PutTests(Party& party, size_t count) {
    const auto put = party.store_->Write([&](Tables& tables) -> Result<void> {
      for (size_t i = 0; i < count; ++i) {
        RETURN_IF_ERROR(tables.PutEvent({EventType::kWebhookTest, world_.now()}));
      }
      return {};
    });
    ASSERT_TRUE(put.has_value());
    party.board_.Notify();
  }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(EventsTest, AReferralIsToldFromOpeningToDeliveryOnBothSides) {
  const std::string leg = Refer();
  Carry(police_, office_);
  const Json sent = Events(police_);
  const std::vector<std::string> expected = {"leg.opened",
                                             "message.accepted",
                                             "leg.state_changed",
                                             "message.delivered",
                                             "leg.state_changed"};
  EXPECT_EQ(Types(sent), expected) << sent.dump(2);
  EXPECT_EQ(sent[4]["code"], "SAMPAI");
  EXPECT_EQ(sent[1]["kind"], "RUJUKAN");
  EXPECT_EQ(sent[3]["code"], "DELIVERED");
  for (const auto& event : sent) {
    EXPECT_EQ(event["leg_id"], leg);
  }
  EXPECT_EQ(Types(Events(office_, {{"type", "message.*"}})),
            std::vector<std::string>{"message.received"});
}

TEST_F(EventsTest, AnEventHoldsNothingOfTheContent) {
  Refer();
  Carry(police_, office_);
  const std::set<std::string> names = {
      "id", "cursor", "type", "time", "message_id", "leg_id", "subject", "kind", "code"};
  for (Party* party : {&police_, &office_}) {
    const Json events = Events(*party);
    EXPECT_FALSE(events.empty());
    for (const auto& event : events) {
      for (const auto& [name, value] : event.items()) {
        EXPECT_TRUE(names.count(name)) << name;
      }
    }
    for (const char* word : {"Melati", "LS-7Q2", "perekrut", "Sekar", "dinsos.18"}) {
      EXPECT_EQ(events.dump().find(word), std::string::npos) << word;
    }
  }
}

TEST_F(EventsTest, AReaderThatWasAwayGoesOnWhereItWas) {
  Refer();
  const Json first = Json::parse(Ask(police_, {{"limit", "1"}}).body);
  ASSERT_EQ(first["events"].size(), 1U);
  EXPECT_EQ(first["more"], true);
  Carry(police_, office_);
  police_.Reopen();
  const Json rest = Json::parse(Ask(police_, {{"since", first["cursor"].get<std::string>()}}).body);
  EXPECT_EQ(rest["events"].size(), 4U);
  const Json all = Events(police_);
  for (size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(std::stoll(all[i - 1]["cursor"].get<std::string>()),
              std::stoll(all[i]["cursor"].get<std::string>()));
    EXPECT_EQ(all[i], rest["events"][i - 1]);
  }
}

TEST_F(EventsTest, WhatIsRolledBackIsNotToldEither) {
  const auto written = police_.store_->Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PutEvent({EventType::kWebhookTest, world_.now()}));
    return Fail(Errc::kConflict, "no");
  });
  EXPECT_FALSE(written.has_value());
  EXPECT_TRUE(Events(police_).empty());
}

TEST_F(EventsTest, AWaitEndsWithTheFirstEventThatIsWanted) {
  std::thread poster([&] {
    PutTests(police_, 1);
    Refer();
  });
  const Json events = Events(police_, {{"wait", "30"}, {"type", "leg.opened"}});
  poster.join();
  EXPECT_EQ(Types(events), std::vector<std::string>{"leg.opened"});
}

TEST_F(EventsTest, ACursorOfWhatIsGoneOrOfAnotherDatabaseIsNotPassedOver) {
  PutTests(police_, 2);
  world_.Advance(limits::kEventKeepMs);
  PutTests(police_, 1);
  const auto prune = [&] {
    return police_.store_->Write([&](Tables& tables) { return tables.PruneEvents(world_.now()); });
  };
  ASSERT_TRUE(prune().has_value());
  EXPECT_EQ(Events(police_).size(), 3U);  // as old as they may be
  world_.Advance(1);
  ASSERT_TRUE(prune().has_value());
  EXPECT_EQ(Events(police_).size(), 1U);  // without a cursor: the oldest there is
  const auto old = Ask(police_, {{"since", "1"}});
  EXPECT_EQ(old.status, 410);
  EXPECT_EQ(Json::parse(old.body)["type"], "urn:rujukan:problem:cursor-expired");
  EXPECT_EQ(Ask(police_, {{"since", "2"}}).status, 200);
  EXPECT_EQ(Ask(police_, {{"since", "3"}}).status, 200);
  EXPECT_EQ(Ask(police_, {{"since", "4"}}).status, 410);
}

TEST_F(EventsTest, WhatIsMalformedInTheQueryIsNamed) {
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"since", "x"}, {"limit", "0"}, {"type", "pesan.*"}}) {
    const auto reply = Ask(police_, {{name, value}});
    EXPECT_EQ(reply.status, 422) << name;
    EXPECT_EQ(Json::parse(reply.body)["errors"][0]["parameter"], name);
  }
}

TEST_F(EventsTest, EveryTypeHasANameAndItsNumberIsItsOwn) {
  std::set<EventType> types;
  std::set<std::string_view> names;
  for (const auto& kind : EventKinds()) {
    EXPECT_TRUE(types.insert(kind.type).second);
    EXPECT_TRUE(names.insert(kind.name).second);
    EXPECT_EQ(EventName(kind.type), kind.name);
    EXPECT_FALSE(kind.tells.empty());
  }
}

TEST_F(EventsTest, AListenerIsToldFromTheLastItHadOn) {
  PutTests(police_, 3);
  ApiRequest request{"GET", "/v1/events/stream", {}, ""};
  request.headers["last-event-id"] = "1";
  const auto reply = police_.api_->Handle(request);
  ASSERT_TRUE(reply.stream);
  EXPECT_EQ(reply.content_type, "text/event-stream");
  const std::string frames = *reply.stream();
  EXPECT_EQ(frames.find("id: 1\n"), std::string::npos);
  EXPECT_NE(frames.find("id: 2\nevent: webhook.test\ndata: {"), std::string::npos) << frames;
  EXPECT_NE(frames.find("id: 3\n"), std::string::npos);
  std::thread later([&] { PutTests(police_, 1); });
  EXPECT_NE(reply.stream()->find("id: 4\n"), std::string::npos);
  later.join();
  police_.board_.Stop();
  EXPECT_EQ(reply.stream(), std::nullopt);
}

TEST_F(EventsTest, ThereAreOnlySoManyListenersAndAPlaceIsFreeAgainWhenOneLeaves) {
  const ApiRequest request{"GET", "/v1/events/stream", {}, ""};
  std::vector<ApiReply> listeners;
  for (size_t i = 0; i < limits::kEventStreamsMax; ++i) {
    listeners.push_back(police_.api_->Handle(request));
    EXPECT_TRUE(listeners.back().stream);
  }
  EXPECT_EQ(police_.api_->Handle(request).status, 429);
  listeners.pop_back();
  EXPECT_TRUE(police_.api_->Handle(request).stream);
}

// Ends the transfer when enough has come.
size_t TakeUntil(char* data, size_t size, size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  text.append(data, size * count);
  return text.find("id: 2\n") == std::string::npos ? size * count : 0;
}

TEST_F(EventsTest, OverHttpTheStreamArrivesAsItHappensAndEndsWithTheAgent) {
  const std::string path = police_.scratch_.file("agent.sock");
  auto server = HttpServer::OnSocket(
      path, [&](const ApiRequest& request) { return police_.api_->Handle(request); });
  ASSERT_TRUE(server.has_value());
  PutTests(police_, 1);
  const auto listen = [&] {
    std::string text;
    CURL* curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, path.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, "http://localhost/v1/events/stream");
    curl_slist* headers = curl_slist_append(nullptr, "Last-Event-ID: 0");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &TakeUntil);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &text);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return text;
  };
  std::thread later([&] { PutTests(police_, 1); });
  const std::string text = listen();
  later.join();
  EXPECT_EQ(text.find("retry: 3000\n\nid: 1\n"), 0U) << text;
  EXPECT_NE(text.find("id: 2\n"), std::string::npos);
  police_.board_.Stop();
}

}  // namespace
}  // namespace rujukan::agency
