// `rotate`: new keys for the admin who types it.

#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "agents/admin/rotation.h"

namespace rujukan::admin {
namespace {

Result<std::string> Rotate(const Office& office) {
  ASSIGN_OR_RETURN(const Rotated rotated, RotateOwnKeys(office));
  if (office.json()) {
    nlohmann::ordered_json json{{"granted", rotated.granted}};
    if (rotated.granted) {
      json["not_after"] = FormatTime(rotated.not_after);
    } else {
      json["fingerprint"] = rotated.fingerprint;
    }
    return JsonText(json);
  }
  if (rotated.granted) {
    return "The new key is in force until " + FormatTime(rotated.not_after) +
           "; the old one is admin.key.old and counts for 7 days more.\n";
  }
  return "Asked for new keys; fingerprint:  " + rotated.fingerprint +
         "\nWhere issuing.key is:  rujukan-admin approve \"" + rotated.fingerprint +
         "\" --home DIR\nThen here again:  rujukan-admin rotate --home " + office.options().home +
         "\n";
}

}  // namespace

void AddRotateCommands(CommandSet& set) {
  set.AddOnline("rotate", "New keys for yourself; the old ones stay good for 7 days", Rotate)
      ->footer("Example:\n  rujukan-admin rotate --home admin");
}

}  // namespace rujukan::admin
