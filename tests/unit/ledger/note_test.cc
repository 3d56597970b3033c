// Goal: notes are those of C2SP signed-note, and a trusted key's word cannot be bent. Method: the
// specification's example, one malformed file for each rule, notes signed here and then changed.
#include "ledger/note.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/note_text.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

constexpr char kText[] = "first line\n\nline after a blank one\n";

NoteSigner SignerOf(const std::string& name, char seed) {
  return *NoteSigner::Make(name, *certs::Ed25519Key::FromSeed(std::string(32, seed)));
}

std::string SignatureLineOf(const std::string& note) {
  return note.substr(note.rfind("\n\n") + 2);
}

Result<std::string> Open(const std::string& note, const NoteVerifier& known) {
  return OpenNote(note, std::span(&known, 1));
}

NoteVerifier ExampleVerifier() {
  std::string vkey = vectors::Read("c2sp-signed-note/example.vkey");
  vkey.pop_back();
  return *NoteVerifier::Parse(vkey);
}

TEST(Note, TheSpecificationsExampleOpens) {
  const auto text = Open(vectors::Read("c2sp-signed-note/example.note"), ExampleVerifier());
  ASSERT_TRUE(text.has_value()) << text.error().ToString();
  EXPECT_EQ(*text, "This is an example message.\n");
  EXPECT_EQ(ExampleVerifier().key_id, 0x530d903aU);
  EXPECT_EQ(ExampleVerifier().ToVkey() + "\n", vectors::Read("c2sp-signed-note/example.vkey"));
}

TEST(Note, EveryMalformedNoteIsInvalid) {
  for (const auto& file : vectors::FilesOf("c2sp-signed-note/invalid")) {
    SCOPED_TRACE(file.filename().string());
    const auto parsed = ParseNote(vectors::ReadFile(file));
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, Errc::kInvalid);
    EXPECT_EQ(Open(vectors::ReadFile(file), ExampleVerifier()).error().code, Errc::kInvalid);
  }
}

// The rules of c2sp.org/signed-note for what is well formed and what a reader who knows `log`
// (name "log") believes. The malformed ones are files: EveryMalformedNoteIsInvalid.
TEST(Note, EveryRuleOfReadingHoldsForWellFormedNotes) {
  const NoteSigner log = SignerOf("log", 'a');
  const auto sign = [&](const std::string& text) { return log.Sign(text); };
  const std::string line = SignatureLineOf(sign("abc\n"));
  const std::string stranger = SignatureLineOf(SignerOf("other", 'b').Sign("abc\n"));
  const std::string bad = SignatureLineOf(sign("abd\n"));
  const std::string head = "abc\n\n";
  std::string fifteen;
  for (char seed = 'c'; seed < 'c' + 15; ++seed) {
    fifteen += SignatureLineOf(SignerOf("other", seed).Sign("abc\n"));
  }
  const struct {
    const char* rule;
    std::string note;
    std::optional<std::string> text;  // nullopt: kDenied
  } cases[] = {
      {"one line", sign("abc\n"), "abc\n"},
      {"an empty line is text", sign("\n"), "\n"},
      {"text may hold blank lines", sign("a\n\nb\n"), "a\n\nb\n"},
      {"text may end with a blank line", sign("a\n\n"), "a\n\n"},
      {"text may hold what looks like a signature", sign(head + line), head + line},
      {"any Unicode above the control characters",
       sign("k\xC3\xA9\xF0\x9F\x8C\x8D\x7f\n"),
       "k\xC3\xA9\xF0\x9F\x8C\x8D\x7f\n"},
      {"unknown keys before", head + stranger + line, "abc\n"},
      {"unknown keys behind", head + line + stranger, "abc\n"},
      {"sixteen signatures are read", head + fifteen + line, "abc\n"},
      {"the same good signature twice", head + line + line, "abc\n"},
      {"no known key", head + stranger, std::nullopt},
      {"a bad signature of a known key", head + bad, std::nullopt},
      {"a bad one behind a good one", head + line + bad, std::nullopt},
      {"a bad one before a good one", head + bad + line, std::nullopt},
      {"the known name with another key id",
       head + "\xE2\x80\x94 log " + ToBase64(std::string(68, 's')) + "\n",
       std::nullopt},
  };
  for (const auto& one : cases) {
    const auto opened = Open(one.note, log.verifier());
    ASSERT_EQ(opened.has_value(), one.text.has_value()) << one.rule;
    if (one.text) {
      EXPECT_EQ(*opened, *one.text) << one.rule;
      EXPECT_EQ(ParseNote(one.note)->Text(), one.note) << one.rule << ": written the same";
    } else {
      EXPECT_EQ(opened.error().code, Errc::kDenied) << one.rule;
    }
  }
}

TEST(Note, SignedHereOpensHereAndIsTheSameEveryTime) {
  const NoteSigner signer = SignerOf("rujukan/lampung.example", 'k');
  const std::string note = signer.Sign(kText);
  EXPECT_EQ(note, signer.Sign(kText));
  const auto text = Open(note, signer.verifier());
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, kText) << "split at the last blank line, not the first";
}

TEST(Note, AnyChangeOfTheTextIsDenied) {
  const NoteSigner signer = SignerOf("log", 'k');
  const std::string note = signer.Sign("abc\n");
  for (size_t i = 0; i < 3; ++i) {
    std::string changed = note;
    changed[i] = 'x';
    EXPECT_EQ(Open(changed, signer.verifier()).error().code, Errc::kDenied);
  }
}

TEST(Note, WithoutASignatureByAKnownKeyItIsDenied) {
  const std::string note = SignerOf("log", 'a').Sign(kText);
  EXPECT_EQ(OpenNote(note, {}).error().code, Errc::kDenied);
  EXPECT_EQ(Open(note, SignerOf("log", 'b').verifier()).error().code, Errc::kDenied)
      << "same name, another key id";
  NoteVerifier renamed = SignerOf("log", 'a').verifier();
  renamed.name = "other";
  EXPECT_EQ(Open(note, renamed).error().code, Errc::kDenied) << "same key id, another name";
}

TEST(Note, SignaturesByUnknownKeysAreIgnored) {
  const NoteSigner log = SignerOf("log", 'a');
  const std::string witness = SignatureLineOf(SignerOf("witness", 'b').Sign("another text\n"));
  const auto text = Open(log.Sign(kText) + witness, log.verifier());
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(ParseNote(log.Sign(kText) + witness)->signatures.size(), 2U);
}

TEST(Note, OneBadSignatureByAKnownKeySpoilsTheGoodOnes) {
  const NoteSigner log = SignerOf("log", 'a');
  const NoteSigner witness = SignerOf("witness", 'b');
  const std::string note = log.Sign(kText) + SignatureLineOf(witness.Sign("another text\n"));
  const std::vector<NoteVerifier> known = {log.verifier(), witness.verifier()};
  EXPECT_EQ(OpenNote(note, known).error().code, Errc::kDenied);
}

TEST(Note, AWrongLengthOfSignatureByAKnownKeyIsDenied) {
  const NoteSigner log = SignerOf("log", 'a');
  std::string raw;
  AppendBigEndian32(log.verifier().key_id, raw);
  const std::string note =
      std::string(kText) + "\n\xE2\x80\x94 log " + ToBase64(raw + std::string(63, 's')) + "\n";
  EXPECT_EQ(Open(note, log.verifier()).error().code, Errc::kDenied);
}

TEST(Note, AsManySignaturesAsTheLimitAndNoMore) {
  const NoteSigner log = SignerOf("log", 'a');
  std::string note = log.Sign(kText);
  const std::string line = SignatureLineOf(note);
  for (size_t i = 1; i < limits::kNoteSignaturesMax; ++i) {
    note += line;
  }
  EXPECT_TRUE(Open(note, log.verifier()).has_value());
  EXPECT_EQ(Open(note + line, log.verifier()).error().code, Errc::kInvalid);
}

TEST(Note, AsManyBytesAsTheLimitAndNoMore) {
  const NoteSigner log = SignerOf("log", 'a');
  const size_t around = log.Sign("\n").size();
  const std::string text = std::string(limits::kCheckpointBytesMax - around, 'x') + "\n";
  EXPECT_TRUE(Open(log.Sign(text), log.verifier()).has_value());
  EXPECT_EQ(Open(log.Sign("x" + text), log.verifier()).error().code, Errc::kInvalid);
}

TEST(NoteVerifier, MalformedVerifierKeysAreInvalid) {
  const std::string base64 = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  const std::string typed = *FromBase64(base64);
  const std::string cases[] = {
      "",
      "example.com/foo",
      "example.com/foo+530d903a",
      "+530d903a+" + base64,
      "example.com/foo+530D903A+" + base64,
      "example.com/foo+530d903+" + base64,
      "example.com/foo+530d903b+" + base64,
      "example.com foo+530d903a+" + base64,
      "example.com/foo+530d903a+" + base64 + "=",
      "example.com/foo+530d903a+" + base64 + "\n",
      "example.com/foo+530d903a+" + ToBase64("\x02" + typed.substr(1)),
      "example.com/foo+530d903a+" + ToBase64(typed + "x"),
      "example.com/foo+530d903a+" + ToBase64(typed.substr(0, 32)),
  };
  for (const std::string& vkey : cases) {
    const auto parsed = NoteVerifier::Parse(vkey);
    ASSERT_FALSE(parsed.has_value()) << vkey;
    EXPECT_EQ(parsed.error().code, Errc::kInvalid) << vkey;
  }
}

TEST(NoteVerifier, ItsVkeyReadsBackAsTheSameKey) {
  for (char seed = 'a'; seed <= 'z'; ++seed) {
    const NoteVerifier verifier = SignerOf("rujukan/lampung.example", seed).verifier();
    const auto parsed = NoteVerifier::Parse(verifier.ToVkey());
    ASSERT_TRUE(parsed.has_value()) << verifier.ToVkey();
    EXPECT_EQ(parsed->public_key, verifier.public_key);
    EXPECT_EQ(parsed->key_id, verifier.key_id);
  }
}

TEST(NoteSigner, NamesThatANoteCannotCarryAreInvalid) {
  const certs::Ed25519Key key = *certs::Ed25519Key::FromSeed(std::string(32, 'k'));
  for (const char* name : {"", "a b", "a+b", "a\nb", "a\xC2\xA0", "\xE3\x80\x80", "\xff"}) {
    EXPECT_EQ(NoteSigner::Make(name, key).error().code, Errc::kInvalid) << name;
  }
  EXPECT_TRUE(NoteSigner::Make("kabupaten-\xC3\xA9/log", key).has_value());
}

TEST(NoteSignerDeathTest, TextThatIsNoNoteTextIsAProgrammersError) {
  EXPECT_DEATH(SignerOf("log", 'k').Sign("no newline at the end"), "CHECK");
}

TEST(NoteText, Utf8BoundariesAreExact) {
  for (const char* good : {"\x7f",
                           "\xC2\x80",
                           "\xDF\xBF",
                           "\xE0\xA0\x80",
                           "\xED\x9F\xBF",
                           "\xEE\x80\x80",
                           "\xF0\x90\x80\x80",
                           "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsNoteCharacters(good)) << ToHex(good);
  }
  for (const char* bad : {"\x1f",
                          "\x80",
                          "\xC1\xBF",
                          "\xE0\x9F\xBF",
                          "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80",
                          "\xF8\x88\x80\x80\x80",
                          "\xE2\x80"}) {
    EXPECT_FALSE(IsNoteCharacters(bad)) << ToHex(bad);
  }
}

}  // namespace
}  // namespace rujukan::ledger
