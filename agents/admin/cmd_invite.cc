// `invite`: one guest, or a table of them.

#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/invite.h"
#include "agents/admin/invite_table.h"
#include "agents/admin/present.h"
#include "agents/admin/qr.h"
#include "agents/link/invitation.h"

namespace rujukan::admin {
namespace {

struct InviteOptions {
  Guest guest;
  std::vector<std::string> scope_regions;
  std::vector<std::string> scope_agencies;
  std::string scope_until;
  std::string expires_in = "7d";
  std::string out;
  bool qr = false;
  std::string from;  // a table
  std::string out_dir;
  bool dry_run = false;
};

Result<Guest> GuestFrom(const InviteOptions& options) {
  Guest guest = options.guest;
  guest.scope.mutable_regions()->Add(options.scope_regions.begin(), options.scope_regions.end());
  guest.scope.mutable_agencies()->Add(options.scope_agencies.begin(), options.scope_agencies.end());
  if (!options.scope_until.empty()) {
    ASSIGN_OR_RETURN(const UnixMillis until, ParseDay(options.scope_until));
    guest.scope.set_until_ms(until);
  }
  return guest;
}

Result<std::string> QrOf(const v1::Invitation& invitation) {
  ASSIGN_OR_RETURN(const std::string drawing, DrawQr(link::EncodeInvitation(invitation)));
  return "This is the secret itself: let nobody but the guest photograph it, then clear the "
         "screen.\n" +
         drawing;
}

Result<std::string> InviteOne(const Office& office, const InviteOptions& options) {
  ASSIGN_OR_RETURN(const UnixMillis life, ParseDuration(options.expires_in));
  ASSIGN_OR_RETURN(const Guest guest, GuestFrom(options));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  const UnixMillis now = office.Now();
  ASSIGN_OR_RETURN(const NewInvitation made,
                   MakeInvitation(desk.authority.domain, guest, now + life, now));
  ASSIGN_OR_RETURN(const std::string drawing,
                   options.qr ? QrOf(made.invitation) : Result<std::string>(""));
  // File first: an invitation in the ledger whose secret was lost would be of no use, while a file
  // without an entry only fails at `join`.
  if (!options.out.empty()) {
    RETURN_IF_ERROR(link::WriteInvitationFile(options.out, made.invitation));
  }
  ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(made.act));
  return PresentInvitation(made.invitation, options.out, proven.index, office.json()) + drawing;
}

Result<Answer> InviteTable(const Office& office, const InviteOptions& options) {
  if (options.out_dir.empty() && !options.dry_run) {
    return Fail(Errc::kInvalid, "--from needs --out-dir DIR for the invitations it makes");
  }
  ASSIGN_OR_RETURN(const UnixMillis life, ParseDuration(options.expires_in));
  return InviteAll(office, {options.from, options.out_dir, life, options.dry_run});
}

Result<Answer> Invite(const Office& office, const InviteOptions& options) {
  if (!options.from.empty()) {
    return InviteTable(office, options);
  }
  if (options.guest.official_name.empty()) {
    return Fail(Errc::kInvalid, "the guest needs an official name: --name \"Dinas Sosial ...\"");
  }
  return InviteOne(office, options);
}

void AddGuestOptions(CLI::App* invite, InviteOptions& options) {
  Guest& guest = options.guest;
  invite->add_option("--name", guest.official_name, "Official name");
  invite->add_option("--region", guest.region, "kemendagri:18.71; needed of an agency");
  invite
      ->add_option("--role", guest.role, "agency (unless said), admin, steward, auditor, registrar")
      ->check(CLI::IsMember({"agency", "admin", "steward", "auditor", "registrar"}));
  invite->add_option("--scope-region", options.scope_regions, "Steward, auditor: of this region");
  invite->add_option("--scope-agency", options.scope_agencies, "Steward, auditor: of this agency");
  invite->add_option(
      "--scope-until", options.scope_until, "Steward, auditor: last day, YYYY-MM-DD");
  invite->add_option("--steward", guest.steward, "Address that may edit its directory record");
  invite->add_option("--supervisor", guest.supervisor, "Address that gets escalations (pengawas)");
  invite->add_option("--office-type", guest.office_type, "A, B or C (tipe dinas)");
  invite->add_flag(
      "--replace", guest.replace, "For a member that lost its keys; the old ones end on approval");
}

void AddTableOptions(CLI::App* invite, InviteOptions& options) {
  invite->add_option("--out-dir", options.out_dir, "Folder for the invitations of --from");
  invite->add_flag("--dry-run", options.dry_run, "With --from: only say what would be done");
}

}  // namespace

void AddInviteCommands(CommandSet& set) {
  const auto options = std::make_shared<InviteOptions>();
  CLI::App* invite =
      set.AddOnline("invite",
                    "Make a one-time invitation, or one for each row of a table",
                    [options](const Office& office) { return Invite(office, *options); });
  CLI::App* whom = invite->add_option_group("whom")->require_option(1);
  whom->add_option("ADDRESS", options->guest.address, "dinsos.18.71@lampung.example");
  whom->add_option("--from",
                   options->from,
                   "CSV with columns address,name,region and, if wanted, "
                   "role,steward,supervisor,office_type: invite them all");
  AddTableOptions(invite, *options);
  AddGuestOptions(invite, *options);
  invite->add_option("--expires-in", options->expires_in, "30m, 12h, 7d; at most 30d")
      ->capture_default_str();
  invite->add_option("--out", options->out, "Write it to this file (0600) instead of printing it");
  invite->add_flag("--qr", options->qr, "Show it as a QR code, too: a secret on the screen");
  invite->footer(
      "Examples:\n"
      "  rujukan-admin invite dinsos.18.71@lampung.example --name \"Dinas Sosial ...\" \\\n"
      "    --region kemendagri:18.71 --out dinsos.invite --home admin\n"
      "  rujukan-admin invite admin.02@lampung.example --name \"Admin dua\" --role admin --home "
      "admin\n"
      "  rujukan-admin invite --from agencies.csv --out-dir invitations --home admin");
}

}  // namespace rujukan::admin
