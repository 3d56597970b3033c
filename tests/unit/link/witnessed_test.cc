// Goal: what a broker shows counts as witnessed when a quorum of those the agency trusts has
// cosigned it lately, and a cosigned checkpoint that contradicts ours is an alarm. Method: a
// session over a real ledger in memory, witnesses with real keys; one thing is wrong at a time.
#include "agents/link/witnessed.h"

#include "base/limits.h"
#include "certs/merkle.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "tests/unit/link/session_fixture.h"

namespace rujukan::link {
namespace {

class WitnessedTest : public SessionTest {
 protected:
  WitnessedTest() {
    for (const char* name : {"satu.test", "dua.test", "tiga.test"}) {
      witnesses_.push_back(ledger::Cosigner::Make(name, certs::Ed25519Key::Generate()).value());
    }
  }

  std::string Policy(const std::string& threshold = "2") const {
    std::string text = "log " + world_.log().verifier().ToVkey() + "\n";
    std::string group = "group g " + threshold;
    for (size_t i = 0; i < witnesses_.size(); ++i) {
      const std::string name = "s" + std::to_string(i + 1);
      text += "witness " + name + " " + witnesses_[i].verifier().ToVkey() + "\n";
      group += " " + name;
    }
    return text + group + "\nquorum g\n";
  }
  WitnessRule Rule(const std::string& threshold = "2") const {
    return WitnessRule::Make(Policy(threshold), world_.log().verifier()).value();
  }
  // A checkpoint cosigned by the first `count` witnesses.
  std::string Cosigned(size_t count, UnixMillis at, TreeSize size) const {
    std::string note = face_.NoteAt(size);
    const std::string text = ledger::ParseNote(note).value().text;
    for (size_t i = 0; i < count; ++i) {
      note += witnesses_[i].Cosign(text, at / 1000);
    }
    return note;
  }
  std::string Cosigned(size_t count, UnixMillis at) const {
    return Cosigned(count, at, world_.size());
  }
  // A Welcome at the present size with a cosigned checkpoint of `size` entries.
  v1::ServerFrame Welcome(const std::string& cosigned, TreeSize size) {
    v1::ServerFrame frame = face_.Welcome(0, world_.size());
    frame.mutable_welcome()->set_cosigned(cosigned);
    if (size != 0 && size < world_.size()) {
      const v1::ServerFrame proof = face_.Welcome(size, world_.size());
      *frame.mutable_welcome()->mutable_cosigned_consistency() = proof.welcome().consistency();
    }
    return frame;
  }
  std::vector<Event> EventsOf(const v1::ServerFrame& welcome, Session& session) {
    session.OnConnected(now_);
    Feed(session, welcome);
    return session.TakeEvents();
  }

  static constexpr UnixMillis kNow = 1'795'000'000'000;
  std::vector<ledger::Cosigner> witnesses_;
};

TEST_F(WitnessedTest, AQuorumOfTheTrustedIsEnoughAndOneLessIsNot) {
  EXPECT_TRUE(Rule().Judge(Cosigned(3, kNow), kNow).met);
  EXPECT_TRUE(Rule().Judge(Cosigned(2, kNow), kNow).met);
  const auto verdict = Rule().Judge(Cosigned(1, kNow), kNow);
  EXPECT_FALSE(verdict.met);
  EXPECT_EQ(verdict.good, 1U);
  EXPECT_EQ(verdict.missing, (std::vector<std::string>{"s2", "s3"}));
  EXPECT_NE(verdict.problem.find("s2, s3"), std::string::npos) << verdict.problem;
}

TEST_F(WitnessedTest, NoCosignedCheckpointIsNotEnough) {
  const auto verdict = Rule().Judge("", kNow);
  EXPECT_FALSE(verdict.met);
  EXPECT_EQ(verdict.missing.size(), 3U);
  EXPECT_TRUE(WitnessRule::Make("quorum none\n", world_.log().verifier())->Judge("", kNow).met);
}

TEST_F(WitnessedTest, ACosignatureCountsUpToItsAgeAndNotASecondLonger) {
  EXPECT_TRUE(Rule().Judge(Cosigned(2, kNow), kNow + limits::kCosignedAgeMsMax).met);
  EXPECT_FALSE(Rule().Judge(Cosigned(2, kNow), kNow + limits::kCosignedAgeMsMax + 1'000).met);
}

TEST_F(WitnessedTest, OneFromTheFutureCountsAsFarAsClocksMayDiffer) {
  EXPECT_TRUE(Rule().Judge(Cosigned(2, kNow + limits::kClockSkewMsMax), kNow).met);
  EXPECT_FALSE(Rule().Judge(Cosigned(2, kNow + limits::kClockSkewMsMax + 1'000), kNow).met);
}

TEST_F(WitnessedTest, ABadCosignatureByATrustedKeyMakesTheWholeWorthNothing) {
  std::string note = Cosigned(3, kNow);
  note[note.size() - 10] = note[note.size() - 10] == 'A' ? 'B' : 'A';
  const auto verdict = Rule().Judge(note, kNow);
  EXPECT_FALSE(verdict.met);
  EXPECT_FALSE(verdict.problem.empty());
  EXPECT_FALSE(Rule().Judge("not a note", kNow).met);
}

TEST_F(WitnessedTest, APolicyOfAnotherLedgerIsNotTaken) {
  const auto other =
      ledger::NoteSigner::Make("rujukan/lain.example", certs::Ed25519Key::Generate());
  EXPECT_EQ(WitnessRule::Make(Policy(), other->verifier()).error().code, Errc::kInvalid);
  EXPECT_FALSE(WitnessRule::Make("nonsense", world_.log().verifier()));
}

TEST_F(WitnessedTest, AWelcomeTellsTheCosignedCheckpointOnceItIsProvenToBeContinued) {
  const TreeSize size = world_.size() - 2;
  const std::string note = Cosigned(2, kNow, size);
  Session session = Make();
  const auto welcomed = Only<Welcomed>(EventsOf(Welcome(note, size), session));
  ASSERT_EQ(welcomed.size(), 1U);
  EXPECT_EQ(welcomed[0].cosigned, note);
  EXPECT_EQ(welcomed[0].checkpoint.size, world_.size());
}

TEST_F(WitnessedTest, OneThatTheLogDidNotSignIsNone) {
  const auto stranger =
      ledger::NoteSigner::Make(ledger::OriginOf(World::kDomain), certs::Ed25519Key::Generate());
  const ledger::Checkpoint checkpoint{
      ledger::OriginOf(World::kDomain), 1, certs::LeafHash(world_.entries()[0])};
  for (const std::string& note :
       {ledger::SignCheckpoint(checkpoint, *stranger), std::string("x")}) {
    Session session = Make();
    const auto welcomed = Only<Welcomed>(EventsOf(Welcome(note, 1), session));
    ASSERT_EQ(welcomed.size(), 1U);
    EXPECT_EQ(welcomed[0].cosigned, "");
    EXPECT_TRUE(session.live());
  }
}

TEST_F(WitnessedTest, WitnessesThatWereShownAnotherHistoryAreAnAlarm) {
  const auto signed_as = [&](TreeSize size) {
    return ledger::SignCheckpoint(
        {ledger::OriginOf(World::kDomain), size, certs::LeafHash("another history")}, world_.log());
  };
  for (const TreeSize size : {world_.size(), world_.size() - 1, world_.size() + 1}) {
    Session session = Make();
    const std::string note = signed_as(size);
    const auto alarms = Only<Alarm>(EventsOf(Welcome(note, size), session));
    ASSERT_EQ(alarms.size(), 1U) << size;
    EXPECT_EQ(alarms[0].error.code, Errc::kCorrupt);
    EXPECT_NE(alarms[0].evidence.find(note), std::string::npos) << "both notes are the evidence";
    EXPECT_EQ(session.state(), Session::State::kAlarmed);
  }
}

TEST_F(WitnessedTest, WhoFollowsWitnessesAsksAgainAlsoAtRest) {
  SessionOptions options;
  options.log = world_.log().verifier();
  options.follows_witnesses = true;
  Session session = std::move(*Session::Make(options));
  GoLive(session);
  EXPECT_LE(session.NextDeadline(), now_ + limits::kKeepAliveMs);
  now_ += limits::kKeepAliveMs;
  session.OnTick(now_);
  const auto frames = session.TakeFrames();
  ASSERT_FALSE(frames.empty());
  EXPECT_TRUE(Parse(frames[0]).has_hello());
  session.OnTick(now_ + 1);
  EXPECT_TRUE(session.TakeFrames().empty()) << "one at a time";
  Feed(session, face_.Welcome(world_.size(), world_.size()));
  EXPECT_EQ(Only<Welcomed>(session.TakeEvents()).size(), 1U);
}

}  // namespace
}  // namespace rujukan::link
