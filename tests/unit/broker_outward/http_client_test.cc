// Goal: requests to others are bounded in time and size, go to the configured address alone, and
// one that hangs delays nobody. Method: libcurl against small real servers on loopback and a unix
// socket.
#include "broker/outward/http_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "base/limits.h"
#include "broker/outward/witness_list.h"
#include "certs/ed25519.h"
#include "ledger/cosignature.h"
#include "tests/support/http_stub.h"

namespace rujukan::broker {
namespace {

using rujukan::testing::HttpStub;

// Lets a handler wait until the test is over.
class Gate {
 public:
  ~Gate() { Open(); }
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void AwaitSomebody() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

HttpCall CallTo(const std::string& base, size_t answer_bytes_max = 1'000) {
  return {base, "/jalan", "text/plain", "isi", answer_bytes_max};
}

class HttpClientTest : public ::testing::Test {
 protected:
  Result<PostAnswer> Post(const HttpCall& call) {
    return std::move(client->Post({call}, stopping).front());
  }
  std::unique_ptr<HttpPort> client = MakeHttpClient();
  std::atomic<bool> stopping{false};
};

TEST_F(HttpClientTest, ARequestIsPostedAndItsAnswerComesWithStatusAndType) {
  HttpStub::Request seen;
  HttpStub server([&](const HttpStub::Request& request) {
    seen = request;
    return HttpStub::Reply{409, "text/x.tlog.size", "7\n", ""};
  });
  const auto answer = Post(CallTo(server.url()));
  ASSERT_TRUE(answer) << answer.error().context;
  EXPECT_EQ(answer->status, 409);
  EXPECT_EQ(answer->content_type, "text/x.tlog.size");
  EXPECT_EQ(answer->body, "7\n");
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/jalan");
  EXPECT_EQ(seen.content_type, "text/plain");
  EXPECT_EQ(seen.body, "isi");
}

TEST_F(HttpClientTest, AUnixSocketIsReachedToo) {
  std::string directory = (std::filesystem::temp_directory_path() / "rujukan-XXXXXX").string();
  ASSERT_NE(::mkdtemp(directory.data()), nullptr);
  {
    HttpStub server(
        [](const HttpStub::Request& request) {
          return HttpStub::Reply{200, "", request.path, ""};
        },
        directory + "/sock");
    EXPECT_EQ(Post(CallTo("unix:" + directory + "/sock"))->body, "/jalan");
  }
  EXPECT_EQ(Post(CallTo("unix:" + directory + "/sock")).error().code, Errc::kUnavailable);
  std::filesystem::remove_all(directory);
}

TEST_F(HttpClientTest, AnAnswerAtItsLimitIsTakenAndOnePastItIsNot) {
  size_t size = 1'000;
  HttpStub server([&](const HttpStub::Request&) {
    return HttpStub::Reply{200, "", std::string(size, 'x'), ""};
  });
  EXPECT_EQ(Post(CallTo(server.url()))->body.size(), 1'000U);
  size = 1'001;
  EXPECT_EQ(Post(CallTo(server.url())).error().code, Errc::kLimit);
}

TEST_F(HttpClientTest, ARedirectIsAnAnswerAndIsNotFollowed) {
  bool reached = false;
  HttpStub elsewhere([&](const HttpStub::Request&) {
    reached = true;
    return HttpStub::Reply{};
  });
  HttpStub server([&](const HttpStub::Request&) {
    return HttpStub::Reply{307, "", "", elsewhere.url()};
  });
  EXPECT_EQ(Post(CallTo(server.url()))->status, 307);
  EXPECT_FALSE(reached);
}

TEST_F(HttpClientTest, OneThatHangsDelaysTheOthersByNoMoreThanItsOwnTimeOut) {
  Gate gate;
  HttpStub slow([&](const HttpStub::Request&) {
    gate.Wait();
    return HttpStub::Reply{};
  });
  HttpStub quick([](const HttpStub::Request&) { return HttpStub::Reply{200, "", "ya", ""}; });
  const auto before = std::chrono::steady_clock::now();
  const auto answers = client->Post({CallTo(slow.url()), CallTo(quick.url())}, stopping);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  gate.Open();
  EXPECT_EQ(answers[0].error().code, Errc::kUnavailable);
  EXPECT_EQ(answers[1]->body, "ya");
  EXPECT_LT(took.count(), 2.0 * limits::kOutboundTimeoutMs / 1000) << "both waited at once";
}

TEST_F(HttpClientTest, StoppingDoesNotWaitForAnybody) {
  Gate gate;
  HttpStub slow([&](const HttpStub::Request&) {
    gate.Wait();
    return HttpStub::Reply{};
  });
  std::thread stopper([&] {
    gate.AwaitSomebody();
    stopping = true;
  });
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(Post(CallTo(slow.url())).error().code, Errc::kUnavailable);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  EXPECT_LT(took.count(), limits::kOutboundTimeoutMs / 1000.0 / 2);
  gate.Open();
  stopper.join();
}

TEST_F(HttpClientTest, NobodyThereIsAnErrorAtOnce) {
  int port = 0;
  {
    const HttpStub gone([](const HttpStub::Request&) { return HttpStub::Reply{}; });
    port = gone.port();
  }
  EXPECT_EQ(Post(CallTo("http://127.0.0.1:" + std::to_string(port))).error().code,
            Errc::kUnavailable);
}

TEST(HttpBaseTest, OnlyWebAddressesAndSocketsAreTaken) {
  for (const char* good : {"http://a", "https://a.test/b", "unix:/run/w.sock"}) {
    EXPECT_TRUE(CheckHttpBase(good)) << good;
  }
  for (const char* bad :
       {"", "a.test", "ftp://a", "file:///etc/passwd", "unix:relative", "http://"}) {
    EXPECT_EQ(CheckHttpBase(bad).error().code, Errc::kInvalid) << bad;
  }
}

class WitnessListTest : public ::testing::Test {
 protected:
  static std::string Vkey(const std::string& name) {
    return ledger::Cosigner::Make(name, certs::Ed25519Key::Generate()).value().verifier().ToVkey();
  }
};

TEST_F(WitnessListTest, AWitnessIsAKeyAndAnAddress) {
  const std::string vkey = Vkey("saksi.test");
  const auto witness = ParseWitness(vkey + " https://saksi.test/log/");
  ASSERT_TRUE(witness) << witness.error().context;
  EXPECT_EQ(witness->key.ToVkey(), vkey);
  EXPECT_EQ(witness->base, "https://saksi.test/log");
  for (const std::string& bad :
       {vkey, vkey + " saksi.test", std::string("x https://a"), std::string("https://a ") + vkey}) {
    EXPECT_EQ(ParseWitness(bad).error().code, Errc::kInvalid) << bad;
  }
}

TEST_F(WitnessListTest, APolicyFileNamesWitnessesWithTheirAddresses) {
  const std::string line = "witness a " + Vkey("a.test");
  const auto targets = WitnessesOfPolicy(line + " http://a.test\nquorum a\n");
  ASSERT_TRUE(targets) << targets.error().context;
  EXPECT_EQ(targets->at(0).base, "http://a.test");
  EXPECT_EQ(WitnessesOfPolicy(line + "\nquorum a\n").error().code, Errc::kInvalid) << "no address";
  EXPECT_FALSE(WitnessesOfPolicy("nonsense\n"));
}

TEST_F(WitnessListTest, AsManyAsTheLimitAndEachOnce) {
  std::vector<WitnessTarget> many;
  while (many.size() < limits::kWitnessesMax) {
    many.push_back(
        ParseWitness(Vkey("w" + std::to_string(many.size())) + " http://a.test").value());
  }
  EXPECT_TRUE(CheckWitnesses(many));
  many.push_back(ParseWitness(Vkey("w") + " http://a.test").value());
  EXPECT_EQ(CheckWitnesses(many).error().code, Errc::kLimit);
  many.resize(1);
  many.push_back(many[0]);
  EXPECT_EQ(CheckWitnesses(many).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::broker
