// One tile with its inner nodes: up to 256 hashes and every complete subtree over them, so that a
// proof looks nodes up instead of hashing. 16 KiB. Thread: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/tile.h"

namespace rujukan::ledger {

class TilePyramid {
 public:
  explicit TilePyramid(uint64_t number) : number_(number), nodes_(kNodes) {}
  // From the first `width` hashes of a stored tile. kCorrupt when `bytes` holds fewer.
  static Result<TilePyramid> FromBytes(uint64_t number, uint32_t width, std::string_view bytes);

  uint64_t number() const { return number_; }
  uint32_t width() const { return width_; }
  bool IsFull() const { return width_ == kTileWidth; }

  void Append(const Digest& hash);  // CHECK not full
  // Root of the `index`-th complete subtree of 2^height hashes; height 8 is the full tile's root.
  // CHECK that the tile is wide enough to have it.
  const Digest& Node(uint32_t height, uint64_t index) const;
  // The tile's own hashes, as stored.
  std::string Bytes() const;

 private:
  static constexpr size_t kNodes = 2 * kTileWidth - 1;

  uint64_t number_;
  uint32_t width_ = 0;
  std::vector<Digest>
      nodes_;  // 256 hashes, then 128 nodes of height 1, 64 of height 2, ... the root
};

}  // namespace rujukan::ledger
