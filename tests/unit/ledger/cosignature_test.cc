// Goal: cosignatures are those of C2SP tlog-cosignature: over the time and the whole text, by a key
// of type 0x04, and nothing bent verifies. Method: the specification's message rebuilt by hand and
// checked with plain Ed25519; one table of ways to bend a line; merging at its limits.
#include "ledger/cosignature.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/merkle.h"
#include "ledger/checkpoint.h"

namespace rujukan::ledger {
namespace {

constexpr int64_t kTime = 1'679'315'147;  // the specification's example

certs::Ed25519Key KeyOf(char seed) {
  return *certs::Ed25519Key::FromSeed(std::string(32, seed));
}

Cosigner CosignerOf(const std::string& name, char seed) {
  return *Cosigner::Make(name, KeyOf(seed));
}

NoteSigner Log() {
  return *NoteSigner::Make("rujukan/lampung.example", KeyOf('l'));
}

std::string CheckpointNote(TreeSize size = 7) {
  return SignCheckpoint({"rujukan/lampung.example", size, certs::LeafHash("x")}, Log());
}

std::string TextOf(const std::string& note) {
  return ParseNote(note)->text;
}

Result<std::vector<Cosignature>> Verified(const std::string& note, const Cosigner& cosigner) {
  return VerifyCosignatures(note, std::span(&cosigner.verifier(), 1));
}

TEST(Cosignature, IsTheSpecificationsMessageUnderAKeyIdOfType4) {
  const Cosigner witness = CosignerOf("witness.example.com/w1", 'w');
  const std::string text = TextOf(CheckpointNote());
  const auto lines = ParseSignatureLines(witness.Cosign(text, kTime));
  ASSERT_EQ(lines->size(), 1U);
  const NoteSignature& line = lines->front();
  EXPECT_EQ(line.name, "witness.example.com/w1");
  ASSERT_EQ(line.bytes.size(), 72U);
  EXPECT_EQ(ReadBigEndian64(line.bytes), static_cast<uint64_t>(kTime));
  EXPECT_TRUE(certs::Ed25519Verify(KeyOf('w').public_bytes(),
                                   "cosignature/v1\ntime 1679315147\n" + text,
                                   std::string_view(line.bytes).substr(8)));
  const std::string typed = std::string("\x04", 1) + KeyOf('w').public_bytes();
  const auto id = certs::Sha256("witness.example.com/w1\n" + typed);
  EXPECT_EQ(line.key_id, ReadBigEndian32(id.view()));
}

TEST(Cosignature, ItsVkeyReadsBackAndIsNeverTakenForALogsKey) {
  const Cosigner witness = CosignerOf("witness.example.com/w1", 'w');
  const std::string vkey = witness.verifier().ToVkey();
  const auto parsed = NoteVerifier::Parse(vkey, kNoteCosignature);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().ToString();
  EXPECT_EQ(parsed->public_key, witness.verifier().public_key);
  EXPECT_EQ(parsed->type, kNoteCosignature);
  EXPECT_EQ(parsed->ToVkey(), vkey);
  EXPECT_EQ(NoteVerifier::Parse(vkey).error().code, Errc::kInvalid);
  EXPECT_EQ(NoteVerifier::Parse(Log().verifier().ToVkey(), kNoteCosignature).error().code,
            Errc::kInvalid);
}

TEST(Cosignature, OfAKnownKeyVerifiesAndTellsItsTime) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string note = CheckpointNote();
  const auto found = Verified(note + witness.Cosign(TextOf(note), kTime), witness);
  ASSERT_TRUE(found.has_value()) << found.error().ToString();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().time_s, kTime);
  EXPECT_EQ(found->front().key.name, "w1");
}

TEST(Cosignature, OfUnknownKeysIsIgnoredAndOfAnotherKindOfKeyToo) {
  const std::string note = CheckpointNote();
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string line = witness.Cosign(TextOf(note), kTime);
  EXPECT_TRUE(Verified(note + line, CosignerOf("w2", 'w'))->empty()) << "another name";
  EXPECT_TRUE(Verified(note + line, CosignerOf("w1", 'v'))->empty()) << "another key";
  EXPECT_TRUE(Verified(note, witness)->empty());
  const NoteVerifier log = Log().verifier();
  EXPECT_TRUE(VerifyCosignatures(note, std::span(&log, 1))->empty())
      << "a log's key cosigns nothing";
}

TEST(Cosignature, EveryBentLineOfAKnownKeyIsDenied) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string note = CheckpointNote();
  const NoteSignature good = ParseSignatureLines(witness.Cosign(TextOf(note), kTime))->front();
  const auto with = [&](size_t at, char flip) {
    NoteSignature bent = good;
    bent.bytes[at] = static_cast<char>(bent.bytes[at] ^ flip);
    return bent;
  };
  NoteSignature cut = good;
  cut.bytes.pop_back();
  NoteSignature longer = good;
  longer.bytes.push_back('x');
  NoteSignature plain = good;  // an Ed25519 note signature in the place of a cosignature
  plain.bytes = KeyOf('w').Sign(TextOf(note));
  const struct {
    const char* what;
    NoteSignature line;
  } cases[] = {
      {"backdated by a second", with(7, 1)},
      {"a time over 2^63 - 1", with(0, '\x80')},
      {"another signature", with(8, 1)},
      {"a last byte changed", with(71, 1)},
      {"one byte short", cut},
      {"one byte long", longer},
      {"no time before the signature", plain},
  };
  for (const auto& one : cases) {
    const auto found = Verified(note + SignatureLine(one.line), witness);
    ASSERT_FALSE(found.has_value()) << one.what;
    EXPECT_EQ(found.error().code, Errc::kDenied) << one.what;
  }
  EXPECT_EQ(Verified(CheckpointNote(8) + SignatureLine(good), witness).error().code, Errc::kDenied)
      << "moved to another checkpoint";
}

TEST(Cosignature, ATimeOver2To63Minus1IsDeniedEvenWhenItIsSigned) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string note = CheckpointNote();
  const uint64_t time = 1ULL << 63U;
  NoteSignature line{"w1", witness.verifier().key_id, ""};
  AppendBigEndian64(time, line.bytes);
  line.bytes +=
      KeyOf('w').Sign("cosignature/v1\ntime " + std::to_string(time) + "\n" + TextOf(note));
  EXPECT_EQ(Verified(note + SignatureLine(line), witness).error().code, Errc::kDenied);
}

TEST(Cosignature, CoversExtensionLines) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string text = TextOf(CheckpointNote());
  const std::string extended = Log().Sign(text + "extension\n");
  EXPECT_EQ(Verified(extended + witness.Cosign(text, kTime), witness).error().code, Errc::kDenied);
  EXPECT_EQ(Verified(extended + witness.Cosign(text + "extension\n", kTime), witness)->size(), 1U);
}

TEST(Cosignature, OfSeveralByOneKeyTheNewestCounts) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string note = CheckpointNote();
  const std::string text = TextOf(note);
  const auto found =
      Verified(note + witness.Cosign(text, kTime + 5) + witness.Cosign(text, kTime), witness);
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().time_s, kTime + 5);
}

TEST(Cosignature, LeavesTheLogsOwnSignatureAsItWas) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const std::string note = CheckpointNote();
  const std::string cosigned = note + witness.Cosign(TextOf(note), kTime);
  EXPECT_TRUE(OpenCheckpoint(cosigned, Log().verifier()).has_value());
  const std::vector<NoteVerifier> both = {Log().verifier(), witness.verifier()};
  EXPECT_TRUE(OpenNote(cosigned, both).has_value()) << "a cosigner's line is not a log's";
  const NoteVerifier alone = witness.verifier();
  EXPECT_EQ(OpenNote(cosigned, std::span(&alone, 1)).error().code, Errc::kDenied);
}

TEST(Cosignature, MergingAddsKnownOnesReplacesOlderOnesAndLeavesOutStrangers) {
  const Cosigner w1 = CosignerOf("w1", 'a');
  const Cosigner w2 = CosignerOf("w2", 'b');
  const std::vector<NoteVerifier> known = {w1.verifier(), w2.verifier()};
  std::string note = CheckpointNote();
  const std::string text = TextOf(note);
  const std::string stranger = CosignerOf("w3", 'c').Cosign(text, kTime);
  note = *MergeCosignatures(note, w1.Cosign(text, kTime) + stranger, known);
  note = *MergeCosignatures(note, w2.Cosign(text, kTime), known);
  EXPECT_EQ(ParseNote(note)->signatures.size(), 3U);
  EXPECT_EQ(*MergeCosignatures(note, w1.Cosign(text, kTime - 1), known), note) << "older";
  EXPECT_EQ(*MergeCosignatures(note, w1.Cosign(text, kTime), known), note) << "the same";
  note = *MergeCosignatures(note, w1.Cosign(text, kTime + 1), known);
  const auto found = VerifyCosignatures(note, known);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_EQ(found->front().time_s, kTime + 1);
  EXPECT_TRUE(OpenCheckpoint(note, Log().verifier()).has_value());
}

TEST(Cosignature, MergingRefusesABadLineMalformedLinesAndTooManyBytes) {
  const Cosigner witness = CosignerOf("w1", 'w');
  const NoteVerifier known = witness.verifier();
  const std::string note = CheckpointNote();
  const std::string foreign = witness.Cosign(TextOf(CheckpointNote(8)), kTime);
  const auto merge = [&](const std::string& lines) {
    return MergeCosignatures(note, lines, std::span(&known, 1));
  };
  EXPECT_EQ(merge(foreign).error().code, Errc::kDenied);
  for (const std::string lines :
       {"", "\n", "nonsense\n", "\xE2\x80\x94 w1 AAAA", "\xE2\x80\x94 w1\n"}) {
    EXPECT_EQ(merge(lines).error().code, Errc::kInvalid) << lines;
  }
  const std::string line = CosignerOf(std::string(100, 'u'), 'u').Cosign(TextOf(note), kTime);
  std::string many;
  while (many.size() + line.size() <= limits::kCosignatureLinesBytesMax) {
    many += line;
  }
  const auto merged = merge(many);
  ASSERT_TRUE(merged.has_value()) << merged.error().ToString();
  EXPECT_EQ(*merged, note);
  EXPECT_EQ(merge(many + line).error().code, Errc::kInvalid);
}

TEST(Cosignature, MergingStopsAtAsManySignaturesAsANoteMayHave) {
  std::string note = CheckpointNote();
  const std::string text = TextOf(note);
  std::vector<NoteVerifier> known;
  for (size_t i = 1; i <= limits::kNoteSignaturesMax; ++i) {
    std::string seed(32, 's');
    seed[0] = static_cast<char>(i);
    const Cosigner witness =
        *Cosigner::Make("w" + std::to_string(i), *certs::Ed25519Key::FromSeed(seed));
    known.push_back(witness.verifier());
    const auto merged = MergeCosignatures(note, witness.Cosign(text, kTime), known);
    if (i == limits::kNoteSignaturesMax) {  // with the log's own, one past it
      EXPECT_EQ(merged.error().code, Errc::kLimit);
    } else {
      ASSERT_TRUE(merged.has_value()) << i;
      note = *merged;
    }
  }
  EXPECT_EQ(VerifyCosignatures(note, known)->size(), limits::kNoteSignaturesMax - 1);
}

TEST(CosignerTest, NamesThatANoteCannotCarryAreInvalid) {
  for (const char* name : {"", "a b", "a+b", "a\nb"}) {
    EXPECT_EQ(Cosigner::Make(name, KeyOf('k')).error().code, Errc::kInvalid) << name;
  }
}

}  // namespace
}  // namespace rujukan::ledger
