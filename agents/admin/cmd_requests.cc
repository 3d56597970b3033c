// `requests`, `approve`, `reject`: who waits for a decision, and what an admin decides.

#include <algorithm>
#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/own_crl.h"
#include "agents/admin/present.h"
#include "agents/admin/progress.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kDay = 24LL * 3600 * 1000;

struct DecisionOptions {
  std::vector<std::string> requests;  // fingerprints, addresses or ids
  bool all = false;
  int days = 0;
  std::string anchor;
  std::string reason;
};

Result<std::string> ListRequests(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto waiting, ListWaiting(desk.directory));
  return PresentRequests(waiting, office.json());
}

Result<std::vector<Waiting>> Choose(const Desk& desk, const DecisionOptions& options) {
  ASSIGN_OR_RETURN(auto waiting, ListWaiting(desk.directory));
  if (options.all) {
    return waiting;
  }
  std::vector<Waiting> chosen;
  for (const std::string& typed : options.requests) {
    ASSIGN_OR_RETURN(Waiting found, FindWaiting(waiting, typed));
    const bool twice = std::any_of(
        chosen.begin(), chosen.end(), [&](const Waiting& one) { return one.id == found.id; });
    if (!twice) {
      chosen.push_back(std::move(found));
    }
  }
  return chosen;
}

// What is to be signed, and which decision it is.
struct Prepared {
  std::vector<v1::Act> acts;
  std::vector<size_t> places;  // in Decisions::all
};

Result<void> Settle(const Desk& desk, Prepared prepared, Decisions& decisions) {
  if (prepared.acts.empty()) {
    return {};
  }
  for (size_t i = 0; i < prepared.acts.size(); ++i) {
    ASSIGN_OR_RETURN(const bool waits, desk.WouldWait(prepared.acts[i]));
    decisions.all[prepared.places[i]].proposal = waits ? "waits" : "";
  }
  const auto acts = SignActs(desk.authority, std::move(prepared.acts), desk.clock.Now());
  Progress progress("deciding", acts.size());
  ASSIGN_OR_RETURN(const auto answers, desk.SubmitAll(acts, progress.Shower()));
  for (size_t i = 0; i < answers.size(); ++i) {
    Decision& decision = decisions.all[prepared.places[i]];
    if (!answers[i]) {
      decision.problem = answers[i].error().context;
      continue;
    }
    decision.index = answers[i]->index;
    decision.proposal = decision.proposal.empty() ? "" : ActIdOf(acts[i]);
  }
  return {};
}

// Alone, a request that cannot be granted is the command's own error; of several, the others are.
Result<Prepared> PrepareApprovals(const Desk& desk,
                                  const std::vector<Waiting>& chosen,
                                  const DecisionOptions& options,
                                  Decisions& decisions) {
  ASSIGN_OR_RETURN(const IssuingCa issuing, IssuingCaOf(desk.authority, desk.directory));
  const Terms terms{options.days * kDay, options.anchor};
  Prepared prepared;
  for (const Waiting& one : chosen) {
    Decision& decision =
        decisions.all.emplace_back(Decision{"approved", one.address, one.fingerprint, 0, "", ""});
    auto act = Approve(issuing, one, terms, desk.directory, desk.clock.Now());
    if (act) {
      prepared.acts.push_back(std::move(*act));
      prepared.places.push_back(decisions.all.size() - 1);
    } else if (chosen.size() == 1) {
      return Fail(act.error());
    } else {
      decision.problem = act.error().context;
    }
  }
  return prepared;
}

// Whoever lost its keys has new ones: the old certificates go onto the list.
void PublishIfReplaced(Desk& desk, const std::vector<Waiting>& chosen, Decisions& decisions) {
  bool replaced = false;
  for (size_t i = 0; i < chosen.size(); ++i) {
    replaced |= chosen[i].invitation.replace() && decisions.all[i].problem.empty() &&
                decisions.all[i].proposal.empty();
  }
  if (!replaced) {
    return;
  }
  const auto published = PublishOwnCrl(desk);
  decisions.crl = published ? "CRL " + std::to_string(published->number) + " published: entry " +
                                  std::to_string(published->index)
                            : "CRL not published: " + published.error().context;
}

Answer AnswerOf(const Office& office, Decisions decisions, UnixMillis begun) {
  decisions.took = office.Now() - begun;
  return Answer(PresentDecisions(decisions, office.json()),
                decisions.failed() ? kExitFailed : kExitOk);
}

Result<Answer> ApproveRequests(const Office& office, const DecisionOptions& options) {
  const UnixMillis begun = office.Now();
  ASSIGN_OR_RETURN(Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto chosen, Choose(desk, options));
  Decisions decisions;
  ASSIGN_OR_RETURN(Prepared prepared, PrepareApprovals(desk, chosen, options, decisions));
  RETURN_IF_ERROR(Settle(desk, std::move(prepared), decisions));
  PublishIfReplaced(desk, chosen, decisions);
  return AnswerOf(office, std::move(decisions), begun);
}

Result<Answer> RejectRequests(const Office& office, const DecisionOptions& options) {
  const UnixMillis begun = office.Now();
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto chosen, Choose(desk, options));
  Decisions decisions;
  Prepared prepared;
  for (const Waiting& one : chosen) {
    ASSIGN_OR_RETURN(prepared.acts.emplace_back(), Reject(one, options.reason));
    prepared.places.push_back(decisions.all.size());
    decisions.all.push_back({"rejected", one.address, one.fingerprint, 0, "", ""});
  }
  RETURN_IF_ERROR(Settle(desk, std::move(prepared), decisions));
  return AnswerOf(office, std::move(decisions), begun);
}

void AddApprove(CommandSet& set) {
  const auto options = std::make_shared<DecisionOptions>();
  CLI::App* approve =
      set.AddOnline("approve",
                    "Admit who asked to join, grant new keys to who asked for them",
                    [options](const Office& office) { return ApproveRequests(office, *options); });
  CLI::App* which = approve->add_option_group("which")->require_option(1);
  which->add_option("REQUEST", options->requests, "Fingerprint, address or id");
  which->add_flag("--all", options->all, "Everyone who waits: only when all were called");
  approve->add_option("--days", options->days, "Life of the certificates; 365 unless said")
      ->check(CLI::Range(1, 3650));
  approve->add_option(
      "--anchor", options->anchor, "For a certificate of another CA: the name of that CA here");
  approve->footer(
      "Example, after a call to the agency:\n"
      "  rujukan-admin approve \"4821 0937 5562\" --home admin");
}

void AddReject(CommandSet& set) {
  const auto options = std::make_shared<DecisionOptions>();
  CLI::App* reject = set.AddOnline(
      "reject", "Turn a request down; the applicant sees why", [options](const Office& office) {
        return RejectRequests(office, *options);
      });
  reject->add_option("REQUEST", options->requests, "Fingerprint, address or id")->required();
  reject->add_option("--reason,--note", options->reason, "Why")->required();
  reject->footer(
      "Example:\n"
      "  rujukan-admin reject \"4821 0937 5562\" --reason \"fingerprint differs\" --home admin");
}

}  // namespace

void AddRequestCommands(CommandSet& set) {
  set.AddOnline("requests", "Who waits to be admitted or for new keys", ListRequests)
      ->footer("Example:\n  rujukan-admin requests --home admin");
  AddApprove(set);
  AddReject(set);
}

}  // namespace rujukan::admin
