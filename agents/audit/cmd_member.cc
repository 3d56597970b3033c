// join, status, read: what an auditor does as a member of the domain.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/membership.h"
#include "agents/audit/reading.h"
#include "agents/link/invitation.h"
#include "agents/link/member_join.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kHourMs = 3'600'000;

struct MemberOptions {
  std::string invitation;
  bool wait = false;
  int wait_hours = 1;
  ReadingWish wish;
  int hours = 24;
  std::string out;
};

// What is wrong with our own files is not what the broker refuses.
Output FailedHere(const Error& error) {
  return FailedWith(error, error.code == Errc::kDenied ? kExitPermission : ExitCodeOf(error.code));
}

// Said before the waiting begins: without the fingerprint nobody approves.
void Announce(const link::Joined& joined) {
  std::fprintf(stderr,
               "%s asks to join. Read this to an admin of the domain, on the phone:\n  %s\n",
               joined.address.c_str(),
               joined.fingerprint.c_str());
}

Result<link::Joined> Join(const CommonOptions& common, const MemberOptions& options) {
  link::Joining joining{
      common.home, "", std::nullopt, options.wait ? options.wait_hours * kHourMs : 0};
  ASSIGN_OR_RETURN(joining.passphrase, link::ReadPassphrase(common.passphrase_file));
  if (!options.invitation.empty()) {
    ASSIGN_OR_RETURN(joining.invitation, link::LoadInvitation(options.invitation));
    if (joining.invitation->role() != v1::Role::AUDITOR) {
      return Fail(
          Errc::kInvalid,
          "this invitation is not an auditor's: an agency uses rujukan-agent join, everybody "
          "else rujukan-admin join");
    }
  }
  const SystemClock clock;
  return link::JoinAsMember(joining, link::OverTheWire(common.home, clock), Announce);
}

std::string JoinedText(const link::Joined& joined, const std::string& home) {
  if (joined.admitted) {
    return joined.address + " is admitted; " + home +
           " is complete.\nNext:  rujukan-audit status --home " + home + "\n";
  }
  return joined.address + " waits for a decision. Fingerprint:  " + joined.fingerprint +
         "\nThen:   rujukan-audit join --home " + home + "\n";
}

Output RunJoin(const CommonOptions& common, const MemberOptions& options) {
  const auto joined = Join(common, options);
  if (!joined) {
    return FailedWith(joined.error());
  }
  if (!common.json) {
    return {kExitOk, JoinedText(*joined, common.home), ""};
  }
  return {kExitOk,
          Dump(Json{{"address", joined->address},
                    {"fingerprint", joined->fingerprint},
                    {"admitted", joined->admitted},
                    {"home", common.home}}),
          ""};
}

Output RunStatus(const CommonOptions& common) {
  const SystemClock clock;
  const auto membership = ReadMembership(common.home);
  if (!membership) {
    return FailedHere(membership.error());
  }
  return {kExitOk,
          common.json ? MembershipAsJson(*membership, clock.Now())
                      : MembershipAsText(*membership, clock.Now()),
          ""};
}

// A token of before is of no use any more: one reading a file.
Result<void> WriteToken(const std::string& path, const std::string& token) {
  std::error_code ignored;  // absent is what we want
  std::filesystem::remove(path, ignored);
  return certs::WriteSecretFile(path, token + "\n");
}

Result<OpenedReading> Open(const CommonOptions& common, const MemberOptions& options) {
  ASSIGN_OR_RETURN(const std::string passphrase, link::ReadPassphrase(common.passphrase_file));
  ReadingWish wish = options.wish;
  wish.life_ms = options.hours * kHourMs;
  ASSIGN_OR_RETURN(OpenedReading opened,
                   OpenReading(common.home, passphrase, wish, SystemClock().Now()));
  RETURN_IF_ERROR(WriteToken(options.out, opened.token));
  return opened;
}

Output RunRead(const CommonOptions& common, MemberOptions options) {
  options.out = options.out.empty() ? common.home + "/reading.token" : options.out;
  const auto opened = Open(common, options);
  if (!opened) {
    return FailedWith(opened.error());
  }
  const std::string until = FormatTime(opened->expires_at);
  if (common.json) {
    return {
        kExitOk,
        Dump(Json{
            {"index", opened->proven.index}, {"expires_at", until}, {"token_file", options.out}}),
        ""};
  }
  return {
      kExitOk,
      fmt::format("On record as entry {}: open until {}.\n"
                  "Next:  rujukan-audit export --ledger http://... --token-file {} --out copy\n",
                  opened->proven.index,
                  until,
                  options.out),
      ""};
}

void AddJoin(CommandSet& set, const std::shared_ptr<MemberOptions>& options) {
  CLI::App* join =
      set.Add("join",
              "Become an auditor of a domain, with the invitation of an admin",
              [options](const CommonOptions& common) { return RunJoin(common, *options); });
  join->add_option("INVITATION", options->invitation, "File or string; to go on, leave it out");
  join->add_flag("--wait", options->wait, "Until an admin has decided");
  join->add_option("--wait-hours", options->wait_hours, "With --wait: no longer")
      ->check(CLI::Range(1, 24 * 30))
      ->capture_default_str();
  set.AddHome(join);
  join->get_option("--home")->required();
}

void AddRead(CommandSet& set, const std::shared_ptr<MemberOptions>& options) {
  CLI::App* read =
      set.Add("read",
              "Open a reading of entries: the ledger says so before you read",
              [options](const CommonOptions& common) { return RunRead(common, *options); });
  read->add_option("--purpose", options->wish.purpose, "Why, for the record")->required();
  read->add_option("--first", options->wish.first, "Index of the first entry; unless said, 0");
  read->add_option(
      "--end", options->wish.end, "Index behind the last; unless said, also what comes");
  read->add_option("--hours", options->hours, "How long it is open")
      ->check(CLI::Range(1, static_cast<int>(limits::kAuditReadLifeMsMax / kHourMs)))
      ->capture_default_str();
  read->add_option("--out", options->out, "Token file to write; unless said, HOME/reading.token");
  set.AddHome(read);
  read->get_option("--home")->required();
}

}  // namespace

void AddMemberCommands(CommandSet& set) {
  const auto options = std::make_shared<MemberOptions>();
  AddJoin(set, options);
  CLI::App* status =
      set.Add("status", "Who you are in the domain, and what you may read", RunStatus);
  set.AddHome(status);
  status->get_option("--home")->required();
  AddRead(set, options);
}

}  // namespace rujukan::audit
