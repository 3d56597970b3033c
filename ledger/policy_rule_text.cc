#include "ledger/policy_rule_text.h"

#include <algorithm>

#include "ledger/policy_words.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kClauses =
    "clauses stand in this order: from, to, kinds, scope, when, unless-duty or "
    "emergency-lifts-tier, and last -- \"why\"";

char LetterOf(RuleClass rule_class) {
  switch (rule_class) {
    case RuleClass::kDeny:
      return 'D';
    case RuleClass::kDuty:
      return 'L';
    case RuleClass::kAllow:
      return 'A';
  }
  return 0;
}

// The letter of its class and a number of up to three digits that does not begin with 0.
bool IsRuleId(std::string_view id, char letter) {
  return id.size() >= 2 && id.size() <= 4 && id[0] == letter && id[1] != '0' &&
         std::all_of(id.begin() + 1, id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// One element of a list of parties.
Result<void> AddParty(std::string_view word,
                      const DocumentLine& line,
                      const PolicyVocabulary& vocabulary,
                      PartySet& parties) {
  if (word.starts_with('@')) {
    const auto group = vocabulary.groups.find(word.substr(1));
    if (group == vocabulary.groups.end()) {
      return line.Wrong("there is no group " + Quoted(word.substr(1)) +
                        ": correct it, or declare it on a line above");
    }
    parties.Add(group->second);
    return {};
  }
  const size_t slash = word.find('/');
  const std::string_view name = word.substr(0, slash);
  const TypeId type = vocabulary.types.Find(name);
  if (type == kUnknownType) {
    return line.Wrong(Quoted(name) +
                      " is not a declared type: correct it, or add it to a `types` line above");
  }
  if (slash == std::string_view::npos) {
    parties.Add(type, Tier::kUnknown);
    return {};
  }
  const auto tier = words::TierOf(word.substr(slash + 1));
  if (!tier.has_value()) {
    return line.Wrong(Quoted(word.substr(slash + 1)) + " is not a tier: write nas, prov or kab");
  }
  parties.Add(type, *tier);
  return {};
}

Result<Kinds> ParseKinds(RuleClass rule_class, DocumentLine& line) {
  // A prohibition holds for kinds that are younger than this program, a permission does not.
  const Kinds unknown = rule_class == RuleClass::kDeny ? kUnknownKind : 0;
  if (line.Take("all")) {
    return kCaseKinds | kNotificationKind | unknown;
  }
  if (line.Take("cases")) {
    return kCaseKinds | unknown;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string_view> names,
                   line.TakeList("RUJUKAN_LAYANAN, PENITIPAN"));
  Kinds kinds = 0;
  for (const std::string_view name : names) {
    const auto kind = words::KindOf(name);
    if (!kind.has_value()) {
      return line.Wrong(Quoted(name) + " is not a kind: write all, cases, or some of " +
                        words::KindWords());
    }
    if ((kinds & *kind) != 0) {
      return line.Wrong(Quoted(name) + " stands twice: name each kind once");
    }
    kinds |= *kind;
  }
  return kinds;
}

Result<Scopes> ParseScopes(DocumentLine& line) {
  if (line.Take("any")) {
    return Scopes{0};
  }
  Scopes scopes = 0;
  do {
    const std::string_view word = line.Next();
    const auto scope = words::ScopeOf(word);
    if (!scope.has_value()) {
      return line.Wrong(Quoted(word) + " is not a scope: write any, or some of " +
                        words::ScopeWords() + ", joined by `or`");
    }
    scopes = static_cast<Scopes>(scopes | *scope);
  } while (line.Take("or"));
  return scopes;
}

Result<Conditions> ParseCondition(RuleClass rule_class, DocumentLine& line) {
  const std::string_view word = line.Next();
  const auto condition = words::ConditionOf(word);
  if (!condition.has_value()) {
    return line.Wrong(Quoted(word) + " is not a condition: write one of " +
                      words::ConditionWords());
  }
  // Urgency opens and never closes; a prohibition is never a permission's condition.
  if ((*condition == kEmergency) != (rule_class == RuleClass::kAllow)) {
    return line.Wrong(rule_class == RuleClass::kAllow
                          ? "an allow rule knows only `when emergency`: what forbids is a deny rule"
                          : "`when emergency` is for allow rules: urgency never forbids");
  }
  return *condition;
}

// from, to and kinds: required but in a deny rule, where leaving one out means everybody or all.
Result<void> ParseWhoAndWhat(DocumentLine& line,
                             const PolicyVocabulary& vocabulary,
                             PolicyRule& rule) {
  const bool deny = rule.rule_class == RuleClass::kDeny;
  rule.kinds = kCaseKinds | kNotificationKind | kUnknownKind;
  if (line.Take("from")) {
    ASSIGN_OR_RETURN(rule.from, ParseParties(line, vocabulary));
  } else if (deny) {
    rule.from.AddEverybody();
  } else {
    return line.Wrong("after the id stands who sends, like `from dinsos/kab, uppa`");
  }
  if (line.Take("to")) {
    ASSIGN_OR_RETURN(rule.to, ParseParties(line, vocabulary));
  } else if (deny) {
    rule.to.AddEverybody();
  } else {
    return line.Wrong("after the senders stands who receives, like `to rs, uptdppa/prov`");
  }
  if (line.Take("kinds")) {
    ASSIGN_OR_RETURN(rule.kinds, ParseKinds(rule.rule_class, line));
  } else if (!deny) {
    return line.Wrong("after the recipients stands what they may be sent, like `kinds all`");
  }
  return {};
}

Result<void> ParseClauses(DocumentLine& line,
                          const PolicyVocabulary& vocabulary,
                          PolicyRule& rule) {
  const bool deny = rule.rule_class == RuleClass::kDeny;
  RETURN_IF_ERROR(ParseWhoAndWhat(line, vocabulary, rule));
  if (!deny && line.Take("scope")) {
    ASSIGN_OR_RETURN(rule.scopes, ParseScopes(line));
  }
  if (rule.rule_class != RuleClass::kDuty && line.Take("when")) {
    ASSIGN_OR_RETURN(rule.when, ParseCondition(rule.rule_class, line));
  }
  rule.unless_duty = deny && line.Take("unless-duty");
  rule.emergency_lifts_tier =
      rule.rule_class == RuleClass::kAllow && line.Take("emergency-lifts-tier");
  return {};
}

}  // namespace

Result<PartySet> ParseParties(DocumentLine& line, const PolicyVocabulary& vocabulary) {
  PartySet parties;
  if (line.Take("*")) {
    parties.AddEverybody();
    return parties;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string_view> words, line.TakeList("dinsos/kab, uppa"));
  for (const std::string_view word : words) {
    RETURN_IF_ERROR(AddParty(word, line, vocabulary, parties));
  }
  return parties;
}

Result<PolicyRule> ParseRule(RuleClass rule_class,
                             DocumentLine& line,
                             const PolicyVocabulary& vocabulary) {
  PolicyRule rule;
  rule.rule_class = rule_class;
  rule.line = line.number();
  const std::string_view id = line.Next();
  const char letter = LetterOf(rule_class);
  if (!IsRuleId(id, letter)) {
    return line.Wrong(Quoted(id) + " is not an id: write " + letter + " and a number below 1000");
  }
  rule.id = std::string(id);
  if (line.Peek() == "--") {
    return line.Wrong("a rule about everything is none: say who, to whom, which kinds or when");
  }
  RETURN_IF_ERROR(ParseClauses(line, vocabulary, rule));
  if (!line.Take("--")) {
    return line.Wrong(Quoted(line.Peek()) + " does not stand here in this kind of rule; " +
                      std::string(kClauses));
  }
  ASSIGN_OR_RETURN(rule.because, line.TakeText());
  return rule;
}

}  // namespace rujukan::ledger
