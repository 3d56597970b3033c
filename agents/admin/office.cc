#include "agents/admin/office.h"

#include "agents/admin/acts.h"
#include "agents/link/directory_copy.h"
#include "base/exit_code.h"
#include "ledger/fold.h"
#include "ledger/rights.h"

namespace rujukan::admin {
namespace {

Error AtHome(Error error) {
  if (error.code == Errc::kDenied) {
    error.detail = kDeniedHere;
  }
  return error;
}

}  // namespace

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

Result<link::Proven> Desk::Submit(v1::Act act) const {
  return broker->Submit(SignAct(authority, std::move(act), clock.Now()));
}

Result<std::vector<Result<link::Proven>>> Desk::SubmitAll(const std::vector<v1::SubmitAct>& acts,
                                                          const Broker::Progress& progress) const {
  return broker->SubmitAll(acts, progress);
}

Result<void> Desk::Refresh() {
  return FollowDirectory(*broker, authority.domain, directory);
}

Result<bool> Desk::WouldWait(const v1::Act& act) const {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(const bool root_act, ledger::IsRootAct(act, directory));
  return root_act && domain.rules().two_admins();
}

Result<std::string> Office::Passphrase() const {
  return link::ReadPassphrase(options_.passphrase_file);
}

Result<Authority> Office::LoadKeys() const {
  ASSIGN_OR_RETURN(const std::string passphrase, Passphrase());
  auto loaded = LoadAuthority(options_.home, passphrase);
  return loaded ? std::move(loaded) : Result<Authority>(Fail(AtHome(loaded.error())));
}

Result<void> Office::LearnEndpoints(link::DomainFile& domain) const {
  if (!options_.endpoints_file.empty()) {
    ASSIGN_OR_RETURN(const link::Endpoints told, link::ReadEndpointsFile(options_.endpoints_file));
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

Result<Desk> Office::Open() const {
  ASSIGN_OR_RETURN(Authority authority, LoadKeys());
  const link::DomainFile known = authority.domain;
  RETURN_IF_ERROR(LearnEndpoints(authority.domain));
  ASSIGN_OR_RETURN(std::unique_ptr<Broker> broker, connect_(options_.home, authority));
  // Remembered only once they have led to the domain's own broker (CURVE proves its key).
  if (authority.domain.broker != known.broker || authority.domain.enrol != known.enrol) {
    RETURN_IF_ERROR(link::WriteDomainFile(options_.home, authority.domain));
  }
  Desk desk{std::move(authority),
            std::move(broker),
            link::ReadDirectoryCopy(options_.home, known),
            clock_};
  ASSIGN_OR_RETURN(const v1::FoldHead copied, ledger::ReadHead(desk.directory));
  RETURN_IF_ERROR(desk.Refresh());
  ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(desk.directory));
  if (head.directory_head() != copied.directory_head()) {
    RETURN_IF_ERROR(link::WriteDirectoryCopy(options_.home, desk.directory));
  }
  return desk;
}

}  // namespace rujukan::admin
