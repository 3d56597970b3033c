// The broker's log: one JSON object a line, {"time","level","message"}, whatever the message holds.
#pragma once

#include <string>

#include "base/result.h"

namespace rujukan::broker {

// Makes spdlog's default logger write to `file` (appending, 0600), or stderr when "". Call once,
// before threads start. kUnavailable: the file cannot be opened.
Result<void> OpenLog(const std::string& file);

// One line as it will be written, without the line end.
std::string LogLine(const std::string& time, const std::string& level, const std::string& message);

}  // namespace rujukan::broker
