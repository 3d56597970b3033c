#include "broker/engine/sequencer_inbox.h"

#include <iterator>
#include <utility>

namespace rujukan::broker {

void SequencerInbox::Push(std::vector<Arrival> arrivals) {
  MutexLock lock(mutex_);
  while (arrivals_.size() >= limits::kAdmissionQueueMax && !closed_) {
    room_.Wait(mutex_);
  }
  if (arrivals_.empty()) {
    arrivals_ = std::move(arrivals);
  } else {
    arrivals_.insert(arrivals_.end(),
                     std::make_move_iterator(arrivals.begin()),
                     std::make_move_iterator(arrivals.end()));
  }
  changed_.NotifyOne();
}

void SequencerInbox::PushDuty(v1::Entry entry) {
  MutexLock lock(mutex_);
  duties_.push_back(std::move(entry));
  changed_.NotifyOne();
}

void SequencerInbox::Done(CommitOutcome outcome) {
  MutexLock lock(mutex_);
  outcome_ = outcome;
  changed_.NotifyOne();
}

void SequencerInbox::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
  changed_.NotifyAll();
  room_.NotifyAll();
}

SequencerInbox::Taken SequencerInbox::Wait(bool want_arrivals) {
  MutexLock lock(mutex_);
  while (!closed_ && !outcome_.has_value() &&
         (!want_arrivals || (arrivals_.empty() && duties_.empty()))) {
    changed_.Wait(mutex_);
  }
  Taken taken;
  taken.closed = closed_;
  taken.outcome = std::exchange(outcome_, std::nullopt);
  if (want_arrivals) {
    const bool was_full = arrivals_.size() >= limits::kAdmissionQueueMax;
    taken.arrivals = std::exchange(arrivals_, {});
    taken.duties = std::exchange(duties_, {});
    if (was_full) {
      room_.NotifyAll();
    }
  }
  return taken;
}

}  // namespace rujukan::broker
