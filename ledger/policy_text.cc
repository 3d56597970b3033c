#include "ledger/policy_text.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "ledger/default.policy.h"
#include "ledger/document_line.h"
#include "ledger/policy_example.h"
#include "ledger/policy_rule_text.h"
#include "ledger/policy_words.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kFirstLine = "rujukan-policy 1";

// "there are more than 512 rules" for the statement that is one too many.
Result<void> RequireRoom(size_t count,
                         size_t limit,
                         const char* of_what,
                         const DocumentLine& line) {
  if (count < limit) {
    return {};
  }
  return Fail(Errc::kLimit,
              "line " + std::to_string(line.number()) + ": a policy has at most " +
                  std::to_string(limit) + " " + of_what + ": take some out");
}

class Parser {
 public:
  Result<void> Statement(DocumentLine& line);
  Result<Policy> Finish() &&;

 private:
  Result<void> Name(DocumentLine& line);
  Result<void> Types(DocumentLine& line);
  Result<void> Group(DocumentLine& line);
  Result<void> Rule(RuleClass rule_class, DocumentLine& line);
  Result<void> Test(DocumentLine& line);
  Result<void> Dispatch(std::string_view keyword, DocumentLine& line);
  const PolicyRule* FindRule(std::string_view id) const;

  PolicyVocabulary vocabulary_;
  Policy::Parts parts_;
};

Result<void> Parser::Statement(DocumentLine& line) {
  const std::string_view keyword = line.Next();
  if (parts_.name.empty() != (keyword == "name")) {
    return line.Wrong(keyword == "name" ? "a policy has one name: take this line out"
                                        : "first stands the name, like `name \"Kebijakan baku\"`");
  }
  RETURN_IF_ERROR(Dispatch(keyword, line));
  if (!line.AtEnd()) {
    return line.Wrong(Quoted(line.Peek()) + " is too much: the statement ends before it");
  }
  return {};
}

Result<void> Parser::Dispatch(std::string_view keyword, DocumentLine& line) {
  if (keyword == "name") {
    return Name(line);
  }
  if (keyword == "types") {
    return Types(line);
  }
  if (keyword == "group") {
    return Group(line);
  }
  if (keyword == "deny") {
    return Rule(RuleClass::kDeny, line);
  }
  if (keyword == "duty") {
    return Rule(RuleClass::kDuty, line);
  }
  if (keyword == "allow") {
    return Rule(RuleClass::kAllow, line);
  }
  if (keyword == "test") {
    return Test(line);
  }
  return line.Wrong(
      Quoted(keyword) +
      " is not a statement: a line begins with name, types, group, deny, duty, allow, "
      "test or #");
}

Result<void> Parser::Name(DocumentLine& line) {
  ASSIGN_OR_RETURN(parts_.name, line.TakeText());
  return {};
}

Result<void> Parser::Types(DocumentLine& line) {
  ASSIGN_OR_RETURN(const std::vector<std::string_view> names, line.TakeList("dinsos, uppa"));
  for (const std::string_view name : names) {
    if (!words::IsName(name)) {
      return line.Wrong(Quoted(name) +
                        " is not a type: write the first label of an agency's name, like upt_rpsa");
    }
    RETURN_IF_ERROR(RequireRoom(vocabulary_.types.size(), limits::kPolicyTypesMax, "types", line));
    if (!vocabulary_.types.Add(name)) {
      return line.Wrong(Quoted(name) + " is declared twice: take one out");
    }
  }
  return {};
}

Result<void> Parser::Group(DocumentLine& line) {
  const std::string_view name = line.Next();
  if (!words::IsName(name) || !line.Take("=")) {
    return line.Wrong("write a group as `group justice = bapas, kejari, pn`");
  }
  RETURN_IF_ERROR(RequireRoom(vocabulary_.groups.size(), limits::kPolicyGroupsMax, "groups", line));
  ASSIGN_OR_RETURN(const PartySet parties, ParseParties(line, vocabulary_));
  if (!vocabulary_.groups.emplace(name, parties).second) {
    return line.Wrong("there is a group " + Quoted(name) + " already: choose another name");
  }
  return {};
}

Result<void> Parser::Rule(RuleClass rule_class, DocumentLine& line) {
  RETURN_IF_ERROR(RequireRoom(parts_.rules.size(), limits::kPolicyRulesMax, "rules", line));
  ASSIGN_OR_RETURN(PolicyRule rule, ParseRule(rule_class, line, vocabulary_));
  if (const PolicyRule* const same = FindRule(rule.id)) {
    return line.Wrong("rule " + rule.id + " stands on line " + std::to_string(same->line) +
                      " already: give this one another number");
  }
  // So that the document reads as it is evaluated.
  if (!parts_.rules.empty() && rule_class < parts_.rules.back().rule_class) {
    return line.Wrong("deny rules stand before duty rules, and those before allow rules: move " +
                      rule.id + " up");
  }
  parts_.rules.push_back(std::move(rule));
  return {};
}

// allowed and an A or L rule, denied and a D rule, supervisor and P0.
std::optional<Effect> EffectOf(std::string_view outcome, std::string_view rule) {
  const char letter = rule.empty() ? '\0' : rule.front();
  if (outcome == EffectName(Effect::kDenied) && letter == 'D') {
    return Effect::kDenied;
  }
  if (outcome == EffectName(Effect::kAllowed) && (letter == 'A' || letter == 'L')) {
    return Effect::kAllowed;
  }
  if (outcome == EffectName(Effect::kNeedsSupervisor) && rule == kSupervisorRule) {
    return Effect::kNeedsSupervisor;
  }
  return std::nullopt;
}

Result<void> Parser::Test(DocumentLine& line) {
  RETURN_IF_ERROR(RequireRoom(parts_.examples.size(), limits::kPolicyExamplesMax, "tests", line));
  const std::string_view outcome = line.Next();
  std::string_view rule = line.Next();
  const bool colon = rule.ends_with(':');
  rule.remove_suffix(colon ? 1 : 0);
  const auto effect = EffectOf(outcome, rule);
  if (!colon || !effect.has_value()) {
    return line.Wrong(
        "write a test as `test allowed A1: FROM TO KIND`, `test denied D1: ...` or "
        "`test supervisor P0: ...`");
  }
  if (*effect != Effect::kNeedsSupervisor && FindRule(rule) == nullptr) {
    return line.Wrong("there is no rule " + Quoted(rule) + " above: correct it, or move the test");
  }
  PolicyExample example;
  example.line = line.number();
  example.expected = *effect;
  example.rule = std::string(rule);
  example.text = std::string(line.rest());
  std::vector<std::string_view> question;
  while (!line.AtEnd()) {
    question.push_back(line.Next());
  }
  auto query = ParseQuestion(question);
  if (!query) {
    return line.Wrong(query.error().context);
  }
  example.query = std::move(*query);
  parts_.examples.push_back(std::move(example));
  return {};
}

const PolicyRule* Parser::FindRule(std::string_view id) const {
  const auto rule = std::find_if(parts_.rules.begin(),
                                 parts_.rules.end(),
                                 [id](const PolicyRule& candidate) { return candidate.id == id; });
  return rule == parts_.rules.end() ? nullptr : &*rule;
}

Result<Policy> Parser::Finish() && {
  if (parts_.name.empty()) {
    return Fail(Errc::kInvalid, "the policy has no name: write `name \"...\"` as its second line");
  }
  parts_.types = std::move(vocabulary_.types);
  return Policy(std::move(parts_));
}

}  // namespace

Result<Policy> ParsePolicy(std::string_view document) {
  Parser parser;
  RETURN_IF_ERROR(ReadStatements(document,
                                 {kFirstLine,
                                  limits::kPolicyBytesMax,
                                  "the policy",
                                  "shorten comments or name groups",
                                  "this is no policy, or one for another version"},
                                 [&](DocumentLine& line) { return parser.Statement(line); }));
  return std::move(parser).Finish();
}

std::string_view DefaultPolicyText() {
  return kDefaultPolicy;
}

}  // namespace rujukan::ledger
