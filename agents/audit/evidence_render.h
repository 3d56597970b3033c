// Inside evidence_files: what a container holds for people. Not for use elsewhere.
#pragma once

#include <string>

namespace rujukan::audit {

// Content that was opened (OpenedContent bytes), as JSON for people; "" when it does not parse.
std::string OpenedAsJson(const std::string& opened_content);

}  // namespace rujukan::audit
