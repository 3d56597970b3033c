// Goal: who gets what over HTTP. Method: a text table of requests and answers against a small fake
// log; properties that a table cannot show (no leaks, caching) below it.
#include "broker/net/http_routes.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "tests/unit/broker_net/fake_log.h"

namespace rujukan::broker {
namespace {

constexpr const char* kToken = "7f3a9c";

HttpRoutesOptions Options() {
  HttpRoutesOptions options;
  options.operator_access.token = kToken;
  options.vkey = "rujukan/lampung.example+00000000+AAAA";
  options.allowed_hosts = {"rujukan.lampung.example"};
  options.more_metrics = [] { return std::string("connections 2\n"); };
  return options;
}

HttpRequest Get(std::string_view path, std::string_view authorization = "") {
  return {.method = "GET",
          .path = path,
          .host = "127.0.0.1:7402",
          .authorization = authorization,
          .body_bytes = 0};
}

// method | path | host | authorization ("-": none) | expected status | what the answer's body
// contains
constexpr const char* kTable = R"(
GET    | /healthz                    | 127.0.0.1:7402          | -              | 200 | ok
HEAD   | /healthz                    | 127.0.0.1:7402          | -              | 200 | ok
GET    | /readyz                     | localhost               | -              | 200 | ready
GET    | /metrics                    | localhost:1             | -              | 200 | entries 1
GET    | /metrics                    | localhost:1             | -              | 200 | tions 2
GET    | /checkpoint                 | [::1]:7402              | -              | 200 | rujukan
GET    | /checkpoint/cosigned        | [::1]:7402              | -              | 200 | 5
GET    | /vkey                       | [::1]                   | -              | 200 | +00000000+
GET    | /tile/0/273.p/112           | 127.0.0.1               | -              | 200 | hhhh
GET    | /tile/0/273                 | 127.0.0.1               | -              | 404 | full tile
GET    | /tile/0/273.p/113           | 127.0.0.1               | -              | 404 | full tile
GET    | /tile/9/000                 | 127.0.0.1               | -              | 404 | /checkpoint
GET    | /tile/entries/000           | 127.0.0.1               | Bearer 7f3a9c  | 200 | bundle
GET    | /tile/entries/001           | 127.0.0.1               | Bearer 7f3a9c  | 404 | no such
GET    | /tile/entries/000           | 127.0.0.1               | -              | 401 | Bearer <its
GET    | /tile/entries/001           | 127.0.0.1               | -              | 401 | Bearer <its
GET    | /tile/entries/000           | 127.0.0.1               | Bearer 7f3a9d  | 401 | Bearer
GET    | /tile/entries/000           | 127.0.0.1               | Bearer 7f3a9c0 | 401 | Bearer
GET    | /tile/entries/000           | 127.0.0.1               | Bearer         | 401 | Bearer
GET    | /tile/entries/000           | 127.0.0.1               | Basic 7f3a9c   | 401 | Bearer
GET    | /tile/entries/000           | 127.0.0.1               | 7f3a9c         | 401 | Bearer
GET    | /scoped/entries/000         | 127.0.0.1               | Bearer 7f3a9c  | 200 | bundle
GET    | /scoped/entries/001         | 127.0.0.1               | Bearer 7f3a9c  | 404 | no such
GET    | /scoped/entries/000         | 127.0.0.1               | -              | 401 | Bearer <its
GET    | /scoped/entries/000         | 127.0.0.1               | Bearer 7f3a9d  | 401 | Bearer
GET    | /scoped/0/000               | 127.0.0.1               | Bearer 7f3a9c  | 400 | scoped
GET    | /scoped/entries/../log.key  | 127.0.0.1               | Bearer 7f3a9c  | 400 | scoped
GET    | /tile/64/000                | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/00/000                | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/0/0                   | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/0/000.p/0             | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/0/000.p/256           | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/../log.key            | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/entries/../../log.key | 127.0.0.1               | Bearer 7f3a9c  | 400 | tlog-tiles
GET    | /tile/%2e%2e/log.key        | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /tile/0/000%00              | 127.0.0.1               | -              | 400 | tlog-tiles
GET    | /../etc/passwd              | 127.0.0.1               | -              | 404 | nothing
GET    | /                           | 127.0.0.1               | -              | 404 | /checkpoint
GET    | /checkpoint/                | 127.0.0.1               | -              | 404 | nothing
GET    | /certificates               | 127.0.0.1               | -              | 404 | nothing
POST   | /checkpoint                 | 127.0.0.1               | -              | 405 | only GET
DELETE | /tile/0/273.p/112           | 127.0.0.1               | -              | 405 | only GET
GET    | /healthz                    | rujukan.lampung.example | -              | 200 | ok
GET    | /healthz                    | evil.example            | -              | 421 | --http-host
GET    | /healthz                    | 127.0.0.1.evil.example  | -              | 421 | --http-host
GET    | /tile/entries/000           | evil.example:7402       | Bearer 7f3a9c  | 421 | --http-host
)";

std::string Trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? ""
                                    : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, '|');) {
    cells.push_back(Trimmed(cell));
  }
  return cells;
}

TEST(HttpRoutes, AnswersAsTheTableSays) {
  const FakeLog log;
  const HttpRoutes routes(log, Options());
  std::istringstream table(kTable);
  size_t rows = 0;
  for (std::string line; std::getline(table, line);) {
    const std::vector<std::string> cells = Cells(line);
    if (cells.size() != 6) {
      continue;
    }
    ++rows;
    const HttpResponse answer =
        routes.Answer({.method = cells[0],
                       .path = cells[1],
                       .host = cells[2],
                       .authorization = cells[3] == "-" ? std::string_view() : cells[3],
                       .body_bytes = 0});
    EXPECT_EQ(std::to_string(answer.status), cells[4]) << line;
    EXPECT_NE(answer.body.find(cells[5]), std::string::npos) << line << "\n" << answer.body;
  }
  EXPECT_EQ(rows, 46U);
}

TEST(HttpRoutes, TilesNeverChangeAndAuditorsAnswersAreNotShared) {
  const FakeLog log;
  const HttpRoutes routes(log, Options());
  const HttpResponse tile = routes.Answer(Get("/tile/0/273.p/112"));
  EXPECT_EQ(tile.content_type, "application/octet-stream");
  EXPECT_EQ(tile.cache_control, "public, max-age=31536000, immutable");
  const HttpResponse entries = routes.Answer(Get("/tile/entries/000", "Bearer 7f3a9c"));
  EXPECT_EQ(entries.cache_control, "private, max-age=31536000, immutable");
  const HttpResponse checkpoint = routes.Answer(Get("/checkpoint"));
  EXPECT_EQ(checkpoint.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(checkpoint.cache_control, "public, max-age=2");
  EXPECT_EQ(routes.Answer(Get("/tile/0/000")).cache_control, "no-store");
}

TEST(HttpRoutes, RefusalsNameTheHeaderTheyGoWith) {
  const FakeLog log;
  const HttpRoutes routes(log, Options());
  EXPECT_EQ(routes.Answer(Get("/tile/entries/000")).extra_header, "WWW-Authenticate");
  HttpRequest post = Get("/checkpoint");
  post.method = "POST";
  EXPECT_EQ(routes.Answer(post).extra_value, "GET, HEAD");
}

TEST(HttpRoutes, WithoutATokenEntriesAreServedToNobody) {
  const FakeLog log;
  HttpRoutesOptions options = Options();
  options.operator_access.token.clear();
  const HttpRoutes routes(log, options);
  EXPECT_EQ(routes.Answer(Get("/tile/entries/000", "Bearer ")).status, 401U);
  EXPECT_EQ(routes.Answer(Get("/tile/entries/000", "Bearer 7f3a9c")).status, 401U);
}

// A log that knows one reading, by the token "bacaan".
FakeLog LogWith(Reading reading) {
  FakeLog log;
  log.readings[certs::Sha256("bacaan").str()] = std::move(reading);
  return log;
}

Reading OpenReading() {
  Reading reading;
  reading.state = ReadingState::kOpen;
  return reading;
}

struct Answers {
  unsigned plain = 0;
  unsigned scoped = 0;
  std::string advice;  // of the plain one
};

Answers Ask(const FakeLog& log, const std::string& token = "bacaan") {
  const HttpRoutes routes(log, Options());
  const HttpResponse plain = routes.Answer(Get("/tile/entries/000", "Bearer " + token));
  const HttpResponse scoped = routes.Answer(Get("/scoped/entries/000", "Bearer " + token));
  EXPECT_EQ(scoped.cache_control, "no-store");
  return {plain.status, scoped.status, plain.body};
}

TEST(HttpRoutes, AReadingOfTheWholeDomainOpensPlainBundles) {
  const Answers answers = Ask(LogWith(OpenReading()));
  EXPECT_EQ(answers.plain, 200U);
  EXPECT_EQ(answers.scoped, 200U);
  EXPECT_EQ(answers.advice, "bundle");
}

TEST(HttpRoutes, ATokenNobodyOpenedOrOfAnotherDomainIsNone) {
  const Answers answers = Ask(LogWith(OpenReading()), "lain");
  EXPECT_EQ(answers.plain, 401U);
  EXPECT_EQ(answers.scoped, 401U);
}

TEST(HttpRoutes, AnExpiredReadingSaysSo) {
  Reading reading = OpenReading();
  reading.state = ReadingState::kExpired;
  const Answers answers = Ask(LogWith(reading));
  EXPECT_EQ(answers.plain, 401U);
  EXPECT_EQ(answers.scoped, 401U);
  EXPECT_NE(answers.advice.find("expired"), std::string::npos);
}

TEST(HttpRoutes, ASuspendedOrRevokedAuditorIsRefused) {
  Reading reading = OpenReading();
  reading.state = ReadingState::kInactive;
  const Answers answers = Ask(LogWith(reading));
  EXPECT_EQ(answers.plain, 403U);
  EXPECT_EQ(answers.scoped, 403U);
  EXPECT_NE(answers.advice.find("ask an admin"), std::string::npos);
}

TEST(HttpRoutes, ABundleThatIsPartlyOutOfRangeIsGivenScopedOnly) {
  for (const auto& [first, end] : {std::pair<LogIndex, LogIndex>{0, 256}, {0, 255}, {1, 0}}) {
    Reading reading = OpenReading();
    reading.first = first;
    reading.end = end;
    const bool whole = first == 0 && end == 256;
    const Answers answers = Ask(LogWith(reading));
    EXPECT_EQ(answers.plain, whole ? 200U : 403U) << first << "-" << end;
    EXPECT_EQ(answers.scoped, 200U);
    EXPECT_EQ(answers.advice.find("another range") != std::string::npos, !whole);
  }
}

TEST(HttpRoutes, ABundleThatIsPartlyOutOfScopeIsGivenScopedOnly) {
  Reading reading = OpenReading();
  reading.scope.add_agencies("dinsos.18@lampung.example");
  const Answers answers = Ask(LogWith(reading));
  EXPECT_EQ(answers.plain, 403U);
  EXPECT_EQ(answers.scoped, 200U);
  EXPECT_NE(answers.advice.find("/scoped/entries/"), std::string::npos);
}

TEST(HttpRoutes, ReadsAreCountedByOutcomeAndNoTokenOrDigestIsShown) {
  const FakeLog log = LogWith(OpenReading());
  const HttpRoutes routes(log, Options());
  for (const char* token : {"bacaan", "bacaan", "lain", kToken, ""}) {
    routes.Answer(Get("/tile/entries/000", std::string("Bearer ") + token));
  }
  const std::string metrics = routes.Answer(Get("/metrics")).body;
  for (const char* line : {"{outcome=\"given\"} 2\n",
                           "{outcome=\"unknown_token\"} 1\n",
                           "{outcome=\"operator\"} 1\n",
                           "{outcome=\"no_token\"} 1\n",
                           "{outcome=\"given_scoped\"} 0\n"}) {
    EXPECT_NE(metrics.find(line), std::string::npos) << line << metrics;
  }
  for (const std::string& secret :
       {std::string("bacaan"), std::string(kToken), ToHex(certs::Sha256("bacaan").view())}) {
    EXPECT_EQ(metrics.find(secret), std::string::npos);
    EXPECT_EQ(routes.Answer(Get("/tile/entries/001", "Bearer " + secret)).body.find(secret),
              std::string::npos);
  }
}

TEST(HttpRoutes, EveryUseOfTheOperatorsTokenIsTold) {
  const FakeLog log;
  HttpRoutesOptions options = Options();
  int told = 0;
  options.operator_access.on_use = [&told] { ++told; };
  const HttpRoutes routes(log, options);
  routes.Answer(Get("/tile/entries/000", "Bearer 7f3a9c"));
  routes.Answer(Get("/scoped/entries/000", "Bearer 7f3a9c"));
  routes.Answer(Get("/tile/entries/000", "Bearer other"));
  EXPECT_EQ(told, 2);
}

TEST(HttpRoutes, NotReadyAndBrokenAreSaidWithoutInsideKnowledge) {
  FakeLog log;
  log.ready = false;
  log.has_cosigned = false;
  log.has_checkpoint = false;
  log.broken = true;
  const HttpRoutes routes(log, Options());
  EXPECT_EQ(routes.Answer(Get("/readyz")).status, 503U);
  EXPECT_EQ(routes.Answer(Get("/healthz")).status, 200U);
  EXPECT_EQ(routes.Answer(Get("/checkpoint")).status, 404U);
  EXPECT_EQ(routes.Answer(Get("/checkpoint/cosigned")).status, 404U);
  const HttpResponse broken = routes.Answer(Get("/tile/0/000"));
  EXPECT_EQ(broken.status, 500U);
  EXPECT_EQ(broken.body.find("secret"), std::string::npos);
}

TEST(HttpRoutes, APathAtTheLimitIsReadAndOnePastItIsNot) {
  const FakeLog log;
  const HttpRoutes routes(log, Options());
  const std::string path = "/" + std::string(limits::kHttpPathBytesMax - 1, 'a');
  EXPECT_EQ(routes.Answer(Get(path)).status, 404U);
  EXPECT_EQ(routes.Answer(Get(path + "a")).status, 414U);
}

TEST(HttpRoutes, ABodyIsTooMuch) {
  const FakeLog log;
  const HttpRoutes routes(log, Options());
  HttpRequest request = Get("/checkpoint");
  request.body_bytes = 1;
  EXPECT_EQ(routes.Answer(request).status, 413U);
}

TEST(HttpRoutes, AUnixSocketAsksForNoHost) {
  const FakeLog log;
  HttpRoutesOptions options = Options();
  options.any_host = true;
  const HttpRoutes routes(log, options);
  HttpRequest request = Get("/healthz");
  request.host = "";
  EXPECT_EQ(routes.Answer(request).status, 200U);
}

}  // namespace
}  // namespace rujukan::broker
