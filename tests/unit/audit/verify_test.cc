// Goal: an honest ledger verifies, and every way of tampering is reported with the entry or file
// named. Method: a real ledger of a few entries as files in memory; change one thing; verify.
#include "agents/audit/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/checkpoint.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

using testing::Files;
using ::testing::HasSubstr;
using testing::MakeLog;
using testing::MemorySource;
using testing::Names;
using testing::NamesFile;
using testing::PutBundles;
using testing::Story;
using testing::VerifyFiles;
using K = v1::Kind;

class VerifyTest : public ::testing::Test {
 protected:
  Files Honest() const { return MakeLog(story.world.entries(), story.world.log()); }
  std::vector<std::string> Entries() const { return story.world.entries(); }
  std::string BundlePath() const {
    return "tile/entries/000.p/" + std::to_string(story.world.size());
  }
  std::string TilePath() const { return "tile/0/000.p/" + std::to_string(story.world.size()); }
  // A ledger whose dishonest broker appended `entry` without asking the fold, and signed it.
  Report AfterDishonest(v1::Entry entry) const {
    auto entries = Entries();
    entries.push_back(story.Unchecked(std::move(entry)));
    return VerifyFiles(MakeLog(entries, story.world.log()));
  }
  LogIndex NextIndex() const { return story.world.size(); }

  Story story;
};

TEST_F(VerifyTest, AnHonestLedgerPassesEveryCheck) {
  const Report report = VerifyFiles(Honest());
  EXPECT_EQ(report.outcome(), Outcome::kPass) << ReportAsText(report, "memory");
  EXPECT_EQ(report.size, story.world.size());
  EXPECT_EQ(report.origin, "rujukan/lampung.example");
  EXPECT_EQ(report.tally(Check::kTransitions).checked, story.world.size());
  EXPECT_EQ(report.tally(Check::kSignatures).checked, story.world.size());
  EXPECT_EQ(report.tally(Check::kTiles).checked, story.world.size());
  EXPECT_EQ(report.tally(Check::kCertificates).checked, 3u);  // the admin's and two agencies'
}

TEST_F(VerifyTest, OneFlippedByteNamesItsEntry) {
  Files files = Honest();
  std::vector<std::string> entries = Entries();
  std::string& victim = entries[story.referral_index];
  victim[victim.size() / 2] = static_cast<char>(victim[victim.size() / 2] ^ 1);
  PutBundles(entries, files);
  const Report report = VerifyFiles(std::move(files));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(Names(report, Check::kTree, std::nullopt));
  EXPECT_THAT(ReportAsText(report, "memory"),
              HasSubstr("entry " + std::to_string(story.referral_index)));
}

TEST_F(VerifyTest, AFlippedByteInAnyEntryIsCaught) {
  for (size_t i = 0; i < Entries().size(); ++i) {
    Files files = Honest();
    std::vector<std::string> entries = Entries();
    entries[i].back() = static_cast<char>(entries[i].back() ^ 0x40);
    PutBundles(entries, files);
    EXPECT_TRUE(Names(VerifyFiles(std::move(files)), Check::kTiles, i)) << "entry " << i;
  }
}

TEST_F(VerifyTest, ADeletedEntryIsMissed) {
  Files files = Honest();
  std::vector<std::string> entries = Entries();
  entries.erase(entries.begin() + static_cast<ptrdiff_t>(story.referral_index));
  Files shorter;
  PutBundles(entries, shorter);
  files[BundlePath()] = shorter.begin()->second;
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, BundlePath()));
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
}

TEST_F(VerifyTest, SwappedEntriesAreBothNamed) {
  Files files = Honest();
  std::vector<std::string> entries = Entries();
  std::swap(entries[story.referral_index], entries[story.referral_index + 1]);
  PutBundles(entries, files);
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index));
  EXPECT_TRUE(Names(report, Check::kTiles, story.referral_index + 1));
  EXPECT_GT(report.tally(Check::kTransitions).failed, 0u);
}

TEST_F(VerifyTest, ATruncatedBundleNamesTheFileAndWhatItLacks) {
  Files files = Honest();
  files[BundlePath()].pop_back();
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, BundlePath()));
  EXPECT_TRUE(Names(report, Check::kEntries, story.world.size() - 1));
  EXPECT_EQ(report.tally(Check::kTransitions).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kPass);  // its hash is in the tile
}

TEST_F(VerifyTest, AMissingBundleLeavesTheRestNotCheckable) {
  Files files = Honest();
  files.erase(BundlePath());
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(NamesFile(report, Check::kEntries, BundlePath()));
  EXPECT_EQ(report.tally(Check::kSignatures).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.outcome(), Outcome::kFail);
}

TEST_F(VerifyTest, AWrongHashInATileIsNamed) {
  Files files = Honest();
  files[TilePath()][3 * Digest::kSize] ^= 1;
  const Report report = VerifyFiles(std::move(files));
  EXPECT_TRUE(Names(report, Check::kTiles, 3));
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kPass);
}

TEST_F(VerifyTest, AMissingTileIsNamed) {
  Files files = Honest();
  files.erase(TilePath());
  EXPECT_TRUE(NamesFile(VerifyFiles(std::move(files)), Check::kTiles, TilePath()));
}

TEST_F(VerifyTest, ACheckpointSignedWithAnotherKeyIsRefused) {
  Files files = Honest();
  const auto other =
      ledger::NoteSigner::Make(story.world.log().verifier().name, certs::Ed25519Key::Generate());
  files["checkpoint"] = MakeLog(Entries(), *other)["checkpoint"];
  const Report report = VerifyFiles(std::move(files));
  EXPECT_EQ(report.tally(Check::kCheckpoint).outcome(), Outcome::kFail);
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kPass);
}

TEST_F(VerifyTest, AnExportResignedWithItsOwnNewKeyContradictsItsGenesis) {
  const auto other =
      ledger::NoteSigner::Make(story.world.log().verifier().name, certs::Ed25519Key::Generate());
  const Report report = VerifyFiles(MakeLog(Entries(), *other));
  EXPECT_EQ(report.tally(Check::kCheckpoint).outcome(), Outcome::kFail);
}

TEST_F(VerifyTest, APinnedKeyOrRootThatDiffersIsReported) {
  VerifyOptions options;
  options.vkey = ledger::NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate())
                     ->verifier()
                     .ToVkey();
  EXPECT_EQ(VerifyFiles(Honest(), options).tally(Check::kCheckpoint).outcome(), Outcome::kFail);
  options = {};
  options.root_fingerprint = std::string(64, '0');
  EXPECT_EQ(VerifyFiles(Honest(), options).tally(Check::kCertificates).outcome(), Outcome::kFail);
}

TEST_F(VerifyTest, WithoutAKeyFileTheGenesisKeyIsUsed) {
  Files files = Honest();
  files.erase("vkey");
  EXPECT_EQ(VerifyFiles(std::move(files)).outcome(), Outcome::kPass);
}

TEST_F(VerifyTest, AForgedSignatureIsNamedEvenWhenTheBrokerCommittedToIt) {
  v1::Entry forged =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  const auto signature = story.world.SignHeader(story.referral, story.world.member("dinsos.18"));
  forged.mutable_accepted()->mutable_signature()->set_signature(signature.signature.signature());
  const Report report = AfterDishonest(std::move(forged));
  EXPECT_TRUE(Names(report, Check::kSignatures, NextIndex()));
  EXPECT_EQ(report.tally(Check::kTree).outcome(), Outcome::kPass);
}

TEST_F(VerifyTest, ARefusalHeldAgainstASenderWhoDidNotSignItIsNamed) {
  const v1::Entry message =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  v1::Entry entry;
  v1::MessageRefused& refused = *entry.mutable_refused();
  refused.set_sender(story.world.member("dinsos.18").address);
  refused.set_reason(v1::RefusalReason::BAD_SIGNATURE);
  refused.set_submission_digest(std::string(32, 'd'));
  refused.set_header(message.accepted().header());
  *refused.mutable_signature() = message.accepted().signature();
  EXPECT_EQ(AfterDishonest(entry).outcome(), Outcome::kPass) << "an honest refusal";

  v1::Header invented = story.Next("dinsos.18", "uppa.18.01", K::LAPORAN_AKHIR, 3);
  refused.set_header(invented.SerializeAsString());
  EXPECT_TRUE(Names(AfterDishonest(entry), Check::kSignatures, NextIndex()));

  invented.set_from(story.world.member("uppa.18.01").address);
  invented.set_to(0, story.world.member("dinsos.18").address);
  refused.set_header(invented.SerializeAsString());
  EXPECT_TRUE(Names(AfterDishonest(entry), Check::kTransitions, NextIndex()));
}

TEST_F(VerifyTest, AnIllegalTransitionByADishonestBrokerIsNamed) {
  const Report report = AfterDishonest(
      story.world.MessageEntry(story.Next("uppa.18.01", "dinsos.18", K::KONFIRMASI_TUTUP, 2)));
  EXPECT_TRUE(Names(report, Check::kTransitions, NextIndex()));
  EXPECT_EQ(report.findings_total(), 1u) << ReportAsText(report, "memory");
  EXPECT_THAT(report.Sorted()[0].problem, HasSubstr("ILLEGAL_TRANSITION"));
}

TEST_F(VerifyTest, AMessageSignedWithAnUnknownKeyIsNamed) {
  v1::Entry entry =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  entry.mutable_accepted()->mutable_signature()->set_signer_key(std::string(32, 'k'));
  EXPECT_TRUE(Names(AfterDishonest(std::move(entry)), Check::kSignatures, NextIndex()));
}

TEST_F(VerifyTest, AnAgencyAdmittedWithACertificateOfAnotherRootIsNamed) {
  rujukan::testing::World other;
  const auto& intruder = other.AddAgency("lpa.18");
  const auto invitation = certs::Ed25519Key::Generate();
  story.world.Append(story.world.ActEntry(story.world.InviteAct("lpa.18", invitation)));
  story.world.AddApplicant("lpa.18");
  const v1::Entry enrolment = story.world.EnrolmentEntry("lpa.18", invitation);
  story.world.Append(enrolment);
  v1::Act act = story.world.AdmitAct("lpa.18", enrolment);
  v1::Admit& admit = *act.mutable_admit();
  admit.set_signing_certificate(intruder.signing_certificate.der());
  admit.set_encryption_certificate(intruder.encryption_certificate.der());
  admit.set_transport_key(intruder.transport.public_key.str());
  v1::Entry entry = story.world.ActEntry(std::move(act));
  EXPECT_TRUE(Names(AfterDishonest(std::move(entry)), Check::kCertificates, NextIndex()));
}

v1::Act RevokeAct(std::string_view name) {
  v1::Act act;
  act.mutable_revoke()->set_address(rujukan::testing::World::Address(name));
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  return act;
}

TEST_F(VerifyTest, HonestActsOfEveryKindOfSignerPass) {
  rujukan::testing::World& world = story.world;
  world.AddMember("admin.02", v1::Role::ADMIN);
  world.Rotate("dinsos.18");
  v1::RootAct root_act;
  *root_act.add_revoke() = RevokeAct("uppa.18.01").revoke();
  world.Append(world.RootActEntry(root_act));
  world.Append(world.ActEntryBy("admin.02", RevokeAct("dinsos.18")));
  const Report report = VerifyFiles(Honest());
  EXPECT_EQ(report.outcome(), Outcome::kPass) << ReportAsText(report, "memory");
  EXPECT_EQ(report.tally(Check::kSignatures).checked, world.size());
}

TEST_F(VerifyTest, AnActChangedInACopyUnderItsOldSignatureIsNamed) {
  v1::Entry forged = story.world.ActEntry(RevokeAct("uppa.18.01"));
  v1::Act act;
  ASSERT_TRUE(act.ParseFromString(forged.act().act()));
  act.mutable_revoke()->set_address(story.world.member("dinsos.18").address);
  forged.mutable_act()->set_act(act.SerializeAsString());
  const Report report = AfterDishonest(std::move(forged));
  EXPECT_TRUE(Names(report, Check::kSignatures, NextIndex()));
  EXPECT_EQ(report.findings_total(), 1u) << ReportAsText(report, "memory");
}

TEST_F(VerifyTest, AnActBySomebodyWithoutTheRightIsNamed) {
  const Report report =
      AfterDishonest(story.world.ActEntryBy("dinsos.18", RevokeAct("uppa.18.01")));
  EXPECT_TRUE(Names(report, Check::kTransitions, NextIndex()));
  EXPECT_EQ(report.findings_total(), 1u) << ReportAsText(report, "memory");
  EXPECT_THAT(report.Sorted()[0].problem, HasSubstr("NO_RIGHT"));
}

TEST_F(VerifyTest, AnActByARevokedAdminIsNamed) {
  rujukan::testing::World& world = story.world;
  world.AddMember("admin.02", v1::Role::ADMIN);
  world.Append(world.ActEntry(RevokeAct("admin.02")));
  const Report report = AfterDishonest(world.ActEntryBy("admin.02", RevokeAct("uppa.18.01")));
  EXPECT_TRUE(Names(report, Check::kTransitions, NextIndex()));
  EXPECT_THAT(report.Sorted()[0].problem, HasSubstr("NO_RIGHT"));
}

TEST_F(VerifyTest, AForgedRootActIsNamed) {
  v1::RootAct root_act;
  *root_act.add_revoke() = RevokeAct("uppa.18.01").revoke();
  v1::Entry forged = story.world.RootActEntry(root_act);
  forged.mutable_root_act()->set_signature(story.world.issuer().key.Sign("anything"));
  EXPECT_TRUE(Names(AfterDishonest(std::move(forged)), Check::kSignatures, NextIndex()));
}

TEST_F(VerifyTest, AnEncryptionKeyThatNobodyAskedForIsNamed) {
  rujukan::testing::World& world = story.world;
  const auto next = world.NewKeys("dinsos.18");
  const v1::Entry request = world.ActEntry(rujukan::testing::World::RequestKeysAct(next));
  world.Append(request);
  v1::Act grant = world.GrantKeysAct(next, request);
  grant.mutable_grant_keys()->set_encryption_certificate(
      world.NewKeys("dinsos.18").encryption_certificate.der());
  EXPECT_TRUE(Names(AfterDishonest(world.ActEntry(grant)), Check::kCertificates, NextIndex()));
}

TEST_F(VerifyTest, AWrongDirectoryRootIsNamed) {
  v1::Entry entry = story.world.ActEntry(RevokeAct("uppa.18.01"));
  entry.set_directory_root(std::string(32, 'r'));
  const Report report = AfterDishonest(std::move(entry));
  EXPECT_TRUE(Names(report, Check::kDirectory, NextIndex()));
  EXPECT_EQ(report.findings_total(), 1u) << ReportAsText(report, "memory");
}

// The auditor reports; it does not give up where a ledger does not begin as it should.
TEST_F(VerifyTest, ALedgerWhoseGenesisIsForgedIsReportedToItsEnd) {
  auto entries = Entries();
  v1::Entry genesis;
  ASSERT_TRUE(genesis.ParseFromString(entries[0]));
  genesis.mutable_genesis()->set_genesis("not a genesis");
  entries[0] = genesis.SerializeAsString();
  entries.push_back(story.Unchecked(story.world.RootActEntry(v1::RootAct())));
  const Report report = VerifyFiles(MakeLog(entries, story.world.log()));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_TRUE(Names(report, Check::kTransitions, 0));
  EXPECT_TRUE(Names(report, Check::kTransitions, entries.size() - 1));
}

TEST_F(VerifyTest, ABackdatedEntryIsNamed) {
  v1::Entry entry =
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3));
  entry.set_time_ms(story.world.now() - 1);
  const Report report = AfterDishonest(std::move(entry));
  EXPECT_TRUE(Names(report, Check::kTime, NextIndex()));
  EXPECT_EQ(report.findings_total(), 1u);
}

TEST_F(VerifyTest, AHiddenDirectoryEntryBreaksTheChain) {
  const auto invitation = certs::Ed25519Key::Generate();
  v1::Entry entry = story.world.ActEntry(story.world.InviteAct("lpa.18", invitation));
  entry.set_directory_previous(1);
  EXPECT_TRUE(Names(AfterDishonest(std::move(entry)), Check::kDirectory, NextIndex()));
}

TEST_F(VerifyTest, EntriesAfterAFaultAreStillChecked) {
  auto entries = Entries();
  entries.emplace_back("not an entry");
  entries.push_back(story.Unchecked(
      story.world.MessageEntry(story.Next("dinsos.18", "uppa.18.01", K::KONTAK_PERTAMA, 3))));
  entries.push_back(story.Unchecked(
      story.world.MessageEntry(story.Next("uppa.18.01", "dinsos.18", K::KONFIRMASI_TUTUP, 2))));
  const Report report = VerifyFiles(MakeLog(entries, story.world.log()));
  EXPECT_TRUE(Names(report, Check::kEntries, NextIndex()));
  EXPECT_FALSE(Names(report, Check::kTransitions, NextIndex() + 1));
  EXPECT_TRUE(Names(report, Check::kTransitions, NextIndex() + 2));
}

TEST_F(VerifyTest, ALedgerOfSeveralTilesWithPartialOnesPasses) {
  for (uint64_t i = 0; i < 300; ++i) {
    story.world.Append(story.world.MessageEntry(
        story.world.HeaderTo("uppa.18.01", "dinsos.18", K::PEMBERITAHUAN)));
  }
  Files files = Honest();
  const Report report = VerifyFiles(files);
  EXPECT_EQ(report.outcome(), Outcome::kPass) << ReportAsText(report, "memory");
  files["tile/1/000.p/1"][0] ^= 1;
  EXPECT_TRUE(NamesFile(VerifyFiles(files), Check::kTiles, "tile/1/000.p/1"));
}

TEST_F(VerifyTest, TheSameFindingsComeOutWithAnyNumberOfThreads) {
  for (const size_t threads : {1u, 2u, 5u}) {
    VerifyOptions options;
    options.threads = threads;
    const Report report = VerifyFiles(Honest(), options);
    EXPECT_EQ(report.tally(Check::kSignatures).checked, story.world.size());
  }
}

TEST_F(VerifyTest, JsonNamesVerdictChecksAndFindings) {
  Files files = Honest();
  files.erase(TilePath());
  const auto json = nlohmann::json::parse(ReportAsJson(VerifyFiles(std::move(files)), "memory"));
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["checks"].size(), kCheckCount);
  EXPECT_EQ(json["findings"][0]["file"], TilePath());
}

// A source that counts, and has only what it was given.
class CountingSource : public MemorySource {
 public:
  using MemorySource::MemorySource;
  Result<std::string> Read(const std::string& path, size_t bytes_max) override {
    ++reads;
    return MemorySource::Read(path, bytes_max);
  }
  size_t reads = 0;
};

TEST_F(VerifyTest, BehindAGapWithoutHashesNothingMoreIsAskedFor) {
  Files files = Honest();
  const ledger::Checkpoint claim{story.world.log().verifier().name, 1ULL << 30, Digest()};
  files["checkpoint"] = ledger::SignCheckpoint(claim, story.world.log());
  CountingSource source(std::move(files));
  const auto report = Verify(source, {}, [](uint64_t, uint64_t) {});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->outcome(), Outcome::kFail);
  EXPECT_TRUE(NamesFile(*report, Check::kEntries, "tile/entries/000"));
  EXPECT_LT(source.reads, 20u);
}

TEST_F(VerifyTest, NoCheckpointIsAnErrorNotAReport) {
  MemorySource source(Files{});
  const auto report = Verify(source, {}, [](uint64_t, uint64_t) {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace rujukan::audit
