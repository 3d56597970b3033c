// The fold's rules for renewing keys: a member asks with the keys it has, an admin or a registrar
// grants, and the old keys count a while longer so that nothing under way is lost.

#include <algorithm>

#include "base/limits.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

Result<v1::AgencyRecord> RequireOwner(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> owner, ReadAgency(at.view, address));
  if (!owner || owner->status() != v1::AgencyStatus::AKTIF) {
    return Contradicts(address + " is not an active member");
  }
  return std::move(*owner);
}

Result<v1::RotationRecord> RequireRotation(const std::string& address,
                                           const std::string& request_act,
                                           const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::RotationRecord> rotation, ReadRotation(at.view, address));
  if (!rotation || rotation->request_act() != request_act) {
    return Contradicts(address + " has no such request for new keys: list the requests again");
  }
  return std::move(*rotation);
}

// An unattended service renews agencies, and only what is about to end: stolen, it could not churn
// the keys of a whole province.
Result<void> RequireDue(const v1::AgencyRecord& owner, const Context& at) {
  if (owner.role() != v1::Role::AGENCY) {
    return Refuse(R::NO_RIGHT, "a registrar renews agencies only: an admin has to grant this");
  }
  ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, owner.signing_key()));
  if (key && key->not_after_ms() - at.time > limits::kRenewalWindowMs) {
    return Refuse(R::TOO_EARLY,
                  "these keys are good for more than 60 days: an admin may renew them earlier");
  }
  return {};
}

// The key that was in force counts for limits::kKeyOverlapMs more. Key ids whose time is over are
// forgotten here.
Result<void> Retire(const std::string& key_id, v1::AgencyRecord& owner, const Context& at) {
  if (key_id.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(std::optional<v1::KeyRecord> key, ReadKey(at.view, key_id));
  if (!key) {
    return Fail(Errc::kCorrupt, "the directory lacks a key in force");
  }
  key->set_retires_at_ms(at.time + limits::kKeyOverlapMs);
  Write(at.view, Table::kKey, key_id, *key);
  google::protobuf::RepeatedPtrField<std::string> kept;
  for (const std::string& retired : owner.retired_keys()) {
    ASSIGN_OR_RETURN(const auto record, ReadKey(at.view, retired));
    if (record && record->retires_at_ms() > at.time) {
      *kept.Add() = retired;
    }
  }
  *kept.Add() = key_id;
  if (static_cast<size_t>(kept.size()) > limits::kRetiredKeysMax) {
    return Contradicts("too many key changes within 7 days: wait for the earlier ones to end");
  }
  *owner.mutable_retired_keys() = std::move(kept);
  return {};
}

Result<void> PutInForce(const v1::GrantKeys& grant, v1::AgencyRecord& owner, const Context& at) {
  ASSIGN_OR_RETURN(const NewKey signing,
                   KeyOf(grant.signing_certificate(), grant.address(), v1::KeyUsage::SIGNING, at));
  RETURN_IF_ERROR(Retire(owner.signing_key(), owner, at));
  RETURN_IF_ERROR(WriteNewKey(signing, at));
  owner.set_signing_key(signing.id);
  if (owner.role() != v1::Role::AGENCY) {
    return {};
  }
  ASSIGN_OR_RETURN(
      const NewKey encryption,
      KeyOf(grant.encryption_certificate(), grant.address(), v1::KeyUsage::ENCRYPTION, at));
  RETURN_IF_ERROR(Retire(owner.encryption_key(), owner, at));
  RETURN_IF_ERROR(WriteNewKey(encryption, at));
  owner.set_encryption_key(encryption.id);
  owner.set_encryption_until_ms(encryption.record.not_after_ms());
  return {};
}

// Connections under the old transport key go on; only new ones need the new key.
Result<void> SwapTransport(const std::string& transport_key,
                           v1::AgencyRecord& owner,
                           const Context& at) {
  if (transport_key.empty()) {
    return {};
  }
  RETURN_IF_ERROR(RequireFreshTransport(transport_key, at));
  at.view.Delete(Table::kTransport, owner.transport_key());
  at.view.Put(Table::kTransport, transport_key, owner.address());
  owner.set_transport_key(transport_key);
  return {};
}

}  // namespace

Result<void> ApplyRequestKeys(const v1::Act& act, const Context& at) {
  const v1::RequestKeys& request = act.request_keys();
  ASSIGN_OR_RETURN(const v1::AgencyRecord owner, RequireOwner(act.actor(), at));
  if ((owner.role() == v1::Role::AGENCY) == request.encryption_csr().empty()) {
    return Contradicts("encryption_csr: agencies ask for an encryption key, others do not");
  }
  if (!request.transport_key().empty()) {
    RETURN_IF_ERROR(RequireFreshTransport(request.transport_key(), at));
  }
  v1::RotationRecord rotation;
  *rotation.mutable_request() = request;
  rotation.set_request_act(act.act_id());
  rotation.set_index(at.index);
  rotation.set_requested_at_ms(at.time);
  Write(at.view, Table::kRotation, act.actor(), rotation);
  return {};
}

Result<void> ApplyGrantKeys(const v1::GrantKeys& grant, v1::Role::Code by, const Context& at) {
  ASSIGN_OR_RETURN(v1::AgencyRecord owner, RequireOwner(grant.address(), at));
  ASSIGN_OR_RETURN(const v1::RotationRecord rotation,
                   RequireRotation(grant.address(), grant.request_act(), at));
  if (by == v1::Role::REGISTRAR) {
    RETURN_IF_ERROR(RequireDue(owner, at));
  }
  RETURN_IF_ERROR(PutInForce(grant, owner, at));
  RETURN_IF_ERROR(SwapTransport(rotation.request().transport_key(), owner, at));
  owner.set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, grant.address(), owner);
  at.view.Delete(Table::kRotation, grant.address());
  return {};
}

Result<void> ApplyRefuseKeys(const v1::RefuseKeys& refusal, const Context& at) {
  RETURN_IF_ERROR(RequireText(refusal.note(), "note"));
  RETURN_IF_ERROR(RequireRotation(refusal.address(), refusal.request_act(), at));
  at.view.Delete(Table::kRotation, refusal.address());
  return {};
}

}  // namespace rujukan::ledger::rules
