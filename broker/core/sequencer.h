// The sequencer: the one place where order is made. It decides which submission becomes which
// entry, keeps the tree and the fold, and forms group commits. Pure: the store is read through its
// interface, time is a parameter. One owner thread.
//
//   Take ... Take -> Seal -> (batch k is written) -> Committed
//                      \-> Take ... : batch k+1 forms on top of k's writes meanwhile
//
// Between Seal and Committed/Aborted exactly one batch is under way; Seal again only after that.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "broker/core/batch.h"
#include "broker/core/journal.h"
#include "broker/core/recent_view.h"
#include "broker/core/submission.h"
#include "ledger/effects.h"
#include "ledger/tree.h"
#include "ledger/view.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::broker {

class Sequencer {
 public:
  // Reads head and tree from the store; the same function starts the broker and recovers it.
  // kNotFound: no genesis yet. kCorrupt: head, tree and entries contradict each other.
  static Result<std::unique_ptr<Sequencer>> Recover(const Store& store);

  // Decides one submission: an entry, a refusal (an entry too, while the sender has not had too
  // many this minute), or the answer an earlier entry gave. Requires: !Full(). kFatal: the store
  // failed.
  Result<void> Take(Submission submission, UnixMillis now);

  // Puts on record what the broker itself has to say; what a StateRecorded says is filled in here.
  // Nobody is answered. Requires: !Full(). A refusal: it is not legal (now); nothing was recorded.
  ledger::Verdict<void> TakeDuty(v1::Entry entry, UnixMillis now);

  bool Full() const;   // at a limit of a group commit: Seal first
  bool Empty() const;  // nothing to commit and nobody to answer
  bool under_way() const { return under_way_ != nullptr; }

  // The batch formed so far. Requires: !under_way().
  Result<std::shared_ptr<const FormedBatch>> Seal();
  // The sealed batch is durable.
  void Committed();
  // The sealed batch was not written (no room on disk): it and what formed on top of it are undone
  // as if never taken. Returns the refusals owed; all may be sent again later.
  Result<std::vector<Answer>> Aborted(UnixMillis now);

  bool StorageFull() const { return full_since_ms_ != 0; }
  TreeSize size() const { return tree_.size(); }
  UnixMillis time() const { return head_ms_; }  // of the last entry

 private:
  Sequencer(const Store& store, ledger::Tree tree, const v1::FoldHead& head);

  Result<std::optional<Answer>> FindEarlier(const Submission& submission) const;
  Result<tl::expected<void, ledger::Refusal>> Invited(const v1::Entry& entry) const;
  Result<tl::expected<ledger::Effects, ledger::Refusal>> Decide(Submission& submission,
                                                                UnixMillis now);
  Result<void> Admit(Submission submission, const ledger::Effects& effects);
  Result<void> Refuse(Submission submission, const ledger::Refusal& refusal, UnixMillis now);
  Result<bool> MayLogRefusal(const Submission& submission, UnixMillis now) const;
  void Place(v1::Entry& entry, UnixMillis now) const;
  void NoteDuty(const v1::Entry& entry, const ledger::Effects& effects);
  void AppendEntry(const v1::Entry& entry);
  Result<v1::Entry> RefusalEntry(Submission& submission, const ledger::Refusal& refusal) const;
  Result<void> NoteEffects(const Submission& submission,
                           const ledger::Effects& effects,
                           LogIndex index);
  bool RefusesForRoom(UnixMillis now);

  const Store& store_;
  RecentView recent_;
  ledger::Overlay forming_view_;
  ledger::Tree tree_;
  UnixMillis head_ms_ = 0;       // time of the last entry: time never runs backwards in the ledger
  uint64_t directory_head_ = 0;  // index + 1 of the last directory entry
  std::string directory_root_;   // what the directory has come to
  std::unique_ptr<FormedBatch> forming_;
  size_t forming_bytes_ = 0;
  std::shared_ptr<const FormedBatch> under_way_;
  using Counts = std::map<std::string, uint32_t>;
  Counts unlogged_;               // refusals since the sender's last refusal entry
  Counts reported_forming_;       // in entries of the batch that forms: lost again if it is undone
  Counts reported_under_way_;     // in entries of the batch under way
  UnixMillis full_since_ms_ = 0;  // 0: there is room
  UnixMillis probe_at_ms_ = 0;
};

// How long the sender should wait before the same bytes can fare better; 0: never.
uint32_t RetryAfterMs(v1::RefusalReason::Code reason);

}  // namespace rujukan::broker
