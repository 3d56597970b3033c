#include "agents/admin/registrar_service.h"

#include "agents/admin/own_crl.h"
#include "agents/admin/registrar_state.h"
#include "agents/admin/waiting.h"
#include "agents/link/durable_file.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

Result<void> RequireRole(const Desk& desk) {
  const std::string& address = desk.authority.domain.admin;
  ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(desk.directory, address));
  const bool may = member && member->status() == v1::AgencyStatus::AKTIF &&
                   (member->role() == v1::Role::REGISTRAR || member->role() == v1::Role::ADMIN);
  return may ? Result<void>()
             : Fail(Errc::kDenied,
                    address +
                        " is neither a registrar nor an admin; invite one with "
                        "rujukan-admin invite ADDRESS --role registrar");
}

Result<Waiting> KeyRequestOf(const std::string& address, const ledger::View& directory) {
  ASSIGN_OR_RETURN(auto waiting, ListWaiting(directory));
  for (Waiting& request : waiting) {
    if (request.kind == Waiting::Kind::kKeys && request.address == address) {
      return std::move(request);
    }
  }
  return Fail(Errc::kNotFound, address + " no longer asks for new keys");
}

Result<link::Proven> GrantOne(const Desk& desk, const std::string& address) {
  ASSIGN_OR_RETURN(const IssuingCa issuing, IssuingCaOf(desk.authority, desk.directory));
  ASSIGN_OR_RETURN(const Waiting request, KeyRequestOf(address, desk.directory));
  ASSIGN_OR_RETURN(v1::Act act,
                   Approve(issuing, request, Terms{}, desk.directory, desk.clock.Now()));
  return desk.Submit(std::move(act));
}

Json ToJson(const Warning& warning) {
  return Json{{"what", warning.ending.InWords()},
              {"kind", warning.ending.kind},
              {"subject", warning.ending.subject},
              {"until", FormatTime(warning.ending.until)},
              {"days_left", warning.days_left},
              {"remedy", warning.ending.Remedy()}};
}

}  // namespace

Result<void> RegistrarService::Round() {
  RoundNumbers numbers;
  numbers.ok = true;
  const auto done = DoRound(numbers);
  if (!done) {
    Failed("round_failed", done.error(), Json::object(), numbers);
  }
  failed_rounds_ += numbers.ok ? 0 : 1;
  numbers.failed_rounds = failed_rounds_;
  numbers.now = office_.Now();
  if (const auto written = WriteMetrics(numbers); !written) {
    Failed("metrics_failed", written.error(), Json::object(), numbers);
  }
  return done;
}

Result<void> RegistrarService::DoRound(RoundNumbers& numbers) {
  ASSIGN_OR_RETURN(state_, ReadRegistrarState(office_.options().home));
  ASSIGN_OR_RETURN(Desk desk, office_.Open());
  RETURN_IF_ERROR(RequireRole(desk));
  ASSIGN_OR_RETURN(endings_, EndingsOf(desk.directory));
  const auto issuing = IssuingCaOf(desk.authority, desk.directory);
  if (!issuing) {
    Failed("no_issuing_key", issuing.error(), Json::object(), numbers);
  }
  Registrar registrar({options_.grants_per_hour, issuing.has_value()}, std::move(state_));
  ASSIGN_OR_RETURN(const Actions actions, registrar.Step(desk.directory, office_.Now()));
  numbers.not_due = actions.not_due;
  numbers.deferred = actions.deferred;
  Grant(desk, actions, registrar, numbers);
  if (actions.publish_crl) {
    PublishCrl(desk, registrar, numbers);
  }
  Warn(desk.authority.domain.domain, actions.warn, registrar);
  state_ = registrar.state();
  return WriteRegistrarState(office_.options().home, state_);
}

void RegistrarService::Grant(const Desk& desk,
                             const Actions& actions,
                             Registrar& registrar,
                             RoundNumbers& numbers) {
  for (const std::string& address : actions.grant) {
    const auto proven = GrantOne(desk, address);
    if (!proven) {
      Failed("grant_failed", proven.error(), Json{{"address", address}}, numbers);
      continue;
    }
    registrar.Granted(address, office_.Now());
    Log("info", "granted", Json{{"address", address}, {"index", proven->index}});
    // At once: a crash before the end of the round must not let another hour's worth through.
    if (const auto kept = WriteRegistrarState(office_.options().home, registrar.state()); !kept) {
      Failed("state_failed", kept.error(), Json::object(), numbers);
      return;
    }
  }
}

void RegistrarService::PublishCrl(Desk& desk, Registrar& registrar, RoundNumbers& numbers) {
  const auto published = PublishOwnCrl(desk);
  if (!published) {
    Failed("crl_failed", published.error(), Json::object(), numbers);
    return;
  }
  registrar.PublishedCrl();
  Log("info",
      "crl_published",
      Json{{"number", published->number},
           {"revoked", published->revoked},
           {"next_update", FormatTime(published->next_update)},
           {"index", published->index}});
}

void RegistrarService::Warn(const std::string& domain,
                            const std::vector<Warning>& warnings,
                            Registrar& registrar) {
  if (warnings.empty()) {
    return;
  }
  Json list = Json::array();
  for (const Warning& warning : warnings) {
    list.push_back(ToJson(warning));
    Log("warn", "ends", list.back());
  }
  if (tell_) {
    const auto told = tell_(ToText(Json{{"domain", domain}, {"warnings", list}}));
    if (!told) {
      Log("warn", "webhook_failed", Json{{"error", told.error().ToString()}});
      return;
    }
  }
  for (const Warning& warning : warnings) {
    registrar.Warned(warning);
  }
}

Result<void> RegistrarService::WriteMetrics(const RoundNumbers& numbers) const {
  if (options_.metrics_file.empty()) {
    return {};
  }
  return link::WriteDurably(options_.metrics_file, MetricsText(numbers, state_, endings_));
}

void RegistrarService::Log(const char* level, const char* event, const Json& fields) const {
  Json line{{"time", FormatTime(office_.Now())}, {"level", level}, {"event", event}};
  line.update(fields);
  log_(line);
}

void RegistrarService::Failed(const char* event,
                              const Error& error,
                              Json fields,
                              RoundNumbers& numbers) const {
  numbers.ok = false;
  fields["error"] = error.ToString();
  Log("warn", event, fields);
}

}  // namespace rujukan::admin
