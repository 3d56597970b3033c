// What the broker keeps beside its store: the directory itself, and endpoints.json, by which other
// programs on this machine find the ports.
#pragma once

#include <string>

#include "base/result.h"

namespace rujukan::broker {

// Made 0700 when it is not there. kUnavailable: it cannot be made.
Result<void> MakeDataDirectory(const std::string& data);
// Makes the names in it, and its own name, survive a power cut: a ledger that was synced is lost if
// its directory is not found again. Once, after the first opening. kUnavailable: it cannot be
// synced.
Result<void> SyncDataDirectory(const std::string& data);
std::string StorePath(const std::string& data);
std::string AttachmentsPath(const std::string& data);

struct Endpoints {
  std::string listen;
  std::string enrol;
  std::string http;
};
// Whole or not at all: written beside and renamed.
Result<void> WriteEndpoints(const std::string& data, const Endpoints& endpoints);
// Whoever waits for the file then waits for this start, not for the last one.
void RemoveEndpoints(const std::string& data);

}  // namespace rujukan::broker
