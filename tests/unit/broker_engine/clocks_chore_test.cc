// Goal: what has fallen due is put on record by the broker itself, once, in rounds that end, also
// after days off and with a clock that stood still; and both parties are told. Method: the chore
// run by hand over a World's ledger with times of our choosing; then a running engine over a store
// that outlives it.
#include "broker/engine/clocks_chore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kDay = 24LL * 60 * kMinute;

v1::Header Emergency(const World& world) {
  v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
  header.set_clock_class(v1::ClockClass::DARURAT);
  header.set_signed_off(true);
  header.set_content_size(6);
  header.set_content_digest(certs::Sha256("sealed").str());
  return header;
}

class ClocksChoreTest : public ::testing::Test {
 protected:
  ClocksChoreTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
  }

  // The ledger so far in a store, and a chore that has just been started over it.
  void Start() {
    store_ = std::make_unique<MemoryStore>();
    Seed(world_, *store_);
    chore_ = MakeClocksChore(*store_,
                             [this](v1::Entry entry) { handed_over_.push_back(std::move(entry)); });
  }
  // What one run hands over: "KONFIRMASI 1".
  std::vector<std::string> Run(UnixMillis now) {
    const std::atomic<bool> stopping{false};
    handed_over_.clear();
    const auto next = chore_->Run(now, stopping);
    EXPECT_TRUE(next.has_value());
    EXPECT_EQ(next.value_or(0), now + limits::kDeadlinesEveryMs);
    std::vector<std::string> said;
    for (const v1::Entry& entry : handed_over_) {
      said.push_back(v1::Deadline::Code_Name(entry.deadline_missed().deadline()) + " " +
                     std::to_string(entry.deadline_missed().level()));
    }
    return said;
  }
  void PutOnRecord() {
    for (const v1::Entry& entry : handed_over_) {
      world_.Append(entry);
    }
    Start();
  }

  World world_;
  std::unique_ptr<MemoryStore> store_;
  std::vector<v1::Entry> handed_over_;
  std::unique_ptr<Chore> chore_;
};

TEST_F(ClocksChoreTest, NothingIsHandedOverBeforeItIsDue) {
  world_.Append(world_.MessageEntry(Emergency(world_)));
  Start();
  EXPECT_THAT(Run(world_.now() + kMinute - 1), IsEmpty());
  EXPECT_THAT(Run(world_.now() + kMinute), ElementsAre("PENERIMAAN 0"));
}

TEST_F(ClocksChoreTest, ARoundIsNotRepeatedWhileItIsUnderWayAndIsWhenItWasLost) {
  world_.Append(world_.MessageEntry(Emergency(world_)));
  Start();
  const UnixMillis due = world_.now() + kMinute;
  EXPECT_THAT(Run(due), ElementsAre("PENERIMAAN 0"));
  EXPECT_THAT(Run(due + 1'000), IsEmpty());
  EXPECT_THAT(Run(due + 59'999), IsEmpty());
  EXPECT_THAT(Run(due + 60'000), ElementsAre("PENERIMAAN 0"));
}

TEST_F(ClocksChoreTest, AfterThreeDaysOffTheFirstTierIsToldAndTheNextWaitsForItsTime) {
  world_.Append(world_.MessageEntry(Emergency(world_)));
  world_.Advance(3 * kDay);
  Start();
  EXPECT_THAT(Run(world_.now()),
              ElementsAre("PENERIMAAN 0", "KONFIRMASI 1", "KEPUTUSAN 1", "KONTAK 1"));
  PutOnRecord();
  EXPECT_THAT(Run(world_.now()), IsEmpty());
  EXPECT_THAT(Run(world_.now() + 30 * kMinute),
              ElementsAre("KONFIRMASI 2", "KEPUTUSAN 2", "KONTAK 2"));
}

TEST_F(ClocksChoreTest, AClockThatStandsStillMissesNothingAndInventsNothing) {
  world_.Append(world_.MessageEntry(Emergency(world_)));
  const UnixMillis stopped = world_.now();
  Start();
  for (int round = 0; round < 3; ++round) {
    EXPECT_THAT(Run(stopped), IsEmpty());
  }
  // The ledger has gone on meanwhile: no entry is dated before the one ahead of it.
  world_.Advance(2 * kMinute);
  world_.Append(world_.MessageEntry(NoticeTo(world_, "uppa.18.01", "dinsos.18.01")));
  Start();
  EXPECT_THAT(Run(stopped), ElementsAre("PENERIMAAN 0"));
  PutOnRecord();
  EXPECT_THAT(Run(stopped + 31 * kMinute), ElementsAre("KONFIRMASI 1")) << "it goes again";
}

TEST_F(ClocksChoreTest, ARoundHasAnEndAndTheRestComesInTheNext) {
  for (size_t i = 0; i < limits::kDeadlinesPerTurnMax + 1; ++i) {
    world_.Append(world_.MessageEntry(Emergency(world_)));
  }
  world_.Advance(kMinute);
  Start();
  EXPECT_EQ(Run(world_.now()).size(), limits::kDeadlinesPerTurnMax);
  PutOnRecord();
  EXPECT_THAT(Run(world_.now()), ElementsAre("PENERIMAAN 0"));
}

// --- A running engine ---

class ClocksEngineTest : public ::testing::Test {
 protected:
  ClocksEngineTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
    Seed(world_, durable_);
    clock_.Set(world_.now());
    options_.workers = 2;
    options_.steady_ms = [this] { return clock_.Now(); };  // time passes, nobody sets the clock
  }
  static v1::ClientFrame Hello() {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version(1);
    return frame;
  }
  static v1::ClientFrame AskNotices() {
    v1::ClientFrame frame;
    frame.mutable_leg_notices();
    return frame;
  }
  static bool WaitForMetric(const Broker& broker, const std::string& line) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (broker.engine->MetricsText().find(line) == std::string::npos &&
           std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    return broker.engine->MetricsText().find(line) != std::string::npos;
  }
  static v1::DeadlineMissed MissedIn(const v1::ProvenEntry& proven) {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(proven.entry()));
    return entry.deadline_missed();
  }

  World world_;
  MemoryStore durable_;
  TestClock clock_;
  Engine::Options options_;
};

TEST_F(ClocksEngineTest, ThePartiesThatAreConnectedAreToldAtOnce) {
  Broker broker(world_, durable_, clock_, options_);
  broker.Offer(PeerOf("uppa.18.01", "sender"), Hello());
  broker.Offer(PeerOf("dinsos.18.01", "receiver"), Hello());
  broker.outlet.WaitFor(v1::ServerFrame::kWelcome, 2);
  broker.Offer(PeerOf("uppa.18.01", "sender"), SubmitFrame(world_, Emergency(world_)));
  broker.outlet.WaitFor(v1::ServerFrame::kAccepted, 1);
  clock_.Advance(kMinute);
  auto notices = broker.outlet.WaitFor(v1::ServerFrame::kLegNotices, 1);
  EXPECT_EQ(MissedIn(notices[0].leg_notices().entries(0)).deadline(), v1::Deadline::PENERIMAAN);
  clock_.Advance(30 * kMinute);
  notices = broker.outlet.WaitFor(v1::ServerFrame::kLegNotices, 3);  // now both
  for (const size_t i : {1U, 2U}) {
    const v1::LegNoticesPage& page = notices[i].leg_notices();
    ASSERT_EQ(page.entries_size(), 1);
    EXPECT_EQ(MissedIn(page.entries(0)).deadline(), v1::Deadline::KONFIRMASI);
    EXPECT_EQ(page.next_index(), page.from_index() + 1);
  }
}

TEST_F(ClocksEngineTest, ABrokerThatWasAwayForThreeDaysCatchesUpAndWhoComesLaterAsks) {
  {
    Broker broker(world_, durable_, clock_, options_);
    broker.Offer(PeerOf("uppa.18.01"), SubmitFrame(world_, Emergency(world_)));
    broker.outlet.WaitFor(v1::ServerFrame::kAccepted, 1);
  }
  clock_.Advance(3 * kDay);
  Broker broker(world_, durable_, clock_, options_);
  ASSERT_TRUE(WaitForMetric(broker, "rujukan_deadlines_missed_total{deadline=\"KONTAK\"} 1"));
  EXPECT_THAT(broker.engine->MetricsText(),
              HasSubstr("rujukan_deadlines_missed_total{deadline=\"KONFIRMASI\"} 1\n"))
      << "one tier, not three";
  broker.Offer(PeerOf("dinsos.18.01"), AskNotices());
  const auto answers = broker.outlet.WaitFor(v1::ServerFrame::kLegNotices, 1);
  const v1::LegNoticesPage& page = answers[0].leg_notices();
  ASSERT_EQ(page.entries_size(), 3) << "not PENERIMAAN, which only its sender is told";
  for (const v1::ProvenEntry& proven : page.entries()) {
    EXPECT_EQ(MissedIn(proven).level(), 1U);
    EXPECT_FALSE(proven.proof().empty());
  }
  EXPECT_FALSE(page.more());
}

}  // namespace
}  // namespace rujukan::broker
