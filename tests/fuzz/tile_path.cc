// Tile paths of the HTTP reader: what parses is spelt in the one way its tile is named.
#include "base/check.h"
#include "ledger/tile.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view path = fuzz::Bytes(data, size);
  const auto parsed = ledger::ParseTilePath(path);
  if (!parsed) {
    return 0;
  }
  const bool hashes = parsed->kind == ledger::TileKind::kHashes;
  CHECK((hashes ? ledger::TilePath(parsed->id) : ledger::EntriesPath(parsed->id)) == path);
  CHECK(parsed->id.width >= 1 && parsed->id.width <= ledger::kTileWidth);
  return 0;
}
