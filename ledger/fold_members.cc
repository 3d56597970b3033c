// The record and the keys of a member: what admission writes and what revocation ends.

#include "base/limits.h"
#include "certs/certificate.h"
#include "certs/hash.h"
#include "certs/outside.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

// What the invitation promised goes into the record; a member that joins anew keeps what it had
// unless the invitation says otherwise.
void TakePromises(const Newcomer& newcomer, v1::AgencyRecord& record) {
  if (newcomer.invite == nullptr) {
    return;
  }
  *record.mutable_scope() = newcomer.invite->scope();
  if (!newcomer.invite->steward().empty()) {
    record.set_steward(newcomer.invite->steward());
  }
  if (newcomer.invite->has_standing()) {
    *record.mutable_standing() = newcomer.invite->standing();
  }
}

// A suspended member that only replaces its keys stays suspended.
v1::AgencyStatus::Code StatusAfter(const Newcomer& newcomer, const v1::AgencyRecord& before) {
  const bool stays_suspended = newcomer.invite != nullptr && newcomer.invite->replace() &&
                               before.status() == v1::AgencyStatus::DIBEKUKAN;
  return stays_suspended ? v1::AgencyStatus::DIBEKUKAN : v1::AgencyStatus::AKTIF;
}

Result<v1::AgencyRecord> NewRecord(const Newcomer& newcomer, const Context& at) {
  const v1::Admit& admit = newcomer.admit;
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> before, ReadAgency(at.view, admit.address()));
  v1::AgencyRecord record = before ? std::move(*before) : v1::AgencyRecord();
  const v1::AgencyStatus::Code status = StatusAfter(newcomer, record);
  if (status == v1::AgencyStatus::AKTIF) {
    record.clear_status_note();
    record.clear_revocation_reason();
  }
  record.set_address(admit.address());
  record.set_role(newcomer.role);
  record.set_status(status);
  record.set_official_name(admit.official_name());
  record.set_region(admit.region());
  record.set_transport_key(admit.transport_key());
  record.set_admitted_at_index(at.index);
  record.set_admitted_at_ms(at.time);
  record.set_changed_at_index(at.index);
  record.clear_retired_keys();
  record.clear_encryption_key();
  TakePromises(newcomer, record);
  return record;
}

// A member that is still in the directory loses the keys it had: they may be in other hands.
Result<void> EndFormerKeys(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<v1::AgencyRecord> former, ReadAgency(at.view, address));
  if (!former || former->status() == v1::AgencyStatus::NONAKTIF) {
    return {};
  }
  RETURN_IF_ERROR(RevokeKeysOf(*former, at));
  at.effects.cut.push_back(address);
  return {};
}

v1::KeyRecord RecordOf(const certs::Certificate& certificate,
                       std::string_view address,
                       v1::KeyUsage::Code usage,
                       const Context& at) {
  v1::KeyRecord key;
  key.set_address(std::string(address));
  key.set_usage(usage);
  key.set_certificate(certificate.der());
  key.set_not_before_ms(certificate.not_before());
  key.set_not_after_ms(certificate.not_after());
  key.set_since_index(at.index);
  return key;
}

// AuthenticateAdmit has checked the chain; here it is only found out whose CRL counts for it.
Result<NewKey> OutsideKeyOf(const v1::Admit& admit, const Context& at) {
  ASSIGN_OR_RETURN(const auto enrolment, ReadEnrolment(at.view, admit.enrolment_id()));
  ASSIGN_OR_RETURN(const auto anchor, ReadAnchor(at.view, admit.anchor()));
  v1::EnrolmentRequest request;
  if (!enrolment || !anchor || !request.ParseFromString(enrolment->request())) {
    return Contradicts("anchor: not one that this domain trusts; add it first");
  }
  const auto leaf = certs::Certificate::FromOutsideDer(admit.signing_certificate());
  if (!leaf) {
    return Refuse(R::CERTIFICATE_INVALID, leaf.error().context);
  }
  const std::vector<std::string> intermediates(request.outside_intermediates().begin(),
                                               request.outside_intermediates().end());
  const auto issuer = certs::IssuerOf(*leaf, intermediates, anchor->certificate());
  if (!issuer) {
    return Refuse(R::CERTIFICATE_INVALID, issuer.error().context);
  }
  v1::KeyRecord record = RecordOf(*leaf, admit.address(), v1::KeyUsage::SIGNING, at);
  record.set_anchor(admit.anchor());
  return NewKey{
      leaf->key_id().str(), std::move(record), certs::Sha256(*issuer).str() + leaf->serial()};
}

// Nobody knows whether it was the member who signed them, or whoever has its keys.
Result<void> DropProposalsOf(const std::string& address, const Context& at) {
  std::vector<std::string> dropped;
  const auto visit = [&](std::string_view act_id, std::string_view value) {
    v1::ProposalRecord proposal;
    if (proposal.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
        proposal.proposer() == address) {
      dropped.emplace_back(act_id);
    }
    return true;
  };
  RETURN_IF_ERROR(at.view.Scan(Table::kProposal, "", "", visit));
  for (const std::string& act_id : dropped) {
    at.view.Delete(Table::kProposal, act_id);
  }
  return {};
}

Result<NewKey> SigningKeyOf(const v1::Admit& admit, const Context& at) {
  if (!admit.anchor().empty()) {
    return OutsideKeyOf(admit, at);
  }
  return KeyOf(admit.signing_certificate(), admit.address(), v1::KeyUsage::SIGNING, at);
}

}  // namespace

Result<void> RequireFreshTransport(const std::string& transport_key, const Context& at) {
  if (transport_key.size() != TransportKey::kSize) {
    return Refuse(R::MALFORMED, "transport_key: must be 32 bytes");
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> taken,
                   at.view.Get(Table::kTransport, transport_key));
  if (taken) {
    return Contradicts("this transport key belongs to another agency: make new keys");
  }
  return {};
}

Result<NewKey> KeyOf(const std::string& der,
                     std::string_view address,
                     v1::KeyUsage::Code usage,
                     const Context& at) {
  const auto certificate = certs::Certificate::FromDer(der);
  if (!certificate) {
    return Refuse(R::CERTIFICATE_INVALID, certificate.error().context);
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  return NewKey{certificate->key_id().str(),
                RecordOf(*certificate, address, usage, at),
                certs::Sha256(domain.issuing_certificate()).str() + certificate->serial()};
}

Result<void> WriteNewKey(const NewKey& key, const Context& at) {
  ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> known, ReadKey(at.view, key.id));
  if (known) {
    return Contradicts("this certificate was admitted before: issue a new one");
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> numbered,
                   at.view.Get(Table::kSerial, key.serial));
  if (numbered) {
    return Contradicts("another certificate of this CA has its serial number: issue a new one");
  }
  Write(at.view, Table::kKey, key.id, key.record);
  at.view.Put(Table::kSerial, key.serial, key.id);
  return {};
}

Result<void> RevokeKey(const std::string& key_id, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::KeyRecord> key, ReadKey(at.view, key_id));
  if (key && key->revoked_at_index() == 0) {
    key->set_revoked_at_index(at.index);
    Write(at.view, Table::kKey, key_id, *key);
  }
  return {};
}

Result<void> RevokeKeysOf(const v1::AgencyRecord& member, const Context& at) {
  RETURN_IF_ERROR(DropProposalsOf(member.address(), at));
  RETURN_IF_ERROR(RevokeKey(member.signing_key(), at));
  if (!member.encryption_key().empty()) {
    RETURN_IF_ERROR(RevokeKey(member.encryption_key(), at));
  }
  for (const std::string& key_id : member.retired_keys()) {
    RETURN_IF_ERROR(RevokeKey(key_id, at));
  }
  at.view.Delete(Table::kTransport, member.transport_key());
  at.view.Delete(Table::kRotation, member.address());
  return {};
}

Result<void> AdmitMember(const Newcomer& newcomer, const Context& at) {
  const v1::Admit& admit = newcomer.admit;
  RETURN_IF_ERROR(RequireFreshTransport(admit.transport_key(), at));
  RETURN_IF_ERROR(RequireText(admit.official_name(), "official_name"));
  RETURN_IF_ERROR(RequireText(admit.region(), "region"));
  ASSIGN_OR_RETURN(v1::AgencyRecord record, NewRecord(newcomer, at));
  RETURN_IF_ERROR(EndFormerKeys(admit.address(), at));
  ASSIGN_OR_RETURN(const NewKey signing, SigningKeyOf(admit, at));
  RETURN_IF_ERROR(WriteNewKey(signing, at));
  record.set_signing_key(signing.id);
  if (newcomer.role == v1::Role::AGENCY) {
    ASSIGN_OR_RETURN(
        const NewKey encryption,
        KeyOf(admit.encryption_certificate(), admit.address(), v1::KeyUsage::ENCRYPTION, at));
    RETURN_IF_ERROR(WriteNewKey(encryption, at));
    record.set_encryption_key(encryption.id);
    record.set_encryption_until_ms(encryption.record.not_after_ms());
  } else if (!admit.encryption_certificate().empty()) {
    return Contradicts("encryption_certificate: only agencies receive messages");
  }
  at.view.Put(Table::kTransport, admit.transport_key(), admit.address());
  Write(at.view, Table::kAgency, admit.address(), record);
  return {};
}

}  // namespace rujukan::ledger::rules
