// Files that survive a power cut: written beside, synced, renamed into place, folder synced. A
// reader sees the old bytes or the new ones, never a part. For what is not secret; secrets:
// certs/keyfile.h.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::link {

// Replaces `path`, mode 0644 less the umask. Makes missing folders. Durable on return.
// kUnavailable: I/O (disk full, no right); the old file is then as it was.
Result<void> WriteDurably(const std::string& path, std::string_view bytes);

// kUnavailable when it cannot be made. An existing folder is fine.
Result<void> MakeFolders(const std::string& path);

}  // namespace rujukan::link
