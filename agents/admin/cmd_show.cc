// `agencies`, `show`: who belongs to the domain, and everything about one of them.

#include <algorithm>
#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/member.h"
#include "agents/admin/present.h"
#include "base/address.h"
#include "base/region.h"
#include "ledger/records.h"
#include "ledger/rights.h"

namespace rujukan::admin {
namespace {

struct Filter {
  std::string region;
  std::string type;
  std::string status;
};

bool Matches(const v1::AgencyRecord& record, const Filter& filter) {
  const auto address = AgencyAddress::Parse(record.address());
  return (filter.region.empty() || ledger::RegionCovers(filter.region, record.region())) &&
         (filter.type.empty() || (address && address->type() == filter.type)) &&
         (filter.status.empty() || v1::AgencyStatus::Code_Name(record.status()) == filter.status);
}

Result<std::string> ListMembers(const Office& office, const Filter& filter) {
  if (!filter.region.empty()) {
    RETURN_IF_ERROR(RegionCode::Parse(filter.region));
  }
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(auto records, ledger::ListAgencies(desk.directory));
  std::vector<Member> members;
  for (v1::AgencyRecord& record : records) {
    if (Matches(record, filter)) {
      ASSIGN_OR_RETURN(const UnixMillis ends, FirstEnd(desk.directory, record));
      members.push_back({std::move(record), ends});
    }
  }
  return PresentMembers(members, office.Now(), office.json());
}

Result<std::string> ShowMember(const Office& office, const std::string& address) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const MemberFile member, ReadMember(desk.directory, address));
  return PresentMember(member, office.Now(), office.json());
}

}  // namespace

void AddShowCommands(CommandSet& set) {
  const auto filter = std::make_shared<Filter>();
  CLI::App* agencies =
      set.AddOnline("agencies", "Who belongs to the domain", [filter](const Office& office) {
        return ListMembers(office, *filter);
      });
  agencies->add_option("--region", filter->region, "Of kemendagri:18 and what lies in it");
  agencies->add_option("--type", filter->type, "dinsos, lksa, uppa...");
  agencies->add_option("--status", filter->status, "AKTIF, DIBEKUKAN, NONAKTIF")
      ->check(CLI::IsMember({"AKTIF", "DIBEKUKAN", "NONAKTIF"}));
  agencies->footer("Example:\n  rujukan-admin agencies --region kemendagri:18.71 --home admin");

  const auto address = std::make_shared<std::string>();
  CLI::App* show =
      set.AddOnline("show",
                    "Everything about one member: record, standing, profile, keys",
                    [address](const Office& office) { return ShowMember(office, *address); });
  show->add_option("ADDRESS", *address, "The member")->required();
  show->footer("Example:\n  rujukan-admin show dinsos.18.71@lampung.example --home admin");
}

}  // namespace rujukan::admin
