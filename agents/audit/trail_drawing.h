// One leg of a trail as a drawing: a line for each party, time downwards, an arrow for each
// message. SVG that stands inside an HTML page (html.h has its colours). Pure.
#pragma once

#include <string>

#include "agents/audit/trail.h"

namespace rujukan::audit {

// `number` makes ids unique on the page. At most some hundred events are drawn; the picture says
// how many more the table has.
std::string DrawThread(const TrailThread& thread, size_t number);

}  // namespace rujukan::audit
