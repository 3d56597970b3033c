// `requests`, `approve`, `reject`: who waits to be admitted, and what an admin decides.

#include <algorithm>
#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "base/bytes.h"

namespace rujukan::admin {
namespace {

struct DecisionOptions {
  std::vector<std::string> enrolments;  // ids, fingerprints or addresses
  bool all = false;
  std::string note;
};

std::string WithoutSpaces(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return text;
}

// People type what they see: the fingerprint (with or without spaces), the address, or the id.
bool IsMeant(const PendingRequest& pending, const std::string& typed) {
  return typed == ToHex(pending.enrolment_id) || typed == pending.invitation.address() ||
         WithoutSpaces(typed) == WithoutSpaces(pending.fingerprint);
}

// The one request that is meant. Two can wait for one address when two invitations were made for
// it, and one of them may have been stolen: then only the fingerprint tells them apart.
Result<PendingRequest> FindMeant(const std::vector<PendingRequest>& pending,
                                 const std::string& name) {
  const auto meant = [&](const PendingRequest& request) { return IsMeant(request, name); };
  const auto found = std::find_if(pending.begin(), pending.end(), meant);
  if (found == pending.end()) {
    return Fail(Errc::kNotFound,
                "no request " + name + " waits; list them with rujukan-admin requests --home DIR");
  }
  const auto count = std::count_if(found, pending.end(), meant);
  if (count > 1) {
    return Fail(Errc::kConflict,
                std::to_string(count) + " requests wait for " + name +
                    "; let the agency read out its fingerprint and name that one, then reject "
                    "the other and ask who has its invitation");
  }
  return *found;
}

Result<std::vector<PendingRequest>> Select(const std::vector<PendingRequest>& pending,
                                           const std::vector<std::string>& typed) {
  std::vector<PendingRequest> chosen;
  for (const std::string& name : typed) {
    ASSIGN_OR_RETURN(PendingRequest found, FindMeant(pending, name));
    chosen.push_back(std::move(found));
  }
  return chosen;
}

Result<std::string> ListRequests(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto pending, PendingRequests(desk.directory));
  return PresentRequests(pending, office.json());
}

Result<std::string> ApproveRequests(const Office& office, const DecisionOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(auto chosen, PendingRequests(desk.directory));
  if (!options.all) {
    ASSIGN_OR_RETURN(chosen, Select(chosen, options.enrolments));
  }
  std::vector<Decision> decisions;
  for (const PendingRequest& pending : chosen) {
    ASSIGN_OR_RETURN(const v1::SubmitAct act, Approve(desk.authority, pending, office.Now()));
    ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
    decisions.push_back(
        {"approved", pending.invitation.address(), pending.fingerprint, proven.index});
  }
  return PresentDecisions(decisions, office.json());
}

Result<std::string> RejectRequests(const Office& office, const DecisionOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto pending, PendingRequests(desk.directory));
  ASSIGN_OR_RETURN(const auto chosen, Select(pending, options.enrolments));
  std::vector<Decision> decisions;
  for (const PendingRequest& request : chosen) {
    ASSIGN_OR_RETURN(const v1::SubmitAct act,
                     Reject(desk.authority, request, options.note, office.Now()));
    ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
    decisions.push_back(
        {"rejected", request.invitation.address(), request.fingerprint, proven.index});
  }
  return PresentDecisions(decisions, office.json());
}

}  // namespace

void AddRequestCommands(CommandSet& set) {
  set.AddOnline("requests", "Who waits to be admitted", ListRequests);

  const auto options = std::make_shared<DecisionOptions>();
  CLI::App* approve =
      set.AddOnline("approve", "Issue certificates and admit", [options](const Office& office) {
        return ApproveRequests(office, *options);
      });
  CLI::App* which = approve->add_option_group("which")->require_option(1);
  which->add_option("REQUEST", options->enrolments, "Fingerprint, address or id");
  which->add_flag("--all", options->all, "Everyone who waits; for tests and demos");

  CLI::App* reject =
      set.AddOnline("reject", "Turn a request down", [options](const Office& office) {
        return RejectRequests(office, *options);
      });
  reject->add_option("REQUEST", options->enrolments, "Fingerprint, address or id")->required();
  reject->add_option("--note", options->note, "Why; the agency sees it");
}

}  // namespace rujukan::admin
