// The CAs outside the domain that it believes, and their revocation lists, as the verified
// directory has them. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/view.h"
#include "rujukan/v1/membership.pb.h"

namespace rujukan::admin {

struct Anchor {
  std::string id;  // SHA-256 of its DER, 32 bytes
  v1::AnchorRecord record;
};
// Those in force, oldest first. kCorrupt, kFatal: the directory.
Result<std::vector<Anchor>> ListAnchors(const ledger::View& directory);

// By name, or by the beginning of its SHA-256 in hex (at least 8 digits). kNotFound, kConflict.
Result<Anchor> FindAnchor(const std::vector<Anchor>& anchors, const std::string& typed);

// Every CRL, the domain's own included, in the order of their entries.
Result<std::vector<v1::CrlRecord>> ListCrls(const ledger::View& directory);

}  // namespace rujukan::admin
