// What the tests of the outward duties share: a running engine whose clock the test sets, chores
// that the test runs by hand, and others behind an HTTP port that is a function.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "broker/outward/http_port.h"
#include "broker/outward/outward_status.h"
#include "broker/outward/witness_list.h"
#include "ledger/witness.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {

class FakePort : public HttpPort {
 public:
  using Peer = std::function<Result<PostAnswer>(const HttpCall&)>;

  std::vector<Result<PostAnswer>> Post(const std::vector<HttpCall>& calls,
                                       const std::atomic<bool>&) override {
    ++rounds;
    std::vector<Result<PostAnswer>> answers;
    for (const HttpCall& call : calls) {
      ++asked[call.base];
      answers.push_back(peers.at(call.base)(call));
    }
    return answers;
  }

  std::map<std::string, Peer> peers;  // by base
  std::map<std::string, int> asked;
  int rounds = 0;
};

inline Result<PostAnswer> NoAnswer(const HttpCall& call) {
  return Fail(Errc::kUnavailable, call.base + ": Timeout was reached");
}

// A witness by the same pure core that `rujukan-audit serve` has.
struct FakeWitness {
  FakeWitness(const World& world, const std::string& name)
      : cosigner(ledger::Cosigner::Make(name, certs::Ed25519Key::Generate()).value()),
        log{world.log().verifier().name, {world.log().verifier()}, "", ""} {}

  WitnessTarget target() const {
    return {cosigner.verifier(), "http://" + cosigner.verifier().name};
  }
  Result<PostAnswer> Answer(const HttpCall& call, UnixMillis now) {
    last = ledger::AddCheckpointRequest::Parse(call.body).value();
    const auto answer = ledger::DecideAddCheckpoint(last, &log, cosigner, now / 1000);
    if (answer.status == 200) {
      log.cosigned = answer.cosigned;
    }
    return PostAnswer{answer.status, answer.content_type, answer.body};
  }

  ledger::Cosigner cosigner;
  ledger::WitnessedLog log;
  ledger::AddCheckpointRequest last;
};

class OutwardTest : public ::testing::Test {
 protected:
  OutwardTest() {
    world.AddAgency("ppa.18.71");
    world.AddAgency("dinsos.18.71");
    Seed(world, memory);
    clock.Set(world.now());
    Start();
  }

  // Again: after a restart. Hours may pass at once, so its steady clock follows.
  void Start() {
    broker.reset();
    Engine::Options options;
    options.workers = 2;
    options.steady_ms = [this] { return clock.Now(); };
    broker = std::make_unique<Broker>(world, memory, clock, options);
  }

  // One more message is in the ledger, whoever is away.
  void Grow() {
    clock.Advance(1);
    broker->Offer(PeerOf("ppa.18.71"),
                  SubmitFrame(world, NoticeTo(world, "ppa.18.71", "dinsos.18.71")));
    broker->outlet.WaitFor(v1::ServerFrame::kAccepted, ++accepted);
  }
  TreeSize Size() const { return broker->store.LatestCheckpoint().value()->size; }
  bool WaitForSize(TreeSize size) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (Size() < size && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    return Size() == size;
  }
  UnixMillis Run(Chore& chore) {
    const auto next = chore.Run(clock.Now(), stopping);
    EXPECT_TRUE(next) << next.error().context;
    return next.value_or(0);
  }
  std::function<Result<void>(const Journal::KeptCheckpoint&)> Keep() {
    return [this](const auto& cosigned) { return broker->engine->KeepCosigned(cosigned); };
  }
  // The value of a series, or "" when there is none.
  std::string Metric(const std::string& series) const {
    const std::string text = "\n" + status.MetricsText(clock.Now());
    const size_t at = text.find("\n" + series + " ");
    if (at == std::string::npos) {
      return "";
    }
    const size_t begin = at + series.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  World world;
  MemoryStore memory;
  TestClock clock;
  std::unique_ptr<Broker> broker;
  FakePort port;
  OutwardStatus status;
  std::atomic<bool> stopping{false};
  size_t accepted = 0;
};

}  // namespace rujukan::broker
