// Reads a scenario. Pure: texts in, values out; errors name file and line and say what would be
// right, in Indonesian and English.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "tests/scenarios/script.h"

namespace rujukan::scenarios {

// The text of a file that a scenario names with "sertakan".
using Include = std::function<Result<std::string>(const std::string& file)>;

// kInvalid: "sc5.txt:12: ...".
Result<Script> Parse(const std::string& file, const std::string& text, const Include& include);

// From a folder; kNotFound: no such file.
Result<Script> ParseFile(const std::string& folder, const std::string& file);

}  // namespace rujukan::scenarios
