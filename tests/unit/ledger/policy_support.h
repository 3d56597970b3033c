// Small policies and questions for tests, by the words that people use.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/policy_example.h"
#include "ledger/policy_text.h"

namespace rujukan::ledger::testing {

// A document of these lines below the two that every document begins with.
inline std::string Document(std::string_view lines) {
  return "rujukan-policy 1\nname \"Uji / test\"\n" + std::string(lines);
}

inline Policy MustParse(std::string_view document) {
  auto policy = ParsePolicy(document);
  EXPECT_TRUE(policy.has_value()) << (policy ? "" : policy.error().ToString());
  return policy ? std::move(*policy) : Policy(Policy::Parts());
}

// "dinsos.18.71 rs.18.71.001 RUJUKAN_LAYANAN emergency"
inline PolicyQuery Ask(std::string_view question) {
  std::vector<std::string_view> words;
  while (!question.empty()) {
    words.push_back(question.substr(0, question.find(' ')));
    question.remove_prefix(std::min(words.back().size() + 1, question.size()));
  }
  auto query = ParseQuestion(words);
  EXPECT_TRUE(query.has_value()) << (query ? "" : query.error().ToString());
  return query ? std::move(*query) : PolicyQuery();
}

// "denied D1"
inline std::string Answer(const Policy& policy, const PolicyQuery& query) {
  const PolicyDecision decision = policy.Evaluate(query);
  return std::string(EffectName(decision.effect)) + " " + decision.rule;
}
inline std::string Answer(const Policy& policy, std::string_view question) {
  return Answer(policy, Ask(question));
}

}  // namespace rujukan::ledger::testing
