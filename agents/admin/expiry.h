// What of a domain ends when: certificates of its CAs and members, the CAs outside that it trusts,
// and revocation lists. For the doctor, who looks once, and the registrar, who keeps looking. Pure,
// any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ledger/view.h"

namespace rujukan::admin {

struct Ending {
  std::string kind;     // "root", "issuing", "anchor", "crl", or a role: "agency", "admin", ...
  std::string subject;  // an address, the name of an outside CA, or ""
  std::string id;       // what it is an ending of, for ever: a key id or a CRL's number, in hex
  UnixMillis from = 0;
  UnixMillis until = 0;

  std::string InWords() const;  // "certificate of dinsos.18.71@lampung.example"
  std::string Remedy() const;   // the command that puts a new one in its place
};

// Of all that is in force, soonest first. kCorrupt, kFatal: the directory.
Result<std::vector<Ending>> EndingsOf(const ledger::View& directory);

// Days before an end at which people are told, once each; 0: it has ended.
inline constexpr std::array<int, 6> kWarningDays = {60, 30, 14, 7, 1, 0};
// The lowest of them that `now` has reached; nullopt: none yet. Of what lives less than twice as
// long (a revocation list), an early one would always be reached: it does not count.
std::optional<int> WarningDue(const Ending& ending, UnixMillis now);

int64_t DaysLeft(const Ending& ending, UnixMillis now);  // whole ones; negative once it has ended

}  // namespace rujukan::admin
