// Goal: an event reaches whoever listens, is tried three times, and neither a dead receiver nor the
// end of the program is waited for.
// Method: the API's own HTTP server as receiver, on loopback.
#include "agents/agency/webhook.h"

#include <gtest/gtest.h>

#include "agents/agency/http.h"

namespace rujukan::agency {
namespace {

class WebhookTest : public ::testing::Test {
 protected:
  // Answers 500 `failures` times, then 200.
  std::string Listen(int failures) {
    left_ = failures;
    server_ =
        std::move(*HttpServer::OnLoopback("127.0.0.1:0", "", [this](const ApiRequest& request) {
          const std::lock_guard<std::mutex> lock(mutex_);
          bodies_.push_back(request.body);
          reported_.notify_all();
          return ApiReply{left_-- > 0 ? 500 : 200, "text/plain", ""};
        }));
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/kait";
  }
  Webhook::Report Reporting() {
    return [this](const std::string& failure) {
      const std::lock_guard<std::mutex> lock(mutex_);
      reports_.push_back(failure);
      reported_.notify_all();
    };
  }
  std::string AwaitReport() {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        reported_.wait_for(lock, std::chrono::seconds(30), [&] { return !reports_.empty(); }));
    return reports_.empty() ? "none" : reports_.front();
  }

  void AwaitFirstBody() {
    std::unique_lock<std::mutex> lock(mutex_);
    EXPECT_TRUE(
        reported_.wait_for(lock, std::chrono::seconds(30), [&] { return !bodies_.empty(); }));
  }

  std::mutex mutex_;
  std::condition_variable reported_;
  std::vector<std::string> bodies_;   // guarded by mutex_
  std::vector<std::string> reports_;  // guarded by mutex_
  int left_ = 0;                      // guarded by mutex_
  std::unique_ptr<HttpServer> server_;
};

TEST_F(WebhookTest, AnEventArrivesAsJsonAtTheThirdTry) {
  Webhook webhook({Listen(2), 10, 1}, Reporting());
  webhook.Post({{"event", "sertifikat_akan_berakhir"}, {"hari", 14}});
  EXPECT_EQ(AwaitReport(), "");
  ASSERT_EQ(bodies_.size(), 3U);
  EXPECT_EQ(Json::parse(bodies_[2])["hari"], 14);
}

TEST_F(WebhookTest, AfterThreeTriesItIsGivenUpAndReported) {
  Webhook webhook({Listen(100), 10, 1}, Reporting());
  webhook.Post({{"event", "x"}});
  EXPECT_EQ(AwaitReport(), "it answered 500");
  EXPECT_EQ(bodies_.size(), 3U);
}

TEST_F(WebhookTest, TheEndDoesNotWaitForTheNextTry) {
  const std::string url = Listen(100);
  {
    Webhook webhook({url, 10, 3'600'000}, Reporting());
    webhook.Post({{"event", "x"}});
    AwaitFirstBody();
  }
  EXPECT_EQ(bodies_.size(), 1U);
}

TEST_F(WebhookTest, OnlyHttpIsSpoken) {
  Webhook webhook({"file:///etc/hostname", 10, 1}, Reporting());
  webhook.Post({{"event", "x"}});
  EXPECT_NE(AwaitReport(), "");
}

}  // namespace
}  // namespace rujukan::agency
