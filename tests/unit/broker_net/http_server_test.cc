// Goal: the routes behind a real socket, and the socket's own bounds. Method: HTTP/1.1 written by
// hand over loopback and a unix socket, so that nothing tidies up what a hostile client would send.
#include "broker/net/http_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/limits.h"
#include "broker/net/listen_socket.h"
#include "tests/support/raw_client.h"
#include "tests/unit/broker_net/fake_log.h"

namespace rujukan::broker {
namespace {

class HttpServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    HttpRoutesOptions options;
    options.operator_access.token = "7f3a9c";
    auto server = HttpServer::Start("127.0.0.1:0", log_, options);
    ASSERT_TRUE(server) << server.error().ToString();
    server_ = std::move(*server);
  }
  std::string Ask(const std::string& request) {
    testing::RawClient client(server_->Url());
    client.Send(request);
    return client.ReadToEnd();
  }
  std::string Get(const std::string& path, const std::string& headers = "") {
    return Ask("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + headers +
               "\r\n");
  }
  static bool Has(const std::string& answer, const std::string& part) {
    return answer.find(part) != std::string::npos;
  }
  static bool IsStatus(const std::string& answer, int status) {
    return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
  }

  FakeLog log_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, ServesAndLabelsWhatItServes) {
  const std::string answer = Get("/tile/0/273.p/112");
  EXPECT_TRUE(IsStatus(answer, 200)) << answer;
  EXPECT_TRUE(Has(answer, "Content-Type: application/octet-stream\r\n")) << answer;
  EXPECT_TRUE(Has(answer, "Cache-Control: public, max-age=31536000, immutable\r\n")) << answer;
  EXPECT_TRUE(Has(answer, "Content-Length: 3584\r\n")) << answer;
  EXPECT_TRUE(IsStatus(Get("/checkpoint?cache=no"), 200));
}

TEST_F(HttpServerTest, TheTokenOpensEntriesAndNothingElseDoes) {
  EXPECT_TRUE(IsStatus(Get("/tile/entries/000", "Authorization: Bearer 7f3a9c\r\n"), 200));
  const std::string refused = Get("/tile/entries/000");
  EXPECT_TRUE(IsStatus(refused, 401)) << refused;
  EXPECT_TRUE(Has(refused, "WWW-Authenticate: Bearer")) << refused;
  EXPECT_TRUE(IsStatus(Get("/tile/entries/000?token=7f3a9c"), 401));
}

TEST_F(HttpServerTest, EscapesAreNotUndone) {
  EXPECT_TRUE(IsStatus(Get("/checkpoint%00"), 404));
  EXPECT_TRUE(IsStatus(Get("/tile/%2e%2e/log.key"), 400));
  EXPECT_TRUE(IsStatus(Get("/../../etc/passwd"), 404));
}

TEST_F(HttpServerTest, AForeignHostIsMisdirected) {
  EXPECT_TRUE(IsStatus(
      Ask("GET /checkpoint HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"), 421));
  EXPECT_TRUE(IsStatus(Ask("GET /checkpoint HTTP/1.1\r\nConnection: close\r\n\r\n"), 400));
}

TEST_F(HttpServerTest, OtherMethodsAndBodiesAreRefusedWithTheReason) {
  const std::string post =
      Ask("POST /checkpoint HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\nxxxx");
  EXPECT_TRUE(IsStatus(post, 405)) << post;
  EXPECT_TRUE(Has(post, "Allow: GET, HEAD\r\n")) << post;
  const std::string get =
      Ask("GET /checkpoint HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\nxxxx");
  EXPECT_TRUE(IsStatus(get, 413)) << get;
}

TEST_F(HttpServerTest, ALongPathAndHeadersWithoutEndAreRefused) {
  EXPECT_TRUE(IsStatus(Get("/" + std::string(limits::kHttpPathBytesMax, 'a')), 414));
  testing::RawClient client(server_->Url());
  client.Send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
  EXPECT_LT(client.Flood(300'000'000), 20'000'000U);
  EXPECT_TRUE(IsStatus(Get("/healthz"), 200));
}

TEST_F(HttpServerTest, AUnixSocketIsServedAndRemovedAtTheEnd) {
  std::array<char, 32> directory{"/tmp/rujukan-http-XXXXXX"};
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const std::string path = std::string(directory.data()) + "/http.sock";
  struct stat file {};
  {
    // A stale file of a killed broker is replaced.
    const auto stale = Listen("unix:" + path);
    ASSERT_TRUE(stale);
    close(stale->fd);
    const auto server = HttpServer::Start("unix:" + path, log_, {});
    ASSERT_TRUE(server) << server.error().ToString();
    EXPECT_EQ((*server)->Url(), "unix:" + path);
    ASSERT_EQ(stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777U, 0660U);
  }
  EXPECT_NE(stat(path.c_str(), &file), 0);
  rmdir(directory.data());
}

TEST(Listen, SaysWhatIsWrongWithAnAddress) {
  for (const std::string address : {"",
                                    "7402",
                                    "127.0.0.1",
                                    "127.0.0.1:65536",
                                    "localhost:1",
                                    "unix:",
                                    "[::1:1",
                                    "127.0.0.1:-1"}) {
    const auto socket = Listen(address);
    ASSERT_FALSE(socket) << address;
    EXPECT_EQ(socket.error().code, Errc::kInvalid) << address;
  }
}

TEST(Listen, ATakenPortAndAPathThatIsAFileAreNotTakenOver) {
  const auto first = Listen("127.0.0.1:0");
  ASSERT_TRUE(first);
  const auto second = Listen(first->url.substr(std::string("http://").size()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  close(first->fd);
  const auto on_a_file = Listen("unix:" RUJUKAN_SOURCE_DIR "/CMakeLists.txt");
  ASSERT_FALSE(on_a_file);
  EXPECT_EQ(access(RUJUKAN_SOURCE_DIR "/CMakeLists.txt", R_OK), 0);
}

}  // namespace
}  // namespace rujukan::broker
