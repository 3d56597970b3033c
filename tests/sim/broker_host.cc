#include "tests/sim/broker_host.h"

#include <algorithm>

#include "broker/core/receipts.h"
#include "broker/engine/answer_desk.h"
#include "broker/engine/engine.h"
#include "certs/merkle.h"
#include "tests/sim/broker_process.h"

namespace rujukan::sim {
namespace {

constexpr size_t kWorkers = 2;

}  // namespace

BrokerHost::BrokerHost(const broker::MemoryStore& store,
                       const ledger::NoteSigner& signer,
                       const Clock& clock,
                       broker::Outlet& outlet,
                       Random& random,
                       Break broken)
    : store_(store),
      signer_(signer),
      clock_(clock),
      outlet_(outlet),
      random_(random),
      break_(broken) {}

BrokerHost::~BrokerHost() = default;

Result<void> BrokerHost::Start() {
  // Engine::Open is the recovery of the real broker. The engine itself, with its threads, is not
  // started: what it left in the store is enough to go on from.
  RETURN_IF_ERROR(broker::Engine::Open(store_, signer_, clock_, outlet_, {}));
  ASSIGN_OR_RETURN(const broker::Epoch epoch, store_.Fence());
  ASSIGN_OR_RETURN(auto sequencer, broker::Sequencer::Recover(store_));
  ASSIGN_OR_RETURN(auto newest, store_.LatestCheckpoint());
  ASSIGN_OR_RETURN(auto directory, broker::DirectorySnapshot::Load(store_));
  process_ =
      std::make_unique<Process>(store_, clock_, outlet_, broker::CheckpointDesk{signer_, epoch});
  process_->sequencer = std::move(sequencer);
  process_->size = newest->size;
  process_->ticked_ms = clock_.Now();
  process_->shared.directory.Set(std::move(directory));
  process_->shared.newest.Set(
      std::make_shared<const broker::Journal::KeptCheckpoint>(std::move(*newest)));
  return {};
}

void BrokerHost::Crash(bool power_cut) {
  process_.reset();
  fault_ = AppendFault::kNone;
  if (power_cut) {
    store_.Crash();
  }
  if (break_ == Break::kLoseAck && !last_.entries.empty()) {
    store_ = before_last_;
    last_ = {};
  }
  if (break_ == Break::kFork && !last_.entries.empty()) {
    store_ = before_last_;
    const auto epoch = store_.Fence();
    CHECK(store_.Append(*epoch, AnotherHistory(std::move(last_))).has_value());
    last_ = {};
  }
}

// The same batch with its last entry a millisecond later: a fork of the same size.
broker::CommitBatch BrokerHost::AnotherHistory(broker::CommitBatch batch) const {
  v1::Entry entry;
  CHECK(entry.ParseFromString(batch.entries.back()));
  entry.set_time_ms(entry.time_ms() + 1);
  batch.entries.back() = entry.SerializeAsString();
  auto tree = ledger::Tree::Load(batch.first_index, store_);
  CHECK(tree.has_value());
  for (const std::string& bytes : batch.entries) {
    tree->Append(certs::LeafHash(bytes));
  }
  batch.tiles = tree->TakeChangedTiles();
  return batch;
}

void BrokerHost::Offer(broker::Inbound inbound) {
  Frame frame;
  frame.ticket = process_->next_ticket++;
  frame.allowance =
      process_->shared.limiter.Take(inbound.peer, broker::ClassOf(inbound.frame), clock_.Now());
  frame.inbound = std::move(inbound);
  process_->admission.push_back(std::move(frame));
}

// As in the engine, past the frames of that connection that still wait for admission.
void BrokerHost::Gone(const broker::Peer& peer) {
  process_->work.emplace_back(peer);
}

Result<void> BrokerHost::Record(v1::Entry entry) {
  Process& p = *process_;
  ASSIGN_OR_RETURN([[maybe_unused]] const auto verdict,
                   p.sequencer->TakeDuty(std::move(entry), clock_.Now()));
  p.arrived = true;
  return {};
}

bool BrokerHost::Admits(const TransportKey& key) const {
  return process_->shared.directory.Get()->AddressOf(key).has_value();
}

std::vector<BrokerHost::Step> BrokerHost::Enabled() const {
  std::vector<Step> steps;
  if (!running()) {
    return steps;
  }
  const Process& p = *process_;
  if (!p.admission.empty()) {
    steps.push_back(Step::kExamine);
  }
  if (p.arrived || p.outcome.has_value()) {
    steps.push_back(Step::kSequence);
  }
  if (p.committing != nullptr) {
    steps.push_back(p.stage);
  }
  if (!p.work.empty() || p.more_due || NextEvent() <= clock_.Now()) {
    steps.push_back(Step::kCourier);
  }
  return steps;
}

UnixMillis BrokerHost::NextEvent() const {
  if (!running() || process_->tracker.under_way() == 0) {
    return INT64_MAX;
  }
  return process_->ticked_ms + 1000;
}

Result<void> BrokerHost::Do(Step step) {
  switch (step) {
    case Step::kExamine:
      return Examine();
    case Step::kSequence:
      return Sequence();
    case Step::kPersist:
      return Persist();
    case Step::kAdvance:
      return Advance();
    case Step::kSign:
      return Sign();
    case Step::kAnswer:
      return Answer();
    case Step::kCarry:
      return Carry();
    case Step::kCourier:
      return Courier();
  }
  return {};
}

Result<void> BrokerHost::Examine() {
  Process& p = *process_;
  const size_t worker = random_.Below(std::min(kWorkers, p.admission.size()));
  const auto taken = p.admission.begin() + static_cast<std::ptrdiff_t>(worker);
  Frame frame = std::move(*taken);
  p.admission.erase(taken);
  const auto directory = p.shared.directory.Get();
  broker::Examined examined =
      p.examiner.Examine(std::move(frame.inbound), {*directory, clock_.Now(), frame.allowance});
  p.arrived = true;
  if (auto* query = std::get_if<broker::Query>(&examined)) {
    p.work.emplace_back(std::move(*query));
    p.order.Put(frame.ticket, std::nullopt);
  } else {
    p.order.Put(frame.ticket, std::move(std::get<broker::Submission>(examined)));
  }
  return {};
}

Result<void> BrokerHost::Sequence() {
  Process& p = *process_;
  p.arrived = false;
  if (p.outcome == broker::CommitOutcome::kDurable) {
    p.sequencer->Committed();
  } else if (p.outcome.has_value()) {
    ASSIGN_OR_RETURN(const std::vector<broker::Answer> owed, p.sequencer->Aborted(clock_.Now()));
    broker::HandOutRefusals(owed, p.shared);
  }
  p.outcome.reset();
  RETURN_IF_ERROR(TakeInOrder());
  if (!p.sequencer->Empty() && !p.sequencer->under_way()) {
    ASSIGN_OR_RETURN(auto batch, p.sequencer->Seal());
    p.committing = std::make_shared<broker::CommittedBatch>();
    p.committing->formed = std::move(batch);
    p.stage = p.committing->formed->commit.entries.empty() ? Step::kAnswer : Step::kPersist;
    p.answered = false;
    RETURN_IF_ERROR(TakeInOrder());
  }
  return {};
}

Result<void> BrokerHost::TakeInOrder() {
  while (!process_->sequencer->Full()) {
    std::optional<broker::Submission> submission = process_->order.Take();
    if (!submission.has_value()) {
      break;
    }
    RETURN_IF_ERROR(process_->sequencer->Take(std::move(*submission), clock_.Now()));
  }
  return {};
}

Result<void> BrokerHost::Persist() {
  Process& p = *process_;
  const broker::CommitBatch& batch = p.committing->formed->commit;
  if (break_ == Break::kReorder && !p.answered) {
    ASSIGN_OR_RETURN(
        auto kept,
        p.desk.SignAndKeep(p.committing->formed->size, p.committing->formed->root, store_));
    p.committing->receipts = broker::ReceiptsOf(*p.committing->formed, kept.note);
    p.answered = true;
    return broker::HandOutAnswers(*p.committing, p.shared);
  }
  const AppendFault fault = std::exchange(fault_, AppendFault::kNone);
  if (fault == AppendFault::kFailsUnwritten) {
    return Fail(Errc::kFatal, "sync failed, nothing written (injected)");
  }
  if (break_ == Break::kLoseAck || break_ == Break::kFork) {
    before_last_ = store_;
    last_ = batch;
  }
  if (const auto appended = store_.Append(p.desk.epoch, batch); !appended) {
    if (appended.error().code != Errc::kUnavailable) {
      return Fail(appended.error());
    }
    p.committing = nullptr;
    p.outcome = broker::CommitOutcome::kNoRoom;
    return {};
  }
  if (fault == AppendFault::kFailsWritten) {
    return Fail(Errc::kFatal, "sync failed, but everything was written (injected)");
  }
  p.stage = Step::kAdvance;
  return {};
}

Result<void> BrokerHost::Advance() {
  Process& p = *process_;
  const broker::FormedBatch& batch = *p.committing->formed;
  p.stage = Step::kSign;
  if (!batch.directory_changed) {
    return {};
  }
  ASSIGN_OR_RETURN(auto directory, p.shared.directory.Get()->With(batch.commit.view));
  if (directory != nullptr) {
    p.shared.directory.Set(std::move(directory));
  }
  for (const std::string& address : batch.cut) {
    outlet_.Cut(address);
  }
  return {};
}

Result<void> BrokerHost::Sign() {
  Process& p = *process_;
  const broker::FormedBatch& batch = *p.committing->formed;
  ASSIGN_OR_RETURN(auto kept, p.desk.SignAndKeep(batch.size, batch.root, store_));
  p.committing->checkpoint = kept.note;
  p.committing->receipts = broker::ReceiptsOf(batch, kept.note);
  p.shared.newest.Set(std::make_shared<const broker::Journal::KeptCheckpoint>(std::move(kept)));
  p.stage = Step::kAnswer;
  return {};
}

Result<void> BrokerHost::Answer() {
  Process& p = *process_;
  if (!p.answered) {
    RETURN_IF_ERROR(broker::HandOutAnswers(*p.committing, p.shared));
  }
  p.stage = Step::kCarry;
  return {};
}

Result<void> BrokerHost::Carry() {
  Process& p = *process_;
  if (!p.committing->formed->commit.entries.empty()) {
    p.work.emplace_back(std::shared_ptr<const broker::CommittedBatch>(std::move(p.committing)));
  }
  p.committing = nullptr;
  p.outcome = broker::CommitOutcome::kDurable;
  return {};
}

}  // namespace rujukan::sim
