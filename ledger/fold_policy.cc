// The fold's rules for the policy: putting one in force, permitting what it leaves open, and asking
// it about each message. The broker sees that a message is a referral, not which kind: what it lets
// pass the agents on both sides check again with the content before them.

#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/fold_rules.h"
#include "ledger/party.h"
#include "ledger/policy_text.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr std::string_view kPermitRule = "permit";

// nullptr: no policy is in force. Parsed once for as long as it stays.
Result<std::shared_ptr<const Policy>> PolicyInForce(const Overlay& view) {
  ASSIGN_OR_RETURN(const auto record, ReadPolicyRecord(view));
  if (!record) {
    return std::shared_ptr<const Policy>();
  }
  Memo& memo = view.policy_memo();
  if (memo.value == nullptr || memo.of != record->digest()) {
    ASSIGN_OR_RETURN(const std::string text, ReadPolicyText(view));
    auto policy = ParsePolicy(text);
    if (!policy) {
      return Fail(Errc::kCorrupt, "the policy in force does not parse: " + policy.error().context);
    }
    memo = Memo{record->digest(), std::make_shared<const Policy>(std::move(*policy))};
  }
  return std::static_pointer_cast<const Policy>(memo.value);
}

PolicyQuery QueryFor(const v1::Header& header,
                     const v1::AgencyRecord& sender,
                     const v1::AgencyRecord& recipient,
                     UnixMillis now) {
  PolicyQuery query;
  query.from = PartyOf(sender);
  query.to = PartyOf(recipient);
  query.notification = IsLegless(header.kind());
  query.emergency = header.urgency() == v1::Urgency::AMAT_SEGERA;
  query.classification = header.classification();
  query.now = now;
  return query;
}

// Most rules do not ask for the recipient's catchment: it is read when nothing else allowed.
Result<PolicyDecision> Ask(const Policy& policy,
                           PolicyQuery query,
                           const std::string& recipient,
                           const Context& at) {
  PolicyDecision decision = policy.Evaluate(query);
  if (decision.effect != Effect::kNeedsSupervisor) {
    return decision;
  }
  ASSIGN_OR_RETURN(const auto profile, ReadProfile(at.view, recipient));
  if (!profile || profile->profile().wilayah_kerja().empty()) {
    return decision;
  }
  AddCatchment(profile->profile(), query.to);
  return policy.Evaluate(query);
}

Result<std::string> RequireOne(const Policy& policy,
                               const PolicyQuery& query,
                               const std::string& from,
                               const std::string& to,
                               const Context& at) {
  ASSIGN_OR_RETURN(PolicyDecision decision, Ask(policy, query, to, at));
  if (decision.effect == Effect::kDenied) {
    return RefuseByRule(R::POLICY_DENIED, decision.rule, decision.because);
  }
  if (decision.effect == Effect::kAllowed) {
    return std::move(decision.rule);
  }
  ASSIGN_OR_RETURN(const auto permit, ReadPermit(at.view, from, to));
  if (permit && permit->expires_at_ms() > at.time) {
    return std::string(kPermitRule);
  }
  return RefuseByRule(R::SUPERVISOR_NEEDED,
                      decision.rule,
                      decision.because + "; " + from + " -> " + to +
                          ": ask the supervisor or an admin for a permit");
}

// What is in an open leg was allowed when it opened, and has to be answered; so has a message
// without a leg. Whoever supervises hears complaints. Only a class that the recipient may not read
// stops it.
bool IsAlwaysHeard(const v1::Header& header) {
  const v1::Kind::Code kind = header.kind();
  return kind == v1::Kind::TANGGAPAN || kind == v1::Kind::KELUHAN_LAYANAN ||
         (kind != v1::Kind::RUJUKAN && !IsLegless(kind));
}

Result<std::string> RequireNotDenied(const Policy& policy, const PolicyQuery& query) {
  const PolicyDecision decision = policy.Evaluate(query);
  if (decision.effect == Effect::kDenied) {
    return RefuseByRule(R::POLICY_DENIED, decision.rule, decision.because);
  }
  return std::string();
}

}  // namespace

Result<std::string> RequirePolicy(const v1::Header& header,
                                  const v1::AgencyRecord& sender,
                                  const std::vector<v1::AgencyRecord>& recipients,
                                  const Context& at) {
  const bool heard = IsAlwaysHeard(header);
  if (heard && header.classification() != v1::Classification::SR) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const auto policy, PolicyInForce(at.view));
  std::string rule;
  for (size_t i = 0; policy != nullptr && i < recipients.size(); ++i) {
    const PolicyQuery query = QueryFor(header, sender, recipients[i], at.time);
    ASSIGN_OR_RETURN(rule,
                     heard
                         ? RequireNotDenied(*policy, query)
                         : RequireOne(*policy, query, header.from(), recipients[i].address(), at));
  }
  return rule;
}

Result<void> InstallPolicy(const std::string& document,
                           uint64_t version,
                           std::string_view by,
                           const Context& at) {
  if (const auto policy = ParsePolicy(document); !policy) {
    return Contradicts("policy: " + policy.error().context);
  }
  v1::PolicyRecord record;
  record.set_version(version);
  record.set_digest(certs::Sha256(document).str());
  record.set_index(at.index);
  record.set_by(std::string(by));
  Write(at.view, Table::kHead, kPolicyKey, record);
  at.view.Put(Table::kHead, kPolicyTextKey, document);
  return {};
}

// The version says which policy the admin had before it: two admins who change it at the same time
// do not undo each other unseen.
Result<void> ApplySetPolicy(const v1::Act& act, const Context& at) {
  ASSIGN_OR_RETURN(const auto present, ReadPolicyRecord(at.view));
  const uint64_t next = present ? present->version() + 1 : 1;
  if (act.set_policy().version() != next) {
    return Contradicts("version: the next version is " + std::to_string(next) +
                       "; look at what has changed meanwhile");
  }
  return InstallPolicy(act.set_policy().document(), next, act.actor(), at);
}

Result<void> ApplyPermit(const v1::Act& act, const Context& at) {
  const v1::Permit& permit = act.permit();
  RETURN_IF_ERROR(RequireText(permit.note(), "note"));
  for (const std::string& address : {permit.from(), permit.to()}) {
    ASSIGN_OR_RETURN(const auto agency, ReadAgency(at.view, address));
    if (!agency || agency->role() != v1::Role::AGENCY) {
      return Contradicts(address + " is no agency of this domain");
    }
  }
  if (permit.expires_at_ms() > at.time + limits::kPermitLifeMsMax) {
    return Contradicts("expires_at_ms: a permit lives at most 90 days");
  }
  v1::PermitRecord record;
  record.set_expires_at_ms(permit.expires_at_ms());
  record.set_by(act.actor());
  record.set_index(at.index);
  record.set_note(permit.note());
  Write(at.view, Table::kPermit, PairKey(permit.from(), permit.to()), record);
  return {};
}

}  // namespace rujukan::ledger::rules
