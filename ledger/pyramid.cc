#include "ledger/pyramid.h"

#include "base/check.h"
#include "certs/merkle.h"

namespace rujukan::ledger {
namespace {

// Tiles are copied as one run of bytes, which needs digests without padding.
static_assert(sizeof(Digest) == Digest::kSize);

size_t PlaceOf(uint32_t height, uint64_t index) {
  return 2 * kTileWidth - ((2 * kTileWidth) >> height) + index;
}

}  // namespace

Result<TilePyramid> TilePyramid::FromBytes(uint64_t number,
                                           uint32_t width,
                                           std::string_view bytes) {
  if (bytes.size() < width * Digest::kSize) {
    return Fail(Errc::kCorrupt,
                "tile " + std::to_string(number) + " has " + std::to_string(bytes.size()) +
                    " bytes; " + std::to_string(width) + " hashes were expected");
  }
  TilePyramid tile(number);
  for (uint32_t i = 0; i < width; ++i) {
    ASSIGN_OR_RETURN(const Digest hash,
                     Digest::FromBytes(bytes.substr(i * Digest::kSize, Digest::kSize)));
    tile.Append(hash);
  }
  return tile;
}

void TilePyramid::Append(const Digest& hash) {
  CHECK(!IsFull());
  uint64_t index = width_++;
  nodes_[PlaceOf(0, index)] = hash;
  for (uint32_t height = 0; index % 2 == 1; ++height) {
    const Digest parent =
        certs::NodeHash(nodes_[PlaceOf(height, index - 1)], nodes_[PlaceOf(height, index)]);
    index /= 2;
    nodes_[PlaceOf(height + 1, index)] = parent;
  }
}

const Digest& TilePyramid::Node(uint32_t height, uint64_t index) const {
  CHECK(height <= kTileHeight);
  CHECK((index + 1) << height <= width_);
  return nodes_[PlaceOf(height, index)];
}

std::string TilePyramid::Bytes() const {
  std::string bytes;
  bytes.reserve(width_ * Digest::kSize);
  for (uint32_t i = 0; i < width_; ++i) {
    bytes.append(nodes_[i].view());
  }
  return bytes;
}

}  // namespace rujukan::ledger
