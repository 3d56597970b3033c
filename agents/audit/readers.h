// Who has read the ledger: every reading that an auditor opened, from the entries that the
// checkpoint signs. These entries are in every auditor's scope.
#pragma once

#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::audit {

struct ReaderEvent {
  LogIndex index = 0;   // of the entry
  UnixMillis time = 0;  // the broker's
  std::string auditor;
  LogIndex first = 0;
  LogIndex end = 0;  // 0: also what came until it expired
  UnixMillis expires_at = 0;
  std::string purpose;
};

struct Readers {
  std::vector<ReaderEvent> events;
  uint64_t withheld =
      0;  // entries that this source withholds: readings may be among those out of its range
};

// `auditor` "": all. kCorrupt: the entries are not those the checkpoint signs.
Result<Readers> ReadReaders(Source& source, const std::string& vkey, const std::string& auditor);

std::string ReadersAsText(const Readers& readers);
std::string ReadersAsJson(const Readers& readers);

}  // namespace rujukan::audit
