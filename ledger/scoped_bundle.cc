#include "ledger/scoped_bundle.h"

#include "base/bytes.h"
#include "ledger/tree.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kScoped = "scoped/";
constexpr std::string_view kTile = "tile/";
constexpr size_t kLengthBytes = 2;

// Takes a leaf off the front; nullopt: the bytes end inside it.
std::optional<GivenLeaf> TakeLeaf(std::string_view& rest) {
  if (rest.size() < kLengthBytes) {
    return std::nullopt;
  }
  const size_t length = ReadBigEndian16(rest);
  const size_t body = length == 0 ? Digest::kSize : length;
  if (rest.size() - kLengthBytes < body) {
    return std::nullopt;
  }
  GivenLeaf leaf;
  if (length == 0) {
    leaf.withheld = *Digest::FromBytes(rest.substr(kLengthBytes, body));
  } else {
    leaf.entry = rest.substr(kLengthBytes, body);
  }
  rest.remove_prefix(kLengthBytes + body);
  return leaf;
}

// What is left of `bundle` afterwards is behind the last whole leaf.
std::vector<GivenLeaf> TakeLeaves(std::string_view& bundle, uint32_t width) {
  std::vector<GivenLeaf> leaves;
  while (leaves.size() < width) {
    auto leaf = TakeLeaf(bundle);
    if (!leaf) {
      break;
    }
    leaves.push_back(std::move(*leaf));
  }
  return leaves;
}

}  // namespace

Digest GivenLeaf::Hash() const {
  return withheld ? *withheld : LeafHash(entry);
}

std::string ScopedEntriesPath(const TileId& id) {
  return std::string(kScoped) + EntriesPath(id).substr(kTile.size());
}

Result<TileId> ParseScopedEntriesPath(std::string_view path) {
  if (!path.starts_with(kScoped)) {
    return Fail(Errc::kInvalid, "not the path of a scoped bundle: scoped/entries/<N>[.p/<W>]");
  }
  ASSIGN_OR_RETURN(const ParsedTilePath parsed,
                   ParseTilePath(std::string(kTile).append(path.substr(kScoped.size()))));
  if (parsed.kind != TileKind::kEntries) {
    return Fail(Errc::kInvalid, "only entries are scoped: scoped/entries/<N>[.p/<W>]");
  }
  return parsed.id;
}

void AppendWithheld(const Digest& leaf_hash, std::string& bundle) {
  AppendBigEndian16(0, bundle);
  bundle.append(leaf_hash.view());
}

Result<std::vector<GivenLeaf>> ParseScopedBundle(std::string_view bundle, uint32_t width) {
  std::vector<GivenLeaf> leaves = TakeLeaves(bundle, width);
  if (leaves.size() < width) {
    return Fail(Errc::kCorrupt,
                "the scoped bundle ends inside leaf " + std::to_string(leaves.size()) + " of " +
                    std::to_string(width));
  }
  if (!bundle.empty()) {
    return Fail(Errc::kCorrupt,
                "the scoped bundle goes on after its " + std::to_string(width) + " leaves");
  }
  return leaves;
}

std::vector<GivenLeaf> SalvageScopedBundle(std::string_view bundle, uint32_t width) {
  return TakeLeaves(bundle, width);
}

}  // namespace rujukan::ledger
