// Rules about the text of one file: sizes, banned calls, leftovers.
#pragma once

#include <vector>

#include "tests/unit/tidy/source_tree.h"

namespace rujukan::tidy {

inline constexpr size_t kColumnsMax = 100;
inline constexpr size_t kFileLinesReview = 400;  // listed: is this one room or two?
inline constexpr size_t kFileLinesMax = 600;
inline constexpr size_t kFunctionLinesMax = 70;

// No code line is longer than 100 characters (UTF-8 sequences count as one).
std::vector<Finding> CheckColumns(const SourceFile& file);
// Code files over `lines_max`.
std::vector<Finding> CheckFileLength(const SourceFile& file, size_t lines_max);
// Functions over 70 lines, from the opening brace to the closing one.
std::vector<Finding> CheckFunctionLength(const SourceFile& file);
// Calls with a better one in this project; the finding names it.
std::vector<Finding> CheckBannedCalls(const SourceFile& file);
// Work left for later belongs in an issue, not in the tree.
std::vector<Finding> CheckLeftovers(const SourceFile& file);

}  // namespace rujukan::tidy
