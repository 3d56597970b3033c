// Goal: checkpoints are stamped on time, put on record, and an authority that is away delays
// stamps alone. Method: a running engine, openssl's authority behind a fake HTTP port.
#include "broker/outward/timestamp_chore.h"

#include "certs/hash.h"
#include "certs/timestamp.h"
#include "ledger/records.h"
#include "tests/support/tsa.h"
#include "tests/unit/broker_outward/fixture.h"

namespace rujukan::broker {
namespace {

constexpr char kUrl[] = "http://waktu.test";
constexpr int64_t kEveryMs = 3'600'000;

class TimestampChoreTest : public OutwardTest {
 protected:
  static void SetUpTestSuite() { tsa = new testing::Tsa; }
  static void TearDownTestSuite() {
    delete tsa;
    tsa = nullptr;
  }

  TimestampChoreTest() {
    Return();
    chore = Make({tsa->ca_der()});
  }
  std::unique_ptr<Chore> Make(std::vector<std::string> anchors) {
    const auto record = [this](v1::Entry entry) { broker->engine->Record(std::move(entry)); };
    return MakeTimestampChore({broker->store, port, status, record},
                              {kUrl, std::move(anchors), kEveryMs});
  }
  void Return() {
    port.peers[kUrl] = [](const HttpCall& call) -> Result<PostAnswer> {
      EXPECT_EQ(call.content_type, "application/timestamp-query");
      return PostAnswer{200, "application/timestamp-reply", tsa->Reply(call.body)};
    };
  }
  v1::DutyRecord Duties() const { return ledger::ReadDuties(broker->store).value(); }
  // Runs it and waits for the stamp that it brings.
  void ExpectStamped() {
    const TreeSize size = Size();
    Run(*chore);
    ASSERT_TRUE(WaitForSize(size + 1)) << "no stamp came";
    EXPECT_EQ(Duties().stamped_index(), size);
  }

  static testing::Tsa* tsa;
  std::unique_ptr<Chore> chore;
};

testing::Tsa* TimestampChoreTest::tsa = nullptr;

TEST_F(TimestampChoreTest, TheNewestCheckpointIsStampedAndTheStampIsAnEntry) {
  const TreeSize size = Size();
  const std::string note = broker->engine->CheckpointNote().value();
  ExpectStamped();
  EXPECT_EQ(Duties().stamped_size(), size);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(broker->store.ReadEntries(size, 1).value()[0]));
  EXPECT_EQ(entry.timestamp().checkpoint(), note);
  EXPECT_TRUE(certs::VerifyTimestamp(
      entry.timestamp().token(), certs::Sha256(note), std::array{tsa->ca_der()}));
}

TEST_F(TimestampChoreTest, TheNextComesAfterItsTimeAndOnlyWhenSomethingHappened) {
  ExpectStamped();
  Grow();
  clock.Advance(kEveryMs / 2);
  const int asked = port.asked[kUrl];
  Run(*chore);
  EXPECT_EQ(port.asked[kUrl], asked) << "half an hour is too early";
  clock.Advance(kEveryMs / 2);
  ExpectStamped();
  clock.Advance(kEveryMs);
  const TreeSize rest = Size();
  v1::Entry state;
  state.mutable_state();
  broker->engine->Record(std::move(state));
  ASSERT_TRUE(WaitForSize(rest + 1));
  Run(*chore);
  EXPECT_EQ(port.asked[kUrl], asked + 1) << "only the broker's own entries came since";
  Grow();
  clock.Advance(60'000);
  ExpectStamped();
}

TEST_F(TimestampChoreTest, ARestartedBrokerGoesOnFromWhatIsOnRecord) {
  ExpectStamped();
  Grow();
  chore = Make({tsa->ca_der()});
  Run(*chore);
  EXPECT_EQ(port.asked[kUrl], 1);
  clock.Advance(kEveryMs);
  ExpectStamped();
}

TEST_F(TimestampChoreTest, WhileTheAuthorityIsAwayExchangeGoesOnAndStampingCatchesUp) {
  port.peers[kUrl] = NoAnswer;
  UnixMillis next = Run(*chore);
  EXPECT_EQ(next, clock.Now() + Housekeeper::kRetryMs);
  for (int minute = 0; minute < 5; ++minute) {
    Grow();
    clock.Set(next);
    next = Run(*chore);
  }
  EXPECT_EQ(port.asked[kUrl], 6) << "once a minute";
  EXPECT_EQ(Metric("rujukan_stamp_age_seconds"), "-1");
  EXPECT_EQ(Metric("rujukan_stamp_failures_total"), "6");
  Return();
  clock.Set(next);
  ExpectStamped();
  Run(*chore);
  EXPECT_EQ(Metric("rujukan_stamped_entries"), std::to_string(Size() - 1));
}

TEST_F(TimestampChoreTest, RefusalsForeignAnswersAndUntrustedStampsAreNotPutOnRecord) {
  const testing::Tsa other;
  const std::string recorded =
      tsa->Reply(certs::MakeTimestampRequest(certs::Sha256("x"), "12345678"));
  const std::vector<FakePort::Peer> wrong = {
      [](const HttpCall&) {
        return PostAnswer{500, "", ""};
      },
      [](const HttpCall&) {
        return PostAnswer{200, "text/html", "<html>"};
      },
      [&](const HttpCall&) {
        return PostAnswer{200, "", recorded};
      },
      [&](const HttpCall& call) {
        return PostAnswer{200, "", other.Reply(call.body)};
      },
      [](const HttpCall&) {
        return PostAnswer{200, "", tsa->Reply("not a request")};
      },
  };
  const TreeSize size = Size();
  int failures = 0;
  for (const FakePort::Peer& peer : wrong) {
    port.peers[kUrl] = peer;
    Run(*chore);
    EXPECT_EQ(Metric("rujukan_stamp_failures_total"), std::to_string(++failures));
    clock.Advance(Housekeeper::kRetryMs);
  }
  EXPECT_EQ(Size(), size);
  Return();
  ExpectStamped();
}

TEST_F(TimestampChoreTest, WithoutTrustedCertificatesAnyGrantedTokenIsRecorded) {
  chore = Make({});
  ExpectStamped();
}

TEST_F(TimestampChoreTest, ACosignedCheckpointIsStampedBeforeABareOne) {
  FakeWitness witness(world, "satu.test");
  const auto checkpoint = broker->store.LatestCheckpoint().value();
  const auto text = ledger::ParseNote(checkpoint->note).value().text;
  const std::string line = witness.cosigner.Cosign(text, clock.Now() / 1000);
  const Journal::KeptCheckpoint cosigned{checkpoint->size, checkpoint->note + line};
  ASSERT_TRUE(broker->engine->KeepCosigned(cosigned));
  Grow();
  ExpectStamped();
  EXPECT_EQ(Duties().stamped_size(), cosigned.size);
  Grow();
  clock.Advance(kEveryMs);
  const TreeSize size = Size();
  ExpectStamped();
  EXPECT_EQ(Duties().stamped_size(), size) << "witnesses are away: better a bare one than none";
}

}  // namespace
}  // namespace rujukan::broker
