// The agent's JSON API, without the HTTP under it: a request in, a reply out.
// docs/guide-integrator.md.
//
//   GET  /healthz                GET /metrics
//   GET  /v1/status
//   GET  /v1/keys                ?after=KEYID&wait=SECONDS
//   POST /v1/keys/rotate
//   GET  /v1/directory           ?service=&region=&type=&category=&age=&sex=&text=&available=1
//   GET  /v1/directory/{address} or /v1/directory/root
//   PUT  /v1/directory/{address} profile and standing, signed and sent as acts
//   GET  /v1/policy/test         ?to=ADDRESS&kind=KIND&emergency=1&classification=SR
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

#include "agents/agency/act_desk.h"
#include "agents/agency/board.h"
#include "agents/agency/compose.h"
#include "agents/agency/gate.h"
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
  ActDesk& acts;
};

class Api {
 public:
  explicit Api(ApiContext context)
      : context_(std::move(context)), gate_(context_.store.directory()) {}
  ApiReply Handle(const ApiRequest& request);

 private:
  ApiReply Route(const ApiRequest& request, const std::vector<std::string>& parts);
  ApiReply RouteGet(const ApiRequest& request, const std::vector<std::string>& parts);
  // Calls `done` after every change until it is true or the wait is over; true when it is.
  bool WaitUntil(int64_t wait_ms, const std::function<bool()>& done) const;
  static int64_t WaitMsOf(const ApiRequest& request);
  ApiReply GetStatus();
  ApiReply GetDirectory(const ApiRequest& request);
  ApiReply GetDirectoryRecord(const std::string& address);
  ApiReply PutDirectory(const ApiRequest& request, const std::string& address);
  Result<Json> KeysJson();
  ApiReply GetKeys(const ApiRequest& request);
  ApiReply PostRotate();
  ApiReply GetMetrics();
  ApiReply GetList(const ApiRequest& request, bool outgoing);
  ApiReply GetMessage(const ApiRequest& request, const std::string& id);
  ApiReply GetLegs();
  ApiReply GetLeg(const std::string& id);
  ApiReply PostMessage(const ApiRequest& request);
  ApiReply PostAction(const ApiRequest& request, const std::string& leg, const std::string& name);
  Result<std::optional<ApiReply>> CheckPolicy(const NewMessage& message);
  Result<std::optional<ApiReply>> CheckDisclosure(const LegId& leg, const v1::Content& content);
  Result<std::optional<ApiReply>> CheckIntent(const Intent& intent);
  ApiReply TestPolicy(const ApiRequest& request);
  void CheckRecipients(const std::vector<std::string>& to, Findings& findings);

  ApiContext context_;
  Gate gate_;
};

// problem+json of an error or of findings.
ApiReply ProblemOf(const Error& error);
ApiReply ProblemOf(int status, const std::string& title, const std::string& detail);
ApiReply ProblemOf(const Findings& findings);
ApiReply ReplyOf(int status, const Json& json);

}  // namespace rujukan::agency
