// Whole small files, read and replaced durably. Adapter: errors of the system become Results.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::agency {

// kNotFound: no such file; kLimit: over `max` bytes; kUnavailable: cannot be read.
Result<std::string> ReadFile(const std::string& path, size_t max);

// Writes temp + fsync + rename + fsync of the directory, mode 0600: after a crash the file is the
// old one or the new one, whole. kUnavailable: I/O.
Result<void> ReplaceFile(const std::string& path, std::string_view bytes);

}  // namespace rujukan::agency
