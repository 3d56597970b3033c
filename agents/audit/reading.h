// An auditor's reading: it signs what it wants to read and why, and the broker puts that on record
// before it hands out the first entry. The token that opens the entries is made here; only its
// digest is ever sent before it is used.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "agents/link/member_home.h"
#include "agents/link/submission.h"
#include "base/clock.h"
#include "base/result.h"

namespace rujukan::audit {

struct ReadingWish {
  std::string purpose;  // for the record
  LogIndex first = 0;
  LogIndex end = 0;     // behind the last entry; 0: also what comes while it is open
  int64_t life_ms = 0;  // at most limits::kAuditReadLifeMsMax
};

// The statement, signed by the member. `token` is what will open the entries.
v1::SubmitStatement SignAuditRead(const link::MemberKeys& keys,
                                  const std::string& auditor,
                                  const ReadingWish& wish,
                                  std::string_view token,
                                  UnixMillis now);

struct OpenedReading {
  std::string token;  // secret: whoever has it reads in this auditor's name
  UnixMillis expires_at = 0;
  link::Proven proven;  // the entry that says so
};

// Over the wire, from the home of an auditor that was admitted. Durable and proven on return.
// kInvalid: no purpose, or life and range make no sense. kDenied: not an auditor (any more), or a
// key file is open to others. kUnavailable: no broker.
Result<OpenedReading> OpenReading(const std::string& home,
                                  const std::string& passphrase,
                                  const ReadingWish& wish,
                                  UnixMillis now);

// A reading that is kept open, for who reads for days: opened when its token is first asked for,
// and anew an hour before it ends. Each time is an entry. Thread: one owner.
class ReadingKeeper {
 public:
  ReadingKeeper(std::string home, std::string passphrase_file, std::string purpose)
      : home_(std::move(home)),
        passphrase_file_(std::move(passphrase_file)),
        purpose_(std::move(purpose)) {}

  // Errors: as OpenReading; the same one for a minute, so that a broker that is away is not asked
  // at every look.
  Result<std::string> Token(UnixMillis now);

 private:
  Result<OpenedReading> Open(UnixMillis now) const;

  const std::string home_;
  const std::string passphrase_file_;
  const std::string purpose_;
  std::optional<OpenedReading> open_;
  std::optional<Error> trouble_;
  UnixMillis tried_at_ = 0;
};

}  // namespace rujukan::audit
