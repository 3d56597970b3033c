// Hundreds invited at once, from a table that people keep in a spreadsheet. What is wrong with a
// row is said with its line, and keeps nobody else out; run again, it does only what is left.
#pragma once

#include <string>

#include "agents/admin/command_set.h"

namespace rujukan::admin {

struct TableOfGuests {
  std::string csv;      // file: address,name,region[,role,steward,supervisor,office_type]
  std::string out_dir;  // for NAME.invite (0600) of every guest and invitations.csv
  UnixMillis life = 0;  // of the invitations
  bool dry_run = false;
};

// Files are written before their entries are asked for: a crash in between leaves invitations that
// the next run brings to the ledger. One signature for all (acts.h). Errors: the table as a whole
// cannot be read, or the broker lies; otherwise the answer says what came of each row, and ends
// with kExitFailed when a row failed.
Result<Answer> InviteAll(const Office& office, const TableOfGuests& table);

}  // namespace rujukan::admin
