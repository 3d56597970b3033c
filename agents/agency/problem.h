// Errors as application/problem+json (RFC 9457). `type` is a stable URN that programs may switch
// on; `title` is fixed for a type; `detail` says what to do; `errors` names each field. All texts
// are Indonesian first, then English. Pure.
//
// A finding's place is told twice: `field` as the form says it ("isi.rujukan.t1.kategori[0]") and
// `pointer` as a JSON Pointer fragment into the body (RFC 6901: "#/isi/rujukan/t1/kategori/0"), or
// `parameter` when it is in the query.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agents/agency/json.h"
#include "agents/agency/validate.h"
#include "base/result.h"

namespace rujukan::agency {

struct ApiReply;

struct ProblemType {
  std::string_view name;  // the last part of urn:rujukan:problem:NAME
  int status;
  std::string_view title;
};
// Every type there is. docs/guide-integrator.md and the OpenAPI document list the same.
std::span<const ProblemType> ProblemTypes();

inline constexpr std::string_view kProblemPrefix = "urn:rujukan:problem:";

ApiReply ProblemOf(const Error& error);
// `name` is one of ProblemTypes (CHECK).
ApiReply ProblemNamed(std::string_view name, const std::string& detail);
// The type that goes with `status`; `title` in the place of its own.
ApiReply ProblemOf(int status, const std::string& title, const std::string& detail);
ApiReply ProblemOf(const Findings& findings);       // fields of the body
ApiReply ProblemOfQuery(const Findings& findings);  // parameters of the query
ApiReply ReplyOf(int status, const Json& json);

// "isi.jawaban[2].kode" -> "#/isi/jawaban/2/kode"
std::string PointerOf(std::string_view field);

}  // namespace rujukan::agency
