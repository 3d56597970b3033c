// The agent's JSON API, without the HTTP under it: a request in, a reply out.
// docs/guide-integrator.md.
//
//   GET  /healthz
//   GET  /v1/status              GET /v1/directory
//   POST /v1/messages            a referral or a notification; repeatable by "kunci_idempoten"
//   GET  /v1/messages/{id}       ?until=receipted|delivered&wait=SECONDS
//   GET  /v1/inbox, /v1/outbox   ?after=CURSOR&limit=N&wait=SECONDS
//   GET  /v1/legs, /v1/legs/{id}
//   POST /v1/legs/{id}/{action}  ack accept decline ask answer details contact progress finish
//   close
//                                object cancel
//
// Errors are application/problem+json (RFC 9457) with a list of fields, and say what to do. Thread:
// any number at once; a request with `wait` blocks its thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agents/agency/board.h"
#include "agents/agency/home.h"
#include "agents/agency/json.h"
#include "agents/agency/store.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

struct ApiRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  std::string body;
};

struct ApiReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};

inline constexpr size_t kApiBodyBytesMax = 300 * 1024;  // content at its limit, in JSON clothes
inline constexpr int64_t kApiWaitMsMax = 60'000;
inline constexpr size_t kApiListMax = 200;

struct ApiContext {
  Store& store;
  Board& board;
  const Config& config;
  const Clock& clock;
  ledger::NoteVerifier log;
  std::function<void()> wake;               // the link has something to send
  std::function<void()> refresh_directory;  // an address is not known
  std::function<void()> rotate;             // new keys are wanted
};

class Api {
 public:
  explicit Api(ApiContext context) : context_(std::move(context)) {}
  ApiReply Handle(const ApiRequest& request);

 private:
  ApiReply Route(const ApiRequest& request, const std::vector<std::string>& parts);
  ApiReply GetStatus();
  ApiReply GetDirectory();
  ApiReply GetList(const ApiRequest& request, bool outgoing);
  ApiReply GetMessage(const ApiRequest& request, const std::string& id);
  ApiReply GetLegs();
  ApiReply GetLeg(const std::string& id);
  ApiReply PostMessage(const ApiRequest& request);
  ApiReply PostAction(const ApiRequest& request, const std::string& leg, const std::string& name);
  void CheckRecipients(const std::vector<std::string>& to, Findings& findings);

  ApiContext context_;
};

// problem+json of an error or of findings.
ApiReply ProblemOf(const Error& error);
ApiReply ProblemOf(int status, const std::string& title, const std::string& detail);
ApiReply ProblemOf(const Findings& findings);
ApiReply ReplyOf(int status, const Json& json);

}  // namespace rujukan::agency
