#include "agents/admin/act_words.h"

#include "agents/admin/answers.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "base/printable.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "certs/outside.h"
#include "ledger/authenticate.h"
#include "ledger/clocks_text.h"
#include "ledger/policy_example.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "ledger/rights.h"

namespace rujukan::admin {
namespace {

// What the invitation says: the request itself could claim anything.
Result<v1::Invite> InvitationOf(const v1::Admit& admit, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto enrolment, ledger::ReadEnrolment(directory, admit.enrolment_id()));
  v1::EnrolmentRequest request;
  if (!enrolment || !request.ParseFromString(enrolment->request())) {
    return Fail(Errc::kCorrupt, "an admission waits for a request that is not in the directory");
  }
  ASSIGN_OR_RETURN(const auto invitation,
                   ledger::ReadInvitation(directory, request.invitation_key()));
  if (!invitation) {
    return Fail(Errc::kCorrupt, "a request in the directory has no invitation");
  }
  return invitation->invite();
}

Result<ActWords> AdmitInWords(const v1::Admit& admit, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const v1::Invite invite, InvitationOf(admit, directory));
  const v1::Role::Code role =
      invite.role() == v1::Role::UNSPECIFIED ? v1::Role::AGENCY : invite.role();
  return ActWords{"admit " + admit.address() + " as " + v1::Role::Code_Name(role),
                  {{"name", admit.official_name()},
                   {"fingerprint", ledger::ShortFingerprint(admit.enrolment_id())},
                   {"compare", "let " + admit.address() + " read its fingerprint out by phone"}}};
}

ActWords AnchorInWords(const v1::AddAnchor& add) {
  ActWords words{"trust the certification authority " + add.name(),
                 {{"SHA-256", ToHex(certs::Sha256(add.certificate()).view())}}};
  if (const auto facts = certs::ParseAnchor(add.certificate())) {
    words.details.emplace_back("subject", facts->subject);
    words.details.emplace_back("until", DateOf(facts->not_after));
  }
  return words;
}

Result<ActWords> RemovalInWords(const v1::RemoveAnchor& remove, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto anchor, ledger::ReadAnchor(directory, remove.anchor()));
  return ActWords{"no longer trust the certification authority " +
                      (anchor ? anchor->name() : std::string("(unknown)")),
                  {{"SHA-256", ToHex(remove.anchor())}, {"note", remove.note()}}};
}

ActWords PolicyInWords(const v1::SetPolicy& set) {
  ActWords words{"put policy " + std::to_string(set.version()) + " in force",
                 {{"SHA-256", ToHex(certs::Sha256(set.document()).view())}}};
  if (const auto policy = ledger::ParsePolicy(set.document())) {
    words.details.emplace_back("name", std::string(policy->name()));
    words.details.emplace_back("rules", std::to_string(policy->rules().size()));
    words.details.emplace_back("examples that fail",
                               std::to_string(ledger::CheckExamples(*policy).size()));
  }
  return words;
}

ActWords ClocksInWords(const v1::SetClocks& set) {
  ActWords words{"put clocks " + std::to_string(set.version()) + " in force",
                 {{"SHA-256", ToHex(certs::Sha256(set.document()).view())}}};
  if (const auto clocks = ledger::ParseClocks(set.document())) {
    words.details.emplace_back("name", std::string(clocks->name()));
    words.details.emplace_back("holidays", std::to_string(clocks->parts().holidays.size()));
  }
  return words;
}

Result<ActWords> ResumptionInWords(const v1::Resume& resume, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(directory, resume.address()));
  ActWords words{"resume " + resume.address(), {{"note", resume.note()}}};
  if (member) {
    words.details.emplace_back("role", v1::Role::Code_Name(member->role()));
    words.details.emplace_back("suspended because", member->status_note());
  }
  return words;
}

Result<ActWords> LiftInWords(const v1::LiftHold& lift, const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto hold, ledger::ReadHold(directory, lift.leg_id()));
  const bool known = lift.leg_id().size() == LegId::kSize;
  ActWords words{"lift the legal hold on leg " +
                     (known ? FormatUuid(lift.leg_id()) : std::string("(malformed)")),
                 {{"note", lift.note()}}};
  if (hold) {
    words.details.emplace_back("held by", hold->by());
    words.details.emplace_back("held because", hold->note());
  }
  return words;
}

Result<ActWords> Choose(const v1::Act& act, const ledger::View& directory) {
  switch (act.act_case()) {
    case v1::Act::kAdmit:
      return AdmitInWords(act.admit(), directory);
    case v1::Act::kAddAnchor:
      return AnchorInWords(act.add_anchor());
    case v1::Act::kRemoveAnchor:
      return RemovalInWords(act.remove_anchor(), directory);
    case v1::Act::kSetPolicy:
      return PolicyInWords(act.set_policy());
    case v1::Act::kSetClocks:
      return ClocksInWords(act.set_clocks());
    case v1::Act::kSetRules:
      return ActWords{std::string("turn the two-admin rule ") +
                          (act.set_rules().rules().two_admins() ? "on" : "off"),
                      {}};
    case v1::Act::kResume:
      return ResumptionInWords(act.resume(), directory);
    case v1::Act::kLiftHold:
      return LiftInWords(act.lift_hold(), directory);
    default: {
      const std::string subject(ledger::SubjectOf(act));
      return ActWords{ledger::ActName(act.act_case()) + (subject.empty() ? "" : " of " + subject),
                      {}};
    }
  }
}

}  // namespace

Result<ActWords> InWords(const v1::Act& act, const ledger::View& directory) {
  ASSIGN_OR_RETURN(ActWords words, Choose(act, directory));
  words.sentence = Printable(words.sentence);
  for (auto& [name, value] : words.details) {
    value = Printable(value);
  }
  return words;
}

}  // namespace rujukan::admin
