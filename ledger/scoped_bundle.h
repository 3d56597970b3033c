// Entry bundles for who may read a part of the ledger: docs/formats/scoped-bundle.md.
//   scoped/entries/<N>[.p/<W>]
// A leaf is u16 length || entry as in the bundles of c2sp.org/tlog-tiles; or, where the entry is
// withheld, u16 0 || leaf hash, so that the tree can still be computed. No legal entry is empty (it
// has a time), so the length 0 is free for this, and a bundle with nothing withheld is the same
// bytes as the C2SP bundle. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/tile.h"

namespace rujukan::ledger {

// One leaf of a bundle as its reader gets it.
struct GivenLeaf {
  std::string entry;               // "" when it is withheld
  std::optional<Digest> withheld;  // the leaf hash that stands in its place

  Digest Hash() const;  // what the tree has at this place, if the giver is honest
};

std::string ScopedEntriesPath(const TileId& id);  // level ignored
// Strict inverse. kInvalid for anything else.
Result<TileId> ParseScopedEntriesPath(std::string_view path);

void AppendWithheld(const Digest& leaf_hash, std::string& bundle);
// kCorrupt when lengths do not add up to exactly `width` leaves.
Result<std::vector<GivenLeaf>> ParseScopedBundle(std::string_view bundle, uint32_t width);
// As many whole leaves as a damaged bundle still holds, at most `width`.
std::vector<GivenLeaf> SalvageScopedBundle(std::string_view bundle, uint32_t width);

}  // namespace rujukan::ledger
