#include "agents/agency/role_address.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "agents/agency/directory_search.h"
#include "ledger/party.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kPrefix = "peran:";

// Who does the work where there is no office of that type, in the order to ask.
struct StandIns {
  std::string_view type;
  std::array<std::string_view, 3> then;
};
constexpr auto kStandIns = std::to_array<StandIns>({
    {"uptdppa", {"dpppa", "dinsos", "kemenpppa"}},
    {"dpppa", {"uptdppa", "dinsos", "kemenpppa"}},
    {"puspaga", {"uptdppa", "dpppa", "dinsos"}},
    {"dinsos", {"kemensos", "", ""}},
    {"upt_rpsa", {"lksa", "dinsos", "kemensos"}},
    {"lks", {"lksa", "dinsos", "kemensos"}},
    {"lksa", {"dinsos", "kemensos", ""}},
    {"puskesmas", {"rs", "", ""}},
    {"uppa", {"polda", "", ""}},
    {"lpa", {"lpai", "dinsos", ""}},
});

std::vector<std::string_view> TypesFor(std::string_view type) {
  std::vector<std::string_view> types = {type};
  for (const StandIns& line : kStandIns) {
    if (line.type == type) {
      std::copy_if(line.then.begin(), line.then.end(), std::back_inserter(types), [](auto one) {
        return !one.empty();
      });
    }
  }
  return types;
}

// Offices are a kabupaten's or a kota's at the lowest: what lies below one is its own.
RegionCode PlaceOf(const RegionCode& region) {
  constexpr size_t kRegencyCode = 5;  // "18.13" of "18.13.05"
  const auto place =
      RegionCode::Parse("kemendagri:" + std::string(region.code().substr(0, kRegencyCode)));
  return place.value_or(region);
}

// In the place itself, or further up; an office inside the place does not answer for all of it.
bool IsNearer(Nearness nearness) {
  return nearness == Nearness::kExact || nearness == Nearness::kCatchment;
}
bool Fits(Nearness nearness, bool near) {
  return near ? IsNearer(nearness)
              : nearness == Nearness::kProvince || nearness == Nearness::kNation;
}

// The first of that type among `hits`, which are in the order to try them.
Result<std::string> FirstOf(const std::vector<DirectoryHit>& hits,
                            std::string_view type,
                            bool open_only,
                            bool near,
                            const RuledOut& ruled_out) {
  for (const DirectoryHit& hit : hits) {
    const std::string& address = hit.agency.address();
    if (ledger::PartyOf(hit.agency).type != type || !Fits(hit.nearness, near) ||
        hit.agency.status() != v1::AgencyStatus::AKTIF || (open_only && !hit.why_not.empty())) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool out, ruled_out(address));
    if (!out) {
      return address;
    }
  }
  return std::string();
}

}  // namespace

bool IsRoleAddress(std::string_view text) {
  return text.starts_with(kPrefix);
}

Result<RoleAddress> RoleAddress::Parse(std::string_view text) {
  constexpr const char* kForm = "tulis peran:uptdppa@18.13 / write a type and a Kemendagri code";
  const size_t at = text.find('@');
  if (!IsRoleAddress(text) || at == std::string_view::npos || at <= kPrefix.size()) {
    return Fail(Errc::kInvalid, kForm);
  }
  const std::string_view type = text.substr(kPrefix.size(), at - kPrefix.size());
  const bool is_type = std::all_of(type.begin(), type.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_type) {
    return Fail(Errc::kInvalid, kForm);
  }
  ASSIGN_OR_RETURN(auto region,
                   RegionCode::Parse("kemendagri:" + std::string(text.substr(at + 1))));
  return RoleAddress{std::string(type), std::move(region)};
}

Result<std::string> ResolveRole(const ledger::View& directory,
                                const RoleAddress& role,
                                const RuledOut& ruled_out,
                                UnixMillis now) {
  DirectoryQuery query;
  query.region = PlaceOf(role.region);
  ASSIGN_OR_RETURN(const auto hits, SearchDirectory(directory, query, now));
  for (const bool open_only : {true, false}) {
    for (const bool near : {true, false}) {
      for (const std::string_view type : TypesFor(role.type)) {
        ASSIGN_OR_RETURN(auto found, FirstOf(hits, type, open_only, near, ruled_out));
        if (!found.empty()) {
          return found;
        }
      }
    }
  }
  return Fail(
      Errc::kNotFound,
      "tidak ada " + role.type + " atau penggantinya untuk " + std::string(role.region.name()) +
          " dalam direktori; lihat `directory search` / no such office and none that stands "
          "in for it is in the directory");
}

}  // namespace rujukan::agency
