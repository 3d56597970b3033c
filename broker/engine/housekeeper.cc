#include "broker/engine/housekeeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/records.h"

namespace rujukan::broker {
namespace {

// The clock may be set while we wait, so it is looked at this often.
constexpr std::chrono::milliseconds kLookEvery{1'000};

class StateChore : public Chore {
 public:
  StateChore(const Store& store, Recorder recorder, int64_t every_ms)
      : store_(store), recorder_(std::move(recorder)), every_ms_(every_ms) {}

  std::string_view name() const override { return "state"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>&) override {
    ASSIGN_OR_RETURN(const v1::DutyRecord duties, ledger::ReadDuties(store_));
    if (first_run_ms_ == 0) {
      first_run_ms_ = now;
    }
    const UnixMillis last = duties.state_time_ms() != 0 ? duties.state_time_ms() : first_run_ms_;
    if (now < last + every_ms_) {
      return last + every_ms_;
    }
    v1::Entry entry;
    entry.mutable_state();  // the sequencer fills in what the state has come to
    recorder_(std::move(entry));
    return now + every_ms_;
  }

 private:
  const Store& store_;
  const Recorder recorder_;
  const int64_t every_ms_;
  UnixMillis first_run_ms_ = 0;  // a new ledger begins its first hour when the broker starts
};

}  // namespace

void Housekeeper::Add(std::unique_ptr<Chore> chore) {
  chores_.push_back({std::move(chore), 0});
}

void Housekeeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Housekeeper::Wake() {
  MutexLock lock(mutex_);
  woken_ = true;
  changed_.NotifyOne();
}

void Housekeeper::Close() {
  stopping_ = true;
  Wake();
}

void Housekeeper::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Housekeeper::Run() {
  while (!stopping_) {
    const bool woken = WaitForTurn();
    for (Planned& planned : chores_) {
      if (!stopping_ && (woken || planned.next_ms <= shared_.clock.Now())) {
        RunDue(planned);
      }
    }
  }
}

bool Housekeeper::WaitForTurn() {
  MutexLock lock(mutex_);
  if (!woken_) {
    changed_.WaitFor(mutex_, kLookEvery);
  }
  return std::exchange(woken_, false);
}

void Housekeeper::RunDue(Planned& planned) {
  const UnixMillis now = shared_.clock.Now();
  const Result<UnixMillis> next = planned.chore->Run(now, stopping_);
  if (next) {
    planned.next_ms = *next;
    return;
  }
  if (next.error().code == Errc::kFatal) {
    shared_.Fail(next.error());
    return;
  }
  spdlog::warn("{}: {}", planned.chore->name(), next.error().ToString());
  planned.next_ms = now + kRetryMs;
}

std::unique_ptr<Chore> MakeStateChore(const Store& store, Recorder recorder, int64_t every_ms) {
  return std::make_unique<StateChore>(store, std::move(recorder), every_ms);
}

}  // namespace rujukan::broker
