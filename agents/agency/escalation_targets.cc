#include "agents/agency/escalation_targets.h"

#include <algorithm>
#include <optional>

#include "base/address.h"
#include "base/limits.h"
#include "base/region.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr size_t kChainMax = 8;  // a chain of supervisors that bites its tail ends here

bool IsActive(const std::optional<v1::AgencyRecord>& agency) {
  return agency && agency->status() == v1::AgencyStatus::AKTIF &&
         agency->role() == v1::Role::AGENCY;
}

// "kemendagri:18" of "kemendagri:18.71"; "" of a province or of no region.
std::string ProvinceOf(const std::string& region) {
  const size_t dot = region.find('.');
  return dot == std::string::npos ? std::string() : region.substr(0, dot);
}

// The first active agency of that type and region, in the order of addresses; region "": any.
Result<std::string> FindOffice(const ledger::View& directory,
                               std::string_view type,
                               const std::string& region) {
  ASSIGN_OR_RETURN(const auto agencies, ledger::ListAgencies(directory));
  for (const auto& agency : agencies) {
    const auto address = AgencyAddress::Parse(agency.address());
    if (IsActive(agency) && address && address->type() == type &&
        (region.empty() || agency.region() == region)) {
      return agency.address();
    }
  }
  return std::string();
}

// Where the directory names no supervisor: the social service next above, then the ministry.
Result<std::string> OfficeAbove(const ledger::View& directory, const v1::AgencyRecord& agency) {
  const auto address = AgencyAddress::Parse(agency.address());
  const bool social = address && address->type() == "dinsos";
  const bool ministry = address && address->type() == "kemensos";
  const std::string province = ProvinceOf(agency.region());
  if (!social && !ministry) {
    ASSIGN_OR_RETURN(const auto same, FindOffice(directory, "dinsos", agency.region()));
    if (!same.empty() && !agency.region().empty()) {
      return same;
    }
  }
  if (!province.empty() && !ministry) {
    ASSIGN_OR_RETURN(const auto above, FindOffice(directory, "dinsos", province));
    if (!above.empty()) {
      return above;
    }
  }
  return ministry ? Result<std::string>(std::string()) : FindOffice(directory, "kemensos", "");
}

Result<std::string> Above(const ledger::View& directory, const std::string& address) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency) {
    return std::string();
  }
  for (const std::string& named : {agency->standing().pengawas(), agency->standing().induk()}) {
    ASSIGN_OR_RETURN(const auto above, ledger::ReadAgency(directory, named));
    if (!named.empty() && IsActive(above)) {
      return named;
    }
  }
  return OfficeAbove(directory, *agency);
}

}  // namespace

Result<std::vector<std::string>> SupervisorsOf(const ledger::View& directory,
                                               const std::string& address) {
  std::vector<std::string> chain;
  std::string at = address;
  while (chain.size() < kChainMax) {
    ASSIGN_OR_RETURN(at, Above(directory, at));
    if (at.empty() || at == address || std::find(chain.begin(), chain.end(), at) != chain.end()) {
      break;
    }
    chain.push_back(at);
  }
  return chain;
}

Result<std::vector<std::string>> EscalationTargets(const ledger::View& directory,
                                                   const std::string& own,
                                                   const std::string& receiver,
                                                   const Silence& silence) {
  ASSIGN_OR_RETURN(const auto chain, SupervisorsOf(directory, receiver));
  std::vector<std::string> targets;
  bool left_out = false;
  for (const std::string& above : chain) {
    ASSIGN_OR_RETURN(const bool silent, MustNotKnow(silence, directory, above));
    left_out = left_out || silent;
    if (!silent && targets.size() < limits::kEscalationTargetsMax) {
      targets.push_back(above);
    }
  }
  while (left_out && targets.size() < limits::kEscalationTargetsMax) {
    targets.push_back(targets.empty() ? own : targets.back());
  }
  return targets;
}

}  // namespace rujukan::agency
