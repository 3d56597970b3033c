// Goal: the API answers every request with the right status and, on errors, with problem+json that
// helps. Method: a table of requests to the API without HTTP under it, then the same over real
// sockets.
#include "agents/agency/api.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "agents/agency/apiclient.h"
#include "agents/agency/http.h"
#include "agents/agency/leg.h"
#include "base/limits.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
  }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(ApiTest, StatusesOfRequests) {
  struct Case {
    const char* method;
    const char* path;
    const char* body;
    int status;
  };
  const Case cases[] = {
      {"GET", "/healthz", "", 200},
      {"GET", "/v1/status", "", 200},
      {"GET", "/v1/inbox", "", 200},
      {"GET", "/v1/outbox", "", 200},
      {"GET", "/v1/legs", "", 200},
      {"GET", "/v1/directory", "", 200},
      {"GET", "/", "", 404},
      {"GET", "/v1", "", 404},
      {"GET", "/v2/status", "", 404},
      {"DELETE", "/v1/inbox", "", 405},
      {"GET", "/v1/legs/019a7c1e-0000-7000-8000-000000000001/accept", "", 405},
      {"POST", "/v1/legs/019a7c1e-0000-7000-8000-000000000001/erase", "x", 400},
      {"GET", "/v1/messages/not-an-id", "", 422},
      {"GET", "/v1/messages/019a7c1e-0000-7000-8000-000000000001", "", 404},
      {"GET", "/v1/legs/019a7c1e-0000-7000-8000-000000000001", "", 404},
      {"POST", "/v1/messages", "", 400},
      {"POST", "/v1/messages", "{\"kepada\":", 400},
      {"POST", "/v1/messages", "[]", 400},
      {"POST", "/v1/messages", "{}", 422},
      {"POST", "/v1/legs/019a7c1e-0000-7000-8000-000000000001/accept", "{}", 404},
      {"POST", "/v1/legs/019a7c1e-0000-7000-8000-000000000001/resolve", "{}", 404},
  };
  for (const auto& one : cases) {
    const auto reply = police_.Call(one.method, one.path, one.body);
    EXPECT_EQ(reply.status, one.status) << one.method << " " << one.path << "\n" << reply.body;
    const bool problem = reply.content_type == "application/problem+json";
    EXPECT_EQ(problem, one.status >= 400) << one.path;
  }
}

TEST_F(ApiTest, AMethodThatAPathDoesNotHaveIsToldThoseItHas) {
  const auto reply = police_.Call("DELETE", "/v1/directory/dinsos.18@lampung.example");
  EXPECT_EQ(reply.status, 405);
  const std::pair<std::string, std::string> allow{"Allow", "GET, PUT"};
  EXPECT_EQ(reply.headers, decltype(reply.headers){allow});
}

TEST_F(ApiTest, AProblemHasAStableTypeAndPointsAtEachField) {
  Json body = Vector("referral_with_held_t2.json");
  body["isi"]["rujukan"]["t1"]["kategori"] = {"A", "TIDAK_ADA"};
  const auto reply = police_.Call("POST", "/v1/messages", body.dump());
  const Json problem = Json::parse(reply.body);
  EXPECT_EQ(problem["type"], "urn:rujukan:problem:invalid");
  EXPECT_EQ(problem["status"], 422);
  ASSERT_EQ(problem["errors"].size(), 1U) << problem.dump(2);
  EXPECT_EQ(problem["errors"][0]["pointer"], "#/isi/rujukan/t1/kategori/1");
  EXPECT_EQ(problem["errors"][0]["field"], "isi.rujukan.t1.kategori[1]");
  EXPECT_NE(problem["errors"][0]["detail"], "");
}

TEST_F(ApiTest, AParameterOfTheQueryIsNamedAsOne) {
  const ApiRequest request{"GET", "/v1/directory", {{"region", "18.01"}}, ""};
  const auto reply = police_.api_->Handle(request);
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(Json::parse(reply.body)["errors"][0]["parameter"], "region");
}

TEST(Problem, APointerEscapesWhatAFieldNameMayHold) {
  EXPECT_EQ(PointerOf("kepada"), "#/kepada");
  EXPECT_EQ(PointerOf("isi.a[0].b[12]"), "#/isi/a/0/b/12");
  EXPECT_EQ(PointerOf("x~y/z"), "#/x~0y~1z");
}

TEST(Problem, EveryTypeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (const auto& type : ProblemTypes()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_GE(type.status, 400);
    EXPECT_NE(type.title.find(" / "), std::string_view::npos) << type.name;
  }
}

TEST(Routes, EveryOperationHasANameAndAPathOfItsOwn) {
  std::set<std::string> names;
  std::set<std::string> places;
  for (const auto& route : Routes()) {
    EXPECT_TRUE(names.insert(route.operation).second) << route.operation;
    EXPECT_TRUE(places.insert(route.method + " " + route.path).second) << route.path;
  }
  for (const auto& action : Actions()) {
    EXPECT_TRUE(places.count("POST /v1/legs/{id}/" + std::string(action.name))) << action.name;
  }
}

TEST(Routes, ALiteralPartGoesBeforeAName) {
  EXPECT_EQ(FindRoute("GET", "/v1/directory/root")->route->operation, "getDirectoryRoot");
  const auto match = FindRoute("GET", "/v1/directory/dinsos.18@lampung.example");
  EXPECT_EQ(match->route->operation, "getAgency");
  EXPECT_EQ(match->values, PathValues{"dinsos.18@lampung.example"});
  EXPECT_FALSE(FindRoute("GET", "/v1/directory/a/b"));
}

TEST_F(ApiTest, TheSameKeyAndBodyGiveTheSameMessage) {
  Json body = Vector("referral_with_held_t2.json");
  body["kunci_idempoten"] = "kunci-1";
  const auto first = police_.Call("POST", "/v1/messages", body.dump());
  const auto again = police_.Call("POST", "/v1/messages", body.dump());
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(Json::parse(first.body)["message_id"], Json::parse(again.body)["message_id"]);
  EXPECT_EQ(police_.Get("/v1/outbox")["messages"].size(), 1U);
}

TEST_F(ApiTest, TheSameKeyForAnotherBodyIsAConflict) {
  Json body = Vector("referral_with_held_t2.json");
  body["kunci_idempoten"] = "kunci-1";
  police_.Call("POST", "/v1/messages", body.dump());
  body["isi"]["id_episode"] = "ep-lain";
  EXPECT_EQ(police_.Call("POST", "/v1/messages", body.dump()).status, 409);
}

TEST_F(ApiTest, AKeyThatCannotBeKeptIsRefusedByName) {
  Json body = Vector("referral_with_held_t2.json");
  for (const Json& key : {Json(42),
                          Json(""),
                          Json(nullptr),
                          Json(std::string(limits::kIdempotencyKeyBytesMax + 1, 'k'))}) {
    body["kunci_idempoten"] = key;
    const auto reply = police_.Call("POST", "/v1/messages", body.dump());
    EXPECT_EQ(reply.status, 422) << key;
    EXPECT_NE(reply.body.find("kunci_idempoten"), std::string::npos) << key;
  }
  body["kunci_idempoten"] = std::string(limits::kIdempotencyKeyBytesMax, 'k');
  EXPECT_EQ(police_.Call("POST", "/v1/messages", body.dump()).status, 202);
}

TEST_F(ApiTest, AfterAFinalRefusalTheSameRequestIsSentAnewAndDatedAnew) {
  office_.FollowDirectory();
  Json body = Vector("referral_with_held_t2.json");
  body["kunci_idempoten"] = "kunci-1";
  const auto first = police_.Call("POST", "/v1/messages", body.dump());
  link::Refusal refusal;
  refusal.kind = v1::Subject::MESSAGE;
  refusal.subject = police_.TakeOutbox().at(0).subject;
  refusal.reason = v1::RefusalReason::CLOCK_SKEW;
  refusal.final = true;
  police_.Settle({}, {refusal});
  const auto again = police_.Call("POST", "/v1/messages", body.dump());
  EXPECT_EQ(again.status, 202);
  EXPECT_NE(Json::parse(first.body)["leg_id"], Json::parse(again.body)["leg_id"]);
  EXPECT_EQ(police_.Call("POST", "/v1/messages", body.dump()).status, 200);
  world_.Advance(3'600'000);  // the link was down for an hour
  const auto sent = police_.TakeOutbox();
  ASSERT_EQ(sent.size(), 1U);
  v1::Header header;
  header.ParseFromString(sent[0].statement);
  EXPECT_EQ(header.created_at_ms(), world_.now());
}

TEST_F(ApiTest, TheKeyHoldsOverARestart) {
  Json body = Vector("referral_with_held_t2.json");
  body["kunci_idempoten"] = "kunci-1";
  police_.Call("POST", "/v1/messages", body.dump());
  police_.Reopen();
  EXPECT_EQ(police_.Call("POST", "/v1/messages", body.dump()).status, 200);
}

TEST_F(ApiTest, AnUnknownRecipientIsNamedOnceTheDirectoryIsKnown) {
  Json body = Vector("referral_with_held_t2.json");
  body["kepada"] = "dinsos.99@lampung.example";
  EXPECT_EQ(police_.Call("POST", "/v1/messages", body.dump()).status,
            202);  // offline: decided later
  police_.board_.Update([](LinkStatus& status) { status.state = "LIVE"; });
  const auto reply = police_.Call("POST", "/v1/messages", body.dump());
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(Json::parse(reply.body)["errors"][0]["field"], "kepada");
}

TEST_F(ApiTest, AQueuedMessageToNobodyIsRefusedByTheOutbox) {
  Json body = Vector("referral_with_held_t2.json");
  body["kepada"] = "dinsos.99@lampung.example";
  const Json answer = Json::parse(police_.Call("POST", "/v1/messages", body.dump()).body);
  EXPECT_TRUE(police_.TakeOutbox().empty());
  const Json message = police_.Get("/v1/messages/" + answer["message_id"].get<std::string>());
  EXPECT_EQ(message["stage"], "REFUSED");
}

TEST_F(ApiTest, ALongPollEndsWhenSomethingArrives) {
  std::thread poster(
      [&] { police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json").dump()); });
  const ApiRequest request{"GET", "/v1/outbox", {{"wait", "30"}}, ""};
  const auto reply = police_.api_->Handle(request);
  poster.join();
  EXPECT_EQ(Json::parse(reply.body)["messages"].size(), 1U);
}

TEST_F(ApiTest, TheSocketIsForItsOwnerOnlyAndAnswers) {
  const std::string path = police_.scratch_.file("agent.sock");
  const auto handler = [&](const ApiRequest& request) { return police_.api_->Handle(request); };
  auto server = HttpServer::OnSocket(path, handler);
  ASSERT_TRUE(server.has_value());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  const auto status = CallApi(path, {"GET", "/v1/status", ""});
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(Json::parse(status->body)["address"], police_.config_.address);
  const auto posted =
      CallApi(path, {"POST", "/v1/messages", Vector("referral_with_held_t2.json").dump()});
  EXPECT_EQ(posted->status, 202);
}

TEST_F(ApiTest, ABodyOverTheLimitIsRefusedAndTheNextRequestServed) {
  const std::string path = police_.scratch_.file("agent.sock");
  const auto handler = [&](const ApiRequest& request) { return police_.api_->Handle(request); };
  auto server = HttpServer::OnSocket(path, handler);
  ASSERT_TRUE(server.has_value());
  const std::string large(kApiBodyBytesMax + 1, ' ');
  EXPECT_EQ(CallApi(path, {"POST", "/v1/messages", large})->status, 413);
  const std::string at_limit(kApiBodyBytesMax, ' ');
  EXPECT_EQ(CallApi(path, {"POST", "/v1/messages", at_limit})->status, 400);
  EXPECT_EQ(CallApi(path, {"GET", "/healthz", ""})->status, 200);
}

TEST_F(ApiTest, OnLoopbackTheTokenAndTheHostNameAreAsked) {
  const auto handler = [&](const ApiRequest& request) { return police_.api_->Handle(request); };
  auto server = HttpServer::OnLoopback("127.0.0.1:0", "rahasia", handler);
  ASSERT_TRUE(server.has_value());
  const std::string host = "127.0.0.1:" + std::to_string((*server)->port());
  const ApiRequest request{"GET", "/v1/status", {}, ""};
  EXPECT_EQ((*server)->Answer(request, host.c_str(), "Bearer rahasia").status, 200);
  EXPECT_EQ((*server)->Answer(request, host.c_str(), "Bearer salah").status, 401);
  EXPECT_EQ((*server)->Answer(request, host.c_str(), nullptr).status, 401);
  EXPECT_EQ((*server)->Answer(request, "evil.example", "Bearer rahasia").status, 421);
  EXPECT_FALSE(HttpServer::OnLoopback("0.0.0.0:0", "rahasia", handler).has_value());
}

}  // namespace
}  // namespace rujukan::agency
