// Proofs from stored tiles alone, and the verifiers.
#include <bit>

#include "ledger/nodes.h"
#include "ledger/tree.h"

namespace rujukan::ledger {
namespace {

Result<void> CheckSizes(TreeSize old_size, TreeSize new_size) {
  if (old_size == 0 || old_size > new_size) {
    return Fail(Errc::kInvalid,
                "no consistency proof leads from size " + std::to_string(old_size) + " to size " +
                    std::to_string(new_size) +
                    "; the old size is at least 1 and not above the new");
  }
  return {};
}

// The loop of RFC 9162 s2.1.4.2, steps 5 and 6: both roots, rebuilt from the proof.
struct RebuiltRoots {
  Digest old_root;
  Digest new_root;
};
Result<RebuiltRoots> RebuildRoots(TreeSize old_size,
                                  TreeSize new_size,
                                  const std::vector<Digest>& path) {
  uint64_t fn = old_size - 1;
  uint64_t sn = new_size - 1;
  const int shift = std::countr_one(fn);
  fn >>= shift;
  sn >>= shift;
  RebuiltRoots roots{path[0], path[0]};
  for (size_t i = 1; i < path.size(); ++i) {
    if (sn == 0) {
      return Fail(Errc::kInvalid, "the consistency proof is too long for these sizes");
    }
    if (fn % 2 == 1 || fn == sn) {
      roots.old_root = NodeHash(path[i], roots.old_root);
      roots.new_root = NodeHash(path[i], roots.new_root);
      const int skip = fn == 0 ? 0 : std::countr_zero(fn);
      fn >>= skip;
      sn >>= skip;
    } else {
      roots.new_root = NodeHash(roots.new_root, path[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) {
    return Fail(Errc::kInvalid, "the consistency proof is too short for these sizes");
  }
  return roots;
}

}  // namespace

Result<Digest> RootAt(TreeSize size, const TileReader& tiles) {
  if (size == 0) {
    return EmptyRoot();
  }
  StoredNodes nodes(size, tiles);
  ASSIGN_OR_RETURN(const Frontier frontier, MakeFrontier(size, nodes));
  return frontier.Root();
}

Result<std::vector<Digest>> InclusionProof(LogIndex index, TreeSize size, const TileReader& tiles) {
  if (index >= size) {
    return Fail(Errc::kInvalid,
                "entry " + std::to_string(index) + " is not in a ledger of " +
                    std::to_string(size) + " entries");
  }
  StoredNodes nodes(size, tiles);
  ASSIGN_OR_RETURN(const Frontier frontier, MakeFrontier(size, nodes));
  return SiblingsFrom(0, index, frontier, nodes);
}

Result<std::vector<Digest>> ConsistencyProof(TreeSize old_size,
                                             TreeSize new_size,
                                             const TileReader& tiles) {
  RETURN_IF_ERROR(CheckSizes(old_size, new_size));
  if (old_size == new_size) {
    return std::vector<Digest>{};
  }
  StoredNodes nodes(new_size, tiles);
  ASSIGN_OR_RETURN(const Frontier frontier, MakeFrontier(new_size, nodes));
  // The largest complete node that ends where the old tree ends, and its way to the new root.
  const auto height = static_cast<uint32_t>(std::countr_zero(old_size));
  const uint64_t index = (old_size - 1) >> height;
  ASSIGN_OR_RETURN(std::vector<Digest> proof, SiblingsFrom(height, index, frontier, nodes));
  if (index > 0) {  // else that node is the old root itself, which the verifier has
    ASSIGN_OR_RETURN(const Digest start, nodes.Node(height, index));
    proof.insert(proof.begin(), start);
  }
  return proof;
}

Result<void> VerifyInclusion(const Digest& leaf,
                             LogIndex index,
                             TreeSize size,
                             const std::vector<Digest>& proof,
                             const Digest& root) {
  ASSIGN_OR_RETURN(const Digest rebuilt, certs::RootFromPath(leaf, index, size, proof));
  if (rebuilt != root) {
    return Fail(Errc::kCorrupt,
                "the inclusion proof of entry " + std::to_string(index) +
                    " does not lead to the root of the ledger at size " + std::to_string(size));
  }
  return {};
}

Result<void> VerifyConsistency(TreeSize old_size,
                               const Digest& old_root,
                               TreeSize new_size,
                               const Digest& new_root,
                               const std::vector<Digest>& proof) {
  RETURN_IF_ERROR(CheckSizes(old_size, new_size));
  if ((old_size == new_size) != proof.empty()) {
    return Fail(Errc::kInvalid, "a consistency proof is empty only between equal sizes");
  }
  RebuiltRoots roots{old_root, old_root};
  if (old_size != new_size) {
    std::vector<Digest> path = proof;
    if (std::has_single_bit(old_size)) {
      path.insert(path.begin(), old_root);
    }
    ASSIGN_OR_RETURN(roots, RebuildRoots(old_size, new_size, path));
  }
  if (roots.old_root != old_root || roots.new_root != new_root) {
    return Fail(Errc::kCorrupt,
                "the ledger at size " + std::to_string(new_size) +
                    " does not continue the one at size " + std::to_string(old_size) +
                    ": keep both checkpoints as evidence");
  }
  return {};
}

}  // namespace rujukan::ledger
