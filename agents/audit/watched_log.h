// The watch over one ledger: polls its addresses, keeps the copy, replays the entries, tells the
// core (watch_state.h) what it saw. Its folder holds `copy/`, an export (export.h), and
// `shown.json`, what each address has shown and when it grew last. Thread: Round belongs to one
// owner; Show and Bring are for any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agents/audit/brought.h"
#include "agents/audit/claim_pool.h"
#include "agents/audit/reading.h"
#include "agents/audit/replay.h"
#include "agents/audit/watch_copy.h"
#include "agents/audit/watch_state.h"

namespace rujukan::audit {

struct WatchedLedger {
  bool ReadsEntries() const { return !token_file.empty() || !home.empty(); }

  std::vector<std::string>
      addresses;                 // all of one ledger; the first is read from, all are compared
  std::string token_file;        // opens the entries; or:
  std::string home;              // opens a reading as this auditor, and again every day
  std::string passphrase_file;   // of its key
  std::string purpose;           // for the record
  std::string vkey;              // the ledger's key as its domain publishes it, or its file
  std::string root_fingerprint;  // hex; "": the root that the ledger's key vouches for
};

// For /status and /metrics.
struct WatchView {
  std::string origin;
  std::string vkey;
  std::vector<std::string> addresses;
  TreeSize size = 0;
  TreeSize replayed = 0;
  uint64_t withheld = 0;  // of these, not given to this reader
  bool replays = false;   // it reads the entries, too
  UnixMillis grown_at_ms = 0;
  UnixMillis polled_at_ms = 0;
  std::vector<std::string> unreachable;  // addresses, with why
  std::string entries_trouble;           // why entries cannot be read now; ""
  std::vector<Alert> open;
  std::string refusal;
};

class WatchedLog {
 public:
  // `folder`: of this ledger alone. `open`: alerts of an earlier run that hold. kUnavailable: I/O.
  static Result<std::unique_ptr<WatchedLog>> Open(const WatchedLedger& ledger,
                                                  const std::string& folder,
                                                  const ledger::NoteVerifier& log,
                                                  std::vector<Alert> open);

  // One look at everything. `stop` is asked between bundles. Errors are I/O of our own:
  // kUnavailable (disk) or kFatal.
  Result<std::vector<AlertEvent>> Round(UnixMillis now_ms, const std::function<bool()>& stop);

  WatchView Show() const;
  // A checkpoint that the ledger's key has signed, brought by somebody; judged in the next round.
  // `contradicts`: another signed note of the same size, if that is so. At most
  // limits::kNoteSignaturesMax wait; further ones are dropped, a contradiction never.
  void Bring(SeenCheckpoint seen, std::string contradicts);
  const ledger::NoteVerifier& log() const { return log_; }

 private:
  WatchedLog(WatchedLedger ledger,
             std::string folder,
             ledger::NoteVerifier log,
             std::unique_ptr<WatchCopy> copy,
             std::vector<Alert> open);

  Result<void> Start(UnixMillis now_ms);
  // The source, when it showed a checkpoint that the ledger's key signed.
  Result<std::unique_ptr<Source>> Poll(const std::string& address, UnixMillis now_ms);
  Result<void> Judge(const SeenCheckpoint& seen, const LogFiles& remote, UnixMillis now_ms);
  Result<void> Grow(const SeenCheckpoint& seen, const LogFiles& remote, UnixMillis now_ms);
  Result<void> JudgeBrought(UnixMillis now_ms);
  Result<void> ReplayNew(Source* source, UnixMillis now_ms, const std::function<bool()>& stop);
  Result<void> ReplayBundle(const std::vector<ledger::GivenLeaf>& leaves,
                            LogIndex first,
                            ClaimPool& pool);
  Result<void> ReplayLeaf(const ledger::GivenLeaf& leaf, ClaimPool& pool);
  void TellFindings(const std::vector<ledger::GivenLeaf>& leaves,
                    LogIndex first,
                    UnixMillis now_ms);
  void CheckFounding(UnixMillis now_ms);
  Result<void> DateGrowth(UnixMillis now_ms);
  Result<void> KeepShown();
  void Publish(UnixMillis now_ms);

  const WatchedLedger ledger_;
  ReadingKeeper reading_;
  const std::string folder_;
  const ledger::NoteVerifier log_;
  const std::unique_ptr<WatchCopy> copy_;
  WatchState state_;
  Report report_;
  Replay replay_;
  TreeSize replayed_ = 0;
  uint64_t withheld_ = 0;
  uint64_t findings_told_ = 0;
  bool started_ = false;
  bool fresh_ = false;  // the copy was empty when this run began
  bool gap_ = false;    // in this round, of the tree
  bool damaged_ = false;
  std::string kept_shown_;  // as shown.json has it
  std::vector<std::string> unreachable_;
  std::string entries_trouble_;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  WatchView view_;
  BroughtCheckpoints brought_;
};

}  // namespace rujukan::audit
