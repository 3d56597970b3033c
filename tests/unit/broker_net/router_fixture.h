// A running router with a fake engine behind it, and clients with keys.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "broker/net/router.h"
#include "certs/ed25519.h"
#include "tests/unit/broker_net/fake_engine.h"
#include "tests/unit/broker_net/test_client.h"

namespace rujukan::broker {

class RouterFixture : public ::testing::Test {
 protected:
  static constexpr const char* kDinsos = "dinsos.18.71@lampung.example";
  static constexpr const char* kPolres = "polres.18.71@lampung.example";

  void SetUp() override {
    engine_.Admit(dinsos_.public_key, kDinsos);
    engine_.Admit(polres_.public_key, kPolres);
    outbox_ = std::move(*Outbox::Create());
    StartRouter({});
  }
  void StartRouter(const ConnectionLimits& limits) {
    router_.reset();
    auto router = Router::Start({.main_endpoint = "tcp://127.0.0.1:0",
                                 .enrolment_endpoint = "tcp://127.0.0.1:0",
                                 .keys = server_,
                                 .limits = limits},
                                {.outbox = *outbox_, .inlet = engine_, .gatekeeper = engine_});
    ASSERT_TRUE(router) << router.error().ToString();
    router_ = std::move(*router);
  }

  std::unique_ptr<TestClient> Connect(const certs::TransportKeyPair& keys,
                                      const TestClient::Options& options = {},
                                      Door door = Door::kMain) {
    return std::make_unique<TestClient>(router_->Endpoint(door), server_.public_key, keys, options);
  }
  // A sends, it arrives: proof that the router serves others whatever else goes on.
  void ExpectServed(const certs::TransportKeyPair& keys, const std::string& user) {
    const size_t before = engine_.Frames().size();
    const auto client = Connect(keys);
    client->Send("are you there");
    ASSERT_TRUE(engine_.WaitForFrames(before + 1));
    const Inbound last = engine_.Frames().back();
    EXPECT_EQ(last.peer.user, user);
    outbox_->Send(last.peer, "yes");
    EXPECT_EQ(client->Receive(), "yes");
  }
  // Looks at the metrics until they hold this line.
  bool WaitForMetric(const std::string& line) {
    std::mutex mutex;
    std::condition_variable pause;
    std::unique_lock<std::mutex> lock(mutex);
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (router_->MetricsText().find(line + "\n") == std::string::npos) {
      if (std::chrono::steady_clock::now() > deadline) {
        return false;
      }
      pause.wait_for(lock, std::chrono::milliseconds(5));
    }
    return true;
  }

  const certs::TransportKeyPair server_ = certs::GenerateTransportKeyPair();
  const certs::TransportKeyPair dinsos_ = certs::GenerateTransportKeyPair();
  const certs::TransportKeyPair polres_ = certs::GenerateTransportKeyPair();
  const certs::TransportKeyPair stranger_ = certs::GenerateTransportKeyPair();
  FakeEngine engine_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Router> router_;
};

}  // namespace rujukan::broker
