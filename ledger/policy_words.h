// The words of a policy document and what they stand for: kinds, tiers, scopes, conditions. Used by
// its parsers and by whoever shows rules. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/policy_rule.h"

namespace rujukan::ledger::words {

std::optional<Tier> TierOf(std::string_view word);            // nas, prov, kab
std::optional<Scope> ScopeOf(std::string_view word);          // same, own-prov, ...
std::optional<Condition> ConditionOf(std::string_view word);  // target-suspended, ...
// One kind: the names of v1::ReferralType and PEMBERITAHUAN.
std::optional<Kinds> KindOf(std::string_view word);

// What may stand there, for error texts: "same, own-prov, parent".
std::string ScopeWords();
std::string ConditionWords();
std::string KindWords();

// A type or group: lower-case letters, digits, '_' and '-', with a letter or digit at both ends, as
// the first label of an agency's address.
bool IsName(std::string_view word);

}  // namespace rujukan::ledger::words
