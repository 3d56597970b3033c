#include "agents/admin/open_invitations.h"

#include <algorithm>

namespace rujukan::admin {

Result<std::vector<OpenInvitation>> ListUnanswered(const ledger::View& directory) {
  std::vector<OpenInvitation> open;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kInvitation, "", "", [&](std::string_view key, std::string_view value) {
        v1::InvitationRecord record;
        if (record.ParseFromString(std::string(value)) && record.enrolment_id().empty() &&
            !record.cancelled()) {
          open.push_back({std::string(key), std::move(record)});
        }
        return true;
      }));
  std::sort(open.begin(), open.end(), [](const OpenInvitation& a, const OpenInvitation& b) {
    return a.record.index() < b.record.index();
  });
  return open;
}

}  // namespace rujukan::admin
