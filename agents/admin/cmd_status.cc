// `suspend`, `resume`, `revoke`: effective at the next message, with an explicit choice for the
// mail that waits.

#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/own_crl.h"
#include "agents/admin/present.h"
#include "base/address.h"

namespace rujukan::admin {
namespace {

struct StatusOptions {
  std::string address;
  std::string reason;
  std::string note;
  bool bounce = false;
  bool hold = false;
};

std::string ReasonNames() {
  std::string names;
  const auto* descriptor = v1::RevocationReason::Code_descriptor();
  for (int i = 1; i < descriptor->value_count(); ++i) {  // 0 is UNSPECIFIED
    names += (names.empty() ? "" : ", ") + descriptor->value(i)->name();
  }
  return names;
}

// Whether mail waits only the broker knows: so the choice is made before it matters.
v1::PendingMail::Code MailOf(const StatusOptions& options) {
  return options.bounce ? v1::PendingMail::BOUNCE : v1::PendingMail::HOLD;
}

Result<void> CheckSubject(const StatusOptions& options) {
  RETURN_IF_ERROR(AgencyAddress::Parse(options.address));
  return CheckText(options.note, "the note");
}

Result<v1::Act> SuspendAct(const StatusOptions& options) {
  RETURN_IF_ERROR(CheckSubject(options));
  v1::Act act;
  act.mutable_suspend()->set_address(options.address);
  act.mutable_suspend()->set_note(options.note);
  act.mutable_suspend()->set_pending_mail(MailOf(options));
  return act;
}

Result<v1::Act> ResumeAct(const StatusOptions& options) {
  RETURN_IF_ERROR(CheckSubject(options));
  v1::Act act;
  act.mutable_resume()->set_address(options.address);
  act.mutable_resume()->set_note(options.note);
  return act;
}

Result<v1::Act> RevokeAct(const StatusOptions& options) {
  RETURN_IF_ERROR(CheckSubject(options));
  v1::RevocationReason::Code reason = v1::RevocationReason::UNSPECIFIED;
  if (!v1::RevocationReason::Code_Parse(options.reason, &reason) ||
      reason == v1::RevocationReason::UNSPECIFIED) {
    return Fail(Errc::kInvalid, "--reason must be one of " + ReasonNames());
  }
  v1::Act act;
  v1::Revoke& revoke = *act.mutable_revoke();
  revoke.set_address(options.address);
  revoke.set_reason(reason);
  revoke.set_note(options.note);
  revoke.set_pending_mail(MailOf(options));
  return act;
}

// The revocation stands whatever becomes of the list: the ledger knows, and a list can follow.
std::string PublishAfterRevocation(Desk& desk, bool& failed) {
  if (!desk.authority.issuing_key) {
    return "No new CRL: issuing.key is not in this home. Where it is:  rujukan-admin crl publish";
  }
  const auto published = PublishOwnCrl(desk);
  failed = !published;
  return published ? "CRL " + std::to_string(published->number) + " published: entry " +
                         std::to_string(published->index)
                   : "CRL NOT published: " + published.error().context;
}

Result<Answer> Submit(const Office& office, Result<v1::Act> built, const std::string& verb) {
  const UnixMillis begun = office.Now();
  ASSIGN_OR_RETURN(v1::Act act, std::move(built));
  ASSIGN_OR_RETURN(Desk desk, office.Open());
  const bool revokes = act.has_revoke();
  const std::string address = revokes             ? act.revoke().address()
                              : act.has_suspend() ? act.suspend().address()
                                                  : act.resume().address();
  ASSIGN_OR_RETURN(const bool waits, desk.WouldWait(act));
  const v1::SubmitAct signed_act = SignAct(desk.authority, std::move(act), office.Now());
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(signed_act));
  Decisions decisions;
  decisions.all.push_back({verb, address, "", proven.index, waits ? ActIdOf(signed_act) : "", ""});
  decisions.took = office.Now() - begun;
  bool failed = false;
  decisions.crl = revokes ? PublishAfterRevocation(desk, failed) : "";
  return Answer(PresentDecisions(decisions, office.json()), failed ? kExitFailed : kExitOk);
}

void AddMailChoice(CLI::App* command, StatusOptions& options) {
  CLI::App* mail = command->add_option_group("mail that waits")->require_option(1);
  mail->add_flag("--bounce", options.bounce, "It leaves the mailbox; senders are told");
  mail->add_flag("--hold", options.hold, "It stays until the agency is back; senders are told");
}

void AddSuspend(CommandSet& set) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* suspend =
      set.AddOnline("suspend", "Cut an agency off for a while", [options](const Office& office) {
        return Submit(office, SuspendAct(*options), "suspended");
      });
  suspend->add_option("ADDRESS", options->address, "The agency")->required();
  suspend->add_option("--note", options->note, "Why, for the record")->required();
  AddMailChoice(suspend, *options);
  suspend->footer(
      "Example:\n"
      "  rujukan-admin suspend dinsos.18.71@lampung.example --hold --note \"laptop stolen\" \\\n"
      "    --home admin");
}

void AddResume(CommandSet& set) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* resume = set.AddOnline("resume", "End a suspension", [options](const Office& office) {
    return Submit(office, ResumeAct(*options), "resumed");
  });
  resume->add_option("ADDRESS", options->address, "The agency")->required();
  resume->add_option("--note", options->note, "Why, for the record")->required();
  resume->footer(
      "Example:\n"
      "  rujukan-admin resume dinsos.18.71@lampung.example --note \"laptop found\" --home admin");
}

void AddRevoke(CommandSet& set) {
  const auto options = std::make_shared<StatusOptions>();
  CLI::App* revoke = set.AddOnline(
      "revoke", "Take an agency out for good, effective at once", [options](const Office& office) {
        return Submit(office, RevokeAct(*options), "revoked");
      });
  revoke->add_option("ADDRESS", options->address, "The agency")->required();
  revoke->add_option("--reason", options->reason, ReasonNames())->required();
  revoke->add_option("--note", options->note, "Free text for the record");
  AddMailChoice(revoke, *options);
  revoke->footer(
      "Publishes a new CRL, too, when issuing.key is here.\nExample:\n"
      "  rujukan-admin revoke dinsos.18.71@lampung.example --reason KEY_COMPROMISE --bounce \\\n"
      "    --note \"key found on a memory stick\" --home admin");
}

}  // namespace

void AddStatusCommands(CommandSet& set) {
  AddSuspend(set);
  AddResume(set);
  AddRevoke(set);
}

}  // namespace rujukan::admin
