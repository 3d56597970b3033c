#include "broker/core/sequencer.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/merkle.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;
constexpr int64_t kMinuteMs = 60'000;

Answer AnswerTo(Submission& submission) {
  Answer answer;
  answer.peer = std::move(submission.peer);
  answer.kind = submission.kind;
  answer.subject = std::move(submission.subject);
  answer.counted = submission.counted;
  answer.frame_class = submission.frame_class;
  return answer;
}

Answer RefusalTo(Submission& submission, Reason::Code reason) {
  Answer answer = AnswerTo(submission);
  answer.refusal = ledger::MakeRefusal(reason);
  return answer;
}

// For now, through no fault of what was sent: worth an answer, not an entry. A flood of them would
// fill the ledger just when there is least room.
bool IsPassing(Reason::Code reason) {
  return reason == Reason::WINDOW_EXCEEDED || reason == Reason::RATE_LIMITED ||
         reason == Reason::STORAGE_FULL;
}

}  // namespace

Sequencer::Sequencer(const Store& store, ledger::Tree tree, const v1::FoldHead& head)
    : store_(store),
      recent_(store),
      forming_view_(recent_),
      tree_(std::move(tree)),
      head_ms_(head.time_ms()),
      directory_head_(head.directory_head()),
      directory_root_(head.directory_root()),
      forming_(std::make_unique<FormedBatch>()) {
  forming_->commit.first_index = tree_.size();
}

Result<std::unique_ptr<Sequencer>> Sequencer::Recover(const Store& store) {
  ASSIGN_OR_RETURN(const TreeSize size, store.Size());
  if (size == 0) {
    return Fail(Errc::kNotFound, "the ledger has no genesis entry; run rujukan-admin init first");
  }
  ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(store));
  if (head.size() != size) {
    return Fail(Errc::kCorrupt,
                "the view stands at " + std::to_string(head.size()) + " entries, the ledger at " +
                    std::to_string(size));
  }
  ASSIGN_OR_RETURN(ledger::Tree tree, ledger::Tree::Load(size, store));
  return std::unique_ptr<Sequencer>(new Sequencer(store, std::move(tree), head));
}

bool Sequencer::Full() const {
  return forming_->commit.entries.size() >= limits::kCommitEntriesMax ||
         forming_bytes_ >= limits::kCommitBytesMax ||
         forming_->answers.size() >= limits::kCommitAnswersMax;
}

bool Sequencer::Empty() const {
  return forming_->answers.empty() && forming_->commit.entries.empty();
}

Result<void> Sequencer::Take(Submission submission, UnixMillis now) {
  CHECK(!Full());
  if (submission.refusal.has_value()) {
    return Refuse(std::move(submission), *submission.refusal, now);
  }
  // Before anything that may refuse: a retry gets its receipt even if the sender could not send the
  // same again now (expired, leg moved on, key revoked since).
  ASSIGN_OR_RETURN(std::optional<Answer> earlier, FindEarlier(submission));
  if (earlier.has_value()) {
    Answer answer = AnswerTo(submission);
    answer.index = earlier->index;
    answer.same_as = earlier->same_as;
    answer.mismatch = earlier->mismatch;
    forming_->answers.push_back(std::move(answer));
    return {};
  }
  if (RefusesForRoom(now)) {
    forming_->answers.push_back(RefusalTo(submission, Reason::STORAGE_FULL));
    return {};
  }
  ASSIGN_OR_RETURN(const auto decided, Decide(submission, now));
  if (!decided) {
    return Refuse(std::move(submission), decided.error(), now);
  }
  return Admit(std::move(submission), *decided);
}

ledger::Verdict<void> Sequencer::TakeDuty(v1::Entry entry, UnixMillis now) {
  CHECK(!Full());
  Place(entry, now);
  if (entry.has_state()) {
    ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(forming_view_));
    entry.mutable_state()->set_state_root(head.state_root());
  }
  ASSIGN_OR_RETURN(const auto applied, ledger::Apply(entry, tree_.size(), forming_view_));
  if (!applied) {
    return tl::expected<void, ledger::Refusal>(tl::unexpect, applied.error());
  }
  NoteDuty(entry, *applied);
  AppendEntry(entry);
  return tl::expected<void, ledger::Refusal>();
}

// Of the entry that comes next: whom it tells, and what it counts as.
void Sequencer::NoteDuty(const v1::Entry& entry, const ledger::Effects& effects) {
  for (const std::string& address : effects.told) {
    forming_->notices.push_back({address, tree_.size()});
  }
  if (entry.has_deadline_missed()) {
    forming_->missed.push_back(entry.deadline_missed().deadline());
  } else if (entry.has_leg_closed()) {
    forming_->missed.push_back(v1::Deadline::UNSPECIFIED);
  }
}

// What the ledger itself says of an entry: when, and which directory it stands on.
void Sequencer::Place(v1::Entry& entry, UnixMillis now) const {
  entry.set_time_ms(std::max(now, head_ms_));
  entry.set_directory_previous(directory_head_);
  if (ledger::IsDirectoryEntry(entry)) {
    entry.set_directory_root(directory_root_);
  }
}

Result<tl::expected<ledger::Effects, ledger::Refusal>> Sequencer::Decide(Submission& submission,
                                                                         UnixMillis now) {
  v1::Entry& entry = submission.entry;
  Place(entry, now);
  if (entry.has_enrolment()) {
    ASSIGN_OR_RETURN(auto invited, Invited(entry));
    if (!invited) {
      return tl::expected<ledger::Effects, ledger::Refusal>(tl::unexpect, invited.error());
    }
  }
  if (entry.has_act()) {
    // Before what it holds is parsed and verified, here, one act after the other: nobody makes the
    // broker do that for an act it may not do.
    ASSIGN_OR_RETURN(auto may, ledger::CheckActor(forming_view_, entry.act(), entry.time_ms()));
    if (!may) {
      return tl::expected<ledger::Effects, ledger::Refusal>(tl::unexpect, may.error());
    }
  }
  if (ledger::IsDirectoryEntry(entry)) {
    ASSIGN_OR_RETURN(auto authentic, ledger::AuthenticateDirectoryEntry(entry, forming_view_));
    if (!authentic) {
      return tl::expected<ledger::Effects, ledger::Refusal>(tl::unexpect, authentic.error());
    }
  }
  return ledger::Apply(entry, tree_.size(), forming_view_);
}

Result<void> Sequencer::Admit(Submission submission, const ledger::Effects& effects) {
  const LogIndex index = tree_.size();
  AppendEntry(submission.entry);
  RETURN_IF_ERROR(NoteEffects(submission, effects, index));
  if (submission.kind == v1::Subject::MESSAGE) {
    ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(submission.subject));
    forming_bytes_ += submission.content.size();
    forming_->content_places.back() = forming_->commit.contents.size();
    forming_->commit.contents.push_back({index, id, std::move(submission.content)});
  }
  Answer answer = AnswerTo(submission);
  answer.index = index;
  forming_->answers.push_back(std::move(answer));
  return {};
}

// The entry's bytes are made once, here; the leaf, the store and every receipt are of these bytes.
void Sequencer::AppendEntry(const v1::Entry& entry) {
  std::string bytes;
  CHECK(entry.SerializeToString(&bytes));
  CHECK(bytes.size() <= limits::kEntryBytesMax);
  head_ms_ = entry.time_ms();
  if (ledger::IsDirectoryEntry(entry)) {
    directory_root_ = ledger::NextDirectoryRoot(directory_root_, entry, tree_.size());
    directory_head_ = tree_.size() + 1;
    forming_->directory_changed = true;
  }
  tree_.Append(certs::LeafHash(bytes));
  forming_bytes_ += bytes.size();
  forming_->commit.entries.push_back(std::move(bytes));
  forming_->content_places.push_back(kNoContent);
}

// What the rest of the broker has to do about an entry once it is durable.
Result<void> Sequencer::NoteEffects(const Submission& submission,
                                    const ledger::Effects& effects,
                                    LogIndex index) {
  forming_->cut.insert(forming_->cut.end(), effects.cut.begin(), effects.cut.end());
  for (const ledger::WaitingMail& waiting : effects.waiting) {
    ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(waiting.message_id));
    forming_->settled.push_back({waiting.recipient, waiting.sender, id, index});
  }
  forming_->erasure = forming_->erasure || effects.erasure;
  if (submission.kind != v1::Subject::MESSAGE && submission.kind != v1::Subject::DELIVERY) {
    return {};
  }
  ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(submission.subject));
  if (submission.kind == v1::Subject::DELIVERY) {
    ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(forming_view_, submission.subject));
    CHECK(record.has_value());  // Apply has just settled it
    forming_->settled.push_back({submission.peer.user, record->from(), id, index});
    return {};
  }
  for (const std::string& recipient : submission.recipients) {
    forming_->mail.push_back({recipient, index, id, submission.content.size()});
  }
  return {};
}

Result<bool> Sequencer::MayLogRefusal(const Submission& submission, UnixMillis now) const {
  if (submission.peer.door != Door::kMain) {
    return false;  // a stranger has any number of names, so nothing of a stranger is bounded
  }
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(forming_view_, submission.peer.user));
  if (!agency.has_value()) {
    return false;
  }
  ASSIGN_OR_RETURN(const v1::CounterRecord counter,
                   ledger::ReadCounter(forming_view_, submission.peer.user));
  return counter.refusal_minute() != std::max(now, head_ms_) / kMinuteMs ||
         counter.refusals_in_minute() < limits::kRefusalEntriesPerMinute;
}

// What a refused submission leaves in the ledger. Its header and signature are evidence only when
// the signature was verified, which is when admission filled the entry in.
Result<v1::Entry> Sequencer::RefusalEntry(Submission& submission,
                                          const ledger::Refusal& refusal) const {
  v1::Entry entry;
  v1::MessageRefused& refused = *entry.mutable_refused();
  refused.set_sender(submission.peer.user);
  refused.set_reason(refusal.reason);
  refused.set_submission_digest(submission.frame_digest.str());
  if (submission.entry.has_accepted()) {
    refused.set_header(std::move(*submission.entry.mutable_accepted()->mutable_header()));
    *refused.mutable_signature() =
        std::move(*submission.entry.mutable_accepted()->mutable_signature());
  }
  if (!refusal.rule.empty()) {
    ASSIGN_OR_RETURN(const auto policy, ledger::ReadPolicyRecord(forming_view_));
    refused.set_rule(refusal.rule);
    refused.set_policy_version(policy ? policy->version() : 0);
  }
  return entry;
}

Result<void> Sequencer::Refuse(Submission submission,
                               const ledger::Refusal& refusal,
                               UnixMillis now) {
  std::optional<LogIndex> index;
  ASSIGN_OR_RETURN(const bool may_log, MayLogRefusal(submission, now));
  if (may_log && !IsPassing(refusal.reason) && !RefusesForRoom(now)) {
    ASSIGN_OR_RETURN(v1::Entry entry, RefusalEntry(submission, refusal));
    Place(entry, now);
    const auto unlogged = unlogged_.find(submission.peer.user);
    if (unlogged != unlogged_.end()) {
      entry.mutable_refused()->set_unlogged_before(unlogged->second);
      reported_forming_[submission.peer.user] += unlogged->second;
      unlogged_.erase(unlogged);
    }
    ASSIGN_OR_RETURN(const auto applied, ledger::Apply(entry, tree_.size(), forming_view_));
    CHECK(applied.has_value());  // MayLogRefusal asked what the fold asks
    index = tree_.size();
    AppendEntry(entry);
  } else if (submission.peer.door == Door::kMain) {
    ++unlogged_[submission.peer.user];
  }
  Answer answer = AnswerTo(submission);
  answer.refusal = refusal;
  answer.index = index;
  forming_->answers.push_back(std::move(answer));
  return {};
}

// Out of disk, one submission at a time is let through to try.
bool Sequencer::RefusesForRoom(UnixMillis now) {
  if (full_since_ms_ == 0) {
    return false;
  }
  if (now < probe_at_ms_ && now >= probe_at_ms_ - limits::kStorageProbeMs) {
    return true;
  }
  probe_at_ms_ = now + limits::kStorageProbeMs;
  return false;
}

Result<std::shared_ptr<const FormedBatch>> Sequencer::Seal() {
  CHECK(!under_way());
  std::unique_ptr<FormedBatch> batch = std::exchange(forming_, std::make_unique<FormedBatch>());
  forming_bytes_ = 0;
  batch->size = tree_.size();
  batch->root = tree_.Root();
  batch->commit.tiles = tree_.TakeChangedTiles();
  batch->commit.view = forming_view_.TakeWrites();
  batch->paths.reserve(batch->commit.entries.size());
  for (LogIndex index = batch->first(); index < batch->size; ++index) {
    ASSIGN_OR_RETURN(std::vector<Digest> path, tree_.InclusionProof(index, store_));
    batch->paths.push_back(std::move(path));
  }
  forming_->commit.first_index = tree_.size();
  under_way_ = std::move(batch);
  reported_under_way_ = std::exchange(reported_forming_, {});
  recent_.Cover(&under_way_->commit.view);
  return under_way_;
}

void Sequencer::Committed() {
  CHECK(under_way());
  recent_.Settle();
  if (!under_way_->commit.entries.empty()) {
    full_since_ms_ = 0;
  }
  under_way_ = nullptr;
  reported_under_way_.clear();
}

Result<std::vector<Answer>> Sequencer::Aborted(UnixMillis now) {
  CHECK(under_way());
  std::vector<Answer> owed = under_way_->answers;
  owed.insert(owed.end(),
              std::make_move_iterator(forming_->answers.begin()),
              std::make_move_iterator(forming_->answers.end()));
  for (Answer& answer : owed) {
    answer.refusal = ledger::MakeRefusal(Reason::STORAGE_FULL);
    answer.index.reset();
    answer.same_as.reset();
  }
  recent_.Drop();
  for (Counts* lost : {&reported_under_way_, &reported_forming_}) {
    for (const auto& [user, count] : *lost) {
      unlogged_[user] += count;
    }
    lost->clear();
  }
  under_way_ = nullptr;
  forming_ = std::make_unique<FormedBatch>();
  forming_bytes_ = 0;
  forming_view_.TakeWrites();
  ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(store_));
  ASSIGN_OR_RETURN(tree_, ledger::Tree::Load(head.size(), store_));
  head_ms_ = head.time_ms();
  directory_head_ = head.directory_head();
  directory_root_ = head.directory_root();
  forming_->commit.first_index = tree_.size();
  full_since_ms_ = now;
  probe_at_ms_ = now + limits::kStorageProbeMs;
  return owed;
}

uint32_t RetryAfterMs(Reason::Code reason) {
  if (reason == Reason::RATE_LIMITED || reason == Reason::WINDOW_EXCEEDED) {
    return 1'000;
  }
  if (reason == Reason::STORAGE_FULL || reason == Reason::MAILBOX_FULL ||
      reason == Reason::SHARE_FULL || reason == Reason::ATTACHMENT_SPACE) {
    return 30'000;
  }
  return 0;
}

}  // namespace rujukan::broker
