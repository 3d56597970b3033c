#include "broker/engine/admission_pool.h"

#include <utility>

#include "base/limits.h"

namespace rujukan::broker {
namespace {

// Taken from the queue at once: enough to share the cost of a lock, few enough that workers share
// the load and a frame does not wait behind many signatures of one worker.
constexpr size_t kFramesAtOnce = 8;

}  // namespace

AdmissionPool::AdmissionPool(Shared& shared,
                             SequencerInbox& sequencer,
                             Courier& courier,
                             Porter& porter)
    : shared_(shared),
      sequencer_(sequencer),
      courier_(courier),
      porter_(porter),
      queue_(limits::kAdmissionQueueMax) {}

bool AdmissionPool::HasRoom() {
  if (!queue_.Full()) {
    return true;
  }
  // Said before looking again: a worker that makes room now either sees this or is seen.
  starved_ = true;
  return !queue_.Full();
}

bool AdmissionPool::Offer(Inbound& inbound) {
  if (!HasRoom()) {
    return false;
  }
  Frame frame;
  frame.ticket = next_ticket_++;
  frame.allowance = shared_.limiter.Take(inbound.peer, ClassOf(inbound.frame), shared_.clock.Now());
  frame.inbound = std::move(inbound);
  queue_.PushOverBound(std::move(frame));  // the only writer has just seen room
  return true;
}

void AdmissionPool::Start(size_t workers) {
  for (size_t i = 0; i < workers; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

void AdmissionPool::Join() {
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void AdmissionPool::Run() {
  Examiner examiner;
  std::vector<Frame> frames;
  while (queue_.PopSome(kFramesAtOnce, frames)) {
    if (starved_.exchange(false)) {
      shared_.outlet.Resume();
    }
    ExamineAll(frames, examiner);
    frames.clear();
  }
}

void AdmissionPool::ExamineAll(std::vector<Frame>& frames, Examiner& examiner) {
  const auto directory = shared_.directory.Get();
  const UnixMillis now = shared_.clock.Now();
  std::vector<Query> queries;
  std::vector<Arrival> arrivals;
  arrivals.reserve(frames.size());
  for (Frame& frame : frames) {
    Examined examined =
        examiner.Examine(std::move(frame.inbound), {*directory, now, frame.allowance});
    Arrival& arrival = arrivals.emplace_back();
    arrival.ticket = frame.ticket;
    if (auto* query = std::get_if<Query>(&examined)) {
      queries.push_back(std::move(*query));
    } else if (auto* chunk = std::get_if<ChunkFrame>(&examined)) {
      porter_.Take(std::move(*chunk));
    } else {
      arrival.submission = std::move(std::get<Submission>(examined));
    }
  }
  // First what others wait for: everything that arrived after a missing ticket stays with the
  // sequencer, so a worker that waits for the courier must not hold one.
  sequencer_.Push(std::move(arrivals));
  for (Query& query : queries) {
    courier_.Ask(std::move(query));
  }
}

}  // namespace rujukan::broker
