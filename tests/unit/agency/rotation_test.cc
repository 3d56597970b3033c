// Goal: new keys come into force without a moment in which the agency has none, wherever the
// program is killed, and nothing sent or sealed before is lost.
// Method: a home, a store and the real fold; each test stops somewhere and starts again from what
// is on disk.
#include "agents/agency/rotation.h"

#include <gtest/gtest.h>

#include <array>

#include "agents/agency/daemon.h"
#include "base/limits.h"
#include "tests/unit/agency/renewal.h"

namespace rujukan::agency {
namespace {

constexpr std::array<std::string_view, 3> kNames{kSigningFile, kEncryptionFile, kTransportFile};

class RotationTest : public ::testing::Test {
 protected:
  RotationTest() : office_(world_, "dinsos.18"), home_(world_, office_) {
    office_.FollowDirectory();
  }

  // Asks, and is in the ledger; returns the act's id.
  std::string AskAndRecord(Rotation& rotation) {
    home_.MakeNext();
    EXPECT_TRUE(rotation.Begin(office_.identity(), world_.now()).has_value());
    const auto submission = *rotation.Unanswered();
    EXPECT_TRUE(submission.has_value());
    const LogIndex index = home_.Record(*submission);
    const link::Receipted receipted{submission->kind, submission->subject, office_.ProvenAt(index)};
    EXPECT_TRUE(rotation.TakeReceipt(receipted).has_value());
    return submission->subject;
  }
  // The directory page the daemon would get, taken as it does.
  void Follow(Rotation& rotation) {
    v1::Genesis genesis;
    genesis.ParseFromString(world_.genesis().genesis());
    link::Directory directory(office_.store_->directory(),
                              {world_.log().verifier(), certs::Sha256(genesis.root_certificate())});
    const auto page = office_.face_.Directory(*directory.NextIndex());
    const auto writes = directory.Check(page);
    ASSERT_TRUE(writes.has_value()) << writes.error().context;
    const auto kept = office_.store_->Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.ApplyRecords(*writes));
      return rotation.Observe(page, tables);
    });
    ASSERT_TRUE(kept.has_value());
    const auto identity = home_.Load();
    ASSERT_TRUE(identity.has_value() && *identity);
    ASSERT_TRUE(rotation.Review(**identity).has_value());
  }
  std::vector<FileMove> AllMoves() const {
    std::vector<FileMove> moves;
    for (const auto name : kNames) {
      for (auto& move : PlanPromotion(home_.home_, name)) {
        moves.push_back(std::move(move));
      }
    }
    return moves;
  }
  void WriteConfig() {
    Config config = office_.config_;
    config.official_name = "CONTOH";
    config.region = "kemendagri:18";
    config.endpoint = "tcp://127.0.0.1:1";
    config.enrolment_endpoint = config.endpoint;
    config.log_vkey = world_.log().verifier().ToVkey();
    ASSERT_TRUE(home_.home_.WriteConfig(config).has_value());
  }

  testing::World world_;
  Party office_;
  RenewingHome home_;
  Scratch scratch_copy_;
};

TEST_F(RotationTest, TheRequestIsDurableBeforeItIsSentAndTheSameBytesGoAgainAfterACrash) {
  auto rotation = home_.Open();
  ASSERT_TRUE(rotation.Begin(office_.identity(), world_.now()).has_value());
  const auto before = *rotation.Unanswered();
  for (const char* file : {"signing.key.next", "encryption.key.next", "transport.key.next"}) {
    EXPECT_TRUE(home_.Has(file)) << file;
  }
  office_.Reopen();
  auto again = home_.Open();
  ASSERT_TRUE(again.Begin(office_.identity(), world_.now() + 1).has_value());  // goes on
  ASSERT_TRUE(before && *again.Unanswered());
  EXPECT_EQ((*again.Unanswered())->frame, before->frame);
}

TEST_F(RotationTest, TheFoldTakesTheRequestAndTheGrantAndTheAgencySignsWithTheNewKey) {
  auto rotation = home_.Open();
  const std::string act = AskAndRecord(rotation);
  Follow(rotation);
  EXPECT_EQ(rotation.status().state, RotationState::kWaiting);
  EXPECT_EQ((*home_.Load())->signing_file, "signing.key");
  home_.Grant(act);
  Follow(rotation);
  EXPECT_EQ(rotation.status().state, RotationState::kNone);
  const auto identity = *home_.Load();
  EXPECT_EQ(identity->signing.key_id(), home_.after_->signing_certificate.key_id());
  EXPECT_EQ(identity->signing_private.Public().Spki(), home_.after_->signing_key.Public().Spki());
  ASSERT_EQ(identity->openings.size(), 2U);
  EXPECT_EQ(identity->openings[1].certificate.key_id(),
            home_.before_.encryption_certificate.key_id());
}

// Table of kill-points: after every single file operation between the grant and the end.
TEST_F(RotationTest, KilledBetweenAnyTwoFileOperationsTheHomeStillHasItsKeysAndEndsTheSame) {
  auto rotation = home_.Open();
  home_.Grant(AskAndRecord(rotation));
  Follow(rotation);
  WriteConfig();
  const size_t moves = AllMoves().size();
  ASSERT_EQ(moves, 6U);  // for each of three keys: a second name, then its place
  const auto pristine = scratch_copy_.file("pristine");
  std::filesystem::copy(home_.home_.directory(), pristine);
  for (size_t killed_after = 0; killed_after <= moves; ++killed_after) {
    std::filesystem::remove_all(home_.home_.directory());
    std::filesystem::copy(pristine, home_.home_.directory());
    std::filesystem::permissions(home_.home_.directory(), std::filesystem::perms::owner_all);
    const auto plan = AllMoves();
    for (size_t i = 0; i < killed_after; ++i) {
      ASSERT_TRUE(Apply(home_.home_, plan[i]).has_value());
    }
    const auto identity = home_.Load();
    ASSERT_TRUE(identity.has_value() && *identity) << killed_after;
    EXPECT_EQ((*identity)->signing.key_id(), home_.after_->signing_certificate.key_id());
    EXPECT_EQ((*identity)->openings.size(), 2U) << killed_after;
    EXPECT_NE(FindHeld(home_.Chain().transport, home_.after_->transport.public_key.view()),
              nullptr);

    for (const auto& move : AllMoves()) {  // the next start goes on from the files
      ASSERT_TRUE(Apply(home_.home_, move).has_value());
    }
    for (const auto name : kNames) {
      const std::string file(name);
      EXPECT_FALSE(home_.Has(file + ".next")) << file << killed_after;
      EXPECT_TRUE(home_.Has(file + ".1")) << file << killed_after;
      EXPECT_FALSE(home_.Has(file + ".2")) << file << killed_after;
    }
    EXPECT_EQ(home_.SpkiIn("signing.key"), home_.after_->signing_key.Public().Spki());
    EXPECT_EQ(home_.SpkiIn("encryption.key.1"), home_.before_.encryption_key.Public().Spki());
  }
}

// Table of kill-points: while the new keys are being made.
TEST_F(RotationTest, KilledWhileTheNewKeysAreMadeTheOldOnesServeAndTheRestIsMade) {
  ASSERT_TRUE(MakeNextKeys(home_.home_, "").has_value());
  for (size_t made = 0; made <= kNames.size(); ++made) {
    for (size_t i = 0; i < kNames.size(); ++i) {
      const std::string next = std::string(kNames[i]) + ".next";
      if (i >= made) {
        std::filesystem::remove(home_.home_.PathOf(next));
      }
    }
    const auto identity = home_.Load();
    ASSERT_TRUE(identity.has_value() && *identity) << made;
    EXPECT_EQ((*identity)->signing_file, "signing.key");
    ASSERT_TRUE(MakeNextKeys(home_.home_, "").has_value());
    EXPECT_TRUE(home_.Has("transport.key.next"));
  }
}

TEST_F(RotationTest, ADaemonThatStartsAfterTheGrantPutsTheFilesInTheirPlaces) {
  auto rotation = home_.Open();
  home_.Grant(AskAndRecord(rotation));
  Follow(rotation);
  WriteConfig();
  for (const char* part : {"", "-wal"}) {
    std::filesystem::copy_file(office_.scratch_.file("agent.db") + part,
                               home_.home_.database_path() + part);
  }
  const SystemClock clock;
  const auto daemon = Daemon::Open(DaemonOptions{home_.home_, "", ""}, clock);
  ASSERT_TRUE(daemon.has_value()) << daemon.error().context;
  EXPECT_EQ(home_.SpkiIn("signing.key"), home_.after_->signing_key.Public().Spki());
  EXPECT_EQ(home_.SpkiIn("encryption.key"), home_.after_->encryption_key.Public().Spki());
  EXPECT_TRUE(home_.Has("encryption.key.1"));
  EXPECT_FALSE(home_.Has("transport.key.next"));
}

TEST_F(RotationTest, ARefusalIsKeptWithItsNoteOverARestartAndKeysCanBeAskedForAgain) {
  auto rotation = home_.Open();
  home_.Refuse(AskAndRecord(rotation), "bawa surat tugas dulu");
  Follow(rotation);
  office_.Reopen();
  auto again = home_.Open();
  EXPECT_EQ(again.status().state, RotationState::kRefused);
  EXPECT_EQ(again.status().note, "bawa surat tugas dulu");
  EXPECT_EQ((*home_.Load())->signing_file, "signing.key");
  ASSERT_TRUE(again.Begin(office_.identity(), world_.now()).has_value());
  EXPECT_EQ(again.status().state, RotationState::kAsked);
  EXPECT_EQ(again.status().note, "");
}

TEST_F(RotationTest, AFinalRefusalByTheBrokerEndsItWithTheReasonAndAWrongClockIsDatedAnew) {
  auto rotation = home_.Open();
  ASSERT_TRUE(rotation.Begin(office_.identity(), world_.now() + 3'600'000).has_value());
  link::Refusal refusal;
  refusal.kind = v1::Subject::ACT;
  refusal.subject = (*rotation.Unanswered())->subject;
  refusal.reason = v1::RefusalReason::CLOCK_SKEW;
  refusal.final = true;
  ASSERT_TRUE(rotation.TakeRefusal(refusal, office_.identity(), world_.now()).has_value());
  ASSERT_TRUE(*rotation.Unanswered());
  EXPECT_NE((*rotation.Unanswered())->subject, refusal.subject);
  refusal.subject = (*rotation.Unanswered())->subject;
  refusal.reason = v1::RefusalReason::KEY_EXPIRED;
  ASSERT_TRUE(rotation.TakeRefusal(refusal, office_.identity(), world_.now()).has_value());
  EXPECT_EQ(rotation.status().state, RotationState::kRefused);
  EXPECT_NE(rotation.status().note.find("KEY_EXPIRED"), std::string::npos);
}

TEST_F(RotationTest, ItIsDueOnceAKeyThirtyDaysBeforeTheEnd) {
  auto rotation = home_.Open();
  const auto identity = office_.identity();
  const UnixMillis end = identity.signing.not_after();
  EXPECT_FALSE(*rotation.TakeDue(identity, end - kRenewBeforeMs - 1));
  EXPECT_TRUE(*rotation.TakeDue(identity, end - kRenewBeforeMs));
  EXPECT_FALSE(*rotation.TakeDue(identity, end - kRenewBeforeMs + 1));
  office_.Reopen();
  auto again = home_.Open();
  EXPECT_FALSE(*again.TakeDue(identity, end));
}

TEST_F(RotationTest, AHomeWithNoneOfTheKeysInForceIsToldSo) {
  RenewingHome stranger(world_, office_);
  for (const char* file : {"signing.key", "encryption.key"}) {
    std::filesystem::remove(stranger.home_.PathOf(file));
  }
  ASSERT_TRUE(stranger.home_.MakeKeys("").has_value());
  const auto identity = stranger.Load();
  ASSERT_FALSE(identity.has_value());
  EXPECT_EQ(identity.error().code, Errc::kDenied);
}

// A new invitation was asked for, and not granted: the keys set aside are still in force.
TEST_F(RotationTest, KeysThatWereSetAsideAndAreStillInForceServe) {
  ASSERT_TRUE(home_.home_.SetKeysAside().has_value());
  ASSERT_TRUE(home_.home_.MakeKeys("").has_value());
  const auto identity = home_.Load();
  ASSERT_TRUE(identity.has_value() && *identity);
  EXPECT_EQ((*identity)->signing_file, "signing.key.1");
}

TEST_F(RotationTest, AFileThatIsNoKeyIsNamedAndDoesNotKeepTheAgencyDown) {
  ASSERT_TRUE(certs::WriteSecretFile(home_.home_.PathOf("encryption.key.7"), "x").has_value());
  EXPECT_EQ(home_.Chain().unread, std::vector<std::string>{"encryption.key.7"});
  EXPECT_TRUE(home_.Load()->has_value());
}

}  // namespace
}  // namespace rujukan::agency
