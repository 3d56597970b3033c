#include "ledger/policy.h"

#include <algorithm>

#include "base/check.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kSupervisorBecause =
    "Tidak ada aturan yang mengizinkan, minta persetujuan pengawas / no rule allows this: ask the "
    "supervisor for approval";

// A query made ready for the rules: every relation and condition looked at once, as bits.
struct Asked {
  TypeId from_type = kUnknownType;
  TypeId to_type = kUnknownType;
  Tier from_tier = Tier::kUnknown;
  Tier to_tier = Tier::kUnknown;
  Kinds kinds = 0;  // one bit, or one for every kind that a referral of unseen kind may have
  Scopes scopes = 0;
  Conditions hold = 0;
  Conditions unseen = 0;
  bool emergency = false;
};

Kinds KindsOf(const PolicyQuery& query) {
  if (query.notification) {
    return kNotificationKind;
  }
  if (query.jenis.has_value()) {
    const bool known = *query.jenis != v1::ReferralType::UNSPECIFIED &&
                       v1::ReferralType::Code_IsValid(*query.jenis);
    return known ? Kinds{1} << static_cast<unsigned>(*query.jenis) : kUnknownKind;
  }
  return kCaseKinds;
}

struct SharedAgreements {
  bool in_force = false;
  bool expired = false;
};

SharedAgreements Shared(const PolicyQuery& query) {
  SharedAgreements shared;
  for (const Agreement& ours : query.from.agreements) {
    for (const Agreement& theirs : query.to.agreements) {
      if (ours.id == theirs.id) {
        const bool valid = std::min(ours.valid_until_ms, theirs.valid_until_ms) > query.now;
        (valid ? shared.in_force : shared.expired) = true;
      }
    }
  }
  return shared;
}

Scopes ScopesOf(const PolicyQuery& query, const SharedAgreements& shared) {
  const Area& from = query.from.area;
  const Area& to = query.to.area;
  const std::vector<Area>& catchment = query.to.catchment;
  Scopes scopes = 0;
  const auto set = [&scopes](Scope scope, bool holds) {
    scopes = static_cast<Scopes>(scopes | (holds ? scope : 0));
  };
  set(kScopeSame, from.SameOfficeAs(to));
  set(kScopeOwnProv, from.SameProvinceAs(to));
  set(kScopeParent, from.HasParent(to));
  set(kScopeChild, to.HasParent(from));
  set(kScopeCatchment, std::any_of(catchment.begin(), catchment.end(), [&from](const Area& area) {
        return area.Covers(from);
      }));
  set(kScopeAgreement, shared.in_force);
  return scopes;
}

void SetConditions(const PolicyQuery& query, const SharedAgreements& shared, Asked& asked) {
  const auto set = [&asked](Condition condition, std::optional<bool> holds) {
    Conditions& bits = holds.has_value() ? asked.hold : asked.unseen;
    bits = static_cast<Conditions>(bits | (holds.value_or(true) ? condition : 0));
  };
  const bool top_secret = query.classification == v1::Classification::SR;
  set(kTargetSuspended, query.to.suspended);
  set(kTopSecretWithoutClearance, top_secret && !query.to.sr_clearance);
  set(kAgreementExpired, shared.expired && !shared.in_force);
  set(kEmergency, query.emergency);
  set(kTargetMustNotKnow, query.facts.target_must_not_know);
  set(kNoBasis, query.facts.no_basis);
  set(kPhotoOfChild, query.facts.photo_of_child);
  set(kDetentionPlacement, query.facts.detention_placement);
  set(kPlacementWithoutGatekeeping, query.facts.placement_without_gatekeeping);
  set(kKeyNotValid, query.facts.key_not_valid);
}

Asked Ask(const PolicyQuery& query, const PolicyTypes& types) {
  const SharedAgreements shared = Shared(query);
  Asked asked;
  asked.from_type = types.Find(query.from.type);
  asked.to_type = types.Find(query.to.type);
  asked.from_tier = query.from.area.tier();
  asked.to_tier = query.to.area.tier();
  asked.kinds = KindsOf(query);
  asked.scopes = ScopesOf(query, shared);
  asked.emergency = query.emergency;
  SetConditions(query, shared, asked);
  return asked;
}

// Why `rule` is not about what is asked; kNone: it is.
Miss MissOf(const PolicyRule& rule, const Asked& asked) {
  const bool lifted = rule.emergency_lifts_tier && asked.emergency;
  if (!rule.from.Has(asked.from_type, asked.from_tier, lifted)) {
    return Miss::kFrom;
  }
  if (!rule.to.Has(asked.to_type, asked.to_tier, lifted)) {
    return Miss::kTo;
  }
  if ((rule.kinds & asked.kinds) == 0) {
    return Miss::kKinds;
  }
  if (rule.scopes != 0 && !lifted && (rule.scopes & asked.scopes) == 0) {
    return Miss::kScope;
  }
  if ((rule.when & asked.unseen) != 0) {
    return Miss::kUnseen;
  }
  return (rule.when & ~asked.hold) != 0 ? Miss::kCondition : Miss::kNone;
}

// The kinds that duty rules demand.
Kinds DutiesOf(const std::vector<PolicyRule>& rules, const Asked& asked) {
  Kinds duties = 0;
  for (const PolicyRule& rule : rules) {
    if (rule.rule_class == RuleClass::kDuty && MissOf(rule, asked) == Miss::kNone) {
      duties |= rule.kinds;
    }
  }
  return duties;
}

// What becomes of the kinds asked about under a deny rule that applies: those it denies are taken
// out of `asked`.
Miss Deny(const PolicyRule& rule, const std::vector<PolicyRule>& rules, Asked& asked) {
  Kinds denied = rule.kinds & asked.kinds;
  if (rule.unless_duty) {
    denied &= ~DutiesOf(rules, asked);
  }
  if (denied == 0) {
    return Miss::kDuty;
  }
  asked.kinds &= ~denied;
  return asked.kinds == 0 ? Miss::kNone : Miss::kPartly;
}

// Walks the rules in order and calls visit(rule, miss) for each; returns the one that decides, or
// null. Evaluate and Explain share it, so that they cannot disagree.
template <class Visit>
const PolicyRule* Decide(const std::vector<PolicyRule>& rules, Asked asked, Visit visit) {
  for (const PolicyRule& rule : rules) {
    Miss miss = MissOf(rule, asked);
    if (miss == Miss::kNone && rule.rule_class == RuleClass::kDeny) {
      miss = Deny(rule, rules, asked);
    }
    visit(rule, miss);
    if (miss == Miss::kNone) {
      return &rule;
    }
  }
  return nullptr;
}

}  // namespace

std::string_view EffectName(Effect effect) {
  switch (effect) {
    case Effect::kAllowed:
      return "allowed";
    case Effect::kDenied:
      return "denied";
    case Effect::kNeedsSupervisor:
      return "supervisor";
  }
  CHECK(false);
}

std::string_view MissText(Miss miss) {
  switch (miss) {
    case Miss::kNone:
      return "applies";
    case Miss::kPartly:
      return "denies some of the kinds that this referral may have, not all";
    case Miss::kFrom:
      return "the sender is not one of its senders";
    case Miss::kTo:
      return "the recipient is not one of its recipients";
    case Miss::kKinds:
      return "it is about other kinds";
    case Miss::kScope:
      return "the regions of sender and recipient do not relate as it asks";
    case Miss::kCondition:
      return "its condition does not hold";
    case Miss::kUnseen:
      return "its condition cannot be seen here; whoever sees the content decides it";
    case Miss::kDuty:
      return "a legal duty demands this referral";
  }
  CHECK(false);
}

PolicyDecision Policy::Evaluate(const PolicyQuery& query) const {
  const PolicyRule* rule =
      Decide(parts_.rules, Ask(query, parts_.types), [](const PolicyRule&, Miss) {});
  if (rule == nullptr) {
    return {
        Effect::kNeedsSupervisor, std::string(kSupervisorRule), std::string(kSupervisorBecause)};
  }
  const bool denies = rule->rule_class == RuleClass::kDeny;
  return {denies ? Effect::kDenied : Effect::kAllowed, rule->id, rule->because};
}

std::vector<PolicyStep> Policy::Explain(const PolicyQuery& query) const {
  std::vector<PolicyStep> steps;
  const PolicyRule* rule = Decide(
      parts_.rules, Ask(query, parts_.types), [&steps](const PolicyRule& looked_at, Miss miss) {
        steps.push_back({looked_at.id, miss, looked_at.because});
      });
  if (rule == nullptr) {
    steps.push_back({std::string(kSupervisorRule), Miss::kNone, std::string(kSupervisorBecause)});
  }
  return steps;
}

}  // namespace rujukan::ledger
