// Result<T>: errors are values. Every fallible function of the project returns one; exceptions of
// third-party code stop at the adapter that calls it.
//
// Thread: value type, no sharing. See docs/architecture.md, "Errors".
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace rujukan {

// Each code asks the caller for a different action.
enum class Errc {
  kInvalid,      // the input is malformed: tell whoever sent it what to change; do not retry
  kLimit,        // the input or the queue is over a limit of base/limits.h: make it smaller or wait
  kNotFound,     // the thing named does not exist here
  kDenied,       // the caller may not do this: key unknown, revoked, signature bad, file too open
  kConflict,     // legal in itself, but not in the present state (illegal transition, id reused)
  kExpired,      // it was valid once; make a new one
  kUnavailable,  // transient: retry with backoff
  kCorrupt,      // stored or received evidence contradicts itself: report, do not use
  kFatal,        // durable state unknown (failed sync): stop the process, restart recovers
};

std::string_view ErrcName(Errc code);

struct Error {
  Errc code = Errc::kFatal;
  std::string context;  // one sentence for a person, with the next step; never content or secrets
  int detail = 0;       // a room's own finer reason (ledger: v1::RefusalReason), 0: none

  // "invalid: header is 8193 bytes; the limit is 8192"
  std::string ToString() const;
};

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using Base = tl::expected<T, Error>;
  using Base::Base;
};

// `return Fail(Errc::kInvalid, "...")` from any function that returns a Result.
inline tl::unexpected<Error> Fail(Errc code, std::string context) {
  return tl::unexpected<Error>(Error{code, std::move(context), /*detail=*/0});
}
inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace rujukan

#define RUJUKAN_CONCAT_(a, b) a##b
#define RUJUKAN_CONCAT(a, b) RUJUKAN_CONCAT_(a, b)

// Early return with the error of `expr`.
#define RETURN_IF_ERROR(expr)                                     \
  do {                                                            \
    if (auto status_ = (expr); !status_) {                        \
      return ::tl::unexpected<::rujukan::Error>(status_.error()); \
    }                                                             \
  } while (false)

// ASSIGN_OR_RETURN(auto x, F()): declares or assigns the value, or returns the error.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_(RUJUKAN_CONCAT(result_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_(tmp, lhs, expr)                              \
  auto tmp = (expr);                                                   \
  if (!tmp) {                                                          \
    return ::tl::unexpected<::rujukan::Error>(std::move(tmp).error()); \
  }                                                                    \
  lhs = std::move(*tmp)
