#include "agents/admin/commands.h"

#include <algorithm>
#include <cstdlib>

#include "agents/admin/acts.h"
#include "agents/admin/present.h"
#include "agents/link/invitation.h"
#include "base/bytes.h"
#include "certs/keyfile.h"

namespace rujukan::admin {
namespace {

int ExitCodeOf(Errc code) {
  switch (code) {
    case Errc::kCorrupt:
      return kExitNotVerified;
    case Errc::kUnavailable:
      return kExitUnavailable;
    case Errc::kFatal:
      return kExitInternal;
    case Errc::kInvalid:
    case Errc::kLimit:
    case Errc::kNotFound:
    case Errc::kDenied:
    case Errc::kConflict:
    case Errc::kExpired:
      break;
  }
  return kExitFailed;
}

// A denial by our own files (open to others, wrong passphrase) is told apart from a broker's, whose
// `detail` is a reason of the ledger and never negative.
constexpr int kDeniedHere = -1;

Error AtHome(Error error) {
  if (error.code == Errc::kDenied) {
    error.detail = kDeniedHere;
  }
  return error;
}

Output OutputOf(Result<std::string> result) {
  if (result) {
    return {kExitOk, std::move(*result), ""};
  }
  const Error& error = result.error();
  const bool denied_here = error.code == Errc::kDenied && error.detail == kDeniedHere;
  return {denied_here ? kExitPermission : ExitCodeOf(error.code),
          "",
          "rujukan-admin: " + error.ToString() + "\n"};
}

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

Result<std::vector<PendingRequest>> FetchRequests(Broker& broker, const DomainFile& domain) {
  ledger::MemoryView directory;
  RETURN_IF_ERROR(FollowDirectory(broker, domain, directory));
  return PendingRequests(directory);
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

Result<std::string> Commands::Passphrase() const {
  if (!options_.passphrase_file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(options_.passphrase_file));
    return text.substr(0, text.find_first_of("\r\n"));
  }
  const char* from_environment = std::getenv("RUJUKAN_PASSPHRASE");
  return std::string(from_environment == nullptr ? "" : from_environment);
}

Result<void> Commands::LearnEndpoints(DomainFile& domain) const {
  if (!options_.endpoints_file.empty()) {
    ASSIGN_OR_RETURN(const Endpoints told, ReadEndpointsFile(options_.endpoints_file));
    domain.broker = told.broker;
    domain.enrol = told.enrol;
  }
  if (!options_.broker.empty()) {
    domain.broker = options_.broker;
  }
  if (!options_.enrol.empty()) {
    domain.enrol = options_.enrol;
  }
  return {};
}

Result<Authority> Commands::LoadKeys() const {
  ASSIGN_OR_RETURN(const std::string passphrase, Passphrase());
  return LoadAuthority(options_.home, passphrase);
}

Result<Commands::Desk> Commands::OpenDesk() const {
  auto loaded = LoadKeys();
  if (!loaded) {
    return Fail(AtHome(loaded.error()));
  }
  Authority authority = std::move(*loaded);
  const DomainFile known = authority.domain;
  RETURN_IF_ERROR(LearnEndpoints(authority.domain));
  ASSIGN_OR_RETURN(std::unique_ptr<Broker> broker, connect_(options_.home, authority));
  // Remembered only once they have led to the domain's own broker (CURVE proves its key).
  if (authority.domain.broker != known.broker || authority.domain.enrol != known.enrol) {
    RETURN_IF_ERROR(WriteDomainFile(options_.home, authority.domain));
  }
  return Desk{std::move(authority), std::move(broker)};
}

Result<std::string> Commands::DoInit() const {
  ASSIGN_OR_RETURN(std::string passphrase, Passphrase());
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
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
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
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
  ASSIGN_OR_RETURN(const auto pending, FetchRequests(*desk.broker, desk.authority.domain));
  return PresentRequests(pending, options_.json);
}

Result<std::string> Commands::DoApprove() const {
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
  ASSIGN_OR_RETURN(auto chosen, FetchRequests(*desk.broker, desk.authority.domain));
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
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
  ASSIGN_OR_RETURN(const auto pending, FetchRequests(*desk.broker, desk.authority.domain));
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
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
  ASSIGN_OR_RETURN(
      const v1::SubmitAct act,
      MakeRevocation(
          desk.authority, {options_.address, options_.reason, options_.note}, clock_.Now()));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
  return PresentDecisions({{"revoked", options_.address, "", proven.index}}, options_.json);
}

Result<std::string> Commands::DoAgencies() const {
  ASSIGN_OR_RETURN(const Desk desk, OpenDesk());
  ledger::MemoryView directory;
  RETURN_IF_ERROR(FollowDirectory(*desk.broker, desk.authority.domain, directory));
  std::vector<v1::AgencyRecord> agencies;
  RETURN_IF_ERROR(
      directory.Scan(ledger::Table::kAgency, "", "", [&](std::string_view, std::string_view value) {
        v1::AgencyRecord record;
        if (record.ParseFromString(std::string(value))) {
          agencies.push_back(std::move(record));
        }
        return true;
      }));
  return PresentAgencies(agencies, options_.json);
}

}  // namespace rujukan::admin
