#include "broker/engine/answer_desk.h"

#include "base/check.h"
#include "broker/core/answers.h"
#include "broker/core/receipts.h"

namespace rujukan::broker {
namespace {

Result<std::string> FrameOf(const Answer& answer, const CommittedBatch& batch, const Store& store) {
  if (!answer.index.has_value()) {
    CHECK(answer.refusal.has_value());
    return RefusedFrame(answer, *answer.refusal, "", "");
  }
  if (batch.formed->Holds(*answer.index)) {
    const size_t place = *answer.index - batch.formed->first();
    return FrameFor(answer, batch.formed->commit.entries[place], batch.receipts[place]);
  }
  const auto proven = ReadProven(store, *answer.index);
  if (!proven && proven.error().code == Errc::kNotFound) {
    return RefusedFrame(answer, ledger::MakeRefusal(v1::RefusalReason::ARCHIVED), "", "");
  }
  RETURN_IF_ERROR(proven);
  return FrameFor(answer, proven->entry, proven->receipt);
}

void Count(const Answer& answer, Metrics& metrics) {
  if (answer.refusal.has_value()) {
    metrics.Refused(answer.refusal->reason);
  } else {
    metrics.Accepted(answer.kind);
  }
}

}  // namespace

Result<void> HandOutAnswers(const CommittedBatch& batch, Shared& shared) {
  // Before sending: who has its answer in hand may send its next message at once.
  shared.limiter.Answered(batch.formed->answers);
  for (const Answer& answer : batch.formed->answers) {
    ASSIGN_OR_RETURN(std::string frame, FrameOf(answer, batch, shared.store));
    Count(answer, shared.metrics);
    shared.outlet.Send(answer.peer, std::move(frame));
  }
  return {};
}

void HandOutRefusals(const std::vector<Answer>& answers, Shared& shared) {
  shared.limiter.Answered(answers);
  for (const Answer& answer : answers) {
    Count(answer, shared.metrics);
    shared.outlet.Send(answer.peer, RefusedFrame(answer, *answer.refusal, "", ""));
  }
}

}  // namespace rujukan::broker
