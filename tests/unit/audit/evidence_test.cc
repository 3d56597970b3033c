// Goal: an honest evidence file passes every check, and whatever somebody changes in it is named,
// with the file at fault, also when they make the manifests anew; nothing stops at the first fault.
// Method: one real leg with everything (EvidenceStory); change one thing; check.
#include "agents/audit/evidence_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/audit/completeness.h"
#include "agents/audit/evidence_files.h"
#include "agents/audit/evidence_walk.h"
#include "base/bytes.h"
#include "certs/hash.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "rujukan/v1/audit.pb.h"
#include "tests/unit/audit/evidence_story.h"

namespace rujukan::audit {
namespace {

using rujukan::testing::World;
using testing::EvidenceStory;
using ::testing::HasSubstr;
using testing::MemorySource;
using ::testing::Not;
using C = EvidenceCheck;

const EvidenceStory& Story() {
  return EvidenceStory::Get();
}

EvidenceReport Checked(const std::string& container, const TrustAnchors& anchors) {
  auto report = CheckEvidence(container, anchors);
  EXPECT_TRUE(report) << report.error().ToString();
  return report ? std::move(*report) : EvidenceReport();
}

EvidenceReport Checked(const std::string& container) {
  return Checked(container, Story().anchors());
}

bool Names(const EvidenceReport& report, C check, const std::string& file) {
  return std::any_of(
      report.findings().begin(), report.findings().end(), [&](const EvidenceFinding& finding) {
        return finding.check == check && finding.file == file;
      });
}

std::string Flipped(std::string bytes, size_t at) {
  bytes[at] = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

std::string Entry(LogIndex index) {
  return EntryFile(index);
}

TEST(EvidenceTest, AnHonestFilePassesEveryCheck) {
  const EvidenceReport report = Checked(Story().container());
  EXPECT_EQ(report.outcome(), Outcome::kPass) << EvidenceReportAsText(report, "F");
  for (size_t i = 0; i < kEvidenceCheckCount; ++i) {
    const auto check = static_cast<C>(i);
    EXPECT_EQ(report.tally(check).outcome(), Outcome::kPass) << CheckName(check);
    EXPECT_GT(report.tally(check).checked, 0u) << CheckName(check);
  }
  EXPECT_EQ(report.subject, "leg " + FormatUuid(Story().referral().leg_id()));
  EXPECT_EQ(report.size, Story().world().size());
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("Time-stamped")));
  EXPECT_THAT(report.notes, ::testing::Contains(HasSubstr("Cosigned by saksi.contoh.test")));
}

TEST(EvidenceTest, ItHoldsTheLegTheDirectoryAndNothingOfOthers) {
  const FileMap files = UnpackContainer(Story().container())->files;
  LogIndex others = 0;
  for (LogIndex index = 0; index < Story().world().size(); ++index) {
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(Story().world().entries()[index]));
    v1::Header header;
    header.ParseFromString(entry.accepted().header());
    const bool foreign = entry.has_accepted() && header.leg_id() != Story().referral().leg_id();
    EXPECT_EQ(files.count(Entry(index)), foreign ? 0u : 1u) << index;
    others += foreign ? 1 : 0;
  }
  EXPECT_EQ(others, 4u) << "the test tells other stories, too";
  EXPECT_THAT(files.at("timeline.txt"), HasSubstr("TANDA_TERIMA DELIVERED"));
  EXPECT_THAT(files.at("timeline.txt"), HasSubstr("REFUSED MAILBOX_FULL"));
  EXPECT_THAT(files.begin()->second, Not(HasSubstr("episode-contoh")));
}

TEST(EvidenceTest, TheSameLedgerAlwaysGivesTheSameBytes) {
  EXPECT_EQ(Story().Container(FormatUuid(Story().referral().leg_id())), Story().container());
  EXPECT_EQ(Story().Container(FormatUuid(Story().referral().leg_id())).substr(30, 8), "mimetype");
}

TEST(EvidenceTest, WithoutAnythingFromElsewhereItHoldsTogetherButProvesNothing) {
  const EvidenceReport report = Checked(Story().container(), {});
  EXPECT_EQ(report.outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.tally(C::kAnchors).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.tally(C::kTimestamp).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.tally(C::kCosignatures).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.tally(C::kCompleteness).outcome(), Outcome::kNotCheckable);
  EXPECT_EQ(report.findings_total(), 0u);
}

TEST(EvidenceTest, TheRootAloneIsEnoughAndAnotherRootOrKeyIsNamed) {
  TrustAnchors anchors;
  anchors.root_fingerprint = Checked(Story().container()).root_fingerprint;
  EXPECT_EQ(Checked(Story().container(), anchors).outcome(), Outcome::kPass);
  anchors.root_fingerprint[0] = anchors.root_fingerprint[0] == '0' ? '1' : '0';
  EXPECT_TRUE(Names(Checked(Story().container(), anchors), C::kAnchors, "certificates/root.pem"));
  TrustAnchors other;
  other.vkey = ledger::NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate())
                   ->verifier()
                   .ToVkey();
  EXPECT_TRUE(Names(Checked(Story().container(), other), C::kAnchors, "log.vkey"));
}

TEST(EvidenceTest, AFlippedByteOfAnEntryNamesTheEntry) {
  const std::string file = Entry(Story().acceptance_index());
  const EvidenceReport report = Checked(Story().Forged(
      [&](FileMap& files) { files[file] = Flipped(files[file], files[file].size() / 2); }));
  EXPECT_EQ(report.outcome(), Outcome::kFail);
  EXPECT_TRUE(Names(report, C::kInclusion, file));
  EXPECT_EQ(report.tally(C::kManifest).failed, 0u) << "the forger made it anew";
}

TEST(EvidenceTest, AChangeWithoutNewManifestsNamesTheFileThere) {
  FileMap files = UnpackContainer(Story().container())->files;
  files["timeline.txt"] += "#99  and then it was all settled\n";
  files["more.txt"] = "x";
  files.erase("log.pem");
  const EvidenceReport report = Checked(*PackContainer(files));
  EXPECT_TRUE(Names(report, C::kManifest, "timeline.txt"));
  EXPECT_TRUE(Names(report, C::kManifest, "more.txt"));
  EXPECT_TRUE(Names(report, C::kManifest, "log.pem"));
  EXPECT_TRUE(Names(report, C::kManifest, "META-INF/ASiCManifest.xml"));
}

TEST(EvidenceTest, NothingHidesAmongTheManifests) {
  const FileMap honest = UnpackContainer(Story().container())->files;
  const auto with = [&](const std::string& path, const std::string& bytes) {
    FileMap files = honest;
    files[path] = bytes;
    files["META-INF/ASiCManifest.xml"] = AsicManifest(files);
    return Checked(*PackContainer(files));
  };
  EXPECT_EQ(with("timeline.txt", honest.at("timeline.txt")).outcome(), Outcome::kPass);
  EXPECT_TRUE(
      Names(with("META-INF/summary.html", "all is settled"), C::kDerived, "META-INF/summary.html"));
  EXPECT_TRUE(
      Names(with("META-INF/manifest.xml", "<other/>"), C::kDerived, "META-INF/manifest.xml"));
  EXPECT_TRUE(Names(with("MANIFEST.sha256", honest.at("MANIFEST.sha256") + "all is settled\n"),
                    C::kManifest,
                    "MANIFEST.sha256"));
}

TEST(EvidenceTest, WhoNamesAWitnessOrAnAuthorityWantsItsWord) {
  FileMap files = UnpackContainer(Story().container())->files;
  TrustAnchors anchors = Story().anchors();
  const auto stranger =
      ledger::Cosigner::Make("witness.example/other", certs::Ed25519Key::Generate());
  anchors.witnesses = {stranger->verifier().ToVkey()};
  EXPECT_TRUE(Names(Checked(*PackContainer(files), anchors), C::kCosignatures, "checkpoint"));
}

TEST(EvidenceTest, EntriesThatChangePlacesAreBothNamed) {
  const std::string one = Entry(Story().receipt_index());
  const std::string other = Entry(Story().acceptance_index());
  const EvidenceReport report =
      Checked(Story().Forged([&](FileMap& files) { std::swap(files[one], files[other]); }));
  EXPECT_TRUE(Names(report, C::kInclusion, one));
  EXPECT_TRUE(Names(report, C::kInclusion, other));
  EXPECT_GT(report.tally(C::kTransitions).failed, 0u);
}

TEST(EvidenceTest, ARefusalThatWasTakenOutIsMissedByTheAuditorsStatement) {
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files.erase(Entry(Story().refusal_index()));
    files.erase("proofs/" + std::to_string(Story().refusal_index()) + ".path");
    files.erase("timestamp/proofs/" + std::to_string(Story().refusal_index()) + ".path");
  }));
  EXPECT_TRUE(Names(report, C::kCompleteness, "completeness/note"));
  EXPECT_TRUE(Names(report, C::kDerived, "timeline.txt"));
}

TEST(EvidenceTest, ADirectoryEntryThatWasTakenOutIsNamedByTheOneAfterIt) {
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files.erase(Entry(3));
    files.erase("proofs/3.path");
  }));
  EXPECT_TRUE(Names(report, C::kDirectory, Entry(4)));
}

TEST(EvidenceTest, ACheckpointThatSomebodyElseSignedIsNamed) {
  const auto forger =
      ledger::NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate());
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files["checkpoint"] = forger->Sign(files["checkpoint.text"]);
    files["log.vkey"] = forger->verifier().ToVkey() + "\n";
  }));
  EXPECT_TRUE(Names(report, C::kAnchors, "log.vkey"));
  EXPECT_TRUE(Names(report, C::kCheckpoint, Entry(0))) << "the genesis names another key";
}

TEST(EvidenceTest, AnEntrySignedByAnotherKeyIsNamed) {
  // Signed anew by lpa.31 in the name of dinsos.18, and proven in a ledger of the forger's own.
  const auto& world = Story().world();
  v1::Entry forged;
  ASSERT_TRUE(forged.ParseFromString(world.entries()[Story().acceptance_index()]));
  v1::BatchSignature& signature = *forged.mutable_accepted()->mutable_signature();
  const auto& thief = world.member("lpa.31");
  const auto made = certs::SignBatch(thief.signing_key,
                                     thief.signing_certificate.key_id(),
                                     certs::kHeaderContext,
                                     std::vector<std::string>{forged.accepted().header()});
  const std::string true_key = signature.signer_key();
  signature = made[0];
  signature.set_signer_key(true_key);
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files[Entry(Story().acceptance_index())] = forged.SerializeAsString();
  }));
  EXPECT_TRUE(Names(report, C::kSignatures, Entry(Story().acceptance_index())));
  EXPECT_TRUE(Names(report, C::kInclusion, Entry(Story().acceptance_index())));
}

TEST(EvidenceTest, ACertificateThatWasReplacedIsNamed) {
  std::string name;
  const std::string other = Story().world().member("lpa.31").signing_certificate.Pem();
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    const std::string table = files["certificates.txt"];
    name = "certificates/" + table.substr(0, 64) + ".pem";
    files[name] = other;
  }));
  EXPECT_TRUE(Names(report, C::kDerived, name));
}

TEST(EvidenceTest, OpenedContentThatWasNotSentIsNamed) {
  const std::string id = FormatUuid(Story().referral().message_id());
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    v1::OpenedContent opened;
    opened.ParseFromString(files["opened/" + id + ".pb"]);
    opened.mutable_opening()->at(0) ^= 1;
    files["opened/" + id + ".pb"] = opened.SerializeAsString();
    files["opened/" + id + ".opening"] = opened.opening();
  }));
  EXPECT_TRUE(Names(report, C::kContent, "opened/" + id + ".pb"));
  EXPECT_EQ(report.findings_total(), 1u) << "everything else still holds";
}

TEST(EvidenceTest, ContentOfAnotherSubjectIsNotTakenIn) {
  v1::OpenedContent opened;
  opened.ParseFromString(Story().opened());
  opened.set_message_id(std::string(16, 'x'));
  MemorySource source(Story().log());
  const EvidenceRequest request{
      FormatUuid(Story().referral().leg_id()), {opened.SerializeAsString()}, std::nullopt};
  EXPECT_EQ(CollectEvidence(source, "", request).error().code, Errc::kInvalid);
}

TEST(EvidenceTest, ATimeStampOfAnotherAuthorityOrOverSomethingElseIsNamed) {
  TrustAnchors anchors = Story().anchors();
  anchors.tsa = {Story().world().member("lpa.31").signing_certificate.der()};
  const EvidenceReport report = Checked(Story().container(), anchors);
  EXPECT_EQ(report.tally(C::kTimestamp).outcome(), Outcome::kFail);
  const std::string proof =
      "timestamp/proofs/" + std::to_string(Story().referral_index()) + ".path";
  EXPECT_TRUE(Names(
      Checked(Story().Forged([&](FileMap& files) { files[proof] = Flipped(files[proof], 0); })),
      C::kTimestamp,
      proof));
}

TEST(EvidenceTest, AWitnessThatHasNotCosignedIsToldAndABadCosignatureIsNamed) {
  TrustAnchors anchors = Story().anchors();
  anchors.witnesses.push_back(
      ledger::Cosigner::Make("lain", certs::Ed25519Key::Generate())->verifier().ToVkey());
  const EvidenceReport report = Checked(Story().container(), anchors);
  EXPECT_EQ(report.outcome(), Outcome::kPass);
  EXPECT_THAT(report.tally(C::kCosignatures).skipped, HasSubstr("1 of your witnesses"));
  const EvidenceReport bad = Checked(Story().Forged([](FileMap& files) {
    std::string& note = files["checkpoint"];
    note[note.size() - 10] = note[note.size() - 10] == 'A' ? 'B' : 'A';
  }));
  EXPECT_TRUE(Names(bad, C::kCosignatures, "checkpoint"));
}

TEST(EvidenceTest, StatementsOfOthersAreNotBelieved) {
  const auto stranger = ledger::NoteSigner::Make("asing", certs::Ed25519Key::Generate());
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files["completeness/note"] = stranger->Sign(files["completeness/statement.text"]);
    files["completeness/vkey"] = stranger->verifier().ToVkey() + "\n";
  }));
  EXPECT_TRUE(Names(report, C::kCompleteness, "completeness/vkey"));
  const EvidenceReport unsigned_report = Checked(Story().Forged([&](FileMap& files) {
    files["completeness/note"] = stranger->Sign(files["completeness/statement.text"]);
  }));
  EXPECT_TRUE(Names(unsigned_report, C::kCompleteness, "completeness/note"));
}

TEST(EvidenceTest, AStatementOfAnEarlierCheckpointCountsWhenTheLedgerContinuesIt) {
  testing::Story story;
  MemorySource early(testing::MakeLog(story.world.entries(), story.world.log()));
  const std::string leg = FormatUuid(story.referral.leg_id());
  const auto complete = ProveComplete(early, "", leg, {}, [](uint64_t, uint64_t) {});
  const auto auditor = ledger::NoteSigner::Make("auditor", certs::Ed25519Key::Generate());
  const EvidenceStatement statement{
      auditor->Sign(complete->statement.Text()), auditor->verifier().ToVkey(), {}};
  story.world.Append(story.world.MessageEntry(
      story.world.HeaderTo("dinsos.18", "uppa.18.01", v1::Kind::PEMBERITAHUAN)));
  MemorySource later(testing::MakeLog(story.world.entries(), story.world.log()));
  const auto evidence = CollectEvidence(later, "", {leg, {}, statement});
  ASSERT_TRUE(evidence) << evidence.error().ToString();
  EXPECT_FALSE(evidence->statement->consistency.empty());
  EvidenceReport unread;
  const auto container = PackContainer(RenderEvidence(*evidence, *WalkEvidence(*evidence, unread)));
  TrustAnchors anchors;
  anchors.vkey = evidence->vkey;
  anchors.auditors = {statement.vkey};
  const EvidenceReport report = Checked(*container, anchors);
  EXPECT_EQ(report.tally(C::kCompleteness).outcome(), Outcome::kPass)
      << EvidenceReportAsText(report, "F");
  EXPECT_EQ(report.outcome(), Outcome::kPass);
}

TEST(EvidenceTest, NothingStopsAtTheFirstFault) {
  const EvidenceReport report = Checked(Story().Forged([&](FileMap& files) {
    files[Entry(0)] = "";
    files["checkpoint"] = "no note";
    files["timestamp/entry"] = "0\n";
    files["completeness/note"] = "";
    files["README.md"] = "# All good\n";
  }));
  for (const C check : {C::kCheckpoint,
                        C::kTransitions,
                        C::kTimestamp,
                        C::kCompleteness,
                        C::kDerived,
                        C::kDirectory}) {
    EXPECT_GT(report.tally(check).failed, 0u) << CheckName(check);
  }
  EXPECT_TRUE(Names(report, C::kDerived, "README.md"));
}

TEST(EvidenceTest, WhatIsNoEvidenceFileIsAFindingAndNoCheckPassesForIt) {
  for (const std::string& bytes : {std::string(),
                                   std::string("PK\003\004"),
                                   Story().container().substr(0, 5000),
                                   *PackContainer({{"a.txt", "x"}})}) {
    const EvidenceReport report = Checked(bytes);
    EXPECT_EQ(report.outcome(), Outcome::kFail);
    EXPECT_GT(report.tally(C::kContainer).failed, 0u);
    EXPECT_EQ(report.tally(C::kInclusion).outcome(), Outcome::kNotCheckable);
  }
}

TEST(EvidenceTest, ANotificationAndAnAgencyHaveEvidenceToo) {
  for (const std::string& subject :
       {World::Address("lpa.31"), FormatUuid(Story().referral().message_id())}) {
    const EvidenceReport report = Checked(Story().Container(subject));
    EXPECT_EQ(report.findings_total(), 0u) << EvidenceReportAsText(report, subject);
  }
}

}  // namespace
}  // namespace rujukan::audit
