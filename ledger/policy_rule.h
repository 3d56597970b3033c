// One rule of a referral policy, compiled: sets as bits, so that looking at a rule costs a few
// instructions. Made by policy_text.h, read by policy.h. Value types, pure, any thread.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "ledger/area.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::ledger {

// A type of agency (jenis: dinsos, uppa, lksa) by its place in the document's list of types.
using TypeId = uint8_t;
inline constexpr TypeId kUnknownType = 255;
static_assert(limits::kPolicyTypesMax < kUnknownType);

// The types of agencies that a document speaks of. A name it does not know meets only "*" rules.
class PolicyTypes {
 public:
  bool Add(std::string_view name);  // false: it is there already; CHECKs kPolicyTypesMax
  TypeId Find(std::string_view name) const;
  size_t size() const { return by_name_.size(); }

 private:
  std::vector<std::pair<std::string, TypeId>> by_name_;  // sorted
};

// Kinds of referral as bits: ReferralType::Code n is bit n.
using Kinds = uint32_t;
static_assert(v1::ReferralType::Code_MAX < 31);
inline constexpr Kinds kNotificationKind = 1;  // PEMBERITAHUAN, in the place of UNSPECIFIED
inline constexpr Kinds kCaseKinds =
    ((Kinds{1} << (v1::ReferralType::Code_MAX + 1U)) - 1) & ~kNotificationKind;
// UNSPECIFIED, or a kind younger than this program: a deny rule for all kinds means it, too; no
// other rule does.
inline constexpr Kinds kUnknownKind = Kinds{1} << 31U;

// How the regions of sender and recipient relate, as bits. A rule without any holds everywhere.
using Scopes = uint8_t;
enum Scope : Scopes {
  kScopeSame = 1U << 0U,       // the same kabupaten or kota, the same province, both national
  kScopeOwnProv = 1U << 1U,    // in the same province
  kScopeParent = 1U << 2U,     // the recipient is one tier up
  kScopeChild = 1U << 3U,      // the recipient is one tier down
  kScopeCatchment = 1U << 4U,  // the recipient's wilayah_kerja covers the sender's region
  kScopeAgreement = 1U << 5U,  // both share an agreement (PKS) that has not expired
};

// What a rule may ask beyond who, to whom and what, as bits.
using Conditions = uint16_t;
enum Condition : Conditions {
  kTargetSuspended = 1U << 0U,
  kTargetMustNotKnow = 1U << 1U,
  kNoBasis = 1U << 2U,
  kTopSecretWithoutClearance = 1U << 3U,
  kPhotoOfChild = 1U << 4U,
  kDetentionPlacement = 1U << 5U,
  kPlacementWithoutGatekeeping = 1U << 6U,
  kKeyNotValid = 1U << 7U,
  kAgreementExpired = 1U << 8U,
  kEmergency = 1U << 9U,  // of allow rules only: urgency opens, it never closes
};

// Agencies by type and tier: "dinsos/kab, uppa", or everybody.
class PartySet {
 public:
  void AddEverybody() { everybody_ = true; }
  void Add(TypeId type, Tier tier);  // kUnknown: of every tier
  void Add(const PartySet& others);

  // any_tier: as if all patterns were written without their tier.
  bool Has(TypeId type, Tier tier, bool any_tier) const {
    return everybody_ || (type < limits::kPolicyTypesMax &&
                          (any_tier ? of_any_tier_ : of_tier_[static_cast<size_t>(tier)])[type]);
  }

 private:
  using Types = std::bitset<limits::kPolicyTypesMax>;

  bool everybody_ = false;
  std::array<Types, 4> of_tier_{};  // by Tier; of kUnknown: those written without a tier
  Types of_any_tier_{};
};

// In the order in which rules are looked at.
enum class RuleClass : uint8_t { kDeny, kDuty, kAllow };

struct PolicyRule {
  std::string id;  // "D1", "L1", "A1": the letter tells the class
  RuleClass rule_class = RuleClass::kDeny;
  PartySet from;
  PartySet to;
  Kinds kinds = 0;
  Scopes scopes = 0;                  // 0: everywhere; otherwise at least one must hold
  Conditions when = 0;                // 0: always; otherwise exactly one bit, which must hold
  bool unless_duty = false;           // deny only: kinds that a duty rule demands are spared
  bool emergency_lifts_tier = false;  // allow only: in an emergency tiers and scope do not count
  std::string because;                // one sentence for the person who is told
  size_t line = 0;                    // of the document
};

}  // namespace rujukan::ledger
