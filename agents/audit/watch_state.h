// The pure core of a watch over one ledger: what was seen goes in, alerts come out, each once.
// Files, sockets and the clock are elsewhere (watched_log.h); time is a parameter. Thread: one
// owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/audit/alert.h"
#include "agents/audit/report.h"
#include "base/clock.h"
#include "ledger/checkpoint.h"

namespace rujukan::audit {

// A checkpoint that the ledger's key has signed, and where it was seen.
struct SeenCheckpoint {
  std::string where;  // an address, or "add-checkpoint"
  std::string note;
  ledger::Checkpoint checkpoint;
};

class WatchState {
 public:
  // `open`: alerts of an earlier run that still hold.
  WatchState(std::string origin, std::vector<Alert> open);

  // Of an earlier run: the largest checkpoint that was found consistent with all before it, and the
  // largest size that each address has shown. nullopt: not known any more, so the head's is asked
  // of every address.
  using Shown = std::map<std::string, TreeSize>;
  void Restore(SeenCheckpoint head, std::optional<Shown> shown);
  // From when lateness counts.
  void GrownAt(UnixMillis time_ms) { grown_at_ms_ = time_ms; }
  const Shown& shown() const { return shown_; }
  const std::optional<SeenCheckpoint>& head() const { return head_; }
  TreeSize size() const { return head_ ? head_->checkpoint.size : 0; }
  UnixMillis grown_at_ms() const { return grown_at_ms_; }

  enum class Next {
    kNothing,  // the head again, or an alert
    kExtend,   // larger: fetch, check, then Continues or Forked
  };
  // What an address shows as its newest. `ours`: the root that our tree has at this size; needed
  // when it is not larger than the head (else nullopt).
  Next See(const SeenCheckpoint& seen, const std::optional<Digest>& ours, UnixMillis now_ms);
  // One that somebody brought: only a contradiction counts, an old one is no rollback. Larger ones
  // are to be shown again once the head has passed them.
  void SeeElsewhere(const SeenCheckpoint& seen, const Digest& ours, UnixMillis now_ms);

  // The larger checkpoint has our tree as its beginning, and our copy of its tiles is durable.
  void Continues(const SeenCheckpoint& seen, UnixMillis now_ms);
  // It has not: both notes are evidence.
  void Forked(const SeenCheckpoint& seen, UnixMillis now_ms);
  // The same against another signed note than the head's.
  void Contradicted(const SeenCheckpoint& seen, const std::string& first, UnixMillis now_ms);

  void Missing(const std::string& file, const std::string& problem, UnixMillis now_ms);
  void NothingMissing(UnixMillis now_ms);
  void NotSigned(const std::string& where, const std::string& problem, UnixMillis now_ms);
  void CopyDamaged(const std::string& problem, UnixMillis now_ms);
  void CopyGood(UnixMillis now_ms);
  // `about_state`: the entry is the broker's StateRecorded.
  void Found(const Finding& finding, bool about_state, UnixMillis now_ms);
  // Time passes: late or not.
  void Tick(UnixMillis now_ms);

  // What is new since the last call, to be logged and told.
  std::vector<AlertEvent> TakeEvents();
  const std::vector<Alert>& open() const { return open_; }
  // Why this ledger is not cosigned; "": it is.
  std::string Refusal() const;

 private:
  void Raise(AlertKind kind,
             std::string subject,
             std::string problem,
             UnixMillis now_ms,
             std::vector<std::string> notes = {});
  // `subject` nullptr: whatever it is.
  void Clear(AlertKind kind, const std::string* subject, UnixMillis now_ms);

  const std::string origin_;
  std::optional<SeenCheckpoint> head_;
  Shown shown_;
  bool shown_known_ = true;
  UnixMillis grown_at_ms_ = 0;
  std::vector<Alert> open_;
  std::vector<AlertEvent> events_;
};

}  // namespace rujukan::audit
