// The command line of rujukan-broker, and the TOML file behind it (--config). The same names in
// both; the command line wins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "broker/app/exit_code.h"

namespace rujukan::broker {

inline constexpr int64_t kDayMs = 24LL * 3600 * 1000;
// A year: longer than anybody asks the broker itself for an old receipt.
inline constexpr int64_t kArchiveKeepDays = 365;
inline constexpr int64_t kArchiveKeepDaysMax = 36'500;

struct RunConfig {
  std::string identity;  // directory: what rujukan-admin init made for the broker
  std::string data;      // directory of the ledger
  std::string listen = "tcp://127.0.0.1:7400";
  std::string enrol = "tcp://127.0.0.1:7401";
  std::string http = "127.0.0.1:7402";
  std::vector<std::string> http_hosts;
  std::string operator_token;  // file; "": entries are for accredited auditors only
  std::string log;             // file; "": stderr
  size_t workers = 0;          // 0: one a core
  bool accept_clock = false;
  int64_t content_grace_ms = limits::kContentGraceMsDefault;
  std::string archive;  // directory; "": entries stay in the store
  int64_t archive_keep_ms = kArchiveKeepDays * kDayMs;
  uint64_t archive_keep_entries = 0;
  uint64_t archive_file_entries = limits::kArchiveEntriesMax;
  std::vector<std::string> witnesses;  // "VKEY URL"
  std::string witnesses_file;          // C2SP tlog-policy with URLs
  int64_t cosign_every_s = 5;
  std::string tsa;     // RFC 3161 address; "": no time-stamps
  std::string tsa_ca;  // PEM; "": tokens go on record unverified
  int64_t timestamp_every_s = limits::kTimestampEveryMsDefault / 1000;
};

struct CheckConfig {
  std::string identity;
  std::string data;
  std::vector<std::string> archives;  // directories
  bool json = false;
};

struct ArchiveConfig {
  std::string identity;
  std::string data;
  std::string to;  // directory
  int64_t keep_days = kArchiveKeepDays;
  uint64_t keep_entries = 0;
  uint64_t file_entries = 256;
  bool json = false;
};

// A command, or the code to end with: help was printed, or the usage was wrong and that was
// printed.
using Command = std::variant<ExitCode, RunConfig, CheckConfig, ArchiveConfig>;
Command ParseCommandLine(int argc, const char* const* argv);

}  // namespace rujukan::broker
