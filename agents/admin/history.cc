#include "agents/admin/history.h"

#include "agents/admin/invite.h"
#include "agents/admin/own_crl.h"
#include "certs/ed25519.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"
#include "ledger/rights.h"

namespace rujukan::admin {
namespace {

std::string WithNote(std::string detail, const std::string& note) {
  return note.empty() ? detail : detail + (detail.empty() ? "" : ": ") + note;
}

std::string MailWords(v1::PendingMail::Code mail) {
  return mail == v1::PendingMail::BOUNCE ? "mail bounced" : "mail held";
}

std::string DetailOf(const v1::Act& act) {
  switch (act.act_case()) {
    case v1::Act::kInvite:
      return std::string(act.invite().replace() ? "anew, " : "") + "as " +
             RoleWord(act.invite().role()) + " until " + FormatTime(act.invite().expires_at_ms());
    case v1::Act::kCancelInvitation:
      return act.cancel_invitation().note();
    case v1::Act::kAdmit:
      return WithNote("request " + ledger::ShortFingerprint(act.admit().enrolment_id()),
                      act.admit().subject());
    case v1::Act::kReject:
      return WithNote("request " + ledger::ShortFingerprint(act.reject().enrolment_id()),
                      act.reject().note());
    case v1::Act::kRevoke:
      return WithNote(v1::RevocationReason::Code_Name(act.revoke().reason()) + ", " +
                          MailWords(act.revoke().pending_mail()),
                      act.revoke().note());
    case v1::Act::kSuspend:
      return WithNote(MailWords(act.suspend().pending_mail()), act.suspend().note());
    case v1::Act::kResume:
      return act.resume().note();
    case v1::Act::kRequestKeys:
      return "request " + ledger::ShortFingerprint(act.act_id());
    case v1::Act::kGrantKeys:
      return "request " + ledger::ShortFingerprint(act.grant_keys().request_act());
    case v1::Act::kRefuseKeys:
      return WithNote("request " + ledger::ShortFingerprint(act.refuse_keys().request_act()),
                      act.refuse_keys().note());
    case v1::Act::kSetClocks:
      return "version " + std::to_string(act.set_clocks().version());
    case v1::Act::kSetPolicy:
      return "version " + std::to_string(act.set_policy().version());
    case v1::Act::kPermit:
      return WithNote(
          "to " + act.permit().to() + " until " + FormatTime(act.permit().expires_at_ms()),
          act.permit().note());
    case v1::Act::kAddAnchor:
      return act.add_anchor().name();
    case v1::Act::kRemoveAnchor:
      return act.remove_anchor().note();
    case v1::Act::kDecline:
      return act.decline().note();
    case v1::Act::kPlaceHold:
      return act.place_hold().note();
    case v1::Act::kLiftHold:
      return act.lift_hold().note();
    case v1::Act::kSetRules:
      return act.set_rules().rules().two_admins() ? "two admins" : "one admin";
    default:
      return "";
  }
}

tl::unexpected<Error> False(LogIndex index, const std::string& what) {
  return Fail(Errc::kCorrupt,
              "entry " + std::to_string(index) + ": " + what +
                  "; do not use this broker, call the auditor");
}

Result<void> CheckBatchSignature(const link::Proven& proven, const ledger::View& directory) {
  ledger::KeyRing ring;
  ASSIGN_OR_RETURN(const auto claim, ledger::ClaimOfEntry(proven.entry, directory, ring));
  certs::VerifiedClaims none(1);
  if (!claim || !*claim ||
      !certs::VerifyClaim((*claim)->key, (*claim)->claim, (*claim)->batch_size, none)) {
    return False(proven.index, "its signature does not hold");
  }
  return {};
}

Result<PastAct> FromAct(const link::Proven& proven, const ledger::View& directory) {
  RETURN_IF_ERROR(CheckBatchSignature(proven, directory));
  v1::Act act;
  if (!act.ParseFromString(proven.entry.act().act())) {
    return False(proven.index, "it does not parse");
  }
  const auto& signer = proven.entry.act().signature().signer_key();
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, signer));
  if (!key || key->address() != act.actor()) {
    return False(proven.index, "it is signed by another than it says");
  }
  return PastAct{proven.index, 0, ledger::ActName(act.act_case()), DetailOf(act), act.actor()};
}

Result<PastAct> FromEnrolment(const link::Proven& proven) {
  const v1::EnrolmentRecorded& recorded = proven.entry.enrolment();
  v1::EnrolmentRequest request;
  if (!request.ParseFromString(recorded.request()) ||
      !certs::Ed25519Verify(request.invitation_key(),
                            std::string(certs::kEnrolmentContext) + recorded.request(),
                            recorded.signature())) {
    return False(proven.index, "its signature does not hold");
  }
  const std::string id = ledger::EnrolmentId(recorded.request());
  return PastAct{proven.index,
                 0,
                 "ENROLMENT",
                 "request " + ledger::ShortFingerprint(id),
                 "the invitation's key"};
}

// A genesis or a root act: `statement` as the root key signed it.
Result<PastAct> FromRoot(const link::Proven& proven,
                         const std::string& statement,
                         const std::string& signature,
                         const ledger::View& directory) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(const certs::Certificate root,
                   certs::Certificate::FromDer(domain.root_certificate()));
  if (!root.public_key().Verify(statement, signature)) {
    return False(proven.index, "it is not signed by the root key");
  }
  const bool genesis = proven.entry.has_genesis();
  return PastAct{proven.index, 0, genesis ? "GENESIS" : "ROOT ACT", "", "the root key"};
}

Result<PastAct> FromEntry(const link::Proven& proven, const ledger::View& directory) {
  const v1::Entry& entry = proven.entry;
  if (entry.has_act()) {
    return FromAct(proven, directory);
  }
  if (entry.has_enrolment()) {
    return FromEnrolment(proven);
  }
  if (entry.has_genesis()) {
    return FromRoot(proven,
                    std::string(certs::kGenesisContext) + entry.genesis().genesis(),
                    entry.genesis().signature(),
                    directory);
  }
  if (entry.has_root_act()) {
    return FromRoot(proven,
                    std::string(certs::kRootActContext) + entry.root_act().act(),
                    entry.root_act().signature(),
                    directory);
  }
  return False(proven.index, "it is not about the directory");
}

}  // namespace

Result<std::vector<PastAct>> ReadHistory(const Desk& desk, const std::string& address) {
  ASSIGN_OR_RETURN(const auto indexes, ledger::ListHistory(desk.directory, address));
  std::vector<PastAct> history;
  for (const LogIndex index : indexes) {
    ASSIGN_OR_RETURN(const link::Proven proven, FetchEntry(desk, index));
    ASSIGN_OR_RETURN(PastAct past, FromEntry(proven, desk.directory));
    past.at = proven.entry.time_ms();
    history.push_back(std::move(past));
  }
  return history;
}

}  // namespace rujukan::admin
