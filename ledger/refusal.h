// A refusal: why, and what the sender does about it. Not an Error: refusing is the fold's normal work,
// and most refusals become entries.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "base/result.h"
#include "rujukan/v1/refusal.pb.h"

namespace rujukan::ledger {

struct Refusal {
  v1::RefusalReason::Code reason = v1::RefusalReason::UNSPECIFIED;
  std::string advice;  // one sentence for a person: what is wrong, with the numbers, and what to do
};

// The standing advice for a reason, used where the refuser has nothing more exact to say.
std::string_view AdviceFor(v1::RefusalReason::Code reason);
Refusal MakeRefusal(v1::RefusalReason::Code reason);
Refusal MakeRefusal(v1::RefusalReason::Code reason, std::string advice);

// Three outcomes: applied; refused (tell the sender); Error (kFatal: the view failed, stop).
template <class T>
using Verdict = Result<tl::expected<T, Refusal>>;

}  // namespace rujukan::ledger
