// What can be wrong with a set-up, and how to mend it. Pure functions over the verified directory,
// what the home and the broker looked like (facts), and the time; each check is a few findings.
//
// A warning is something that will go wrong or that people should decide about; a failure is
// something that does not work now, or in days.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/view.h"

namespace rujukan::admin {

enum class Health : uint8_t { kOk, kWarn, kFail };
std::string HealthName(Health health);  // "ok", "warn", "fail"

struct Finding {
  std::string check;  // "certificates", "two admins", ...
  Health health = Health::kOk;
  std::string what;    // what was found
  std::string remedy;  // what to do; "" when all is well
};
using Findings = std::vector<Finding>;

// --- Facts: how the world looked; gathered by doctor_facts.h ---
struct FileFact {
  std::string name;  // "admin.key"
  bool present = false;
  unsigned mode = 0;  // permission bits
};
struct HomeFacts {
  std::string home;
  unsigned mode = 0;  // of the folder
  std::vector<FileFact> files;
  bool encrypted = true;      // every key file that is here has a passphrase or is a token's
  std::optional<Error> keys;  // why the keys do not load; nullopt: they do
  std::optional<std::string> issuing;  // DER of issuing.crt, when its key fits it
};
struct BrokerFacts {
  std::optional<Error> unreachable;  // why nothing could be had from it; nullopt: it answered
  std::optional<int64_t> clock_ahead_ms;
};

// --- Checks ---
Findings CheckHome(const HomeFacts& facts);
Findings CheckBroker(const BrokerFacts& facts);
// The head of the directory in digits that two people can read to each other.
Result<Findings> CheckDirectoryRoot(const ledger::View& directory);
Result<Findings> CheckIssuingKey(const ledger::View& directory, const HomeFacts& facts);
Result<Findings> CheckCertificates(const ledger::View& directory, UnixMillis now);
Result<Findings> CheckAdmins(const ledger::View& directory);
Result<Findings> CheckPolicy(const ledger::View& directory);
Result<Findings> CheckPermits(const ledger::View& directory, UnixMillis now);
// doctor_members.cc
Result<Findings> CheckRequests(const ledger::View& directory, UnixMillis now);
Result<Findings> CheckInvitations(const ledger::View& directory, UnixMillis now);
Result<Findings> CheckAgencies(const ledger::View& directory, UnixMillis now);

// All that look at the directory, in this order.
Result<Findings> CheckDirectory(const ledger::View& directory,
                                const HomeFacts& facts,
                                UnixMillis now);

Health WorstOf(const Findings& findings);

// What the checks are written with.
Finding Fine(std::string check, std::string what);
Finding Warn(std::string check, std::string what, std::string remedy);
Finding Broken(std::string check, std::string what, std::string remedy);

}  // namespace rujukan::admin
