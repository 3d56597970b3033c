// Goal: a policy is that of C2SP tlog-policy, and a quorum is met by exactly the sets of witnesses
// it names. Method: the specification's example with every subset of its witnesses; a table of
// policies with one fault each; the limits and one past them.
#include "ledger/tlog_policy.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "certs/merkle.h"

namespace rujukan::ledger {
namespace {

constexpr int64_t kTime = 1'795'000'000;

certs::Ed25519Key KeyOf(const std::string& name) {
  std::string seed = name;
  seed.resize(32, '.');
  return *certs::Ed25519Key::FromSeed(seed);
}
NoteSigner LogOf(const std::string& name) {
  return *NoteSigner::Make(name, KeyOf(name));
}
Cosigner WitnessOf(const std::string& name) {
  return *Cosigner::Make("witness.example/" + name, KeyOf(name));
}
std::string LogLine(const std::string& name) {
  return "log " + LogOf(name).verifier().ToVkey() + "\n";
}
std::string WitnessLine(const std::string& name) {
  return "witness " + name + " " + WitnessOf(name).verifier().ToVkey() + "\n";
}
std::string NoteOf(const std::string& log = "rujukan/lampung.example") {
  return SignCheckpoint({log, 7, certs::LeafHash("x")}, LogOf(log));
}
std::string CosignedBy(const std::vector<std::string>& names, int64_t time_s = kTime) {
  std::string note = NoteOf();
  for (const std::string& name : names) {
    note += WitnessOf(name).Cosign(ParseNote(NoteOf())->text, time_s);
  }
  return note;
}

// The specification's example: two of X1..X3 and one of Y1..Y3.
std::string ExamplePolicy() {
  return "# two organisations\n" + LogLine("rujukan/lampung.example") + "\n" + WitnessLine("X1") +
         WitnessLine("X2") + WitnessLine("X3") + "group X-witnesses 2 X1 X2 X3\n \t\n" +
         WitnessLine("Y1") + WitnessLine("Y2") + WitnessLine("Y3") +
         "group\tY-witnesses  any Y1 Y2 Y3 \n  # both\n" +
         "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
}

TEST(TlogPolicy, TheSpecificationsExampleIsMetByExactlyTheSetsItMeans) {
  const auto policy = TlogPolicy::Parse(ExamplePolicy());
  ASSERT_TRUE(policy.has_value()) << policy.error().ToString();
  EXPECT_EQ(policy->witnesses().size(), 6U);
  const std::vector<std::string> names = {"X1", "X2", "X3", "Y1", "Y2", "Y3"};
  for (unsigned set = 0; set < 64; ++set) {
    std::vector<std::string> cosigned;
    std::vector<std::string> absent;
    int x = 0;
    int y = 0;
    for (unsigned i = 0; i < 6; ++i) {
      const bool has = ((set >> i) & 1U) != 0;
      (has ? cosigned : absent).push_back(names[i]);
      (i < 3 ? x : y) += has ? 1 : 0;
    }
    const auto verdict = policy->Evaluate(CosignedBy(cosigned));
    ASSERT_TRUE(verdict.has_value());
    EXPECT_EQ(verdict->met, x >= 2 && y >= 1) << "set " << set;
    EXPECT_EQ(verdict->missing, absent) << "set " << set;
    EXPECT_EQ(verdict->good.size(), cosigned.size());
    EXPECT_EQ(policy->Open(CosignedBy(cosigned)).has_value(), verdict->met);
  }
}

TEST(TlogPolicy, UrlsAreKept) {
  const std::string text = "log " + LogOf("a").verifier().ToVkey() + " https://log.contoh.test/\n" +
                           "witness w " + WitnessOf("w").verifier().ToVkey() +
                           " https://w.contoh.test/prefix\nquorum w\n";
  const auto policy = TlogPolicy::Parse(text);
  ASSERT_TRUE(policy.has_value()) << policy.error().ToString();
  EXPECT_EQ(policy->logs().front().url, "https://log.contoh.test/");
  EXPECT_EQ(policy->witnesses().front().url, "https://w.contoh.test/prefix");
  EXPECT_EQ(policy->quorum(), "w");
  EXPECT_EQ(policy->WitnessKeys().size(), 1U);
}

TEST(TlogPolicy, QuorumNoneNeedsNoWitness) {
  const auto policy = TlogPolicy::Parse(LogLine("rujukan/lampung.example") + "quorum none\n");
  ASSERT_TRUE(policy.has_value());
  EXPECT_TRUE(policy->Open(NoteOf()).has_value());
  EXPECT_TRUE(TlogPolicy::Parse("quorum none\n").has_value()) << "no logs, no witnesses";
}

TEST(TlogPolicy, OnlyALogOfThePolicyUnderItsOwnNameIsBelieved) {
  const auto policy = TlogPolicy::Parse(LogLine("rujukan/lampung.example") + "quorum none\n");
  EXPECT_EQ(policy->Open(NoteOf("rujukan/riau.example")).error().code, Errc::kDenied);
  const std::string foreign =
      LogOf("rujukan/lampung.example")
          .Sign(Checkpoint{"rujukan/riau.example", 7, certs::LeafHash("x")}.Text());
  EXPECT_EQ(policy->Open(foreign).error().code, Errc::kDenied) << "a key speaks for its own log";
  EXPECT_EQ(policy->Open("nonsense").error().code, Errc::kInvalid);
}

TEST(TlogPolicy, OldCosignaturesDoNotCountWhenFreshOnesAreAskedFor) {
  const auto policy = TlogPolicy::Parse(WitnessLine("w") + "quorum w\n");
  EXPECT_TRUE(policy->Evaluate(CosignedBy({"w"}), kTime)->met);
  const auto late = policy->Evaluate(CosignedBy({"w"}), kTime + 1);
  EXPECT_FALSE(late->met);
  EXPECT_EQ(late->missing, std::vector<std::string>{"w"});
}

TEST(TlogPolicy, ABadCosignatureOfAKnownWitnessSpoilsTheNote) {
  const auto policy =
      TlogPolicy::Parse(WitnessLine("w") + WitnessLine("v") + "group g any v w\nquorum g\n");
  const std::string bad = WitnessOf("w").Cosign("another\n7\ntext\n", kTime);
  EXPECT_EQ(policy->Evaluate(CosignedBy({"v"}) + bad).error().code, Errc::kDenied);
}

TEST(TlogPolicy, WitnessesOutsideTheQuorumNeitherHelpNorAreMissed) {
  const auto policy = TlogPolicy::Parse(WitnessLine("w") + WitnessLine("v") + "quorum w\n");
  const auto verdict = policy->Evaluate(CosignedBy({"v"}));
  EXPECT_FALSE(verdict->met);
  EXPECT_EQ(verdict->missing, std::vector<std::string>{"w"});
}

TEST(TlogPolicy, EveryFaultIsInvalidAndNamesItsLine) {
  const std::string w = WitnessLine("w");
  const std::string v = WitnessLine("v");
  const std::string key = WitnessOf("w").verifier().ToVkey();
  const struct {
    const char* what;
    std::string text;
    const char* line;
  } cases[] = {
      {"empty", "", ""},
      {"no quorum", w, ""},
      {"two quorums", w + "quorum w\nquorum w\n", "line 3"},
      {"a quorum below its use", "quorum w\n" + w, "line 1"},
      {"an undefined quorum", w + "quorum v\n", "line 2"},
      {"a quorum with two names", w + v + "quorum w v\n", "line 3"},
      {"a quorum without a name", "quorum\n", "line 1"},
      {"an unknown word", "wittness w " + key + "\nquorum none\n", "line 1"},
      {"capitals", "QUORUM none\n", "line 1"},
      {"a last line cut off", w + "quorum w", ""},
      {"a carriage return", "quorum none\r\n", ""},
      {"a NUL", std::string("quorum none\n\0\n", 14), ""},
      {"a DEL", "# \x7f\nquorum none\n", ""},
      {"a log key as witness",
       "witness w " + LogOf("w").verifier().ToVkey() + "\nquorum w\n",
       "line 1"},
      {"a witness key as log", "log " + key + "\nquorum none\n", "line 1"},
      {"a damaged key", "witness w " + key + "A\nquorum w\n", "line 1"},
      {"a witness without a key", "witness w\nquorum w\n", "line 1"},
      {"a witness with two URLs", "witness w " + key + " a b\nquorum w\n", "line 1"},
      {"a log twice", LogLine("a") + LogLine("a") + "quorum none\n", "line 2"},
      {"a witness key twice", w + "witness u " + key + "\nquorum w\n", "line 2"},
      {"a witness key twice under another key name",
       w + "witness u " + Cosigner::Make("other", KeyOf("w"))->verifier().ToVkey() + "\nquorum w\n",
       "line 2"},
      {"a name twice",
       w + "witness w " + WitnessOf("v").verifier().ToVkey() + "\nquorum w\n",
       "line 2"},
      {"a witness named none", "witness none " + key + "\nquorum none\n", "line 1"},
      {"a group named none", w + "group none any w\nquorum none\n", "line 2"},
      {"a group named like a witness", w + "group w any w\nquorum w\n", "line 2"},
      {"a group of itself", "group g any g\nquorum g\n", "line 1"},
      {"a member below", "group g any w\n" + w + "quorum g\n", "line 1"},
      {"none as member", "group g any none\nquorum g\n", "line 1"},
      {"a group without members", w + "group g any\nquorum g\n", "line 2"},
      {"a threshold of 0", w + "group g 0 w\nquorum g\n", "line 2"},
      {"a threshold over the members", w + "group g 2 w\nquorum g\n", "line 2"},
      {"a threshold with a leading zero", w + "group g 01 w\nquorum g\n", "line 2"},
      {"a threshold in words", w + "group g one w\nquorum g\n", "line 2"},
      {"a member twice in a group", w + "group g any w w\nquorum g\n", "line 2"},
      {"a member of two groups", w + "group g any w\ngroup h any w\nquorum g\n", "line 3"},
  };
  for (const auto& one : cases) {
    const auto policy = TlogPolicy::Parse(one.text);
    ASSERT_FALSE(policy.has_value()) << one.what;
    EXPECT_EQ(policy.error().code, Errc::kInvalid) << one.what;
    EXPECT_EQ(policy.error().context.rfind(one.line, 0), 0U)
        << one.what << ": " << policy.error().context;
  }
}

TEST(TlogPolicy, BytesAboveAsciiAreOpaque) {
  EXPECT_TRUE(TlogPolicy::Parse("# \xff\x80\nwitness \xe2\x84\xaa " +
                                WitnessOf("w").verifier().ToVkey() + "\nquorum \xe2\x84\xaa\n")
                  .has_value());
  EXPECT_FALSE(TlogPolicy::Parse("witness \xe2\x84\xaa " + WitnessOf("w").verifier().ToVkey() +
                                 "\nquorum K\n")
                   .has_value())
      << "a Kelvin sign is no K";
}

TEST(TlogPolicy, AsManyOfEachAsTheLimitAndNoMore) {
  std::string logs;
  std::string witnesses;
  std::string groups;
  const auto text = [&] { return logs + witnesses + groups + "quorum w0\n"; };
  for (size_t i = 0; i < limits::kWitnessesMax; ++i) {
    const std::string n = std::to_string(i);
    logs += LogLine("l" + n);
    witnesses += WitnessLine("w" + n);
    groups += "group g" + n + " any w" + n + "\n";
  }
  ASSERT_TRUE(TlogPolicy::Parse(text()).has_value());
  for (std::string* part : {&logs, &witnesses, &groups}) {
    const std::string before = *part;
    *part += part == &logs        ? LogLine("l-more")
             : part == &witnesses ? WitnessLine("w-more")
                                  : "group g-more any g0\n";
    EXPECT_EQ(TlogPolicy::Parse(text()).error().code, Errc::kLimit);
    *part = before;
  }
}

TEST(TlogPolicy, AsManyBytesAsTheLimitAndNoMore) {
  const std::string end = "\nquorum none\n";
  const std::string comment = "#" + std::string(limits::kTlogPolicyBytesMax - end.size() - 1, 'x');
  EXPECT_TRUE(TlogPolicy::Parse(comment + end).has_value());
  EXPECT_EQ(TlogPolicy::Parse("#" + comment + end).error().code, Errc::kLimit);
}

}  // namespace
}  // namespace rujukan::ledger
