// The commands about the directory and the policy. Reading asks the daemon, and without one the
// agency's own copy; editing needs the daemon, which holds the keys. Thread: main.
#pragma once

#include <map>
#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

using QueryOptions = std::map<std::string, std::string>;

int SearchDirectoryRecords(const Terminal& terminal,
                           const std::string& home,
                           const QueryOptions& options);
// "root": the directory root.
int ShowDirectoryRecord(const Terminal& terminal,
                        const std::string& home,
                        const std::string& address);

struct EditOptions {
  std::string address;   // "": our own
  std::string profile;   // JSON file, "-": standard input, "": as it is
  std::string standing;  // JSON file, "": as it is
  std::string capacity;  // TERSEDIA, TERBATAS, PENUH, TUTUP; "": as it is
  int64_t beds = -1;
  int64_t taken = -1;
  std::string contact_24h;
};
int EditDirectoryRecord(const Terminal& terminal, const EditOptions& options);

struct PolicyTestOptions {
  QueryOptions query;
  bool explain = false;
};
int TestPolicy(const Terminal& terminal, const std::string& home, const PolicyTestOptions& options);

struct RotateOptions {
  bool wait = false;
  int64_t timeout_s = 3600;
};
int Rotate(const Terminal& terminal, const RotateOptions& options);
int ShowKeys(const Terminal& terminal);

}  // namespace rujukan::agency
