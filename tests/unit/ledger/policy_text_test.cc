// Goal: a policy document has one reading, and a mistake in it is named with its line and its
// remedy. Method: one wrong line at a time below a good beginning, and each limit at it and past
// it.
#include "ledger/policy_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/ledger/policy_support.h"

namespace rujukan::ledger {
namespace {

using testing::Document;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Error ErrorOf(std::string_view document) {
  const auto policy = ParsePolicy(document);
  EXPECT_FALSE(policy.has_value()) << document;
  return policy ? Error() : policy.error();
}

// The error of a document whose line 4 is `line`; line 3 declares some types.
std::string Wrong(const std::string& line) {
  const Error error = ErrorOf(Document("types dinsos, rs\n" + line + "\n"));
  EXPECT_EQ(error.code, Errc::kInvalid) << line;
  EXPECT_THAT(error.context, StartsWith("line 4: ")) << line;
  return error.context;
}

bool Reads(const std::string& lines) {
  const auto policy = ParsePolicy(Document(lines));
  EXPECT_TRUE(policy.has_value()) << lines << (policy ? "" : policy.error().ToString());
  return policy.has_value();
}

TEST(PolicyText, CommentsAndEmptyLinesSayNothing) {
  const auto policy = ParsePolicy("rujukan-policy 1\n\n# satu\nname \"Kebijakan / policy\"\n#\n\n");
  ASSERT_TRUE(policy.has_value());
  EXPECT_EQ(policy->name(), "Kebijakan / policy");
  EXPECT_TRUE(policy->rules().empty());
  EXPECT_TRUE(policy->examples().empty());
}

TEST(PolicyText, ARuleKeepsItsIdItsWordsAndItsLine) {
  const auto policy = ParsePolicy(
      Document("types dinsos\n\ndeny D7 to dinsos -- \"karena, \\ dan  lain-lain / because\"\n"));
  ASSERT_TRUE(policy.has_value());
  ASSERT_EQ(policy->rules().size(), 1U);
  EXPECT_EQ(policy->rules()[0].id, "D7");
  EXPECT_EQ(policy->rules()[0].because, "karena, \\ dan  lain-lain / because");
  EXPECT_EQ(policy->rules()[0].line, 5U);
}

TEST(PolicyText, ADocumentBeginsWithItsVersionAndItsName) {
  EXPECT_THAT(ErrorOf("\n").context, HasSubstr("line 1: the first line is `rujukan-policy 1`"));
  EXPECT_THAT(ErrorOf("rujukan-policy 2\nname \"x\"\n").context, HasSubstr("another version"));
  EXPECT_THAT(ErrorOf("rujukan-policy 1 \n").context, HasSubstr("line 1: "));
  EXPECT_THAT(ErrorOf("rujukan-policy 1\n").context, HasSubstr("has no name"));
  EXPECT_THAT(ErrorOf("rujukan-policy 1\ntypes rs\n").context, HasSubstr("line 2: first stands"));
  EXPECT_THAT(Wrong("name \"lagi\""), HasSubstr("one name"));
}

TEST(PolicyText, ADocumentThatMayBeCutShortIsNotRead) {
  EXPECT_THAT(ErrorOf("").context, HasSubstr("line feed"));
  EXPECT_THAT(ErrorOf(Document("types rs")).context, HasSubstr("line feed"));
}

TEST(PolicyText, WhatDoesNotShowIsRefused) {
  for (const char* hidden : {"# \t", "# \r", "# \x7f", "# \xe2\x80\xae", "# \xff", "# \xc2\x85"}) {
    EXPECT_THAT(Wrong(hidden), HasSubstr("does not show"));
  }
}

TEST(PolicyText, WordsStandOneSpaceApart) {
  EXPECT_THAT(Wrong(" types uppa"), HasSubstr("one space apart"));
  EXPECT_THAT(Wrong("types uppa "), HasSubstr("one space apart"));
  EXPECT_THAT(Wrong("types  uppa"), HasSubstr("one space apart"));
  EXPECT_THAT(Wrong("deny D1 to rs  -- \"x\""), HasSubstr("one space apart"));
}

TEST(PolicyText, AnUnknownStatementIsNamedWithThoseThereAre) {
  EXPECT_THAT(Wrong("permit A1"), HasSubstr("'permit' is not a statement"));
  EXPECT_THAT(Wrong("Deny D1 to rs -- \"x\""), HasSubstr("'Deny' is not a statement"));
}

TEST(PolicyText, TypesAreNamesDeclaredOnce) {
  EXPECT_THAT(Wrong("types"), HasSubstr("a list"));
  EXPECT_THAT(Wrong("types uppa,"), HasSubstr("a list"));
  EXPECT_THAT(Wrong("types uppa,polda"), HasSubstr("a list"));
  EXPECT_THAT(Wrong("types uppa polda"), HasSubstr("'polda' is too much"));
  EXPECT_THAT(Wrong("types rs"), HasSubstr("'rs' is declared twice"));
  for (const char* name : {"Uppa", "uppa.18", "_uppa", "uppa-", "@uppa", "*", "uppa/kab"}) {
    EXPECT_THAT(Wrong("types " + std::string(name)), HasSubstr("is not a type"));
  }
  EXPECT_TRUE(Reads("types ppa-ppo, upt_rpsa, sapa129\n"));
}

TEST(PolicyText, AGroupIsNamedOnceAndOfDeclaredParties) {
  EXPECT_THAT(Wrong("group"), HasSubstr("write a group as"));
  EXPECT_THAT(Wrong("group g dinsos"), HasSubstr("write a group as"));
  EXPECT_THAT(Wrong("group @g = dinsos"), HasSubstr("write a group as"));
  EXPECT_THAT(Wrong("group g = dinsso"), HasSubstr("'dinsso' is not a declared type"));
  EXPECT_THAT(Wrong("group g = dinsos/kota"), HasSubstr("'kota' is not a tier"));
  EXPECT_THAT(Wrong("group g = @g"), HasSubstr("there is no group 'g'"));
  EXPECT_THAT(Wrong("group g = *, dinsos"), HasSubstr("is not a declared type"));
  EXPECT_THAT(ErrorOf(Document("types rs\ngroup g = rs\ngroup g = rs\n")).context,
              HasSubstr("line 5: there is a group 'g' already"));
}

TEST(PolicyText, AnIdIsTheLetterOfItsClassAndANumber) {
  EXPECT_THAT(Wrong("deny"), HasSubstr("the end of the line is not an id"));
  for (const char* id : {"D", "A1", "D0", "D01", "D1000", "D1a", "d1"}) {
    EXPECT_THAT(Wrong("deny " + std::string(id) + " to rs -- \"x\""),
                HasSubstr("is not an id: write D"));
  }
  EXPECT_THAT(Wrong("duty D1 from rs to rs kinds all -- \"x\""), HasSubstr("write L"));
  EXPECT_THAT(Wrong("allow L1 from rs to rs kinds all -- \"x\""), HasSubstr("write A"));
  EXPECT_TRUE(Reads("types rs\ndeny D999 to rs -- \"x\"\n"));
  EXPECT_THAT(
      ErrorOf(Document("types rs\ndeny D1 to rs -- \"x\"\ndeny D1 from rs -- \"x\"\n")).context,
      HasSubstr("line 5: rule D1 stands on line 4 already"));
}

TEST(PolicyText, RulesStandInTheOrderInWhichTheyAreEvaluated) {
  const std::string deny = "deny D1 to rs -- \"x\"\n";
  const std::string duty = "duty L1 from rs to rs kinds all -- \"x\"\n";
  const std::string allow = "allow A1 from rs to rs kinds all -- \"x\"\n";
  EXPECT_TRUE(Reads("types rs\n" + deny + duty + allow));
  for (const std::string& lines : {duty + deny, allow + deny, allow + duty}) {
    EXPECT_THAT(ErrorOf(Document("types rs\n" + lines)).context,
                HasSubstr("line 5: deny rules stand before"));
  }
}

TEST(PolicyText, APermissionSaysWhoToWhomAndWhat) {
  EXPECT_THAT(Wrong("allow A1 to rs kinds all -- \"x\""), HasSubstr("who sends"));
  EXPECT_THAT(Wrong("allow A1 from rs kinds all -- \"x\""), HasSubstr("who receives"));
  EXPECT_THAT(Wrong("allow A1 from rs to rs -- \"x\""), HasSubstr("what they may be sent"));
  EXPECT_THAT(Wrong("duty L1 from rs to rs scope any -- \"x\""),
              HasSubstr("what they may be sent"));
  EXPECT_THAT(Wrong("allow A1 from to rs kinds all -- \"x\""), HasSubstr("'to' is not a declared"));
  EXPECT_THAT(Wrong("deny D1 -- \"x\""), HasSubstr("a rule about everything"));
}

TEST(PolicyText, KindsAreNamedAsInTheSchema) {
  const auto kinds = [](const std::string& words) {
    return "allow A1 from rs to rs kinds " + words + " -- \"x\"";
  };
  for (const char* words : {"all",
                            "cases",
                            "RUJUKAN_LAYANAN",
                            "RUJUKAN_LAYANAN, PELIMPAHAN_KASUS, PENITIPAN, PEMULANGAN, "
                            "PERMINTAAN_LAPORAN, LAPORAN_AWAL, PEMBERITAHUAN"}) {
    EXPECT_TRUE(Reads("types rs\n" + kinds(words) + "\n"));
  }
  for (const char* word : {"RUJUKAN", "UNSPECIFIED", "rujukan_layanan", "TERIMA", "1"}) {
    EXPECT_THAT(Wrong(kinds(word)), HasSubstr("is not a kind: write all, cases, or some of RUJ"));
  }
  EXPECT_THAT(Wrong(kinds("PENITIPAN, PENITIPAN")), HasSubstr("stands twice"));
  EXPECT_THAT(Wrong(kinds("PENITIPAN, all")), HasSubstr("'all' is not a kind"));
}

TEST(PolicyText, ScopesAndConditionsStandOnlyWhereTheyMeanSomething) {
  const std::string allow = "allow A1 from rs to rs kinds all ";
  EXPECT_THAT(Wrong(allow + "scope near -- \"x\""), HasSubstr("'near' is not a scope: write any"));
  EXPECT_THAT(Wrong(allow + "scope same or -- \"x\""), HasSubstr("'--' is not a scope"));
  EXPECT_THAT(Wrong(allow + "scope same or any -- \"x\""), HasSubstr("'any' is not a scope"));
  EXPECT_THAT(Wrong("deny D1 to rs scope same -- \"x\""), HasSubstr("'scope' does not stand here"));
  EXPECT_THAT(Wrong("deny D1 when urgent -- \"x\""), HasSubstr("'urgent' is not a condition"));
  EXPECT_THAT(Wrong("deny D1 when emergency -- \"x\""), HasSubstr("urgency never forbids"));
  EXPECT_THAT(Wrong(allow + "when no-basis -- \"x\""), HasSubstr("only `when emergency`"));
  EXPECT_THAT(Wrong("duty L1 from rs to rs kinds all when emergency -- \"x\""),
              HasSubstr("'when' does not stand here"));
  EXPECT_THAT(Wrong(allow + "unless-duty -- \"x\""), HasSubstr("'unless-duty' does not stand"));
  EXPECT_THAT(Wrong("deny D1 to rs emergency-lifts-tier -- \"x\""), HasSubstr("clauses stand in"));
  EXPECT_THAT(Wrong(allow + "emergency-lifts-tier scope same -- \"x\""), HasSubstr("'scope'"));
  EXPECT_TRUE(Reads("types rs\n" + allow +
                    "scope same or agreement when emergency emergency-lifts-tier -- \"x\"\n"));
}

TEST(PolicyText, EveryRuleSaysWhy) {
  EXPECT_THAT(Wrong("deny D1 to rs"), HasSubstr("the end of the line does not stand here"));
  for (const char* text : {"--", "-- x", "-- \"\"", "-- \"x", "-- \"x\" y", "-- \"x\"y\""}) {
    EXPECT_THAT(Wrong("deny D1 to rs " + std::string(text)), HasSubstr("text in double quotes"));
  }
}

TEST(PolicyText, ATestNamesAnOutcomeARuleAndAQuestion) {
  const std::string rule = "types rs\ndeny D1 to rs -- \"x\"\n";
  EXPECT_TRUE(Reads(rule + "test denied D1: rs.18 rs.18 RUJUKAN emergency\n"));
  EXPECT_TRUE(Reads(rule + "test supervisor P0: rs.18 rs.18 PENITIPAN\n")) << "read, not checked";
  for (const char* test : {"test",
                           "test denied D1",
                           "test denied D1 a b RUJUKAN",
                           "test allowed D1: a b RUJUKAN",
                           "test denied A1: a b RUJUKAN",
                           "test supervisor D1: a b RUJUKAN",
                           "test denied : a b RUJUKAN"}) {
    EXPECT_THAT(ErrorOf(Document(rule + test + "\n")).context,
                HasSubstr("line 5: write a test as"));
  }
  EXPECT_THAT(Wrong("test denied D9: a b RUJUKAN"), HasSubstr("there is no rule 'D9' above"));
  EXPECT_THAT(Wrong("test supervisor P0: a b"), HasSubstr("a question is FROM TO KIND"));
  EXPECT_THAT(Wrong("test supervisor P0: A b RUJUKAN"), HasSubstr("'A' is not the name of"));
  EXPECT_THAT(Wrong("test supervisor P0: a b@x.y RUJUKAN"), HasSubstr("is not the name of"));
  EXPECT_THAT(Wrong("test supervisor P0: a b TERIMA"), HasSubstr("'TERIMA' is not a kind"));
  EXPECT_THAT(Wrong("test supervisor P0: a b RUJUKAN now"), HasSubstr("'now' is not known"));
}

// `count` statements made by `statement`, below a type.
template <class Statement>
std::string Many(size_t count, Statement statement) {
  std::string lines = "types rs\n";
  for (size_t i = 1; i <= count; ++i) {
    lines.append(statement(std::to_string(i))).append("\n");
  }
  return lines;
}

void ExpectLimit(const std::string& lines, std::string_view says) {
  const Error error = ErrorOf(Document(lines));
  EXPECT_EQ(error.code, Errc::kLimit);
  EXPECT_THAT(error.context, HasSubstr(std::string(says)));
}

TEST(PolicyLimits, RulesExamplesGroupsAndTypes) {
  const auto rule = [](const std::string& n) { return "deny D" + n + " to rs -- \"x\""; };
  EXPECT_TRUE(Reads(Many(limits::kPolicyRulesMax, rule)));
  ExpectLimit(Many(limits::kPolicyRulesMax + 1, rule), "line 516: a policy has at most 512 rules");

  const auto test = [](const std::string&) { return "test supervisor P0: a b RUJUKAN"; };
  EXPECT_TRUE(Reads(Many(limits::kPolicyExamplesMax, test)));
  ExpectLimit(Many(limits::kPolicyExamplesMax + 1, test), "at most 512 tests");

  const auto group = [](const std::string& n) { return "group g" + n + " = rs"; };
  EXPECT_TRUE(Reads(Many(limits::kPolicyGroupsMax, group)));
  ExpectLimit(Many(limits::kPolicyGroupsMax + 1, group), "at most 64 groups");

  const auto type = [](const std::string& n) { return "types t" + n; };
  EXPECT_TRUE(Reads(Many(limits::kPolicyTypesMax - 1, type)));
  ExpectLimit(Many(limits::kPolicyTypesMax, type), "at most 128 types");
}

TEST(PolicyLimits, TheLastOfAllTypesIsNobodyElse) {
  const std::string lines =
      Many(limits::kPolicyTypesMax - 1, [](const std::string& n) { return "types t" + n; }) +
      "allow A1 from t" + std::to_string(limits::kPolicyTypesMax - 1) +
      " to rs kinds all -- \"x\"\n";
  const Policy policy = testing::MustParse(Document(lines));
  EXPECT_EQ(testing::Answer(policy, "t127.18 rs.18 PENITIPAN"), "allowed A1");
  EXPECT_EQ(testing::Answer(policy, "t126.18 rs.18 PENITIPAN"), "supervisor P0");
  EXPECT_EQ(testing::Answer(policy, "t128.18 rs.18 PENITIPAN"), "supervisor P0");
}

TEST(PolicyLimits, BytesOfALineATextAndTheDocument) {
  EXPECT_TRUE(Reads("#" + std::string(limits::kPolicyLineBytesMax - 1, 'x') + "\n"));
  ExpectLimit("#" + std::string(limits::kPolicyLineBytesMax, 'x') + "\n",
              "line 3: it is 1025 bytes");

  const auto text = [](size_t size) {
    return "types rs\ndeny D1 to rs -- \"" + std::string(size, 'x') + "\"\n";
  };
  EXPECT_TRUE(Reads(text(limits::kPolicyTextBytesMax)));
  ExpectLimit(text(limits::kPolicyTextBytesMax + 1), "line 4: the text is 257 bytes");

  std::string document = Document("");
  while (document.size() < limits::kPolicyBytesMax) {
    const size_t room = limits::kPolicyBytesMax - document.size();
    document += std::string(std::min<size_t>(room, 1000) - 1, '#') + "\n";
  }
  ASSERT_EQ(document.size(), limits::kPolicyBytesMax);
  EXPECT_TRUE(ParsePolicy(document).has_value());
  const Error error = ErrorOf(document + "\n");
  EXPECT_EQ(error.code, Errc::kLimit);
  EXPECT_THAT(error.context, HasSubstr("32769 bytes; the limit is 32768"));
}

}  // namespace
}  // namespace rujukan::ledger
