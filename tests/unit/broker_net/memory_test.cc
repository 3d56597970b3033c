// Goal: what a stranger or a mad agency sends costs no memory. Method: flood the real router and
// read this process's own high-water mark. Client and server share the process, so the honest
// libzmq client of the multipart flood sends one shared buffer again and again.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/limits.h"
#include "tests/support/raw_client.h"
#include "tests/unit/broker_net/router_fixture.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RUJUKAN_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RUJUKAN_SANITIZED 1
#endif
#endif

namespace rujukan::broker {
namespace {

constexpr size_t kFloodBytes = 300'000'000;
constexpr int64_t kGrowthKbMax = 30'000;

int64_t StatusKb(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) {
      return std::stoll(line.substr(field.size() + 1));
    }
  }
  return 0;
}

class MemoryTest : public RouterFixture {
 protected:
  void SetUp() override {
#ifdef RUJUKAN_SANITIZED
    GTEST_SKIP() << "sanitizers keep freed memory";
#endif
    RouterFixture::SetUp();
    ExpectServed(polres_, kPolres);               // one-time allocations are behind us
    std::ofstream("/proc/self/clear_refs") << 5;  // proc(5): resets VmHWM
    before_kb_ = StatusKb("VmRSS");
  }
  void ExpectFlat(const std::string& name) {
    const int64_t growth_kb = StatusKb("VmHWM") - before_kb_;
    RecordProperty(name, std::to_string(growth_kb) + " kB");
    GTEST_LOG_(INFO) << name << ": memory grew by " << growth_kb << " kB at most";
    EXPECT_LT(growth_kb, kGrowthKbMax);
  }

  int64_t before_kb_ = 0;
};

TEST_F(MemoryTest, ThreeHundredMegabytesBeforeAuthenticationAreCutAtOnce) {
  for (const Door door : {Door::kMain, Door::kEnrolment}) {
    testing::RawClient client(router_->Endpoint(door));
    ASSERT_TRUE(client.Send(testing::CurveGreeting() + testing::LongCommandHead(kFloodBytes)));
    // What the kernels' buffers hold until the close arrives.
    EXPECT_LT(client.Flood(kFloodBytes), 20'000'000U);
  }
  ExpectFlat("one huge command before authentication");
  ExpectServed(dinsos_, kDinsos);
}

TEST_F(MemoryTest, EndlessGarbageInPlaceOfAGreetingIsCut) {
  testing::RawClient client(router_->Endpoint(Door::kMain));
  EXPECT_LT(client.Flood(kFloodBytes), 20'000'000U);
  ExpectFlat("garbage before authentication");
  ExpectServed(dinsos_, kDinsos);
}

TEST_F(MemoryTest, AnEndlessMultipartOfAnAuthenticatedClientIsCut) {
  constexpr size_t kPartBytes = 60'000;
  static std::string part(kPartBytes, 'x');
  const auto client = Connect(dinsos_, {.reconnect_ms = -1});
  ASSERT_TRUE(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_SUCCEEDED));
  const auto keep = [](void*, void*) {};
  for (size_t sent = 0; sent < kFloodBytes; sent += kPartBytes) {
    zmq_msg_t message;
    ASSERT_EQ(zmq_msg_init_data(&message, part.data(), part.size(), keep, nullptr), 0);
    ASSERT_GE(zmq_msg_send(&message, client->handle(), ZMQ_SNDMORE), 0);
  }
  client->Send("end");  // libzmq sends nothing before the last part
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  EXPECT_TRUE(WaitForMetric("rujukan_connections_cut_total{reason=\"unfinished\"} 1"));
  ExpectFlat("endless multipart");
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 2U);
}

TEST_F(MemoryTest, AFullEngineKeepsFloodsInTheSendersAndNotInMemory) {
  engine_.SetCapacity(1);  // SetUp's frame: nothing more is taken
  const auto client = Connect(dinsos_);
  static std::string frame(limits::kFrameBytesMax, 'x');
  const auto keep = [](void*, void*) {};
  for (size_t sent = 0; sent < kFloodBytes; sent += frame.size()) {
    zmq_msg_t message;
    ASSERT_EQ(zmq_msg_init_data(&message, frame.data(), frame.size(), keep, nullptr), 0);
    ASSERT_GE(zmq_msg_send(&message, client->handle(), 0), 0);
  }
  ASSERT_TRUE(engine_.WaitForRefusals(1));
  // Answers still go out to others' connections and their silence is no attack.
  EXPECT_TRUE(WaitForMetric("rujukan_admission_pauses_total 1"));
  ExpectFlat("back-pressure");
  engine_.SetCapacity(3);
  outbox_->Resume();
  ASSERT_TRUE(engine_.WaitForFrames(3));
  EXPECT_EQ(router_->MetricsText().find("reason=\"unfinished\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace rujukan::broker
