#include "agents/admin/registrar.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "certs/crl.h"
#include "certs/hash.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kHour = 3'600'000;

struct KeyRequest {
  std::string address;
  v1::RotationRecord rotation;
};

Result<std::vector<KeyRequest>> ListKeyRequests(const ledger::View& directory) {
  std::vector<KeyRequest> requests;
  bool damaged = false;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kRotation, "", "", [&](std::string_view address, std::string_view value) {
        KeyRequest request{std::string(address), {}};
        damaged = damaged || !request.rotation.ParseFromString(std::string(value));
        requests.push_back(std::move(request));
        return true;
      }));
  if (damaged) {
    return Fail(Errc::kCorrupt, "a request for new keys in the directory does not parse");
  }
  std::sort(requests.begin(), requests.end(), [](const KeyRequest& a, const KeyRequest& b) {
    return a.rotation.index() < b.rotation.index();
  });
  return requests;
}

// As the fold will judge it: an active agency whose signing certificate is near its end.
Result<bool> IsDue(const ledger::View& directory, const std::string& address, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto owner, ledger::ReadAgency(directory, address));
  if (!owner || owner->status() != v1::AgencyStatus::AKTIF || owner->role() != v1::Role::AGENCY) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, owner->signing_key()));
  return key && key->not_after_ms() - now <= limits::kRenewalWindowMs;
}

// A revoked certificate of this CA that still has time to run, and that the list does not have.
Result<bool> Misses(const ledger::View& directory,
                    const std::string& issuer_id,
                    const certs::Crl& crl,
                    UnixMillis now) {
  std::vector<std::string> unlisted;  // key ids
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kSerial, issuer_id, "", [&](std::string_view key, std::string_view key_id) {
        if (!crl.Lists(key.substr(issuer_id.size()))) {
          unlisted.emplace_back(key_id);
        }
        return true;
      }));
  for (const std::string& key_id : unlisted) {
    ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, key_id));
    if (key && key->revoked_at_index() != 0 && key->not_after_ms() > now) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<bool> CrlIsDue(const ledger::View& directory, UnixMillis now) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  const std::string issuer_id = certs::Sha256(domain.issuing_certificate()).str();
  ASSIGN_OR_RETURN(const auto last, ledger::ReadCrl(directory, issuer_id));
  if (!last) {
    return true;
  }
  const UnixMillis life = last->next_update_ms() - last->this_update_ms();
  if (3 * (last->next_update_ms() - now) <= life) {
    return true;
  }
  ASSIGN_OR_RETURN(const certs::Crl crl, certs::Crl::FromDer(last->crl()));
  return Misses(directory, issuer_id, crl, now);
}

Result<Actions> Registrar::Step(const ledger::View& directory, UnixMillis now) {
  Forget(now);
  Actions actions;
  RETURN_IF_ERROR(ChooseGrants(directory, now, actions));
  ASSIGN_OR_RETURN(const auto endings, EndingsOf(directory));
  ChooseWarnings(endings, now, actions);
  if (options_.issues) {
    ASSIGN_OR_RETURN(actions.publish_crl, CrlIsDue(directory, now));
  }
  return actions;
}

void Registrar::Granted(const std::string& address, UnixMillis now) {
  state_.grants.push_back(now);
  state_.last_grant[address] = now;
  ++state_.granted;
}

void Registrar::Warned(const Warning& warning) {
  state_.warned[warning.ending.id] = warning.threshold;
  ++state_.warnings;
}

void Registrar::Forget(UnixMillis now) {
  while (!state_.grants.empty() && now - state_.grants.front() >= kHour) {
    state_.grants.pop_front();
  }
  std::erase_if(state_.last_grant,
                [now](const auto& grant) { return now - grant.second >= limits::kKeyOverlapMs; });
}

Result<void> Registrar::ChooseGrants(const ledger::View& directory,
                                     UnixMillis now,
                                     Actions& actions) const {
  ASSIGN_OR_RETURN(const auto requests, ListKeyRequests(directory));
  for (const KeyRequest& request : requests) {
    ASSIGN_OR_RETURN(const bool due, IsDue(directory, request.address, now));
    const bool within = state_.grants.size() + actions.grant.size() < options_.grants_per_hour &&
                        state_.last_grant.count(request.address) == 0;
    if (!due || !options_.issues) {
      ++actions.not_due;
    } else if (!within) {
      ++actions.deferred;
    } else {
      actions.grant.push_back(request.address);
    }
  }
  return {};
}

// What is gone from the directory is forgotten: its id never comes back.
void Registrar::ChooseWarnings(const std::vector<Ending>& endings,
                               UnixMillis now,
                               Actions& actions) {
  std::set<std::string> known;
  for (const Ending& ending : endings) {
    known.insert(ending.id);
    const auto due = WarningDue(ending, now);
    const auto told = state_.warned.find(ending.id);
    if (due && (told == state_.warned.end() || *due < told->second)) {
      actions.warn.push_back({ending, *due, DaysLeft(ending, now)});
    }
  }
  std::erase_if(state_.warned,
                [&known](const auto& warned) { return known.count(warned.first) == 0; });
}

}  // namespace rujukan::admin
