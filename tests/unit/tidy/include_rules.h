// Who may include whom: the arrows of docs/architecture.md as one table. Arrows point only down.
#pragma once

#include <vector>

#include "tests/unit/tidy/source_tree.h"

namespace rujukan::tidy {

// A room includes only itself and the rooms listed for it; agents never the broker.
std::vector<Finding> CheckIncludeDirection(const SourceFile& file);

// Third-party headers with one home: OpenSSL in certs/, RocksDB in broker/store/, and so on.
std::vector<Finding> CheckLibraryHomes(const SourceFile& file);

// ledger/ and broker/core/ are pure: no library of the outside world, no clock, thread, socket or
// file.
std::vector<Finding> CheckPurity(const SourceFile& file);

}  // namespace rujukan::tidy
