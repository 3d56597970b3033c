// Errors as application/problem+json.
#include "agents/agency/api.h"

namespace rujukan::agency {
namespace {

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

ApiReply Problem(int status, const std::string& title, const std::string& detail, Json errors) {
  Json json = {{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}};
  if (!errors.empty()) {
    json["errors"] = std::move(errors);
  }
  ApiReply reply = ReplyOf(status, json);
  reply.content_type = "application/problem+json";
  return reply;
}

}  // namespace

ApiReply ReplyOf(int status, const Json& json) {
  return ApiReply{
      status, "application/json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
}

ApiReply ProblemOf(const Error& error) {
  return Problem(StatusOf(error.code), std::string(ErrcName(error.code)), error.context, {});
}

ApiReply ProblemOf(int status, const std::string& title, const std::string& detail) {
  return Problem(status, title, detail, {});
}

ApiReply ProblemOf(const Findings& findings) {
  Json errors = Json::array();
  for (const auto& finding : findings) {
    errors.push_back({{"field", finding.field}, {"message", finding.message}});
  }
  return Problem(422,
                 "isi belum benar / the content is not right yet",
                 findings.front().field + ": " + findings.front().message,
                 std::move(errors));
}

}  // namespace rujukan::agency
