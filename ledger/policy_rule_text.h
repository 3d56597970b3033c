// Inside the policy parser: one rule out of its line. Not for use outside ledger/.
#pragma once

#include <map>
#include <string>

#include "ledger/document_line.h"
#include "ledger/policy_rule.h"

namespace rujukan::ledger {

// What the lines before a rule have declared.
struct PolicyVocabulary {
  PolicyTypes types;
  std::map<std::string, PartySet, std::less<>> groups;
};

// "dinsos/kab, uppa, @justice", or "*" alone.
Result<PartySet> ParseParties(DocumentLine& line, const PolicyVocabulary& vocabulary);

// The rest of a line whose first word was deny, duty or allow. kInvalid, kLimit: as DocumentLine.
Result<PolicyRule> ParseRule(RuleClass rule_class,
                             DocumentLine& line,
                             const PolicyVocabulary& vocabulary);

}  // namespace rujukan::ledger
