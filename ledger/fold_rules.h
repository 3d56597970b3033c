// Inside the fold: the checks and steps that its files share. Not for use outside ledger/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/fold.h"
#include "ledger/transition.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::ledger::rules {

// An entry in its place: what every rule may look at.
struct Context {
  LogIndex index = 0;
  UnixMillis time = 0;
  Overlay& view;
  Effects& effects;
  std::string_view state_root{};  // of the entries before; "" where entries are left out
};

// The agency exists and is active; otherwise `unknown` or `inactive` refuses.
struct AgencyRule {
  v1::RefusalReason::Code unknown;
  v1::RefusalReason::Code inactive;
};
Result<v1::AgencyRecord> RequireActive(const View& view,
                                       std::string_view address,
                                       const AgencyRule& rule);

// The key is a signing key of `address`, not revoked, valid at `time`.
Result<void> RequireSigningKey(const View& view,
                               std::string_view key_id,
                               std::string_view address,
                               UnixMillis time);

// Refuses what is dated further in the future than clocks may differ. The past is not limited here:
// an agency may have been offline for days.
Result<void> RequireNotFromFuture(UnixMillis created, UnixMillis now);

template <class T>
void Write(Overlay& view, Table table, std::string_view key, const T& record) {
  view.Put(table, key, record.SerializeAsString());
}

// Free text and names of acts: at most limits::kNoteBytesMax bytes.
Result<void> RequireText(std::string_view text, std::string_view field);
// `address` is well formed and of this domain.
Result<void> RequireDomain(std::string_view address, std::string_view domain);
tl::unexpected<Error> Contradicts(std::string advice);  // ACT_INVALID
// 16 bytes, and no act had it before.
Result<void> RequireUnusedActId(const std::string& act_id, const View& view);
// The invitation is in the ledger, neither used, cancelled nor expired at `time`.
Result<void> RequireOpenInvitation(std::string_view invitation_key,
                                   UnixMillis time,
                                   const View& view);

template <class T>
Result<T> ParseAs(const std::string& bytes, std::string_view what) {
  T message;
  if (!message.ParseFromString(bytes) || message.version() != 1) {
    return Refuse(v1::RefusalReason::MALFORMED,
                  "not a rujukan.v1." + std::string(what) + " of version 1");
  }
  return message;
}

// What the parsers of header.h refused, refused here.
template <class T>
Result<T> OrRefuse(tl::expected<T, Refusal> parsed) {
  if (!parsed) {
    return Refuse(parsed.error().reason, std::move(parsed.error().advice));
  }
  return std::move(*parsed);
}
// Admins and the like do not exchange referrals.
Result<void> RequireAgency(const v1::AgencyRecord& agency);
inline constexpr AgencyRule kSenderRule{v1::RefusalReason::UNKNOWN_SENDER,
                                        v1::RefusalReason::SENDER_NOT_ACTIVE};

// fold_legs.cc
// Every entry of the ledger is applied; false: a part of it, where other legs and messages may be
// missing.
bool IsWhole(const Context& at);
// Which side of the leg sends this, and that it is the next of that side; the leg with it counted.
struct LegStep {
  v1::LegRecord leg;
  Side side;
};
Result<LegStep> RequireLegStep(const v1::Header& header, const Context& at);
// A message in a leg: opens it, moves it, or is about erasing.
Result<void> ApplyToLeg(const v1::Header& header, const Context& at);

// fold_messages.cc
Result<void> ApplyAccepted(const v1::MessageAccepted& entry, const Context& at);

// fold_refusals.cc
Result<void> ApplyRefused(const v1::MessageRefused& entry, const Context& at);

// fold_deliveries.cc
Result<void> ApplyDelivery(const v1::DeliveryRecorded& entry, const Context& at);

// fold_genesis.cc
// The domain, which exists in every ledger that begins as it should. ACT_INVALID in any other.
Result<v1::DomainRecord> RequireFounded(const View& view);
Result<void> ApplyGenesis(const v1::GenesisRecorded& entry, const Context& at);
Result<void> ApplyRootAct(const v1::RootActRecorded& entry, const Context& at);

// fold_acts.cc: rights, the two-admin rule, and which rule an act is for
// The member's counter with one more act or statement in its hour. RATE_LIMITED past
// limits::kAgencyActsPerHour, unless it is an admin or a registrar.
Result<v1::CounterRecord> RequireFewActs(const v1::AgencyRecord& actor,
                                         const View& view,
                                         UnixMillis time);
Result<void> ApplyAct(const v1::ActRecorded& entry, const Context& at);

// fold_joining.cc
Result<void> ApplyEnrolment(const v1::EnrolmentRecorded& entry, const Context& at);
Result<void> ApplyInvite(const v1::Act& act, const Context& at);
Result<void> ApplyCancelInvitation(const v1::CancelInvitation& cancel, const Context& at);
Result<void> ApplyAdmit(const v1::Admit& admit, const Context& at);
Result<void> ApplyReject(const v1::Reject& reject, const Context& at);

// fold_members.cc: the record and the keys of a member
struct Newcomer {
  const v1::Admit& admit;
  v1::Role::Code role;
  const v1::Invite* invite;  // nullptr: appointed by the genesis or the root
};
// Writes record, keys and transport key; ends those it had before.
Result<void> AdmitMember(const Newcomer& newcomer, const Context& at);
Result<void> RequireFreshTransport(const std::string& transport_key, const Context& at);
struct NewKey {
  std::string id;
  v1::KeyRecord record;
  std::string serial;  // its row in Table::kSerial: issuer and serial number
};
Result<NewKey> KeyOf(const std::string& der,
                     std::string_view address,
                     v1::KeyUsage::Code usage,
                     const Context& at);
Result<void> WriteNewKey(const NewKey& key, const Context& at);
Result<void> RevokeKey(const std::string& key_id, const Context& at);
// Every key the member may still use ends now, and with them what it asked for or proposed.
Result<void> RevokeKeysOf(const v1::AgencyRecord& member, const Context& at);

// fold_status.cc
Result<void> ApplySuspend(const v1::Act& act, const Context& at);
Result<void> ApplyResume(const v1::Act& act, const Context& at);
Result<void> ApplyRevoke(const v1::Revoke& revoke, std::string_view actor, const Context& at);
// Everything but the actor's own place: the root has none.
Result<void> RevokeMember(const v1::Revoke& revoke, const Context& at);
// Its mail stays where it is.
Result<void> SuspendMember(v1::AgencyRecord member, std::string note, const Context& at);
// Refused when `leaving` is the last active admin.
Result<void> RequireAdminLeft(const v1::AgencyRecord& leaving, const Context& at);

// fold_profile.cc
Result<void> ApplyDescribe(const v1::Act& act, const Context& at);
Result<void> ApplySetStanding(const v1::SetStanding& standing, const Context& at);

// fold_keys.cc
Result<void> ApplyRequestKeys(const v1::Act& act, const Context& at);
Result<void> ApplyGrantKeys(const v1::GrantKeys& grant, v1::Role::Code by, const Context& at);
Result<void> ApplyRefuseKeys(const v1::RefuseKeys& refusal, const Context& at);

// fold_anchors.cc
Result<void> ApplyAddAnchor(const v1::AddAnchor& add, const Context& at);
Result<void> ApplyRemoveAnchor(const v1::RemoveAnchor& remove, const Context& at);
// `by`: a registrar may not end anybody's key with a list that it can sign itself.
Result<void> ApplyPublishCrl(const v1::PublishCrl& publish, v1::Role::Code by, const Context& at);

// fold_audit.cc: who reads what
Result<void> ApplyAuditRead(const v1::AuditReadRecorded& entry, const Context& at);
Result<void> ApplyReadTrail(const v1::ReadTrailRecorded& entry, const Context& at);

// fold_erasure.cc
bool IsErasureKind(v1::Kind::Code kind);
Result<void> ApplyErasure(const v1::Header& header, const Context& at);
// A recalled leg is to be erased by its receiver, as if a PERINTAH_HAPUS had said so.
Result<void> AskToPurge(const v1::Header& recall, const Context& at);
Result<void> ApplyPlaceHold(const v1::Act& act, const Context& at);
Result<void> ApplyLiftHold(const v1::LiftHold& lift, const Context& at);

// fold_duties.cc: what the broker itself puts on record
Result<void> ApplyState(const v1::StateRecorded& entry, const Context& at);
Result<void> ApplyContentsRemoved(const v1::ContentsRemoved& entry, const Context& at);
Result<void> ApplyTimestamp(const v1::TimestampRecorded& entry, const Context& at);

// fold_clocks.cc
Result<void> ApplySetClocks(const v1::Act& act, const Context& at);
Result<void> ApplyDeadlineMissed(const v1::DeadlineMissed& entry, const Context& at);
Result<void> ApplyLegClosed(const v1::LegClosed& entry, const Context& at);
// The one place that writes a leg: its clocks run on with it. `before`: as the view has it;
// nullptr: it opens. `header`: of the message that changed it; nullptr: none did.
Result<void> WriteLeg(const std::string& leg_id,
                      const v1::LegRecord* before,
                      const v1::LegRecord& leg,
                      const Context& at,
                      const v1::Header* header);

// fold_policy.cc
Result<void> ApplySetPolicy(const v1::Act& act, const Context& at);
Result<void> ApplyPermit(const v1::Act& act, const Context& at);
Result<void> InstallPolicy(const std::string& document,
                           uint64_t version,
                           std::string_view by,
                           const Context& at);
// The rule that lets this message to `recipients` pass; "" without a policy, or in an open leg.
// Refused: the rule that forbids it, or that nobody permits it.
Result<std::string> RequirePolicy(const v1::Header& header,
                                  const v1::AgencyRecord& sender,
                                  const std::vector<v1::AgencyRecord>& recipients,
                                  const Context& at);

}  // namespace rujukan::ledger::rules
