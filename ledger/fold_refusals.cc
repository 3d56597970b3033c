// The fold's rules for refusals: evidence against their sender, so bounded and the sender's own.

#include "base/limits.h"
#include "ledger/fold_rules.h"
#include "ledger/header.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

// The header of a refused submission is evidence against its sender, so it is the sender's own: it
// parses, names the sender, and claims a signature with the sender's key (ClaimOfEntry has it
// verified). The key may be revoked or expired: that may be why it was refused.
Result<void> RequireEvidence(const v1::MessageRefused& entry, const Context& at) {
  if (entry.header().empty() && !entry.has_signature()) {
    return {};  // nothing of it was authentic: the digest alone names it
  }
  if (entry.header().empty() || !entry.has_signature()) {
    return Refuse(R::MALFORMED, "a refused header and its signature are kept together or not");
  }
  ASSIGN_OR_RETURN(const v1::Header header, OrRefuse(ParseHeader(entry.header())));
  if (header.from() != entry.sender()) {
    return Refuse(R::SENDER_MISMATCH, "the refused header is not of the sender it is held against");
  }
  ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, entry.signature().signer_key()));
  if (!key || key->usage() != v1::KeyUsage::SIGNING || key->address() != entry.sender()) {
    return Refuse(R::KEY_UNKNOWN);
  }
  return {};
}

// A refusal names the policy that decided, so that nobody can blame another one later.
Result<void> RequirePresentPolicy(const v1::MessageRefused& entry, const Context& at) {
  constexpr size_t kRuleBytesMax = 64;
  const bool by_policy =
      entry.reason() == R::POLICY_DENIED || entry.reason() == R::SUPERVISOR_NEEDED;
  if (by_policy && entry.rule().empty()) {
    return Refuse(R::MALFORMED, "rule: a refusal by the policy names the rule that decided");
  }
  ASSIGN_OR_RETURN(const auto policy, ReadPolicyRecord(at.view));
  const uint64_t version = policy && !entry.rule().empty() ? policy->version() : 0;
  if (entry.rule().size() > kRuleBytesMax || entry.policy_version() != version) {
    return Refuse(R::MALFORMED, "policy_version: not that of the policy in force");
  }
  return {};
}

}  // namespace

Result<void> ApplyRefused(const v1::MessageRefused& entry, const Context& at) {
  if (!v1::RefusalReason::Code_IsValid(entry.reason()) || entry.reason() == R::UNSPECIFIED ||
      entry.submission_digest().size() != Digest::kSize) {
    return Refuse(R::MALFORMED, "a refusal needs a reason and the digest of what was refused");
  }
  ASSIGN_OR_RETURN(const std::optional<v1::AgencyRecord> sender,
                   ReadAgency(at.view, entry.sender()));
  if (!sender) {
    return Refuse(R::UNKNOWN_SENDER);
  }
  RETURN_IF_ERROR(RequireEvidence(entry, at));
  RETURN_IF_ERROR(RequirePresentPolicy(entry, at));
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, entry.sender()));
  const int64_t minute = at.time / 60'000;
  if (counter.refusal_minute() != minute) {
    counter.set_refusal_minute(minute);
    counter.set_refusals_in_minute(0);
  }
  // Bounded: a sender of junk must not fill the ledger. The broker counts the rest.
  if (counter.refusals_in_minute() >= limits::kRefusalEntriesPerMinute) {
    return Refuse(R::RATE_LIMITED);
  }
  counter.set_refusals_in_minute(counter.refusals_in_minute() + 1);
  Write(at.view, Table::kCounter, entry.sender(), counter);
  return {};
}

}  // namespace rujukan::ledger::rules
