// The fold's rules for the directory: the genesis, what admins may do, and who asks to join.

#include <vector>

#include "base/address.h"
#include "base/limits.h"
#include "certs/certificate.h"
#include "certs/hash.h"
#include "ledger/authenticate.h"
#include "ledger/checkpoint.h"
#include "ledger/fold_rules.h"
#include "ledger/note.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr std::string_view kDomainKey = "domain";
constexpr size_t kInvitationKeyBytes = 32;
constexpr size_t kActIdBytes = 16;

tl::unexpected<Error> Contradicts(std::string advice) {
  return Refuse(R::ACT_INVALID, std::move(advice));
}

template <class T>
Result<T> ParseAs(const std::string& bytes, std::string_view what) {
  T message;
  if (!message.ParseFromString(bytes) || message.version() != 1) {
    return Refuse(R::MALFORMED, "not a rujukan.v1." + std::string(what) + " of version 1");
  }
  return message;
}

Result<void> RequireText(std::string_view text, std::string_view field) {
  if (text.size() > limits::kNoteBytesMax) {
    return Refuse(R::MALFORMED, std::string(field) + ": at most 512 bytes");
  }
  return {};
}

Result<void> RequireDomain(std::string_view address, std::string_view domain) {
  const auto parsed = AgencyAddress::Parse(address);
  if (!parsed) {
    return Refuse(R::MALFORMED, "address: " + parsed.error().context);
  }
  if (parsed->domain() != domain) {
    return Contradicts("address: this domain is " + std::string(domain) +
                       "; it cannot speak for another's agencies");
  }
  return {};
}

// What admitting writes: certificates, transport key and the agency itself.
struct Admission {
  v1::AgencyRecord agency;
  std::vector<std::pair<std::string, v1::KeyRecord>> keys;  // by key id
};

Result<std::pair<std::string, v1::KeyRecord>> KeyOf(const std::string& der,
                                                    std::string_view address,
                                                    v1::KeyUsage::Code usage,
                                                    const Context& at) {
  const auto certificate = certs::Certificate::FromDer(der);
  if (!certificate) {
    return Refuse(R::CERTIFICATE_INVALID, certificate.error().context);
  }
  v1::KeyRecord key;
  key.set_address(std::string(address));
  key.set_usage(usage);
  key.set_certificate(der);
  key.set_not_before_ms(certificate->not_before());
  key.set_not_after_ms(certificate->not_after());
  key.set_since_index(at.index);
  return std::make_pair(certificate->key_id().str(), std::move(key));
}

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

Result<Admission> PlanAdmission(const v1::Admit& admit, v1::Role::Code role, const Context& at) {
  RETURN_IF_ERROR(RequireFreshTransport(admit.transport_key(), at));
  RETURN_IF_ERROR(RequireText(admit.official_name(), "official_name"));
  RETURN_IF_ERROR(RequireText(admit.region(), "region"));
  Admission plan;
  v1::AgencyRecord& agency = plan.agency;
  agency.set_address(admit.address());
  agency.set_role(role);
  agency.set_status(v1::AgencyStatus::AKTIF);
  agency.set_official_name(admit.official_name());
  agency.set_region(admit.region());
  agency.set_transport_key(admit.transport_key());
  agency.set_admitted_at_index(at.index);
  agency.set_admitted_at_ms(at.time);
  agency.set_changed_at_index(at.index);
  ASSIGN_OR_RETURN(auto signing,
                   KeyOf(admit.signing_certificate(), admit.address(), v1::KeyUsage::SIGNING, at));
  agency.set_signing_key(signing.first);
  plan.keys.push_back(std::move(signing));
  if (role == v1::Role::AGENCY) {
    ASSIGN_OR_RETURN(
        auto encryption,
        KeyOf(admit.encryption_certificate(), admit.address(), v1::KeyUsage::ENCRYPTION, at));
    agency.set_encryption_key(encryption.first);
    plan.keys.push_back(std::move(encryption));
  }
  for (const auto& [id, key] : plan.keys) {
    ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> known, ReadKey(at.view, id));
    if (known) {
      return Contradicts("this certificate was admitted before: issue a new one");
    }
  }
  return plan;
}

void WriteAdmission(const Admission& plan, const Context& at) {
  for (const auto& [id, key] : plan.keys) {
    Write(at.view, Table::kKey, id, key);
  }
  at.view.Put(Table::kTransport, plan.agency.transport_key(), plan.agency.address());
  Write(at.view, Table::kAgency, plan.agency.address(), plan.agency);
}

Result<void> ApplyInvite(const v1::Invite& invite, const Context& at) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  RETURN_IF_ERROR(RequireDomain(invite.address(), domain.domain()));
  RETURN_IF_ERROR(RequireText(invite.official_name(), "official_name"));
  RETURN_IF_ERROR(RequireText(invite.region(), "region"));
  if (invite.invitation_key().size() != kInvitationKeyBytes) {
    return Refuse(R::MALFORMED, "invitation_key: must be 32 bytes");
  }
  if (invite.expires_at_ms() <= at.time ||
      invite.expires_at_ms() > at.time + limits::kInvitationLifeMsMax) {
    return Contradicts("expires_at_ms: an invitation lives at most 30 days from now");
  }
  ASSIGN_OR_RETURN(const auto known, ReadInvitation(at.view, invite.invitation_key()));
  if (known) {
    return Contradicts("invitation_key: used before: make a new invitation");
  }
  ASSIGN_OR_RETURN(const auto agency, ReadAgency(at.view, invite.address()));
  if (agency && agency->status() == v1::AgencyStatus::AKTIF) {
    return Contradicts(invite.address() + " is a member already");
  }
  v1::InvitationRecord record;
  record.set_address(invite.address());
  record.set_official_name(invite.official_name());
  record.set_region(invite.region());
  record.set_expires_at_ms(invite.expires_at_ms());
  Write(at.view, Table::kInvitation, invite.invitation_key(), record);
  return {};
}

Result<v1::EnrolmentRecord> RequirePending(const std::string& enrolment_id, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::EnrolmentRecord> enrolment,
                   ReadEnrolment(at.view, enrolment_id));
  if (!enrolment) {
    return Contradicts("no such request: list the requests again");
  }
  if (enrolment->state() != v1::EnrolmentState::PENDING) {
    return Contradicts("this request has been decided already");
  }
  return std::move(*enrolment);
}

void WriteDecision(const std::string& enrolment_id,
                   v1::EnrolmentRecord enrolment,
                   v1::EnrolmentState::Code state,
                   const Context& at) {
  enrolment.set_state(state);
  enrolment.set_decided_at_index(at.index);
  Write(at.view, Table::kEnrolment, enrolment_id, enrolment);
}

// An admission answers one request, and gives it what the invitation promised and nothing else.
Result<void> ApplyAdmit(const v1::Admit& admit, const Context& at) {
  ASSIGN_OR_RETURN(v1::EnrolmentRecord enrolment, RequirePending(admit.enrolment_id(), at));
  ASSIGN_OR_RETURN(const auto request,
                   ParseAs<v1::EnrolmentRequest>(enrolment.request(), "EnrolmentRequest"));
  ASSIGN_OR_RETURN(const auto invitation, ReadInvitation(at.view, request.invitation_key()));
  if (!invitation || invitation->address() != admit.address() ||
      invitation->official_name() != admit.official_name() ||
      invitation->region() != admit.region() || request.transport_key() != admit.transport_key()) {
    return Contradicts("the admission differs from the invitation or the request it answers");
  }
  ASSIGN_OR_RETURN(const auto agency, ReadAgency(at.view, admit.address()));
  if (agency && agency->status() == v1::AgencyStatus::AKTIF) {
    return Contradicts(admit.address() + " is a member already");
  }
  ASSIGN_OR_RETURN(const Admission plan, PlanAdmission(admit, v1::Role::AGENCY, at));
  WriteAdmission(plan, at);
  WriteDecision(admit.enrolment_id(), std::move(enrolment), v1::EnrolmentState::APPROVED, at);
  return {};
}

Result<void> ApplyReject(const v1::Reject& reject, const Context& at) {
  RETURN_IF_ERROR(RequireText(reject.note(), "note"));
  ASSIGN_OR_RETURN(v1::EnrolmentRecord enrolment, RequirePending(reject.enrolment_id(), at));
  enrolment.set_note(reject.note());
  WriteDecision(reject.enrolment_id(), std::move(enrolment), v1::EnrolmentState::REJECTED, at);
  return {};
}

Result<std::vector<std::pair<std::string, v1::KeyRecord>>> KeysToRevoke(
    const v1::AgencyRecord& agency, const Context& at) {
  std::vector<std::pair<std::string, v1::KeyRecord>> keys;
  for (const std::string& id : {agency.signing_key(), agency.encryption_key()}) {
    if (id.empty()) {
      continue;
    }
    ASSIGN_OR_RETURN(std::optional<v1::KeyRecord> key, ReadKey(at.view, id));
    if (key) {
      key->set_revoked_at_index(at.index);
      keys.emplace_back(id, std::move(*key));
    }
  }
  return keys;
}

Result<void> ApplyRevoke(const v1::Revoke& revoke, std::string_view admin, const Context& at) {
  RETURN_IF_ERROR(RequireText(revoke.note(), "note"));
  if (!v1::RevocationReason::Code_IsValid(revoke.reason()) ||
      revoke.reason() == v1::RevocationReason::UNSPECIFIED) {
    return Refuse(R::MALFORMED, "reason: say why");
  }
  if (revoke.address() == admin) {
    return Contradicts("an admin cannot revoke itself: another admin has to");
  }
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> agency, ReadAgency(at.view, revoke.address()));
  if (!agency || agency->status() == v1::AgencyStatus::NONAKTIF) {
    return Contradicts(revoke.address() + " is not a member");
  }
  ASSIGN_OR_RETURN(const auto keys, KeysToRevoke(*agency, at));
  for (const auto& [id, key] : keys) {
    Write(at.view, Table::kKey, id, key);
  }
  at.view.Delete(Table::kTransport, agency->transport_key());
  agency->set_status(v1::AgencyStatus::NONAKTIF);
  agency->set_revocation_reason(revoke.reason());
  agency->set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, revoke.address(), *agency);
  return {};
}

Result<void> RequireAdmin(const v1::AdminAct& act, std::string_view key_id, const Context& at) {
  constexpr AgencyRule kRule{R::NO_RIGHT, R::NO_RIGHT};
  ASSIGN_OR_RETURN(const v1::AgencyRecord admin, RequireActive(at.view, act.admin(), kRule));
  if (admin.role() != v1::Role::ADMIN) {
    return Refuse(R::NO_RIGHT);
  }
  RETURN_IF_ERROR(RequireSigningKey(at.view, key_id, act.admin(), at.time));
  RETURN_IF_ERROR(RequireNotFromFuture(act.created_at_ms(), at.time));
  if (act.act_id().size() != kActIdBytes) {
    return Refuse(R::MALFORMED, "act_id: must be 16 bytes");
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> done, at.view.Get(Table::kAct, act.act_id()));
  if (done) {
    return Refuse(R::ID_REUSED, "this act has been applied already");
  }
  return {};
}

Result<void> DispatchAct(const v1::AdminAct& act, const Context& at) {
  switch (act.act_case()) {
    case v1::AdminAct::kInvite:
      return ApplyInvite(act.invite(), at);
    case v1::AdminAct::kAdmit:
      return ApplyAdmit(act.admit(), at);
    case v1::AdminAct::kReject:
      return ApplyReject(act.reject(), at);
    case v1::AdminAct::kRevoke:
      return ApplyRevoke(act.revoke(), act.admin(), at);
    case v1::AdminAct::ACT_NOT_SET:
      break;
  }
  return Refuse(R::MALFORMED, "the act says nothing that this version knows");
}

}  // namespace

Result<void> ApplyGenesis(const v1::GenesisRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto genesis, ParseAs<v1::Genesis>(entry.genesis(), "Genesis"));
  RETURN_IF_ERROR(RequireDomain(genesis.first_admin().address(), genesis.domain()));
  const auto log = NoteVerifier::Parse(genesis.log_vkey());
  if (!log || log->name != OriginOf(genesis.domain())) {
    return Contradicts("log_vkey: must be the key named " + OriginOf(genesis.domain()));
  }
  if (genesis.broker_transport_key().size() != TransportKey::kSize) {
    return Refuse(R::MALFORMED, "broker_transport_key: must be 32 bytes");
  }
  ASSIGN_OR_RETURN(const Admission plan, PlanAdmission(genesis.first_admin(), v1::Role::ADMIN, at));
  v1::DomainRecord domain;
  domain.set_domain(genesis.domain());
  domain.set_root_certificate(genesis.root_certificate());
  domain.set_issuing_certificate(genesis.issuing_certificate());
  domain.set_log_vkey(genesis.log_vkey());
  domain.set_broker_transport_key(genesis.broker_transport_key());
  Write(at.view, Table::kHead, kDomainKey, domain);
  WriteAdmission(plan, at);
  return {};
}

Result<void> ApplyAct(const v1::ActRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto act, ParseAs<v1::AdminAct>(entry.act(), "AdminAct"));
  RETURN_IF_ERROR(RequireAdmin(act, entry.signature().signer_key(), at));
  RETURN_IF_ERROR(DispatchAct(act, at));
  at.view.Put(Table::kAct, act.act_id(), IndexKey(at.index));
  return {};
}

Result<void> ApplyEnrolment(const v1::EnrolmentRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto request,
                   ParseAs<v1::EnrolmentRequest>(entry.request(), "EnrolmentRequest"));
  RETURN_IF_ERROR(RequireNotFromFuture(request.created_at_ms(), at.time));
  ASSIGN_OR_RETURN(auto invitation, ReadInvitation(at.view, request.invitation_key()));
  if (!invitation) {
    return Refuse(R::INVITATION_UNKNOWN);
  }
  if (!invitation->enrolment_id().empty()) {
    return Refuse(R::INVITATION_USED);
  }
  if (invitation->expires_at_ms() <= at.time) {
    return Refuse(R::INVITATION_EXPIRED);
  }
  if (invitation->address() != request.address()) {
    return Contradicts("address: the invitation is for another agency");
  }
  RETURN_IF_ERROR(RequireFreshTransport(request.transport_key(), at));
  v1::EnrolmentRecord enrolment;
  enrolment.set_request(entry.request());
  enrolment.set_state(v1::EnrolmentState::PENDING);
  enrolment.set_requested_at_index(at.index);
  const std::string id = EnrolmentId(entry.request());
  invitation->set_enrolment_id(id);
  Write(at.view, Table::kEnrolment, id, enrolment);
  Write(at.view, Table::kInvitation, request.invitation_key(), *invitation);
  return {};
}

}  // namespace rujukan::ledger::rules
