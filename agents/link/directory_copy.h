// directory.pb: the directory as this home has followed and verified it, so that a command asks
// only for what is new. It is as trustworthy as the folder it lies in (0700): what it holds was
// proven before it was written, and what comes after must continue it.
//
// Format: a line of text with the version, then for every row u8 table, u32 size and key, u32 size
// and value (big-endian), then SHA-256 of all before. Thread: any; one writer a home.
#pragma once

#include <string>

#include "agents/link/domain_file.h"
#include "base/result.h"
#include "ledger/view.h"

namespace rujukan::link {

// Empty when there is no copy, when it is damaged, or when it is of another domain or ledger: the
// directory is then followed from the genesis again.
ledger::MemoryView ReadDirectoryCopy(const std::string& home, const DomainFile& domain);

// Durable on return, 0600. kUnavailable: I/O; the copy before is then still there.
Result<void> WriteDirectoryCopy(const std::string& home, const ledger::View& directory);

}  // namespace rujukan::link
