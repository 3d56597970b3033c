// Goal: the broker shows every witness how its ledger continues, keeps and serves what they cosign,
// and nobody's absence or nonsense stops the others. Method: a running engine, witnesses by the
// pure core of the protocol behind a fake HTTP port, one round after the other.
#include "broker/outward/cosign_chore.h"

#include "ledger/cosignature.h"
#include "tests/unit/broker_outward/fixture.h"

namespace rujukan::broker {
namespace {

class CosignChoreTest : public OutwardTest {
 protected:
  CosignChoreTest() {
    for (const char* name : {"satu.test", "dua.test", "tiga.test"}) {
      witnesses.push_back(std::make_unique<FakeWitness>(world, name));
      Return(witnesses.size() - 1);
    }
    chore = Make();
  }

  std::unique_ptr<Chore> Make() {
    CosignOptions options;
    options.every_ms = kEveryMs;
    for (const auto& witness : witnesses) {
      options.witnesses.push_back(witness->target());
    }
    return MakeCosignChore({broker->store, port, status, Keep()}, options);
  }
  std::string Base(size_t i) const { return witnesses[i]->target().base; }
  void Return(size_t i) {
    FakeWitness* witness = witnesses[i].get();
    port.peers[Base(i)] = [this, witness](const HttpCall& call) {
      return witness->Answer(call, clock.Now());
    };
  }
  void GoAway(size_t i) { port.peers[Base(i)] = NoAnswer; }
  void Say(size_t i, PostAnswer answer) {
    port.peers[Base(i)] = [answer](const HttpCall&) { return answer; };
  }

  // Of the kept checkpoint.
  std::vector<ledger::Cosignature> Good() const {
    std::vector<ledger::NoteVerifier> keys;
    for (const auto& witness : witnesses) {
      keys.push_back(witness->cosigner.verifier());
    }
    const auto kept = broker->store.LatestCosigned().value();
    return kept ? ledger::VerifyCosignatures(kept->note, keys).value()
                : std::vector<ledger::Cosignature>();
  }
  TreeSize CosignedSize() const {
    const auto kept = broker->store.LatestCosigned().value();
    return kept ? kept->size : 0;
  }
  void Next(int64_t ms = kEveryMs) {
    clock.Advance(ms);
    Run(*chore);
  }

  static constexpr int64_t kEveryMs = 5'000;
  std::vector<std::unique_ptr<FakeWitness>> witnesses;
  std::unique_ptr<Chore> chore;
};

TEST_F(CosignChoreTest, TheNewestCheckpointIsServedWithTheCosignaturesOfAll) {
  Run(*chore);
  EXPECT_EQ(CosignedSize(), Size());
  EXPECT_EQ(Good().size(), 3U);
  EXPECT_EQ(broker->engine->CosignedNote().value(), broker->engine->CheckpointNote().value());
  EXPECT_TRUE(
      ledger::OpenCheckpoint(broker->engine->CosignedNote().value(), world.log().verifier()))
      << "the ledger's own signature is still there";
  Grow();
  EXPECT_NE(broker->engine->CosignedNote().value(), broker->engine->CheckpointNote().value());
}

TEST_F(CosignChoreTest, AWitnessIsShownOnceHowTheLedgerContinues) {
  Run(*chore);
  const TreeSize before = Size();
  Grow();
  Next();
  EXPECT_EQ(witnesses[0]->last.old_size, before);
  EXPECT_FALSE(witnesses[0]->last.proof.empty());
  EXPECT_EQ(CosignedSize(), Size());
  EXPECT_EQ(port.asked[Base(0)], 2) << "one request a checkpoint";
}

TEST_F(CosignChoreTest, AWitnessThatHasCosignedAnotherSizeIsAskedAgainFromThere) {
  Run(*chore);
  const TreeSize before = Size();
  Grow();
  ASSERT_TRUE(broker->engine->KeepCosigned({0, ""}));  // as after a restore
  chore = Make();
  port.asked.clear();
  Next();
  EXPECT_EQ(port.asked[Base(0)], 2) << "409, then the proof from its size";
  EXPECT_EQ(witnesses[0]->last.old_size, before);
  EXPECT_EQ(Good().size(), 3U);
}

TEST_F(CosignChoreTest, ARestartedBrokerRemembersWhatItsWitnessesHaveSeen) {
  Run(*chore);
  Grow();
  chore = Make();
  port.asked.clear();
  Next();
  EXPECT_EQ(port.asked[Base(0)], 1);
  EXPECT_EQ(CosignedSize(), Size());
}

TEST_F(CosignChoreTest, OneThatIsAwayKeepsNobodyOutAndIsAskedLessAndLessOften) {
  GoAway(1);
  for (int round = 0; round < 60; ++round) {
    Grow();
    Next();
  }
  EXPECT_EQ(CosignedSize(), Size());
  EXPECT_EQ(Good().size(), 2U);
  EXPECT_EQ(port.asked[Base(0)], 60);
  EXPECT_GT(port.asked[Base(1)], 4);
  EXPECT_LT(port.asked[Base(1)], 15) << "its time-out is not waited for in every round";
  EXPECT_EQ(Metric("rujukan_witness_failures_total{witness=\"dua.test\"}"),
            std::to_string(port.asked[Base(1)]));
  EXPECT_EQ(Metric("rujukan_witness_answered_age_seconds{witness=\"dua.test\"}"), "-1");
  EXPECT_EQ(Metric("rujukan_witness_answered_age_seconds{witness=\"satu.test\"}"), "0");
  Return(1);
  Next(60'000);
  EXPECT_EQ(Good().size(), 3U) << "within a minute of its return";
}

TEST_F(CosignChoreTest, NonsenseIsNotKept) {
  FakeWitness stranger(world, "satu.test");
  port.peers[Base(0)] = [&](const HttpCall& call) { return stranger.Answer(call, clock.Now()); };
  Say(1, {200, "text/plain", "not a signature line\n"});
  FakeWitness* other = witnesses[1].get();
  port.peers[Base(2)] = [&, other](const HttpCall& call) { return other->Answer(call, 0); };
  Run(*chore);
  EXPECT_EQ(CosignedSize(), 0U) << "a stranger's key, no signature at all, another's key";
  Say(0, {403, "text/plain", "no\n"});
  Say(1, {500, "text/plain", "\n"});
  Say(2, {409, "text/plain", "7\n"});
  Next(60'000);
  Say(0, {409, "text/x.tlog.size", "07x\n"});
  Say(1, {302, "text/plain", ""});
  Next(60'000);
  EXPECT_EQ(CosignedSize(), 0U);
  EXPECT_EQ(Metric("rujukan_cosigned_age_seconds"), "-1");
  Return(0);
  Next(60'000);
  EXPECT_EQ(Good().size(), 1U);
}

// A bad line in another's name, or many of nobody's, behind its own good one.
TEST_F(CosignChoreTest, OneThatLiesAboutAnotherSpoilsNothing) {
  FakeWitness* liar = witnesses[1].get();
  const ledger::NoteVerifier victim = witnesses[0]->cosigner.verifier();
  port.peers[Base(1)] = [&, liar](const HttpCall& call) -> Result<PostAnswer> {
    Result<PostAnswer> answer = liar->Answer(call, clock.Now());
    if (answer && answer->status == 200) {
      answer->body += ledger::SignatureLine({victim.name, victim.key_id, std::string(72, 'x')});
      for (uint32_t i = 0; i < 50; ++i) {
        answer->body += ledger::SignatureLine({"nobody.test", i, "x"});
      }
    }
    return answer;
  };
  Run(*chore);
  EXPECT_EQ(Good().size(), 3U);
}

TEST_F(CosignChoreTest, ACosignatureUnderAWrongClockDoesNotCount) {
  FakeWitness* late = witnesses[0].get();
  port.peers[Base(0)] = [&, late](const HttpCall& call) {
    return late->Answer(call, clock.Now() - limits::kClockSkewMsMax - 1'000);
  };
  FakeWitness* just = witnesses[1].get();
  port.peers[Base(1)] = [&, just](const HttpCall& call) {
    return just->Answer(call, clock.Now() - limits::kClockSkewMsMax);
  };
  Run(*chore);
  ASSERT_EQ(Good().size(), 2U);
  EXPECT_EQ(Good()[0].key.name, "dua.test");
}

TEST_F(CosignChoreTest, AWitnessThatHasSeenMoreThanThereIsShowsThatTheLedgerWasRolledBack) {
  Say(0, {409, "text/x.tlog.size", std::to_string(Size() + 1) + "\n"});
  Run(*chore);
  EXPECT_EQ(port.asked[Base(0)], 1) << "nothing can be proven to it";
  EXPECT_EQ(Good().size(), 2U);
  EXPECT_EQ(Metric("rujukan_witness_failures_total{witness=\"satu.test\"}"), "1");
}

TEST_F(CosignChoreTest, ALedgerAtRestIsCosignedAnewBeforeItIsTooOldForAgents) {
  Run(*chore);
  Next();
  EXPECT_EQ(port.rounds, 1) << "nothing new";
  const int64_t first = Good()[0].time_s;
  Next(limits::kCosignedAgeMsMax / 3);
  EXPECT_EQ(port.rounds, 2);
  EXPECT_GT(Good()[0].time_s, first);
  EXPECT_EQ(Good().size(), 3U);
}

TEST_F(CosignChoreTest, FewerCosignaturesReplaceMoreOnlyAfterAMinute) {
  Run(*chore);
  const TreeSize whole = Size();
  GoAway(0);
  Grow();
  Next();
  EXPECT_EQ(CosignedSize(), whole) << "agents that need all three still have them";
  Grow();
  Next(60'000);
  EXPECT_EQ(CosignedSize(), Size());
  EXPECT_EQ(Good().size(), 2U);
}

TEST_F(CosignChoreTest, WhatIsKeptIsServedAgainAfterARestart) {
  Run(*chore);
  const std::string note = broker->engine->CosignedNote().value();
  Start();
  EXPECT_EQ(broker->engine->CosignedNote().value(), note);
}

TEST_F(CosignChoreTest, AgentsAreWelcomedWithTheCosignedCheckpointAndWhatContinuesIt) {
  broker->Offer(PeerOf("ppa.18.71"), HelloFrame());
  EXPECT_EQ(broker->outlet.WaitFor(v1::ServerFrame::kWelcome, 1)[0].welcome().cosigned(), "");
  Run(*chore);
  const TreeSize size = Size();
  const std::string note = broker->engine->CosignedNote().value();
  Grow();
  broker->Offer(PeerOf("ppa.18.71"), HelloFrame());
  const v1::Welcome welcome = broker->outlet.WaitFor(v1::ServerFrame::kWelcome, 2)[1].welcome();
  EXPECT_EQ(welcome.cosigned(), note);
  std::vector<Digest> proof;
  for (const std::string& hash : welcome.cosigned_consistency()) {
    proof.push_back(Digest::FromBytes(hash).value());
  }
  const auto old = ledger::OpenCheckpoint(note, world.log().verifier()).value();
  const auto now = ledger::OpenCheckpoint(welcome.checkpoint(), world.log().verifier()).value();
  EXPECT_EQ(old.size, size);
  EXPECT_TRUE(ledger::VerifyConsistency(old.size, old.root, now.size, now.root, proof));
}

}  // namespace
}  // namespace rujukan::broker
