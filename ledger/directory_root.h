// The directory root: one number that stands for the whole directory as it was at some entry. Two
// people who read the same one out to each other hold the same directory, entry for entry.
//
//   root 0   = "" (no directory entry yet)
//   root n+1 = SHA-256("rujukan/v1/directory\n" || root n || u64 index || u64 time_ms ||
//   SHA-256(statement))
// big-endian, where `statement` is the exact signed bytes of the entry: genesis, act or request. It
// is over the signed bytes and not the serialised entry, because the entry itself carries root n.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::ledger {

// Genesis, act, enrolment or root act: what the directory is made of.
bool IsDirectoryEntry(const v1::Entry& entry);

// The bytes a directory entry's author signed; "" for any other entry.
std::string_view DirectoryStatementOf(const v1::Entry& entry);

// 32 bytes. Requires: IsDirectoryEntry(entry).
std::string NextDirectoryRoot(std::string_view root, const v1::Entry& entry, LogIndex index);

}  // namespace rujukan::ledger
