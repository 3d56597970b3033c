// Goal: the watch's rim: configuration is strict, alerts are kept and told, HTTP answers as
// documented and within its bounds. Method: files in a temporary folder, libcurl against the
// server.
#include "agents/audit/watch_daemon.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agents/audit/spawn.h"
#include "base/limits.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Answer {
  long status = 0;
  std::string type;
  std::string body;
};

size_t Collect(char* data, size_t size, size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

// `post`: nullptr for a GET.
Answer Call(const std::string& url, const std::string* post = nullptr, const char* host = nullptr) {
  Answer answer;
  CURL* curl = curl_easy_init();
  curl_slist* headers = nullptr;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  if (post != nullptr) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(post->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, post->c_str());
  }
  if (host != nullptr) {
    headers = curl_slist_append(headers, (std::string("Host: ") + host).c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  }
  EXPECT_EQ(curl_easy_perform(curl), CURLE_OK);
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  answer.type = type == nullptr ? "" : type;
  curl_slist_free_all(headers);
  curl_easy_cleanup(curl);
  return answer;
}

WatchedLedger At(const std::string& address, const std::string& vkey) {
  WatchedLedger ledger;
  ledger.addresses = {address};
  ledger.vkey = vkey;
  return ledger;
}

class WatchDaemonTest : public ::testing::Test {
 protected:
  WatchDaemonTest() {
    config.data = work + "/watch";
    config.name = "witness.example/w1";
    config.listen = "127.0.0.1:0";
    config.every_ms = 10;
    config.ledgers = {At(work + "/broker", story.world.log().verifier().ToVkey())};
    Publish(story.world.entries());
  }
  ~WatchDaemonTest() override {
    daemon.reset();
    fs::remove_all(work);
  }
  void Publish(const std::vector<std::string>& entries) const {
    testing::WriteFiles(testing::MakeLog(entries, story.world.log()), work + "/broker");
  }
  void Open() {
    auto opened = WatchDaemon::Open(config, clock);
    ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
    daemon = std::move(*opened);
  }
  void Look() const {
    ASSERT_TRUE(daemon->Once([] { return false; }).has_value());
  }
  std::string Request() const {
    ledger::AddCheckpointRequest request;
    request.checkpoint =
        testing::MakeLog(story.world.entries(), story.world.log()).at("checkpoint");
    return request.Body();
  }
  std::string AlertLines() const {
    return ReadFile(work + "/watch/alerts.jsonl", 1'000'000).value_or("");
  }

  testing::Story story;
  std::string work = testing::MakeTemporaryDirectory();
  SystemClock clock;
  WatchConfig config;
  std::unique_ptr<WatchDaemon> daemon;
};

TEST_F(WatchDaemonTest, ServesTheWitnessProtocolAndItself) {
  Open();
  ASSERT_TRUE(daemon->Start().has_value());
  const std::string url = daemon->url();
  const std::string body = Request();
  const std::string hash = OriginHash("rujukan/lampung.example");
  EXPECT_EQ(Call(url + "/" + hash + "/checkpoint").status, 404) << "nothing yet";
  const Answer cosigned = Call(url + "/add-checkpoint", &body);
  EXPECT_EQ(cosigned.status, 200) << cosigned.body;
  const std::string stale = "old 1\n\n" + body.substr(body.find("\n\n") + 2);
  const Answer conflict = Call(url + "/add-checkpoint", &stale);
  EXPECT_EQ(conflict.status, 409);
  EXPECT_EQ(conflict.type, "text/x.tlog.size");
  EXPECT_EQ(conflict.body, std::to_string(story.world.size()) + "\n");
  EXPECT_THAT(Call(url + "/" + hash + "/checkpoint").body, HasSubstr(cosigned.body));
  EXPECT_EQ(Call(url + "/vkey").body, daemon->witness_key().ToVkey() + "\n");
  EXPECT_EQ(Call(url + "/healthz").status, 200);
  EXPECT_THAT(Call(url + "/status").body, HasSubstr("\"cosigned\": true"));
  EXPECT_THAT(Call(url + "/metrics").body,
              HasSubstr("rujukan_audit_witness_answers_total{status=\"409\"} 1"));
}

TEST_F(WatchDaemonTest, RefusesOtherMethodsPathsHostsAndTooManyBytes) {
  Open();
  ASSERT_TRUE(daemon->Start().has_value());
  const std::string url = daemon->url();
  const std::string empty;
  EXPECT_EQ(Call(url + "/add-checkpoint").status, 405);
  EXPECT_EQ(Call(url + "/status", &empty).status, 405);
  EXPECT_EQ(Call(url + "/nothing").status, 404);
  EXPECT_EQ(Call(url + "/" + std::string(64, 'A') + "/checkpoint").status, 404) << "upper case";
  EXPECT_EQ(Call(url + "/" + std::string(300, 'a')).status, 414);
  EXPECT_EQ(Call(url + "/status", nullptr, "evil.contoh.test").status, 421);
  const std::string most(limits::kWitnessRequestBytesMax, 'x');
  EXPECT_EQ(Call(url + "/add-checkpoint", &most).status, 400) << "as much as may be";
  const std::string more = most + "x";
  EXPECT_EQ(Call(url + "/add-checkpoint", &more).status, 413);
}

TEST_F(WatchDaemonTest, ASecondWatchInTheSameFolderIsRefused) {
  Open();
  EXPECT_EQ(WatchDaemon::Open(config, clock).error().code, Errc::kConflict);
}

TEST_F(WatchDaemonTest, AnAlertIsKeptWithBothNotesToldToTheCommandAndNotRepeated) {
  std::ofstream(work + "/tell.sh")
      << "#!/bin/sh\necho \"$1 $2\" >>'" << work << "/told'\ncat >>'" << work << "/told'\n";
  fs::permissions(work + "/tell.sh", fs::perms::owner_all);
  config.alert_command = {work + "/tell.sh"};
  Open();
  Look();
  EXPECT_EQ(AlertLines(), "");
  auto other = story.world.entries();
  other.back() += "x";
  Publish(other);
  Look();
  Look();
  const std::string lines = AlertLines();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1) << lines;
  EXPECT_THAT(lines, HasSubstr("\"alert\":\"FORK\""));
  const auto kept = fs::directory_iterator(work + "/watch/evidence");
  EXPECT_EQ(std::distance(begin(kept), end(kept)), 2);
  EXPECT_EQ(*ReadFile(work + "/told", 100'000), "FORK rujukan/lampung.example\n" + lines);
  daemon.reset();
  Open();
  Look();
  EXPECT_EQ(AlertLines(), lines) << "a restart repeats nothing";
  EXPECT_EQ(daemon->Status().ledgers.front().open.size(), 1U) << "but still holds it";
}

TEST_F(WatchDaemonTest, ACommandThatFailsIsCountedAndStopsNothing) {
  config.alert_command = {"/bin/false"};
  Open();
  fs::remove_all(work + "/broker/tile");
  Look();
  EXPECT_THAT(AlertLines(), HasSubstr("\"alert\":\"GAP\""));
  EXPECT_EQ(daemon->Status().commands_failed, 1U);
}

TEST(SpawnTest, ACommandThatHangsIsEnded) {
  EXPECT_EQ(RunCommand({"sleep", "1000"}, "", 50).error().code, Errc::kUnavailable);
  EXPECT_EQ(RunCommand({"/does/not/exist"}, "", 50).error().code, Errc::kUnavailable);
  EXPECT_TRUE(RunCommand({"grep", "-q", "; rm"}, "; rm -rf $HOME\n", 10'000).has_value())
      << "no shell reads it";
}

TEST(WatchConfigTest, AFileIsReadStrictly) {
  WatchConfig config;
  const auto read = ReadConfig(
      R"({"data": "watch", "name": "w", "listen": "unix:/run/w", "every_ms": 100,
          "hosts": ["w.contoh.test"], "alert_command": ["logger", "-t", "x"], "key_file": "k",
          "ledgers": [{"addresses": ["http://a", "http://b"], "token_file": "t", "vkey": "v",
                       "root": "00"}]})",
      config);
  ASSERT_TRUE(read.has_value()) << read.error().ToString();
  EXPECT_EQ(config.ledgers.front().addresses.size(), 2U);
  EXPECT_EQ(config.alert_command.size(), 3U);
  for (const char* text : {"",
                           "[]",
                           R"({"dta": "x"})",
                           R"({"data": 1})",
                           R"({"every_ms": "1"})",
                           R"({"hosts": "x"})",
                           R"({"hosts": [1]})",
                           R"({"ledgers": {}})",
                           R"({"ledgers": [1]})",
                           R"({"ledgers": [{"tokenfile": "x"}]})"}) {
    EXPECT_EQ(ReadConfig(text, config).error().code, Errc::kInvalid) << text;
  }
}

TEST(WatchConfigTest, AsManyLedgersAsTheLimitEachOnceAndPinned) {
  const auto vkey_of = [](size_t i) {
    std::string seed(32, 's');
    seed[0] = static_cast<char>(i);
    return ledger::NoteSigner::Make("log" + std::to_string(i), *certs::Ed25519Key::FromSeed(seed))
        ->verifier()
        .ToVkey();
  };
  WatchConfig config;
  config.data = "d";
  config.name = "w";
  EXPECT_EQ(CheckConfig(config).error().code, Errc::kInvalid) << "nothing to watch";
  for (size_t i = 0; i < limits::kWatchedLogsMax; ++i) {
    config.ledgers.push_back(At("http://a", vkey_of(i)));
  }
  EXPECT_TRUE(CheckConfig(config).has_value());
  config.ledgers.push_back(At("http://a", vkey_of(100)));
  EXPECT_EQ(CheckConfig(config).error().code, Errc::kLimit);
  config.ledgers = {At("http://a", vkey_of(1)), At("http://b", vkey_of(1))};
  EXPECT_EQ(CheckConfig(config).error().code, Errc::kInvalid) << "twice";
  config.ledgers = {At("http://a", "")};
  EXPECT_EQ(CheckConfig(config).error().code, Errc::kInvalid) << "no key";
  config.ledgers = {At("http://a", vkey_of(1))};
  config.ledgers[0].addresses.clear();
  EXPECT_EQ(CheckConfig(config).error().code, Errc::kInvalid) << "no address";
}

}  // namespace
}  // namespace rujukan::audit
