// The referral policy: who may send which kinds of referral to whom. One document, one evaluation:
// the broker's fold, the agents and the administrator's command line all ask this class, so that a
// sender hears before sending what the broker will say. Pure, immutable after parsing, any thread.
//
// Rules are looked at in the order deny, duty, allow; what no rule decides needs a supervisor
// (PERLU_PERSETUJUAN_PENGAWAS, rule P0). Urgency may lift tiers and scopes of an allow rule; no
// deny rule looks at it. Format and meaning: docs/formats/policy.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "ledger/policy_rule.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::ledger {

struct Agreement {  // perjanjian: data-sharing agreement (PKS)
  std::string id;
  UnixMillis valid_until_ms = 0;  // from this instant on it has expired
};

struct Party {
  std::string type;  // first label of the agency's name: "dinsos"
  Area area;
  bool suspended = false;
  bool sr_clearance = false;  // may receive SANGAT_RAHASIA
  std::vector<Agreement> agreements;
  std::vector<Area> catchment;  // wilayah_kerja
};

// What only some can see: an agent sees the content, the broker does not. nullopt: not seen here,
// and the rule that asks for it is left to whoever does.
struct ContentFacts {
  std::optional<bool> target_must_not_know;  // alleged perpetrator, or in jangan_beritahu
  std::optional<bool> no_basis;              // no dasar_pemrosesan
  std::optional<bool> photo_of_child;
  std::optional<bool> detention_placement;            // a placement that is a place of detention
  std::optional<bool> placement_without_gatekeeping;  // emergency shelter of up to 72 h: false
  std::optional<bool> key_not_valid;                  // sealed to or signed with an invalid key
};

struct PolicyQuery {
  Party from;
  Party to;
  std::optional<v1::ReferralType::Code> jenis;  // nullopt: a referral whose kind is not visible
  bool notification = false;                    // PEMBERITAHUAN; jenis does not count
  bool emergency = false;                       // DARURAT
  v1::Classification::Code classification = v1::Classification::UNSPECIFIED;
  UnixMillis now = 0;
  ContentFacts facts;
};

enum class Effect : uint8_t { kAllowed, kDenied, kNeedsSupervisor };
std::string_view EffectName(Effect effect);  // "allowed", "denied", "supervisor"

struct PolicyDecision {
  Effect effect = Effect::kNeedsSupervisor;
  std::string rule;     // id of the deciding rule
  std::string because;  // its explanation, for the person who is told
};

// Why a rule did not decide, in the order in which it is looked at.
enum class Miss : uint8_t {
  kNone,       // it applies and decides
  kPartly,     // it denies some of the kinds that a referral of unseen kind may have
  kFrom,       // of other senders
  kTo,         // of other recipients
  kKinds,      // of other kinds
  kScope,      // the regions do not relate so
  kCondition,  // its condition does not hold
  kUnseen,     // its condition cannot be seen here
  kDuty,       // a duty rule demands the referral
};
std::string_view MissText(Miss miss);  // "the recipient is not one of its recipients"

struct PolicyStep {
  std::string rule;
  Miss miss = Miss::kNone;
  std::string because;
};

// A tested example in the document: policy_example.h.
struct PolicyExample {
  size_t line = 0;
  Effect expected = Effect::kNeedsSupervisor;
  std::string rule;
  std::string text;  // "hotline dinsos.18.71 LAPORAN_AWAL", for reports
  PolicyQuery query;
};

inline constexpr std::string_view kSupervisorRule = "P0";

class Policy {
 public:
  struct Parts {
    std::string name;
    PolicyTypes types;
    std::vector<PolicyRule> rules;  // deny, then duty, then allow
    std::vector<PolicyExample> examples;
  };

  // From ParsePolicy (policy_text.h).
  explicit Policy(Parts parts) : parts_(std::move(parts)) {}

  // Below a microsecond for the default policy; the only allocations are the texts of the answer.
  // A referral of unseen kind is allowed if any kind of referral would be, and denied if all are.
  PolicyDecision Evaluate(const PolicyQuery& query) const;

  // The rules that were looked at, in order, up to and including the one that decided.
  std::vector<PolicyStep> Explain(const PolicyQuery& query) const;

  std::string_view name() const { return parts_.name; }
  const std::vector<PolicyRule>& rules() const { return parts_.rules; }
  const std::vector<PolicyExample>& examples() const { return parts_.examples; }

 private:
  Parts parts_;  // constant after construction
};

}  // namespace rujukan::ledger
