// Puts the read trail's root into the broker's ledger: once a day when something was read, and when
// somebody asks for it (by hand, after a disclosure, after an erasure).
//
// The signed statement is stored before it is sent and sent again until it is answered, so a crash
// loses no anchor. TRAIL_REWRITTEN means that the ledger has another past of this trail than this
// database: it was replaced by an older copy, or changed. That is an alarm for people; it stays,
// also over restarts, and nothing more is anchored. Messages go on: a child does not wait for it.
//
// Thread: the link thread, but for ReadTrailStatus.
#pragma once

#include <optional>
#include <string>

#include "agents/agency/identity.h"
#include "agents/agency/store.h"
#include "agents/link/event.h"

namespace rujukan::agency {

inline constexpr int64_t kAnchorEveryMs = 24LL * 3600 * 1000;

struct ReadTrailStatus {
  TreeSize logged = 0;
  TreeSize anchored = 0;
  UnixMillis anchored_at = 0;  // 0: never
  LogIndex index = 0;          // of the entry that anchored it
  std::string alarm;           // "": none
};
// Inside Store::Read; any thread.
Result<ReadTrailStatus> ReadTrailStatusOf(Tables& tables);

class ReadAnchor {
 public:
  static Result<ReadAnchor> Open(Store& store);

  // The next Next does not wait for the day to be over.
  void Want() { wanted_ = true; }
  // What is to be submitted now; nullopt: nothing.
  Result<std::optional<link::Submission>> Next(const Identity& identity, UnixMillis now);
  Result<void> TakeReceipt(const link::Receipted& receipted, UnixMillis now);
  Result<void> TakeRefusal(const link::Refusal& refusal, UnixMillis now);
  const std::string& alarm() const { return alarm_; }

 private:
  explicit ReadAnchor(Store& store) : store_(&store) {}
  Result<std::optional<v1::ReadTrailAnchor>> Draft(const Identity& identity, UnixMillis now);

  Store* store_;
  std::optional<link::Submission> pending_;
  bool submitted_ = false;  // pending_, in this run
  bool wanted_ = false;
  UnixMillis due_ = 0;
  std::string alarm_;
};

}  // namespace rujukan::agency
