// Everything a broker's database holds, as bytes to search: read through the store itself, so that
// compression hides nothing. The broker must not run meanwhile. Thread: one owner.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::scenarios {

using Look = std::function<void(const std::string& where, std::string_view bytes)>;

// Entries, sealed contents, checkpoints and every row of the view, keys as well as values. Returns
// how many bytes were shown.
Result<uint64_t> LookIntoStore(const std::string& directory, const Look& look);

}  // namespace rujukan::scenarios
