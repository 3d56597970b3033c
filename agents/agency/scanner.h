// The virus scanner of the agency: a command of its own choosing, given each file that arrived
// before anybody may read it. config.json: "pemindai": {"perintah": ["clamdscan", "-"], "lewat":
// "stdin"} or {"perintah": [..., "{}"], "lewat": "berkas"}: {} becomes the path of a private
// temporary file. Exit code 0: clean. 1: it objects. Anything else, or no answer within
// limits::kScannerTimeoutMs: not scanned, tried again.
//
// It runs as child.h says. Thread: the caller's, which waits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace rujukan::agency {

struct ScannerSettings {
  std::vector<std::string> command;  // empty: none
  bool by_file = false;              // "berkas"; else the file goes to its standard input
  int64_t timeout_ms = limits::kScannerTimeoutMs;
  std::function<bool()> stopping = [] { return false; };  // ends a scan without a verdict
};

enum class ScanVerdict { kClean, kObjects };

// The file's next bytes; "": its end.
using FileBytes = std::function<Result<std::string>()>;

// `private_directory` holds the temporary file, mode 0600, removed before the return. kUnavailable:
// no verdict; the text says why, without the command's words. Errors of `bytes` as they are.
Result<ScanVerdict> Scan(const ScannerSettings& settings,
                         const FileBytes& bytes,
                         const std::string& private_directory);

// Temporary files that a killed agent left: plaintext, so they go first of all.
Result<void> RemoveScanLeftovers(const std::string& private_directory);

}  // namespace rujukan::agency
