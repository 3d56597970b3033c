#include "ledger/clocks_in_force.h"

#include <algorithm>

#include "base/limits.h"
#include "ledger/clocks_text.h"
#include "ledger/records.h"

namespace rujukan::ledger {
namespace {

// What a social office and the ministry are called; whom the directory does not have is not told.
constexpr std::string_view kSocialOffice = "dinsos.";
constexpr std::string_view kMinistry = "kemensos";

std::shared_ptr<const Clocks> BuiltIn() {
  return {std::shared_ptr<const void>(), &DefaultClocks()};  // lives as long as the program
}

std::string DomainOf(const std::string& address) {
  return address.substr(std::min(address.find('@'), address.size()));  // "@lampung.example"
}

// The next tier above the receiver: the social office of its province, above that the ministry.
std::string AboveOf(const v1::AgencyRecord& receiver) {
  const Area area = Area::OfRecord(receiver.region());
  const std::string domain = DomainOf(receiver.address());
  if (area.tier() != Tier::kRegency) {
    return std::string(kMinistry) + domain;
  }
  const std::string code = std::to_string(area.province());
  return std::string(kSocialOffice) + code + domain;
}

// The parties know of every miss without being named.
bool IsParty(const std::string& address, const v1::LegRecord& leg) {
  return address == leg.sender() || address == leg.receiver();
}

Result<bool> IsThere(const std::string& address, const View& view) {
  if (address.empty()) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto member, ReadAgency(view, address));
  return member && member->status() == v1::AgencyStatus::AKTIF;
}

// Of the sender's own list: that of the tier, or who stands behind it when that one is away.
std::vector<std::string> Chosen(const v1::LegRecord& leg, uint32_t tier) {
  const auto& list = leg.escalate_to();
  const int from = std::min(static_cast<int>(tier), list.size()) - 1;
  return {list.begin() + from, list.end()};
}

Result<std::string> Derived(const v1::LegRecord& leg, uint32_t tier, const View& view) {
  ASSIGN_OR_RETURN(const auto receiver, ReadAgency(view, leg.receiver()));
  if (!receiver) {
    return std::string();
  }
  if (tier == 1) {
    return receiver->standing().pengawas();
  }
  return tier == 2 ? AboveOf(*receiver) : std::string(kMinistry) + DomainOf(receiver->address());
}

}  // namespace

Result<std::shared_ptr<const Clocks>> ClocksInForce(const View& view, Memo& memo) {
  ASSIGN_OR_RETURN(const auto record, ReadClocksRecord(view));
  if (!record) {
    return BuiltIn();
  }
  if (memo.value == nullptr || memo.of != record->digest()) {
    ASSIGN_OR_RETURN(const std::string text, ReadClocksText(view));
    auto clocks = ParseClocks(text);
    if (!clocks) {
      return Fail(Errc::kCorrupt, "the clocks in force do not parse: " + clocks.error().context);
    }
    memo = Memo{record->digest(), std::make_shared<const Clocks>(std::move(*clocks))};
  }
  return std::static_pointer_cast<const Clocks>(memo.value);
}

Result<ClockSetting> SettingFor(const std::string& receiver, const View& view, Memo& memo) {
  ClockSetting setting;
  ASSIGN_OR_RETURN(setting.clocks, ClocksInForce(view, memo));
  ASSIGN_OR_RETURN(const auto agency, ReadAgency(view, receiver));
  if (!agency) {
    return setting;
  }
  ASSIGN_OR_RETURN(const auto profile, ReadProfile(view, receiver));
  const std::string said = profile ? profile->profile().zona_waktu() : std::string();
  setting.zone = setting.clocks->ZoneOf(said, Area::OfRecord(agency->region()));
  setting.covered_early = agency->standing().tipe_dinas() == v1::OfficeType::C;
  return setting;
}

Result<std::vector<std::string>> WhomToTell(const v1::LegRecord& leg,
                                            const v1::RunningDeadline& due,
                                            Consequence miss,
                                            const View& view) {
  std::vector<std::string> told;
  if (miss != Consequence::kRises) {
    return told;
  }
  const uint32_t tier = due.missed() + 1;
  std::vector<std::string> candidates;
  if (leg.escalate_to().empty()) {
    for (uint32_t at = tier; at <= limits::kEscalationTargetsMax; ++at) {
      ASSIGN_OR_RETURN(std::string derived, Derived(leg, at, view));
      candidates.push_back(std::move(derived));
    }
  } else {
    candidates = Chosen(leg, tier);
  }
  for (const std::string& address : candidates) {
    ASSIGN_OR_RETURN(const bool there, IsThere(address, view));
    if (there && IsParty(address, leg)) {
      break;  // this tier is a party's: the ministry is not called before its time
    }
    if (there) {
      told.push_back(address);
      break;  // one a tier
    }
  }
  return told;
}

}  // namespace rujukan::ledger
