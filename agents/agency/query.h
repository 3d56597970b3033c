// Parameters of a request's query as typed values. What is malformed becomes a finding that names
// the parameter; the value is then the default. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agents/agency/event.h"
#include "agents/agency/validate.h"
#include "base/clock.h"

namespace rujukan::agency {

struct ApiRequest;

class Query {
 public:
  Query(const ApiRequest& request, Findings& findings) : request_(request), findings_(findings) {}

  bool Has(const char* name) const;
  std::string Text(const char* name) const;  // "" when absent
  // From 1 to `max`; more is `max`.
  size_t Number(const char* name, size_t max, size_t otherwise);
  // The cursor of an earlier answer.
  std::optional<int64_t> Cursor(const char* name);
  std::optional<int64_t> CursorOf(const char* name, const std::string& text);
  // A time of RFC 3339, or a date (its first moment in WIB).
  std::optional<UnixMillis> Time(const char* name);
  EventFilter Events(const char* name);
  // One of a code list, by its name.
  template <class Code>
  std::optional<Code> CodeOf(const char* name, bool (*parse)(const std::string& text, Code* code)) {
    Code code{};
    if (!Has(name)) {
      return std::nullopt;
    }
    if (!parse(Text(name), &code) || static_cast<int>(code) == 0) {
      Refuse(name, "bukan kode yang dikenal / not a code that is known: GET /v1/schemas");
      return std::nullopt;
    }
    return code;
  }
  void Refuse(const char* name, const std::string& message);

 private:
  const ApiRequest& request_;
  Findings& findings_;
};

}  // namespace rujukan::agency
