// `rules`, `proposals`, `confirm`, `decline`: whether one admin is enough for acts that could turn
// the domain over to somebody, and what waits for the second.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/proposals.h"
#include "agents/admin/submit_act.h"
#include "base/bytes.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

struct RuleOptions {
  std::string two_admins;
  std::string proposal;
  std::string note;
};

// --- rules ---

int ActiveAdmins(const std::vector<v1::AgencyRecord>& members) {
  int admins = 0;
  for (const v1::AgencyRecord& member : members) {
    admins += member.role() == v1::Role::ADMIN && member.status() == v1::AgencyStatus::AKTIF;
  }
  return admins;
}

Result<Answer> ShowRules(const Office& office, const Desk& desk) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(desk.directory));
  ASSIGN_OR_RETURN(const auto members, ledger::ListAgencies(desk.directory));
  const int admins = ActiveAdmins(members);
  if (office.json()) {
    return ToText(Json{{"two_admins", domain.rules().two_admins()}, {"active_admins", admins}});
  }
  return fmt::format(
      "Two-admin rule: {}. Active admins: {}.\n"
      "While it is on, a new admin or registrar, a policy, a CA outside and these rules wait for a "
      "second admin.\n",
      domain.rules().two_admins() ? "on" : "off",
      admins);
}

Result<Answer> Rules(const Office& office, const RuleOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  if (options.two_admins.empty()) {
    return ShowRules(office, desk);
  }
  v1::Act act;
  act.mutable_set_rules()->mutable_rules()->set_two_admins(options.two_admins == "on");
  return SubmitAndSay(office, desk, act, "the two-admin rule is " + options.two_admins);
}

// --- proposals ---

Json ToJson(const Proposal& proposal, UnixMillis now) {
  Json details = Json::object();
  for (const auto& [name, value] : proposal.words.details) {
    details[name] = value;
  }
  return Json{{"id", ToHex(proposal.id)},
              {"act", proposal.words.sentence},
              {"details", details},
              {"proposer", proposal.record.proposer()},
              {"until", FormatTime(proposal.record.expires_at_ms())},
              {"expired", proposal.record.expires_at_ms() < now},
              {"index", proposal.record.index()}};
}

std::string ToWords(const Proposal& proposal, UnixMillis now) {
  const bool expired = proposal.record.expires_at_ms() < now;
  std::string text = fmt::format("{}  {}\n  {:<20}{}\n  {:<20}{}\n",
                                 proposal.ShortId(),
                                 proposal.words.sentence,
                                 "proposed by",
                                 proposal.record.proposer(),
                                 expired ? "expired" : "waits until",
                                 MinuteOf(proposal.record.expires_at_ms()));
  for (const auto& [name, value] : proposal.words.details) {
    text += fmt::format("  {:<20}{}\n", name, value);
  }
  return text;
}

Result<Answer> ShowProposals(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto proposals, ListProposals(desk.directory));
  Json list = Json::array();
  std::string text;
  for (const Proposal& proposal : proposals) {
    list.push_back(ToJson(proposal, office.Now()));
    text += ToWords(proposal, office.Now());
  }
  if (office.json()) {
    return ToText(list);
  }
  return proposals.empty() ? std::string("Nothing waits for a second admin.\n")
                           : text +
                                 "Check it with the proposer on another channel, then\n"
                                 "  rujukan-admin confirm ID --home DIR\n"
                                 "  rujukan-admin decline ID --note WHY --home DIR\n";
}

Result<Answer> Confirm(const Office& office, const RuleOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto proposals, ListProposals(desk.directory));
  ASSIGN_OR_RETURN(const Proposal proposal, FindProposal(proposals, options.proposal));
  if (proposal.record.proposer() == desk.authority.domain.admin) {
    return Fail(Errc::kDenied,
                "this is your own proposal: another admin confirms it, from another home");
  }
  v1::Act act;
  act.mutable_confirm()->set_proposal(proposal.id);
  return SubmitAndSay(office, desk, act, "confirmed: " + proposal.words.sentence);
}

Result<Answer> Decline(const Office& office, const RuleOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto proposals, ListProposals(desk.directory));
  ASSIGN_OR_RETURN(const Proposal proposal, FindProposal(proposals, options.proposal));
  v1::Act act;
  act.mutable_decline()->set_proposal(proposal.id);
  act.mutable_decline()->set_note(options.note);
  return SubmitAndSay(office, desk, act, "declined: " + proposal.words.sentence);
}

}  // namespace

void AddRuleCommands(CommandSet& set) {
  const auto options = std::make_shared<RuleOptions>();
  CLI::App* rules =
      set.AddOnline("rules",
                    "Show or set whether root acts need two admins\n"
                    "  rujukan-admin rules --two-admins on --home admin",
                    [options](const Office& office) { return Rules(office, *options); });
  rules->add_option("--two-admins", options->two_admins, "on or off")
      ->check(CLI::IsMember({"on", "off"}));

  set.AddOnline("proposals",
                "What waits for a second admin\n  rujukan-admin proposals --home admin",
                ShowProposals);

  CLI::App* confirm =
      set.AddOnline("confirm",
                    "Let a proposal of another admin take effect\n"
                    "  rujukan-admin confirm 019a5c3e77d07b21 --home admin",
                    [options](const Office& office) { return Confirm(office, *options); });
  confirm->add_option("ID", options->proposal, "As `proposals` shows it")->required();

  CLI::App* decline =
      set.AddOnline("decline",
                    "Turn a proposal down, or take back your own\n"
                    "  rujukan-admin decline 019a5c3e77d07b21 --note \"not agreed\" --home admin",
                    [options](const Office& office) { return Decline(office, *options); });
  decline->add_option("ID", options->proposal, "As `proposals` shows it")->required();
  decline->add_option("--note", options->note, "Why, for the record")->required();
}

}  // namespace rujukan::admin
