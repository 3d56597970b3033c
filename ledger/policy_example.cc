#include "ledger/policy_example.h"

#include <algorithm>

#include "base/address.h"
#include "ledger/document_line.h"
#include "ledger/policy_words.h"

namespace rujukan::ledger {
namespace {

// An example is about no particular day.
constexpr UnixMillis kDay = 1;

Result<void> SetKind(std::string_view word, PolicyQuery& query) {
  if (word == "RUJUKAN") {
    return {};
  }
  const auto kind = words::KindOf(word);
  if (!kind.has_value()) {
    return Fail(Errc::kInvalid,
                Quoted(word) + " is not a kind: write RUJUKAN, or one of " + words::KindWords());
  }
  query.notification = *kind == kNotificationKind;
  if (!query.notification) {
    v1::ReferralType::Code code = v1::ReferralType::UNSPECIFIED;
    v1::ReferralType::Code_Parse(std::string(word), &code);
    query.jenis = code;
  }
  return {};
}

void Share(std::string_view id, UnixMillis valid_until_ms, PolicyQuery& query) {
  for (Party* party : {&query.from, &query.to}) {
    party->agreements.push_back({std::string(id), valid_until_ms});
  }
}

void SetCondition(Condition condition, PolicyQuery& query) {
  switch (condition) {
    case kTargetSuspended:
      query.to.suspended = true;
      return;
    case kTargetMustNotKnow:
      query.facts.target_must_not_know = true;
      return;
    case kNoBasis:
      query.facts.no_basis = true;
      return;
    case kTopSecretWithoutClearance:
      query.classification = v1::Classification::SR;
      return;
    case kPhotoOfChild:
      query.facts.photo_of_child = true;
      return;
    case kDetentionPlacement:
      query.facts.detention_placement = true;
      return;
    case kPlacementWithoutGatekeeping:
      query.facts.placement_without_gatekeeping = true;
      return;
    case kKeyNotValid:
      query.facts.key_not_valid = true;
      return;
    case kAgreementExpired:
      Share("lama", kDay, query);
      return;
    case kEmergency:
      query.emergency = true;
      return;
  }
}

Result<void> SetFlag(std::string_view word, PolicyQuery& query) {
  if (word == "agreement") {
    Share("baru", kDay + 1, query);
  } else if (word == "catchment") {
    query.to.catchment.push_back(query.from.area);
  } else if (word == "top-secret-with-clearance") {
    query.classification = v1::Classification::SR;
    query.to.sr_clearance = true;
  } else if (const auto condition = words::ConditionOf(word)) {
    SetCondition(*condition, query);
  } else {
    return Fail(Errc::kInvalid,
                Quoted(word) +
                    " is not known: write agreement, catchment, top-secret-with-clearance, or one "
                    "of " +
                    words::ConditionWords());
  }
  return {};
}

Result<Party> NamedParty(std::string_view name) {
  if (!AgencyAddress::Parse(std::string(name) + "@contoh.test")) {
    return Fail(Errc::kInvalid,
                Quoted(name) + " is not the name of an agency: write it like dinsos.18.71");
  }
  return PartyOfName(name);
}

}  // namespace

Party PartyOfName(std::string_view name) {
  Party party;
  party.type = std::string(name.substr(0, name.find('.')));
  std::string_view region = name.substr(std::min(party.type.size() + 1, name.size()));
  // The longest beginning that is a code: what follows is a number, or a name.
  while (!Area::Parse(region).has_value()) {
    const size_t dot = region.rfind('.');
    region = region.substr(0, dot == std::string_view::npos ? 0 : dot);
  }
  party.area = *Area::Parse(region);
  return party;
}

Result<PolicyQuery> ParseQuestion(std::span<const std::string_view> words) {
  if (words.size() < 3) {
    return Fail(Errc::kInvalid,
                "a question is FROM TO KIND, like `dinsos.18.71 lksa.18.71.003 PENITIPAN`");
  }
  PolicyQuery query;
  query.now = kDay;
  query.facts = {false, false, false, false, false, false};
  ASSIGN_OR_RETURN(query.from, NamedParty(words[0]));
  ASSIGN_OR_RETURN(query.to, NamedParty(words[1]));
  RETURN_IF_ERROR(SetKind(words[2], query));
  for (const std::string_view word : words.subspan(3)) {
    RETURN_IF_ERROR(SetFlag(word, query));
  }
  return query;
}

std::string ExampleFailure::ToString() const {
  return "line " + std::to_string(example->line) + ": " + example->text + ": expected " +
         std::string(EffectName(example->expected)) + " by " + example->rule + ", is " +
         std::string(EffectName(got.effect)) + " by " + got.rule;
}

std::vector<ExampleFailure> CheckExamples(const Policy& policy) {
  std::vector<ExampleFailure> failures;
  for (const PolicyExample& example : policy.examples()) {
    PolicyDecision got = policy.Evaluate(example.query);
    if (got.effect != example.expected || got.rule != example.rule) {
      failures.push_back({&example, std::move(got)});
    }
  }
  return failures;
}

}  // namespace rujukan::ledger
