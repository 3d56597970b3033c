#include "agents/agency/gate.h"

#include <algorithm>
#include <array>

#include "agents/agency/gate_facts.h"
#include "ledger/party.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "ledger/transition.h"

namespace rujukan::agency {
namespace {

using ledger::Effect;

// As the fold has it (ledger/fold_policy.cc): a leg that is open was allowed when it opened, an
// answer answers, and whoever supervises hears complaints: these may only be forbidden.
bool IsAlwaysHeard(const Intent& intent) {
  return intent.kind == v1::Kind::TANGGAPAN || intent.kind == v1::Kind::KELUHAN_LAYANAN ||
         (intent.kind != v1::Kind::RUJUKAN && !ledger::IsLegless(intent.kind));
}

}  // namespace

Result<std::shared_ptr<const ledger::Policy>> Gate::InForce(const std::string& digest) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (parsed_.value == nullptr || parsed_.of != digest) {
    ASSIGN_OR_RETURN(const auto text, ledger::ReadPolicyText(directory_));
    auto policy = ledger::ParsePolicy(text);
    if (!policy) {
      return Fail(Errc::kCorrupt, "the policy in force does not parse: " + policy.error().context);
    }
    parsed_ = {digest, std::make_shared<const ledger::Policy>(std::move(*policy))};
  }
  return std::static_pointer_cast<const ledger::Policy>(parsed_.value);
}

Result<std::optional<Gate::Case>> Gate::CaseOf(const Intent& intent, UnixMillis now) const {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadPolicyRecord(directory_));
  ASSIGN_OR_RETURN(const auto from, ledger::ReadAgency(directory_, intent.from));
  ASSIGN_OR_RETURN(const auto to, ledger::ReadAgency(directory_, intent.to));
  if (!record || !from || !to) {
    return std::optional<Case>();
  }
  Case found;
  found.version = record->version();
  ASSIGN_OR_RETURN(found.policy, InForce(record->digest()));
  ledger::PolicyQuery& query = found.query;
  query.from = ledger::PartyOf(*from);
  query.to = ledger::PartyOf(*to);
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory_, intent.to));
  if (profile) {
    ledger::AddCatchment(profile->profile(), query.to);
  }
  query.notification = ledger::IsLegless(intent.kind);
  if (intent.type != v1::ReferralType::UNSPECIFIED) {
    query.jenis = intent.type;
  }
  query.emergency = intent.emergency;
  query.classification = intent.classification;
  query.now = now;
  query.facts = FactsOf(intent, *to, profile ? profile->profile() : v1::AgencyProfile());
  ASSIGN_OR_RETURN(query.facts.key_not_valid, KeysEnded(directory_, *from, *to, now));
  return std::optional<Case>(std::move(found));
}

Result<std::optional<Ruling>> Gate::Judge(const Intent& intent, UnixMillis now) const {
  ASSIGN_OR_RETURN(const auto found, CaseOf(intent, now));
  if (!found) {
    return std::optional<Ruling>();
  }
  Ruling ruling;
  ruling.version = found->version;
  ruling.decision = found->policy->Evaluate(found->query);
  if (ruling.decision.effect == Effect::kNeedsSupervisor) {
    ASSIGN_OR_RETURN(const auto permit, ledger::ReadPermit(directory_, intent.from, intent.to));
    ruling.permitted = IsAlwaysHeard(intent) || (permit && permit->expires_at_ms() > now);
  }
  return std::optional<Ruling>(std::move(ruling));
}

Result<std::vector<ledger::PolicyStep>> Gate::Explain(const Intent& intent, UnixMillis now) const {
  ASSIGN_OR_RETURN(const auto found, CaseOf(intent, now));
  return found ? found->policy->Explain(found->query) : std::vector<ledger::PolicyStep>();
}

std::string AdviceOf(const Ruling& ruling, const Intent& intent) {
  std::string advice =
      "aturan / rule " + ruling.decision.rule + ": " + ruling.decision.because + "; ";
  if (ruling.decision.effect == Effect::kDenied) {
    return advice +
           "kedaruratan tidak mengubah larangan, perbaiki atau pilih penerima lain / urgency lifts "
           "no prohibition: mend it, or choose another recipient";
  }
  return advice + "minta pengawas atau admin mengizinkan " + intent.from + " -> " + intent.to +
         " / ask your supervisor or an admin for a permit";
}

}  // namespace rujukan::agency
