// The fold's rules for what the root key signs: the genesis that founds a domain, and the acts that
// mend one whose admins or issuing CA are lost.

#include "ledger/checkpoint.h"
#include "ledger/fold_rules.h"
#include "ledger/note.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

Result<void> RequireNewRootAct(const v1::RootAct& act,
                               const v1::DomainRecord& domain,
                               const Context& at) {
  RETURN_IF_ERROR(RequireNotFromFuture(act.created_at_ms(), at.time));
  RETURN_IF_ERROR(RequireUnusedActId(act.act_id(), at.view));
  if (act.domain() != domain.domain()) {
    return Contradicts("domain: this is the ledger of " + domain.domain());
  }
  return {};
}

Result<void> Appoint(const v1::Admit& admin, const Context& at) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  RETURN_IF_ERROR(RequireDomain(admin.address(), domain.domain()));
  at.view.Put(Table::kHistory, HistoryKey(admin.address(), at.index), "");
  return AdmitMember({admin, v1::Role::ADMIN, nullptr}, at);
}

}  // namespace

Result<v1::DomainRecord> RequireFounded(const View& view) {
  auto domain = ReadDomain(view);
  if (!domain && domain.error().code == Errc::kNotFound) {
    return Contradicts("the ledger does not begin with a genesis: nobody may act in it");
  }
  return domain;
}

Result<void> ApplyGenesis(const v1::GenesisRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto genesis, ParseAs<v1::Genesis>(entry.genesis(), "Genesis"));
  const auto log = NoteVerifier::Parse(genesis.log_vkey());
  if (!log || log->name != OriginOf(genesis.domain())) {
    return Contradicts("log_vkey: must be the key named " + OriginOf(genesis.domain()));
  }
  if (genesis.broker_transport_key().size() != TransportKey::kSize) {
    return Refuse(R::MALFORMED, "broker_transport_key: must be 32 bytes");
  }
  v1::DomainRecord domain;
  domain.set_domain(genesis.domain());
  domain.set_root_certificate(genesis.root_certificate());
  domain.set_issuing_certificate(genesis.issuing_certificate());
  domain.set_log_vkey(genesis.log_vkey());
  domain.set_broker_transport_key(genesis.broker_transport_key());
  Write(at.view, Table::kHead, kDomainKey, domain);
  at.view.Put(Table::kHistory, HistoryKey("", at.index), "");
  if (!genesis.policy().empty()) {
    RETURN_IF_ERROR(
        InstallPolicy(genesis.policy(), /*version=*/1, genesis.first_admin().address(), at));
  }
  return Appoint(genesis.first_admin(), at);
}

// Whom it takes out goes first, so that an address can be given to a new admin in the same act.
Result<void> ApplyRootAct(const v1::RootActRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto act, ParseAs<v1::RootAct>(entry.act(), "RootAct"));
  ASSIGN_OR_RETURN(v1::DomainRecord domain, RequireFounded(at.view));
  RETURN_IF_ERROR(RequireNewRootAct(act, domain, at));
  for (const v1::Revoke& revoke : act.revoke()) {
    RETURN_IF_ERROR(RevokeMember(revoke, at));
    at.view.Put(Table::kHistory, HistoryKey(revoke.address(), at.index), "");
  }
  if (!act.issuing_certificate().empty()) {
    domain.set_issuing_certificate(act.issuing_certificate());
  }
  if (act.has_rules()) {
    *domain.mutable_rules() = act.rules();
  }
  Write(at.view, Table::kHead, kDomainKey, domain);
  if (act.has_admin()) {
    RETURN_IF_ERROR(Appoint(act.admin(), at));
  }
  at.view.Put(Table::kAct, act.act_id(), IndexKey(at.index));
  at.view.Put(Table::kHistory, HistoryKey("", at.index), "");
  return {};
}

}  // namespace rujukan::ledger::rules
