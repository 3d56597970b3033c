// Goal: a request that comes again under its Idempotency-Key is done once, whatever it is, also
// after a restart and when it comes twice at the same time. Method: the API without HTTP under it.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <thread>

#include "base/limits.h"
#include "tests/support/http_stub.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class OnceTest : public ::testing::Test {
 protected:
  OnceTest() : office_(world_, "dinsos.18") { office_.FollowDirectory(); }

  ApiReply Post(const std::string& path, const Json& body, const std::string& key) {
    ApiRequest request{"POST", path, {}, body.dump()};
    request.headers["idempotency-key"] = key;
    return office_.api_->Handle(request);
  }
  static std::string TypeOf(const ApiReply& reply) {
    return Json::parse(reply.body).value("type", "");
  }
  size_t Webhooks() { return office_.Get("/v1/webhooks")["webhooks"].size(); }

  testing::World world_;
  Party office_;
  const Json webhook_ = {{"url", "http://127.0.0.1:1/x"}};
};

TEST_F(OnceTest, TheHeaderIsAnotherWayToGiveTheKeyOfAMessage) {
  const Json body = Vector("referral_with_held_t2.json");
  const auto first = Post("/v1/messages", body, "kunci-1");
  const auto again = Post("/v1/messages", body, "\"kunci-1\"");
  EXPECT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(Json::parse(first.body)["message_id"], Json::parse(again.body)["message_id"]);
  Json other = body;
  other["isi"]["id_episode"] = "ep-lain";
  const auto reused = Post("/v1/messages", other, "kunci-1");
  EXPECT_EQ(reused.status, 409);
  EXPECT_EQ(TypeOf(reused), "urn:rujukan:problem:idempotency-key-reused");
}

TEST_F(OnceTest, TwoDifferentKeysInOneRequestAreRefused) {
  Json body = Vector("referral_with_held_t2.json");
  body["kunci_idempoten"] = "satu";
  EXPECT_EQ(Post("/v1/messages", body, "dua").status, 422);
  EXPECT_EQ(Post("/v1/messages", body, "satu").status, 202);
}

TEST_F(OnceTest, AKeptReplyIsGivenAgainAndNothingIsDoneTwice) {
  const auto first = Post("/v1/webhooks", webhook_, "kunci-1");
  EXPECT_EQ(first.status, 201);
  office_.Reopen();
  const auto again = Post("/v1/webhooks", webhook_, "kunci-1");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  const std::pair<std::string, std::string> replayed{"Idempotency-Replayed", "true"};
  EXPECT_EQ(again.headers, decltype(again.headers){replayed});
  EXPECT_EQ(Webhooks(), 1U);
}

TEST_F(OnceTest, TheSameKeyWithAnotherBodyIsRefused) {
  Post("/v1/webhooks", webhook_, "kunci-1");
  const auto other = Post("/v1/webhooks", {{"url", "http://127.0.0.1:1/y"}}, "kunci-1");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(TypeOf(other), "urn:rujukan:problem:idempotency-key-reused");
  EXPECT_EQ(Webhooks(), 1U);
}

TEST_F(OnceTest, AfterAnErrorTheKeyIsFree) {
  EXPECT_EQ(Post("/v1/webhooks", {{"url", "ftp://x/"}}, "kunci-1").status, 422);
  EXPECT_EQ(Post("/v1/webhooks", webhook_, "kunci-1").status, 201);
}

TEST_F(OnceTest, TheSameKeyElsewhereIsAnotherKey) {
  const Json hook = Json::parse(Post("/v1/webhooks", webhook_, "kunci-1").body);
  const std::string path = "/v1/webhooks/" + hook["id"].get<std::string>() + "/replay";
  EXPECT_EQ(Post(path, Json::object(), "kunci-1").status, 202);
}

TEST_F(OnceTest, WhatIsToBeDoneEachTimeIsDoneAgainButOnlyForTheSameBody) {
  std::atomic<size_t> tries = 0;
  testing::HttpStub receiver([&](const testing::HttpStub::Request&) {
    ++tries;
    return testing::HttpStub::Reply{};
  });
  const Json hook = Json::parse(Post("/v1/webhooks", {{"url", receiver.url()}}, "a").body);
  const std::string path = "/v1/webhooks/" + hook["id"].get<std::string>() + "/test";
  EXPECT_EQ(Post(path, Json::object(), "kunci-1").status, 200);
  EXPECT_EQ(Post(path, Json::object(), "kunci-1").status, 200);
  EXPECT_EQ(tries, 2U);
  EXPECT_EQ(Post(path, {{"x", 1}}, "kunci-1").status, 409);
}

TEST_F(OnceTest, TwiceAtTheSameTimeIsToldToWait) {
  std::mutex held;
  std::mutex mutex;
  std::condition_variable came;
  bool arrived = false;
  testing::HttpStub receiver([&](const testing::HttpStub::Request&) {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      arrived = true;
      came.notify_all();
    }
    const std::lock_guard<std::mutex> wait(held);
    return testing::HttpStub::Reply{};
  });
  const Json hook = Json::parse(Post("/v1/webhooks", {{"url", receiver.url()}}, "a").body);
  const std::string path = "/v1/webhooks/" + hook["id"].get<std::string>() + "/test";
  held.lock();
  ApiReply first;
  std::thread poster([&] { first = Post(path, Json::object(), "kunci-1"); });
  {
    std::unique_lock<std::mutex> lock(mutex);
    ASSERT_TRUE(came.wait_for(lock, std::chrono::seconds(30), [&] { return arrived; }));
  }
  const auto second = Post(path, Json::object(), "kunci-1");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(TypeOf(second), "urn:rujukan:problem:idempotency-in-progress");
  held.unlock();
  poster.join();
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(Post(path, Json::object(), "kunci-1").status, 200);
}

TEST_F(OnceTest, TenAtOnceMakeOneMessage) {
  const Json body = Vector("referral_with_held_t2.json");
  std::vector<std::thread> posters;
  for (int i = 0; i < 10; ++i) {
    posters.emplace_back([&] { EXPECT_LT(Post("/v1/messages", body, "kunci-1").status, 300); });
  }
  for (auto& poster : posters) {
    poster.join();
  }
  EXPECT_EQ(office_.Get("/v1/outbox")["messages"].size(), 1U);
}

TEST_F(OnceTest, AKeyThatIsTooLongOrEmptyIsNamed) {
  const std::string at_limit(limits::kIdempotencyKeyBytesMax, 'k');
  EXPECT_EQ(Post("/v1/webhooks", webhook_, at_limit).status, 201);
  for (const std::string& key :
       {at_limit + "k", std::string(), std::string("\"\""), std::string("a\tb")}) {
    const auto reply = Post("/v1/webhooks", webhook_, key);
    EXPECT_EQ(reply.status, 422) << key;
    EXPECT_EQ(Json::parse(reply.body)["errors"][0]["parameter"], "Idempotency-Key");
  }
}

TEST_F(OnceTest, ARepliesTimeIsTheEventsTimeAndNoLonger) {
  Post("/v1/webhooks", webhook_, "kunci-1");
  const auto prune_at = [&](UnixMillis now) {
    const auto done =
        office_.store_->Write([&](Tables& tables) { return tables.PruneReplies(now); });
    EXPECT_TRUE(done.has_value());
  };
  prune_at(world_.now() + limits::kEventKeepMs);
  Post("/v1/webhooks", webhook_, "kunci-1");
  EXPECT_EQ(Webhooks(), 1U);
  prune_at(world_.now() + limits::kEventKeepMs + 1);
  Post("/v1/webhooks", webhook_, "kunci-1");
  EXPECT_EQ(Webhooks(), 2U);
}

}  // namespace
}  // namespace rujukan::agency
