// Goal: a webhook is told every event it wants, at least once and in order, signed; one that is
// down loses nothing and holds nobody else up.
// Method: receivers on loopback, a clock of the test, and the worker over a real store.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <set>

#include "agents/agency/webhook_worker.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hmac.h"
#include "tests/support/http_stub.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

using testing::HttpStub;

class HandClock : public Clock {
 public:
  UnixMillis Now() const override { return now_; }
  void Advance(int64_t ms) { now_ += ms; }

 private:
  std::atomic<UnixMillis> now_{1'760'000'000'000};
};

// Answers as it is told, and remembers what came.
class Receiver {
 public:
  Receiver() : stub_([this](const HttpStub::Request& request) { return Take(request); }) {}

  std::string url() const { return stub_.url() + "/kait"; }
  void Answer(unsigned status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    status_ = status;
  }
  std::vector<HttpStub::Request> Await(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        came_.wait_for(lock, std::chrono::seconds(30), [&] { return requests_.size() >= count; }));
    return requests_;
  }
  std::vector<std::string> Cursors() {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::vector<std::string> cursors;
    for (const auto& request : requests_) {
      cursors.push_back(Json::parse(request.body)["cursor"]);
    }
    return cursors;
  }

 private:
  HttpStub::Reply Take(const HttpStub::Request& request) {
    const std::lock_guard<std::mutex> lock(mutex_);
    requests_.push_back(request);
    came_.notify_all();
    return {status_, "text/plain", "", ""};
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<HttpStub::Request> requests_;  // guarded by mutex_
  unsigned status_ = 200;                    // guarded by mutex_
  HttpStub stub_;
};

class WebhooksTest : public ::testing::Test {
 protected:
  WebhooksTest() : office_(world_, "dinsos.18") {}
  ~WebhooksTest() override { worker_.reset(); }

  void Start() {
    board_ = std::make_unique<Board>();
    worker_ = std::make_unique<WebhookWorker>(
        *office_.store_, *board_, clock_, WebhookWorkerOptions{"dinsos.18@lampung.example", 5'000});
  }
  std::string Add(const std::string& url, const Json& events = Json::array()) {
    const auto reply =
        office_.Call("POST", "/v1/webhooks", Json{{"url", url}, {"events", events}}.dump());
    EXPECT_EQ(reply.status, 201) << reply.body;
    const Json json = Json::parse(reply.body);
    secret_ = json["secret"];
    return json["id"];
  }
  void Put(EventType type, size_t count = 1) {
    const auto put = office_.store_->Write([&](Tables& tables) -> Result<void> {
      for (size_t i = 0; i < count; ++i) {
        RETURN_IF_ERROR(tables.PutEvent({type, clock_.Now()}));
      }
      return {};
    });
    ASSERT_TRUE(put.has_value());
    if (board_) {
      board_->Notify();
    }
  }
  // Until the webhook is as `fits` wants it, giving each back-off the time it waits for, once: more
  // of it would make the events too old to keep.
  Json AwaitHook(const std::string& id, const std::function<bool(const Json&)>& fits) {
    Json given;
    for (int i = 0; i < 3000; ++i) {
      const uint64_t seen = board_->version();
      const Json hook = office_.Get("/v1/webhooks/" + id);
      if (fits(hook)) {
        return hook;
      }
      const Json& next = hook["next_attempt_at"];
      if (next != nullptr && next != given) {
        given = next;
        clock_.Advance(limits::kWebhookBackoffMsMax);
        board_->Notify();
      }
      board_->WaitPast(seen, 1'000);
    }
    ADD_FAILURE() << "the webhook never came to that";
    return Json::object();
  }
  Json Letters(const std::string& id) {
    return office_.Get("/v1/webhooks/" + id + "/dead-letters")["dead_letters"];
  }

  testing::World world_;
  Party office_;
  HandClock clock_;
  std::unique_ptr<Board> board_;
  std::unique_ptr<WebhookWorker> worker_;
  std::string secret_;
};

TEST_F(WebhooksTest, EventsArriveInOrderAndTheSignatureIsThatOfStandardWebhooks) {
  Receiver receiver;
  Add(receiver.url());
  Put(EventType::kMessageReceived, 3);
  Start();
  const auto requests = receiver.Await(3);
  EXPECT_EQ(receiver.Cursors(), (std::vector<std::string>{"1", "2", "3"}));
  for (const auto& request : requests) {
    const Json body = Json::parse(request.body);
    EXPECT_EQ(request.headers.at("webhook-id"), body["id"]);
    EXPECT_EQ(body["agency"], "dinsos.18@lampung.example");
    const std::string seconds = request.headers.at("webhook-timestamp");
    EXPECT_EQ(seconds, std::to_string(clock_.Now() / 1000));
    const std::string key = *FromBase64(secret_.substr(std::string("whsec_").size()));
    const std::string text = request.headers.at("webhook-id") + "." + seconds + "." + request.body;
    EXPECT_EQ(request.headers.at("webhook-signature"),
              "v1," + ToBase64(certs::HmacSha256(key, text).view()));
  }
}

TEST_F(WebhooksTest, OnlyWhatItWantsIsToldAndTheRestIsPassedOver) {
  Receiver receiver;
  const std::string id = Add(receiver.url(), {"leg.*"});
  Put(EventType::kMessageReceived, 300);
  Put(EventType::kLegOpened);
  Put(EventType::kMessageReceived, 2);
  Start();
  receiver.Await(1);
  AwaitHook(id, [](const Json& hook) { return hook["cursor"] == "303"; });
  EXPECT_EQ(receiver.Cursors(), std::vector<std::string>{"301"});
}

TEST_F(WebhooksTest, WhileItIsDownNothingIsSkippedAndTheSameEventIsTriedAgain) {
  Receiver receiver;
  receiver.Answer(500);
  const std::string id = Add(receiver.url());
  Put(EventType::kMessageReceived, 2);
  Start();
  const Json hook = AwaitHook(id, [](const Json& now) { return now["attempts"] == 3; });
  EXPECT_EQ(hook["last_error"], "it answered 500");
  EXPECT_EQ(hook["cursor"], "0");
  receiver.Answer(204);
  AwaitHook(id, [](const Json& now) { return now["cursor"] == "2"; });
  const auto cursors = receiver.Cursors();
  EXPECT_EQ(std::count(cursors.begin(), cursors.end(), "2"), 1);
  EXPECT_EQ(cursors.back(), "2");
}

TEST_F(WebhooksTest, AfterTheLastTryItIsADeadLetterThatCanBeReplayed) {
  Receiver receiver;
  receiver.Answer(500);
  const std::string id = Add(receiver.url());
  Put(EventType::kMessageReceived);
  Start();
  AwaitHook(id, [](const Json& hook) { return hook["cursor"] == "1"; });
  EXPECT_EQ(receiver.Cursors().size(), static_cast<size_t>(limits::kWebhookAttemptsMax));
  const Json letters = Letters(id);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0]["attempts"], limits::kWebhookAttemptsMax);
  EXPECT_EQ(letters[0]["reason"], "it answered 500");
  receiver.Answer(200);
  const Json body = {{"event", letters[0]["event"]}};
  EXPECT_EQ(office_.Call("POST", "/v1/webhooks/" + id + "/replay", body.dump()).status, 202);
  board_->Notify();
  const auto requests = receiver.Await(limits::kWebhookAttemptsMax + 1);
  EXPECT_EQ(Json::parse(requests.back().body)["id"], letters[0]["event"]);
  AwaitHook(id, [&](const Json&) { return Letters(id).empty(); });
}

TEST_F(WebhooksTest, ReplaySinceACursorTellsEverythingAfterItAgain) {
  Receiver receiver;
  const std::string id = Add(receiver.url());
  Put(EventType::kMessageReceived, 3);
  Start();
  receiver.Await(3);
  AwaitHook(id, [](const Json& hook) { return hook["cursor"] == "3"; });
  EXPECT_EQ(office_.Call("POST", "/v1/webhooks/" + id + "/replay", R"({"since": "1"})").status,
            202);
  board_->Notify();
  receiver.Await(5);
  EXPECT_EQ(receiver.Cursors(), (std::vector<std::string>{"1", "2", "3", "2", "3"}));
}

TEST_F(WebhooksTest, WhatHappensWhileTheAgentIsOffIsToldAfterItsStart) {
  Receiver receiver;
  const std::string id = Add(receiver.url());
  Start();
  Put(EventType::kMessageReceived);
  receiver.Await(1);
  worker_.reset();
  board_.reset();
  Put(EventType::kMessageReceived, 2);
  Start();
  AwaitHook(id, [](const Json& hook) { return hook["cursor"] == "3"; });
  const auto cursors = receiver.Cursors();
  // The first may have been told twice, when its answer came after the end.
  EXPECT_EQ((std::set<std::string>(cursors.begin(), cursors.end())),
            (std::set<std::string>{"1", "2", "3"}));
}

TEST_F(WebhooksTest, AReceiverThatSaysGoneIsTurnedOffAndGoesOnWhereItWas) {
  Receiver receiver;
  receiver.Answer(410);
  const std::string id = Add(receiver.url(), {"message.*"});
  Put(EventType::kMessageReceived, 2);
  Start();
  AwaitHook(id, [](const Json& hook) { return hook["active"] == false; });
  const Json events = office_.Get("/v1/events")["events"];
  EXPECT_EQ(events.back()["type"], "webhook.disabled");
  EXPECT_EQ(events.back()["subject"], id);
  receiver.Answer(200);
  EXPECT_EQ(office_.Call("PATCH", "/v1/webhooks/" + id, R"({"active": true})").status, 200);
  board_->Notify();
  receiver.Await(3);
  EXPECT_EQ(receiver.Cursors(), (std::vector<std::string>{"1", "1", "2"}));
}

TEST_F(WebhooksTest, TooManyDeadLettersInARowTurnItOffAndNothingIsLost) {
  Receiver receiver;
  receiver.Answer(503);
  const std::string id = Add(receiver.url(), {"message.*"});
  Put(EventType::kMessageReceived, limits::kWebhookDeadInARowMax + 1);
  Start();
  AwaitHook(id, [](const Json& hook) { return hook["active"] == false; });
  EXPECT_EQ(Letters(id).size(), static_cast<size_t>(limits::kWebhookDeadInARowMax));
  receiver.Answer(200);
  EXPECT_EQ(office_.Call("PATCH", "/v1/webhooks/" + id, R"({"active": true})").status, 200);
  EXPECT_EQ(office_.Call("POST", "/v1/webhooks/" + id + "/replay", "{}").status, 202);
  board_->Notify();
  AwaitHook(id, [&](const Json& hook) { return hook["cursor"] == "10" && Letters(id).empty(); });
}

TEST_F(WebhooksTest, OneThatAnswersSlowlyHoldsNobodyElseUp) {
  std::mutex held;
  held.lock();
  HttpStub slow([&](const HttpStub::Request&) {
    const std::lock_guard<std::mutex> lock(held);
    return HttpStub::Reply{};
  });
  Receiver receiver;
  Add(slow.url());
  Add(receiver.url());
  Put(EventType::kMessageReceived, 5);
  Start();
  receiver.Await(5);
  held.unlock();
}

TEST_F(WebhooksTest, TheSecretIsShownOnceAndSealedInTheFile) {
  const std::string id = Add("http://127.0.0.1:1/x");
  EXPECT_EQ(office_.Call("GET", "/v1/webhooks/" + id).body.find(secret_), std::string::npos);
  EXPECT_EQ(office_.Call("GET", "/v1/webhooks").body.find("whsec_"), std::string::npos);
  office_.Reopen();  // empties the write-ahead log
  std::ifstream file(office_.scratch_.file("agent.db"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_EQ(bytes.find("whsec_"), std::string::npos);
}

TEST_F(WebhooksTest, ATestIsOneTryAndSaysWhatCameOfIt) {
  Receiver receiver;
  const std::string id = Add(receiver.url());
  const Json taken = Json::parse(office_.Call("POST", "/v1/webhooks/" + id + "/test").body);
  EXPECT_EQ(taken["taken"], true);
  EXPECT_EQ(Json::parse(receiver.Await(1)[0].body)["type"], "webhook.test");
  receiver.Answer(404);
  const Json refused = Json::parse(office_.Call("POST", "/v1/webhooks/" + id + "/test").body);
  EXPECT_EQ(refused["taken"], false);
  EXPECT_EQ(refused["status"], 404);
}

TEST_F(WebhooksTest, ARemovedOneIsGoneWithItsLetters) {
  const std::string id = Add("http://127.0.0.1:1/x");
  EXPECT_EQ(office_.Call("DELETE", "/v1/webhooks/" + id).status, 204);
  EXPECT_EQ(office_.Call("GET", "/v1/webhooks/" + id).status, 404);
  EXPECT_EQ(office_.Call("GET", "/v1/webhooks/" + id + "/dead-letters").status, 404);
  EXPECT_EQ(office_.Call("DELETE", "/v1/webhooks/" + id).status, 404);
}

TEST_F(WebhooksTest, AddressesAndFiltersAreCheckedAndNamed) {
  const auto status = [&](const Json& body) {
    return office_.Call("POST", "/v1/webhooks", body.dump()).status;
  };
  const std::string start = "http://127.0.0.1:1/";
  const std::string at_limit = start + std::string(limits::kWebhookUrlBytesMax - start.size(), 'a');
  EXPECT_EQ(status({{"url", at_limit}}), 201);
  EXPECT_EQ(status({{"url", at_limit + "a"}}), 422);
  for (const char* url : {"",
                          "ftp://x/",
                          "file:///etc/passwd",
                          "http://a:b@x/",
                          "http://x/#y",
                          "javascript:1",
                          "http://x/ y",
                          "//x"}) {
    EXPECT_EQ(status({{"url", url}}), 422) << url;
  }
  EXPECT_EQ(status({{"url", start}, {"events", {"pesan.*"}}}), 422);
  EXPECT_EQ(status({{"url", start}, {"events", "message.*"}}), 422);
  EXPECT_EQ(status({{"url", start}, {"since", "9"}}), 422);
  EXPECT_EQ(status({{"url", start}, {"since", "oldest"}}), 201);
  EXPECT_EQ(status({{"url", start}, {"nama", "x"}}), 422);
}

TEST_F(WebhooksTest, ThereAreOnlySoMany) {
  for (size_t i = 0; i < limits::kWebhooksMax; ++i) {
    Add("http://127.0.0.1:1/" + std::to_string(i));
  }
  EXPECT_EQ(office_.Call("POST", "/v1/webhooks", R"({"url": "http://127.0.0.1:1/"})").status, 409);
}

TEST_F(WebhooksTest, OfTooManyDeadLettersTheOldestGoFirst) {
  const std::string id = Add("http://127.0.0.1:1/x");
  const auto letters = office_.store_->Write([&](Tables& tables) -> Result<size_t> {
    for (size_t i = 1; i <= limits::kDeadLettersMax + 1; ++i) {
      RETURN_IF_ERROR(
          tables.PutDeadLetter({id, static_cast<int64_t>(i), std::string(16, 'e'), 1, 12, "", 1}));
      if (i == limits::kDeadLettersMax) {
        ASSIGN_OR_RETURN(const auto all, tables.ListDeadLetters(id, 0, 2 * i));
        EXPECT_EQ(all.size(), limits::kDeadLettersMax);
      }
    }
    ASSIGN_OR_RETURN(const auto all, tables.ListDeadLetters(id, 0, 2 * limits::kDeadLettersMax));
    EXPECT_EQ(all.front().cursor, 2);
    return all.size();
  });
  EXPECT_EQ(*letters, limits::kDeadLettersMax);
}

TEST(WebhookDelivery, BackOffDoublesToItsMostAndJitterTakesUpToHalf) {
  EXPECT_EQ(BackoffMs(1, 0), limits::kWebhookBackoffMsMin);
  EXPECT_EQ(BackoffMs(2, 0), 2 * limits::kWebhookBackoffMsMin);
  EXPECT_EQ(BackoffMs(50, 0), limits::kWebhookBackoffMsMax);
  for (const uint32_t random : {1U, 499U, 500U, 501U, 0xffffffffU}) {
    EXPECT_GE(BackoffMs(1, random), limits::kWebhookBackoffMsMin / 2);
    EXPECT_LE(BackoffMs(1, random), limits::kWebhookBackoffMsMin);
  }
}

TEST(WebhookDelivery, AReceiverMayAskForMoreTimeWithinReason) {
  WebhookRow hook;
  JudgeTry(hook, {429, "it answered 429", 120}, 1'000, 0);
  EXPECT_EQ(hook.next_at, 1'000 + 120'000);
  JudgeTry(hook, {429, "it answered 429", 1'000'000'000}, 1'000, 0);
  EXPECT_EQ(hook.next_at, 1'000 + limits::kWebhookBackoffMsMax);
}

TEST(WebhookDelivery, OneTryBeforeTheLastIsNotYetDead) {
  WebhookRow hook;
  for (int i = 1; i < limits::kWebhookAttemptsMax; ++i) {
    EXPECT_EQ(JudgeTry(hook, {500, "x", 0}, 1, 0), Verdict::kTryAgain);
  }
  EXPECT_EQ(JudgeTry(hook, {500, "x", 0}, 1, 0), Verdict::kDead);
  EXPECT_TRUE(hook.active);
}

}  // namespace
}  // namespace rujukan::agency
