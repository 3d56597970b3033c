#include "ledger/policy_rule.h"

#include <algorithm>

#include "base/check.h"

namespace rujukan::ledger {
namespace {

using Entries = std::vector<std::pair<std::string, TypeId>>;

Entries::const_iterator PlaceOf(const Entries& entries, std::string_view name) {
  return std::lower_bound(
      entries.begin(), entries.end(), name, [](const auto& entry, std::string_view wanted) {
        return entry.first < wanted;
      });
}

}  // namespace

bool PolicyTypes::Add(std::string_view name) {
  CHECK(by_name_.size() < limits::kPolicyTypesMax);
  const auto place = PlaceOf(by_name_, name);
  if (place != by_name_.end() && place->first == name) {
    return false;
  }
  by_name_.emplace(place, std::string(name), static_cast<TypeId>(by_name_.size()));
  return true;
}

TypeId PolicyTypes::Find(std::string_view name) const {
  const auto place = PlaceOf(by_name_, name);
  return place != by_name_.end() && place->first == name ? place->second : kUnknownType;
}

void PartySet::Add(TypeId type, Tier tier) {
  CHECK(type < limits::kPolicyTypesMax);
  of_any_tier_.set(type);
  if (tier != Tier::kUnknown) {
    of_tier_.at(static_cast<size_t>(tier)).set(type);
    return;
  }
  for (Types& types : of_tier_) {
    types.set(type);
  }
}

void PartySet::Add(const PartySet& others) {
  everybody_ = everybody_ || others.everybody_;
  of_any_tier_ |= others.of_any_tier_;
  for (size_t tier = 0; tier < of_tier_.size(); ++tier) {
    of_tier_.at(tier) |= others.of_tier_.at(tier);
  }
}

}  // namespace rujukan::ledger
