// Finds function bodies by their braces: no parser, good for code that clang-format laid out.
#pragma once

#include <string_view>
#include <vector>

namespace rujukan::tidy {

struct FunctionSpan {
  size_t first_line = 0;  // of the opening brace, from 1
  size_t last_line = 0;   // of the closing brace
};

// Outermost function bodies in `code`, which must have its comments and literals blanked
// (CodeOnly). A lambda at namespace scope and a constructor's brace initialisers are understood.
std::vector<FunctionSpan> FunctionsOf(std::string_view code);

}  // namespace rujukan::tidy
