// New keys for the admin whose home this is. The new key is written beside the old one and takes
// its place only when the ledger has its certificate: interrupted anywhere, `rotate` goes on.
//
//   admin.key.new   made first; asked for with the old key      admin.key.old   after the swap
// Thread: the caller's; one a home.
#pragma once

#include <string>

#include "agents/admin/office.h"

namespace rujukan::admin {

struct Rotated {
  std::string fingerprint;  // of the request, for the admin who grants it
  bool granted = false;     // false: another admin has to grant it
  LogIndex index = 0;       // of the last act
  UnixMillis not_after = 0;
};

// Asks for new keys, grants them when the issuing key is here, and swaps them in. Errors: as
// Desk::Submit; kInvalid: admin.key is in a token, where its new key is to be made by hand.
Result<Rotated> RotateOwnKeys(const Office& office);

}  // namespace rujukan::admin
