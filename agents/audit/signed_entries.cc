#include "agents/audit/signed_entries.h"

namespace rujukan::audit {

Result<uint64_t> ForEachSignedLeaf(const LogFiles& files,
                                   const ledger::Checkpoint& checkpoint,
                                   const SignedLeafVisitor& visit) {
  ledger::Tree tree;
  uint64_t withheld = 0;
  const auto hash_and_visit = [&](LogIndex index, const ledger::GivenLeaf& leaf) -> Result<bool> {
    tree.Append(leaf.Hash());
    if (tree.size() % ledger::kTileWidth == 0) {
      tree.TakeChangedTiles();  // dropped: only the root is wanted
    }
    withheld += leaf.withheld ? 1U : 0U;
    RETURN_IF_ERROR(visit(index, leaf));
    return true;
  };
  RETURN_IF_ERROR(ForEachLeaf(files, checkpoint.size, hash_and_visit));
  if (tree.size() != checkpoint.size || tree.Root() != checkpoint.root) {
    return Fail(Errc::kCorrupt,
                "the entries are not those the checkpoint signs; see what was altered with "
                "rujukan-audit verify");
  }
  return withheld;
}

}  // namespace rujukan::audit
