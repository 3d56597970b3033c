// Rules over the whole tree: links, READMEs, limits and packages that the documents speak of.
#pragma once

#include <string_view>
#include <vector>

#include "tests/unit/tidy/source_tree.h"

namespace rujukan::tidy {

// Every relative link of a .md file leads to a file or folder of the tree.
std::vector<Finding> CheckLinks(const SourceTree& tree);
// Every folder with code has a README.md (tests/unit/<room>/ share tests/unit/README.md).
std::vector<Finding> CheckReadmes(const SourceTree& tree);
// docs/limits.md names every constant of base/limits.h; no document names one that is not there.
std::vector<Finding> CheckLimitsDocument(const SourceTree& tree);
// Packages that cmake/Dependencies.cmake says a library comes from are in packages.txt.
std::vector<Finding> CheckPackages(const SourceTree& tree);

}  // namespace rujukan::tidy
