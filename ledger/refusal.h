// A refusal: why, and what the sender does about it. Not an Error: refusing is the fold's normal
// work, and most refusals become entries.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "rujukan/v1/refusal.pb.h"

namespace rujukan::ledger {

struct Refusal {
  v1::RefusalReason::Code reason = v1::RefusalReason::UNSPECIFIED;
  std::string advice;  // one sentence for a person: what is wrong, with the numbers, and what to do
  std::string rule;    // id of the policy's rule that decided; "" when none did
};

// The standing advice for a reason, used where the refuser has nothing more exact to say.
std::string_view AdviceFor(v1::RefusalReason::Code reason);
Refusal MakeRefusal(v1::RefusalReason::Code reason);
Refusal MakeRefusal(v1::RefusalReason::Code reason, std::string advice);

// Three outcomes: applied; refused (tell the sender); Error (kFatal: the view failed, stop).
template <class T>
using Verdict = Result<tl::expected<T, Refusal>>;

// Inside the ledger a refusal travels as an Error whose detail is the reason, so that checks read
// as early returns; ToVerdict turns it back at the border.
tl::unexpected<Error> Refuse(v1::RefusalReason::Code reason);
tl::unexpected<Error> Refuse(v1::RefusalReason::Code reason, std::string advice);
// The advice is told with the rule in front of it.
tl::unexpected<Error> RefuseByRule(v1::RefusalReason::Code reason,
                                   std::string_view rule,
                                   std::string_view advice);
bool IsRefusal(const Error& error);
Refusal RefusalOf(Error error);  // CHECK IsRefusal

template <class T>
Verdict<T> ToVerdict(Result<T> result) {
  if (result) {
    if constexpr (std::is_void_v<T>) {
      return tl::expected<T, Refusal>();
    } else {
      return tl::expected<T, Refusal>(std::move(*result));
    }
  }
  if (!IsRefusal(result.error())) {
    return Fail(std::move(result).error());
  }
  return tl::expected<T, Refusal>(tl::unexpect, RefusalOf(std::move(result).error()));
}

}  // namespace rujukan::ledger
