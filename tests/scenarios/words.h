// A line of a scenario as words. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tests/scenarios/script.h"

namespace rujukan::scenarios {

struct Line {
  int number = 0;
  bool indented = false;  // belongs to the line above it
  std::string text;       // without comment and outer blanks
  std::vector<std::string> words;
};

// The lines that say something. A "#" outside quotation marks begins a comment. In `words` a quoted
// text is one word, without its marks; blanks and commas divide. kInvalid: a mark is not closed.
Result<std::vector<Line>> SplitLines(const std::string& file, std::string_view text);

// "path = value" or "path = rahasia value". Values: "text", 12, ya, tidak, a word, [a, b].
Result<Field> ParseField(const Line& line);

}  // namespace rujukan::scenarios
