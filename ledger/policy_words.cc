#include "ledger/policy_words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace rujukan::ledger::words {
namespace {

template <class T>
using Entry = std::pair<std::string_view, T>;

constexpr auto kTiers = std::to_array<Entry<Tier>>({
    {"nas", Tier::kNational},
    {"prov", Tier::kProvince},
    {"kab", Tier::kRegency},
});

constexpr auto kScopes = std::to_array<Entry<Scope>>({
    {"same", kScopeSame},
    {"own-prov", kScopeOwnProv},
    {"parent", kScopeParent},
    {"child", kScopeChild},
    {"catchment", kScopeCatchment},
    {"agreement", kScopeAgreement},
});

constexpr auto kConditions = std::to_array<Entry<Condition>>({
    {"target-suspended", kTargetSuspended},
    {"target-must-not-know", kTargetMustNotKnow},
    {"no-basis", kNoBasis},
    {"top-secret-without-clearance", kTopSecretWithoutClearance},
    {"photo-of-child", kPhotoOfChild},
    {"detention-placement", kDetentionPlacement},
    {"placement-without-gatekeeping", kPlacementWithoutGatekeeping},
    {"key-not-valid", kKeyNotValid},
    {"agreement-expired", kAgreementExpired},
    {"emergency", kEmergency},
});

constexpr std::string_view kNotificationWord = "PEMBERITAHUAN";

template <class Table>
auto Find(const Table& table, std::string_view word)
    -> std::optional<typename Table::value_type::second_type> {
  const auto* const entry = std::find_if(table.begin(), table.end(), [word](const auto& candidate) {
    return candidate.first == word;
  });
  if (entry == table.end()) {
    return std::nullopt;
  }
  return entry->second;
}

void Join(std::string_view word, std::string& list) {
  list.append(list.empty() ? "" : ", ").append(word);
}

template <class Table>
std::string Words(const Table& table) {
  std::string list;
  for (const auto& entry : table) {
    Join(entry.first, list);
  }
  return list;
}

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::optional<Tier> TierOf(std::string_view word) {
  return Find(kTiers, word);
}

std::optional<Scope> ScopeOf(std::string_view word) {
  return Find(kScopes, word);
}

std::optional<Condition> ConditionOf(std::string_view word) {
  return Find(kConditions, word);
}

std::optional<Kinds> KindOf(std::string_view word) {
  if (word == kNotificationWord) {
    return kNotificationKind;
  }
  v1::ReferralType::Code code = v1::ReferralType::UNSPECIFIED;
  if (!v1::ReferralType::Code_Parse(std::string(word), &code) ||
      code == v1::ReferralType::UNSPECIFIED) {
    return std::nullopt;
  }
  return Kinds{1} << static_cast<unsigned>(code);
}

std::string ScopeWords() {
  return Words(kScopes);
}

std::string ConditionWords() {
  return Words(kConditions);
}

std::string KindWords() {
  std::string list;
  for (int code = v1::ReferralType::Code_MIN; code <= v1::ReferralType::Code_MAX; ++code) {
    if (code != v1::ReferralType::UNSPECIFIED && v1::ReferralType::Code_IsValid(code)) {
      Join(v1::ReferralType::Code_Name(code), list);
    }
  }
  Join(kNotificationWord, list);
  return list;
}

bool IsName(std::string_view word) {
  return !word.empty() && IsAlnum(word.front()) && IsAlnum(word.back()) &&
         std::all_of(
             word.begin(), word.end(), [](char c) { return IsAlnum(c) || c == '_' || c == '-'; });
}

}  // namespace rujukan::ledger::words
