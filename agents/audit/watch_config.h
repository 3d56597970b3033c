// What `rujukan-audit serve` is told: on the command line for one ledger, in a JSON file for many.
// docs/guide-auditor.md, "Watch a broker".
#pragma once

#include <string>
#include <vector>

#include "agents/audit/watched_log.h"

namespace rujukan::audit {

struct WatchConfig {
  std::string data;                        // folder; made 0700 when it is not there
  std::string name;                        // the witness's key name; a schema-less URL by custom
  std::string key_file;                    // "": DATA/witness.key
  std::string listen = "127.0.0.1:7410";   // "": no server
  std::vector<std::string> hosts;          // names it may be called by through a proxy
  int64_t every_ms = 5'000;                // from the end of one look to the next
  std::vector<std::string> alert_command;  // argv; empty: none
  std::vector<WatchedLedger> ledgers;
};

// The file's settings over those of `config`. Unknown names are refused: a misspelt `token_file`
// must not turn a replay off in silence. kInvalid with the name.
Result<void> ReadConfig(const std::string& text, WatchConfig& config);

// Whole and within limits::kWatchedLogsMax. kInvalid, kLimit.
Result<void> CheckConfig(const WatchConfig& config);

}  // namespace rujukan::audit
