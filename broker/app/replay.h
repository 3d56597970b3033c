// One pass over a ledger's entries, rebuilding everything the store derives from them.
// Thread: one owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "broker/core/journal.h"
#include "certs/batch.h"
#include "ledger/authenticate.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "ledger/view.h"

namespace rujukan::broker {

class Replay {
 public:
  // Why an entry cannot be what the broker accepted, in words; nullopt: it can.
  using Objection = std::optional<std::string>;

  // Verifies and applies the next entry. After an objection the replay is spent.
  Result<Objection> Take(std::string_view entry_bytes);

  TreeSize size() const { return tree_.size(); }
  Digest Root() const { return tree_.Root(); }
  const ledger::MemoryView& view() const { return view_; }
  // Tiles that became or changed since the last call, with their whole content.
  std::vector<std::pair<ledger::TileId, std::string>> TakeTiles() {
    return tree_.TakeChangedTiles();
  }

 private:
  static constexpr size_t kClaimsRemembered = 4096;

  Result<Objection> Authenticate(const v1::Entry& entry);

  ledger::MemoryView view_;
  ledger::Tree tree_;
  ledger::KeyRing keys_;
  certs::VerifiedClaims claims_{kClaimsRemembered};
};

}  // namespace rujukan::broker
