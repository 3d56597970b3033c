// `history`: every act about a member or the domain, with who signed it.

#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/history.h"
#include "agents/admin/present.h"

namespace rujukan::admin {
namespace {

Result<std::string> ShowHistory(const Office& office, const std::string& address) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto history, ReadHistory(desk, address));
  if (history.empty()) {
    return Fail(Errc::kNotFound,
                "nothing was ever done about " + address + "; is the address right?");
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> lines = {{"ENTRY", "WHEN", "WHAT", "SIGNED BY", "DETAIL"}};
  for (const PastAct& past : history) {
    list.push_back({{"index", past.index},
                    {"at", FormatTime(past.at)},
                    {"what", past.what},
                    {"detail", past.detail},
                    {"signed_by", past.signer},
                    {"signature", "verified"}});
    lines.push_back(
        {std::to_string(past.index), FormatTime(past.at), past.what, past.signer, past.detail});
  }
  return office.json() ? JsonText(list)
                       : TextTable(lines) + "Each is in the ledger, and its signature verified.\n";
}

}  // namespace

void AddHistoryCommands(CommandSet& set) {
  const auto address = std::make_shared<std::string>();
  CLI::App* history = set.AddOnline(
      "history", "Every act about a member, with who signed it", [address](const Office& office) {
        return ShowHistory(office, *address);
      });
  history->add_option("ADDRESS", *address, "The member; the domain itself unless said");
  history->footer("Example:\n  rujukan-admin history dinsos.18.71@lampung.example --home admin");
}

}  // namespace rujukan::admin
