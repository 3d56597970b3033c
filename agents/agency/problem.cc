#include "agents/agency/problem.h"

#include <algorithm>
#include <array>

#include "agents/agency/api.h"
#include "agents/agency/compose.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

// The first of a status is the one for errors that say no more than their status.
constexpr auto kTypes = std::to_array<ProblemType>({
    {"bad-request", 400, "permintaan tidak terbaca / the request cannot be read"},
    {"unauthorized", 401, "token tidak benar / not the right token"},
    {"denied", 403, "tidak diizinkan / not allowed"},
    {"not-found", 404, "tidak ada di sini / no such thing here"},
    {"method-not-allowed", 405, "metode ini tidak untuk alamat ini / not a method of this path"},
    {"conflict", 409, "bertentangan dengan keadaan sekarang / in conflict with the present state"},
    {"idempotency-key-reused",
     409,
     "kunci idempoten dipakai untuk isi lain / the idempotency key was used for another request"},
    {"idempotency-in-progress",
     409,
     "permintaan dengan kunci ini masih dikerjakan / a request with this key is under way"},
    {"gone", 410, "sudah lewat / it is over"},
    {"cursor-expired", 410, "kursor ini tidak berlaku lagi / this cursor is no longer good"},
    {"length-required", 411, "ukuran berkas belum disebut / the size is to be said first"},
    {"too-large", 413, "terlalu besar / too large"},
    {"range-not-satisfiable", 416, "berkasnya lebih pendek / the file is shorter"},
    {"misdirected", 421, "nama tujuan salah / misdirected request"},
    {"invalid", 422, "isi belum benar / the content is not right yet"},
    {"policy", 422, "tidak sesuai kebijakan / not within the policy"},
    {"too-many", 429, "terlalu banyak sekaligus / too many at once"},
    {"internal", 500, "kesalahan agen / an error of the agent"},
    {"unavailable", 503, "belum dapat dilayani / cannot be served now"},
});

int StatusOf(Errc code) {
  switch (code) {
    case Errc::kInvalid:
      return 422;
    case Errc::kLimit:
      return 413;
    case Errc::kNotFound:
      return 404;
    case Errc::kDenied:
      return 403;
    case Errc::kConflict:
      return 409;
    case Errc::kExpired:
      return 410;
    case Errc::kUnavailable:
      return 503;
    case Errc::kCorrupt:
    case Errc::kFatal:
      return 500;
  }
  return 500;
}

const ProblemType& TypeOf(int status) {
  const auto* const found =
      std::find_if(kTypes.begin(), kTypes.end(), [status](const ProblemType& type) {
        return type.status == status;
      });
  return found == kTypes.end() ? TypeOf(500) : *found;
}

ApiReply Problem(const ProblemType& type, std::string_view title, const std::string& detail) {
  ApiReply reply = ReplyOf(type.status,
                           {{"type", std::string(kProblemPrefix) + std::string(type.name)},
                            {"title", title},
                            {"status", type.status},
                            {"detail", detail}});
  reply.content_type = "application/problem+json";
  return reply;
}

// "alasan: wajib diisi / required" and every finding one by one.
template <class Place>
ApiReply ProblemWith(const Findings& findings, const Place& place) {
  Json errors = Json::array();
  for (const auto& finding : findings) {
    Json one = place(finding.field);
    one["field"] = finding.field;
    one["detail"] = finding.message;
    errors.push_back(std::move(one));
  }
  const ProblemType& type = TypeOf(422);
  Json json = {{"type", std::string(kProblemPrefix) + std::string(type.name)},
               {"title", type.title},
               {"status", type.status},
               {"detail", findings.front().field + ": " + findings.front().message},
               {"errors", std::move(errors)}};
  ApiReply reply = ReplyOf(type.status, json);
  reply.content_type = "application/problem+json";
  return reply;
}

}  // namespace

std::span<const ProblemType> ProblemTypes() {
  return kTypes;
}

ApiReply ReplyOf(int status, const Json& json) {
  ApiReply reply;
  reply.status = status;
  reply.body = json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  return reply;
}

ApiReply ProblemOf(const Error& error) {
  if (error.code == Errc::kConflict && error.context == KeyReusedText()) {
    return ProblemNamed("idempotency-key-reused", error.context);
  }
  const ProblemType& type = TypeOf(StatusOf(error.code));
  return Problem(type, type.title, error.context);
}

ApiReply ProblemNamed(std::string_view name, const std::string& detail) {
  const auto* const type = std::find_if(
      kTypes.begin(), kTypes.end(), [name](const ProblemType& one) { return one.name == name; });
  CHECK(type != kTypes.end());
  return Problem(*type, type->title, detail);
}

ApiReply ProblemOf(int status, const std::string& title, const std::string& detail) {
  return Problem(TypeOf(status), title, detail);
}

std::string PointerOf(std::string_view field) {
  std::string pointer = "#";
  bool fresh = true;  // a new step begins
  for (const char c : field) {
    if (c == '.' || c == '[') {
      fresh = true;
    } else if (c != ']') {
      pointer += fresh ? "/" : "";
      fresh = false;
      pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
  }
  return pointer;
}

ApiReply ProblemOf(const Findings& findings) {
  return ProblemWith(findings, [](const std::string& field) {
    return Json{{"pointer", PointerOf(field)}};
  });
}

ApiReply ProblemOfQuery(const Findings& findings) {
  return ProblemWith(findings, [](const std::string& field) { return Json{{"parameter", field}}; });
}

}  // namespace rujukan::agency
