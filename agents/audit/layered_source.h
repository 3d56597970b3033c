// A ledger in layers: what is live (a broker or a copy) first, then archive files for the entries
// that have left it. To everything above it is one source with all entries.
// Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agents/audit/archive_file.h"
#include "agents/audit/source.h"
#include "ledger/note.h"

namespace rujukan::audit {

// Every archive file in `folders` is verified alone, and against the live tree; a damaged one is
// not used, and is among Faults(). `vkey`: as ReadAnchor takes it; "": the live source's own `vkey`
// file. kNotFound: no such folder. kInvalid: no key to check the files with: pass --vkey.
Result<std::unique_ptr<Source>> OpenLayeredSource(std::unique_ptr<Source> live,
                                                  const std::vector<std::string>& folders,
                                                  const std::string& vkey);

}  // namespace rujukan::audit
