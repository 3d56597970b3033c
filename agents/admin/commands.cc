#include "agents/admin/commands.h"

#include <algorithm>

#include "agents/admin/acts.h"
#include "agents/admin/present.h"
#include "agents/link/invitation.h"
#include "base/bytes.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

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

}  // namespace

Output Commands::Init() {
  return OutputOf(DoInit());
}
Output Commands::Invite() {
  return OutputOf(DoInvite());
}
Output Commands::Requests() {
  return OutputOf(DoRequests());
}
Output Commands::Approve() {
  return OutputOf(DoApprove());
}
Output Commands::Reject() {
  return OutputOf(DoReject());
}
Output Commands::Revoke() {
  return OutputOf(DoRevoke());
}
Output Commands::Agencies() {
  return OutputOf(DoAgencies());
}

Office Commands::OfficeOf() const {
  return Office({options_.home,
                 options_.passphrase_file,
                 options_.endpoints_file,
                 options_.broker,
                 options_.enrol,
                 options_.json},
                clock_,
                connect_);
}

Result<std::string> Commands::DoInit() const {
  ASSIGN_OR_RETURN(std::string passphrase, OfficeOf().Passphrase());
  const std::string name = options_.name.empty() ? "Admin " + options_.domain : options_.name;
  ASSIGN_OR_RETURN(
      const DomainFile domain,
      InitDomain(
          {options_.domain, options_.home, options_.broker_identity, name, std::move(passphrase)},
          clock_.Now()));
  return PresentInit(domain, options_.home, options_.broker_identity, options_.json);
}

Result<std::string> Commands::DoInvite() const {
  ASSIGN_OR_RETURN(const UnixMillis life, ParseDuration(options_.expires_in));
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  const UnixMillis now = clock_.Now();
  ASSIGN_OR_RETURN(
      const NewInvitation made,
      MakeInvitation(
          desk.authority, {options_.address, options_.name, options_.region, now + life}, now));
  // File first: an invitation in the ledger whose secret was lost would be of no use, while a file
  // without an entry only fails at `join`.
  if (!options_.out.empty()) {
    RETURN_IF_ERROR(link::WriteInvitationFile(options_.out, made.invitation));
  }
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(made.act));
  return PresentInvitation(made.invitation, options_.out, proven.index, options_.json);
}

Result<std::string> Commands::DoRequests() const {
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  ASSIGN_OR_RETURN(const auto pending, PendingRequests(desk.directory));
  return PresentRequests(pending, options_.json);
}

Result<std::string> Commands::DoApprove() const {
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  ASSIGN_OR_RETURN(auto chosen, PendingRequests(desk.directory));
  if (!options_.all) {
    ASSIGN_OR_RETURN(chosen, Select(chosen, options_.enrolments));
  }
  std::vector<Decision> decisions;
  for (const PendingRequest& pending : chosen) {
    ASSIGN_OR_RETURN(const v1::SubmitAct act,
                     admin::Approve(desk.authority, pending, clock_.Now()));
    ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
    decisions.push_back(
        {"approved", pending.invitation.address(), pending.fingerprint, proven.index});
  }
  return PresentDecisions(decisions, options_.json);
}

Result<std::string> Commands::DoReject() const {
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  ASSIGN_OR_RETURN(const auto pending, PendingRequests(desk.directory));
  ASSIGN_OR_RETURN(const auto chosen, Select(pending, options_.enrolments));
  std::vector<Decision> decisions;
  for (const PendingRequest& request : chosen) {
    ASSIGN_OR_RETURN(const v1::SubmitAct act,
                     admin::Reject(desk.authority, request, options_.note, clock_.Now()));
    ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
    decisions.push_back(
        {"rejected", request.invitation.address(), request.fingerprint, proven.index});
  }
  return PresentDecisions(decisions, options_.json);
}

Result<std::string> Commands::DoRevoke() const {
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  ASSIGN_OR_RETURN(
      const v1::SubmitAct act,
      MakeRevocation(
          desk.authority, {options_.address, options_.reason, options_.note}, clock_.Now()));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
  return PresentDecisions({{"revoked", options_.address, "", proven.index}}, options_.json);
}

Result<std::string> Commands::DoAgencies() const {
  ASSIGN_OR_RETURN(const Desk desk, OfficeOf().Open());
  ASSIGN_OR_RETURN(const auto agencies, ledger::ListAgencies(desk.directory));
  return PresentAgencies(agencies, options_.json);
}

}  // namespace rujukan::admin
