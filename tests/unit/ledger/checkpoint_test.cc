// Goal: checkpoints are those of C2SP tlog-checkpoint, and one is believed only when the ledger's
// own key signed it for the ledger's own origin. Method: the specification's example, one malformed
// file for each rule, signed checkpoints with parts exchanged.
#include "ledger/checkpoint.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "certs/merkle.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

NoteSigner SignerOf(const std::string& name) {
  return *NoteSigner::Make(name, *certs::Ed25519Key::FromSeed(std::string(32, 'c')));
}

TEST(Checkpoint, TheSpecificationsExampleParsesAndIsWrittenTheSame) {
  for (const char* name : {"example.txt", "empty-tree.txt"}) {
    const std::string text = vectors::Read(std::string("c2sp-tlog-checkpoint/") + name);
    const auto parsed = Checkpoint::Parse(text);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().ToString();
    EXPECT_EQ(parsed->Text(), text);
  }
  const auto empty = Checkpoint::Parse(vectors::Read("c2sp-tlog-checkpoint/empty-tree.txt"));
  EXPECT_EQ(empty->size, 0U);
  EXPECT_EQ(empty->root, certs::EmptyRoot());
}

TEST(Checkpoint, ExtensionLinesAreAcceptedAndIgnored) {
  const auto plain = Checkpoint::Parse(vectors::Read("c2sp-tlog-checkpoint/example.txt"));
  const auto extended =
      Checkpoint::Parse(vectors::Read("c2sp-tlog-checkpoint/extension-lines.txt"));
  ASSERT_TRUE(extended.has_value());
  EXPECT_EQ(extended->Text(), plain->Text());
}

TEST(Checkpoint, EveryMalformedTextIsInvalid) {
  for (const auto& file : vectors::FilesOf("c2sp-tlog-checkpoint/invalid")) {
    SCOPED_TRACE(file.filename().string());
    const auto parsed = Checkpoint::Parse(vectors::ReadFile(file));
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, Errc::kInvalid);
  }
}

TEST(Checkpoint, TheLargestTreeSizeIsTwoToThe63MinusOne) {
  Checkpoint checkpoint{"log", (1ULL << 63U) - 1, certs::EmptyRoot()};
  EXPECT_EQ(Checkpoint::Parse(checkpoint.Text())->size, checkpoint.size);
  checkpoint.size += 1;
  EXPECT_FALSE(Checkpoint::Parse(checkpoint.Text()).has_value());
}

TEST(Checkpoint, SignedByTheLedgersKeyItOpens) {
  const NoteSigner signer = SignerOf(OriginOf("lampung.example"));
  const Checkpoint checkpoint{OriginOf("lampung.example"), 7, certs::LeafHash("x")};
  const auto opened = OpenCheckpoint(SignCheckpoint(checkpoint, signer), signer.verifier());
  ASSERT_TRUE(opened.has_value()) << opened.error().ToString();
  EXPECT_EQ(opened->origin, "rujukan/lampung.example");
  EXPECT_EQ(opened->size, 7U);
  EXPECT_EQ(opened->root, checkpoint.root);
}

TEST(Checkpoint, AnotherLedgersKeyIsDenied) {
  const NoteSigner signer = SignerOf("rujukan/a.example");
  const Checkpoint checkpoint{"rujukan/a.example", 7, certs::LeafHash("x")};
  const auto opened =
      OpenCheckpoint(SignCheckpoint(checkpoint, signer), SignerOf("rujukan/b.example").verifier());
  EXPECT_EQ(opened.error().code, Errc::kDenied);
}

TEST(Checkpoint, AnOriginThatIsNotTheKeysNameIsAConflict) {
  const NoteSigner signer = SignerOf("rujukan/a.example");
  const Checkpoint foreign{"rujukan/b.example", 7, certs::LeafHash("x")};
  const auto opened = OpenCheckpoint(signer.Sign(foreign.Text()), signer.verifier());
  EXPECT_EQ(opened.error().code, Errc::kConflict);
}

TEST(Checkpoint, ASignedTextThatIsNoCheckpointIsInvalid) {
  const NoteSigner signer = SignerOf("rujukan/a.example");
  const auto opened = OpenCheckpoint(signer.Sign("rujukan/a.example\n7\n"), signer.verifier());
  EXPECT_EQ(opened.error().code, Errc::kInvalid);
}

TEST(CheckpointDeathTest, SigningForAnotherOriginIsAProgrammersError) {
  const Checkpoint foreign{"rujukan/b.example", 7, certs::LeafHash("x")};
  EXPECT_DEATH(SignCheckpoint(foreign, SignerOf("rujukan/a.example")), "CHECK");
}

}  // namespace
}  // namespace rujukan::ledger
