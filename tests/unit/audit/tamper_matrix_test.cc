// Goal: the tamper matrix. One test a way of tampering; each is reported by name, with the entry or
// the file at fault. Method: an honest copy; somebody with write access to it (the checkpoint
// stays), or the broker itself (which signs anew what it made), changes one thing.
//
// Rows: flip, delete, insert, swap, truncate, re-sign, roll back, fork, backdate, remove a refusal,
// replace a certificate, a false state root. Two rows are with what they need: replace content
// (EvidenceTest.OpenedContentThatWasNotSentIsNamed) and remove an archive
// (AuditArchiveTest.AMissingFileIsNamedOnceWithItsRange).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "agents/audit/export.h"
#include "agents/audit/verify.h"
#include "ledger/checkpoint.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using testing::Files;
using ::testing::HasSubstr;
using testing::kQuiet;
using testing::MakeLog;
using testing::MemorySource;
using testing::Names;
using testing::NamesFile;
using testing::PutBundles;
using testing::Story;
using testing::VerifyFiles;
using K = v1::Kind;

class TamperMatrix : public ::testing::Test {
 protected:
  TamperMatrix() : folder(testing::MakeTemporaryDirectory()) {
    v1::Entry refusal;
    refusal.mutable_refused()->set_sender(story.referral.from());
    refusal.mutable_refused()->set_reason(v1::RefusalReason::EXPIRED);
    refusal.mutable_refused()->set_submission_digest(std::string(Digest::kSize, 'd'));
    refusal_index = story.world.Append(refusal);
    story.world.Append(story.world.MessageEntry(
        story.world.HeaderTo("uppa.18.01", "dinsos.18", K::PEMBERITAHUAN)));
  }
  ~TamperMatrix() override { std::filesystem::remove_all(folder); }

  std::vector<std::string> Entries() const { return story.world.entries(); }
  std::string Bundle() const { return "tile/entries/000.p/" + std::to_string(story.world.size()); }

  // An honest copy in which the entries were replaced by these.
  Report InCopy(const std::vector<std::string>& entries) const {
    Files files = MakeLog(Entries(), story.world.log());
    Files changed;
    PutBundles(entries, changed);
    files[Bundle()] = changed.begin()->second;
    return VerifyFiles(std::move(files));
  }
  // What a broker shows that made these entries itself, and signed them.
  Report ByBroker(const std::vector<std::string>& entries) const {
    return VerifyFiles(MakeLog(entries, story.world.log()));
  }
  Report ByBroker(v1::Entry next) const {
    auto entries = Entries();
    entries.push_back(story.Unchecked(std::move(next)));
    return ByBroker(entries);
  }
  // What somebody finds who holds an honest copy and is shown these by the broker.
  Error AgainstHeldCopy(const std::vector<std::string>& entries) const {
    const std::string copy = folder + "/copy";
    MemorySource honest(MakeLog(Entries(), story.world.log()));
    EXPECT_TRUE(Export(honest, copy, "", kQuiet));
    MemorySource shown(MakeLog(entries, story.world.log()));
    const auto grown = Export(shown, copy, "", kQuiet);
    EXPECT_FALSE(grown);
    return grown ? Error() : grown.error();
  }

  Story story;
  const std::string folder;
  LogIndex refusal_index = 0;
};

TEST_F(TamperMatrix, TheCopyIsHonestToBeginWith) {
  EXPECT_EQ(InCopy(Entries()).outcome(), Outcome::kPass);
}

TEST_F(TamperMatrix, FlipNamesTheEntry) {
  auto entries = Entries();
  entries[story.referral_index].back() ^= 1;
  const Report report = InCopy(entries);
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(Names(report, Check::kTree, std::nullopt));
}

TEST_F(TamperMatrix, DeleteNamesTheFirstEntryThatIsNotInItsPlaceAndTheShortFile) {
  auto entries = Entries();
  entries.erase(entries.begin() + static_cast<ptrdiff_t>(story.referral_index));
  const Report report = InCopy(entries);
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, Bundle()));
}

TEST_F(TamperMatrix, InsertNamesTheEntryThatWasPutInAndTheLongFile) {
  auto entries = Entries();
  entries.insert(entries.begin() + static_cast<ptrdiff_t>(story.referral_index),
                 story.Unchecked(story.world.MessageEntry(
                     story.world.HeaderTo("uppa.18.01", "dinsos.18", K::PEMBERITAHUAN))));
  const Report report = InCopy(entries);
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, Bundle()));
}

TEST_F(TamperMatrix, InsertByTheBrokerOfAMessageNobodySignedNamesTheEntry) {
  v1::Entry forged =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  forged.mutable_accepted()->mutable_signature()->set_signature(
      story.world.SignHeader(story.referral, story.world.member("uppa.18.01"))
          .signature.signature());
  EXPECT_TRUE(Names(ByBroker(forged), Check::kSignatures, story.world.size()));
}

TEST_F(TamperMatrix, SwapNamesBothEntries) {
  auto entries = Entries();
  std::swap(entries[story.referral_index], entries[story.acceptance_index]);
  const Report report = InCopy(entries);
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(Names(report, Check::kTiles, story.acceptance_index));
}

TEST_F(TamperMatrix, SwapByTheBrokerIsAnIllegalOrderAndNamesTheEntry) {
  auto entries = Entries();
  std::swap(entries[story.referral_index], entries[story.referral_index + 1]);
  EXPECT_TRUE(Names(ByBroker(entries), Check::kTransitions, story.referral_index));
}

TEST_F(TamperMatrix, TruncateNamesTheFileAndTheEntryItLacks) {
  Files files = MakeLog(Entries(), story.world.log());
  files[Bundle()].resize(files[Bundle()].size() - 1);
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, Bundle()));
  EXPECT_TRUE(Names(report, Check::kEntries, story.world.size() - 1));
}

TEST_F(TamperMatrix, ReSigningAnAlteredMessageWithAnotherKeyNamesTheEntry) {
  // The thief's key is one that the directory has never heard of.
  rujukan::testing::World elsewhere;
  const auto& thief = elsewhere.AddAgency("uppa.18.01");
  v1::Header altered = story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3);
  v1::Entry entry = story.world.MessageEntry(altered);
  *entry.mutable_accepted()->mutable_signature() = story.world.SignHeader(altered, thief).signature;
  EXPECT_TRUE(Names(ByBroker(entry), Check::kSignatures, story.world.size()));
}

TEST_F(TamperMatrix, ReSigningTheCheckpointWithAnotherKeyNamesTheCheckpoint) {
  const auto other =
      ledger::NoteSigner::Make(story.world.log().verifier().name, certs::Ed25519Key::Generate());
  Files files = MakeLog(Entries(), story.world.log());
  files["checkpoint"] = MakeLog(Entries(), *other)["checkpoint"];
  EXPECT_TRUE(NamesFile(VerifyFiles(std::move(files)), Check::kCheckpoint, "checkpoint"));
}

TEST_F(TamperMatrix, RollBackIsRefusedByWhoHoldsMoreAndSaysHowMuch) {
  auto entries = Entries();
  entries.resize(entries.size() - 2);
  const Error error = AgainstHeldCopy(entries);
  EXPECT_EQ(error.code, Errc::kConflict);
  EXPECT_THAT(error.context, HasSubstr(std::to_string(Entries().size()) + " entries"));
  EXPECT_THAT(error.context, HasSubstr("only " + std::to_string(entries.size())));
}

TEST_F(TamperMatrix, ForkIsRefusedByWhoHoldsTheOtherHistory) {
  auto entries = Entries();
  entries.back() = story.Unchecked(
      story.world.MessageEntry(story.world.HeaderTo("dinsos.18", "uppa.18.01", K::PEMBERITAHUAN)));
  EXPECT_EQ(ByBroker(entries).outcome(), Outcome::kPass) << "alone, each history looks well";
  const Error error = AgainstHeldCopy(entries);
  EXPECT_EQ(error.code, Errc::kCorrupt);
  EXPECT_THAT(error.context, HasSubstr("history was rewritten"));
}

TEST_F(TamperMatrix, BackdateNamesTheEntry) {
  v1::Entry entry =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  entry.set_time_ms(story.world.now() - 1);
  EXPECT_TRUE(Names(ByBroker(entry), Check::kTime, story.world.size()));
}

TEST_F(TamperMatrix, RemovingARefusalFromACopyNamesItsPlace) {
  auto entries = Entries();
  entries.erase(entries.begin() + static_cast<ptrdiff_t>(refusal_index));
  EXPECT_TRUE(Names(InCopy(entries), Check::kTiles, refusal_index));
}

TEST_F(TamperMatrix, RemovingARefusalFromTheLedgerIsRefusedByWhoHasSeenIt) {
  auto entries = Entries();
  entries.erase(entries.begin() + static_cast<ptrdiff_t>(refusal_index));
  entries.push_back(entries.back());
  EXPECT_EQ(AgainstHeldCopy(entries).code, Errc::kCorrupt);
}

TEST_F(TamperMatrix, ReplacingACertificateNamesTheAdmission) {
  rujukan::testing::World elsewhere;
  const auto& thief = elsewhere.AddAgency("uppa.18.01");
  auto entries = Entries();
  std::optional<LogIndex> admission;
  for (LogIndex index = 0; index < entries.size() && !admission; ++index) {
    v1::Entry entry;
    v1::Act act;
    ASSERT_TRUE(entry.ParseFromString(entries[index]));
    if (entry.has_act() && act.ParseFromString(entry.act().act()) && act.has_admit() &&
        act.admit().address() == story.referral.from()) {
      act.mutable_admit()->set_signing_certificate(thief.signing_certificate.der());
      entry.mutable_act()->set_act(act.SerializeAsString());
      entries[index] = entry.SerializeAsString();
      admission = index;
    }
  }
  ASSERT_TRUE(admission);
  EXPECT_TRUE(Names(InCopy(entries), Check::kTiles, *admission)) << "in a copy";
  const Report report = ByBroker(entries);
  EXPECT_TRUE(Names(report, Check::kSignatures, *admission)) << "the admin signed another one";
  EXPECT_TRUE(Names(report, Check::kCertificates, *admission)) << "it is of another root";
}

TEST_F(TamperMatrix, AFalseStateRootNamesTheEntry) {
  v1::Entry entry;
  entry.mutable_state()->set_state_root(std::string(Digest::kSize, 's'));
  EXPECT_TRUE(Names(ByBroker(entry), Check::kTransitions, story.world.size()));
}

}  // namespace
}  // namespace rujukan::audit
