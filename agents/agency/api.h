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
//   GET  /v1/reads               ?from=N&limit=N&raw=1: the read trail
//   POST /v1/reads/anchor        its root into the ledger, now
//   POST /v1/messages/{id}/disclose   {"kepada": AUDITOR, "alasan"}: its content, opened
//   POST /v1/legs/{id}/erase     {"pesan", "isi": {"dasar", "alasan"}, "isi_sendiri"}
//   POST /v1/legs/{id}/hold      {"alasan"}; unhold
//   GET  /v1/erasures            POST /v1/erasures/{id}/carry-out or object
//   POST /v1/legs/{id}/{action}  ack accept decline ask answer details contact progress finish
//   close
//                                object cancel
//
// Content is handed out only by GET of a message or a leg, and by disclose, each after it is
// durably logged who got it (read_log.h). ?isi=0 leaves it out, and nothing is logged.
//
// Errors are application/problem+json (RFC 9457) with a list of fields, and say what to do. Thread:
// any number at once; a request with `wait` blocks its thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agents/agency/act_desk.h"
#include "agents/agency/board.h"
#include "agents/agency/compose.h"
#include "agents/agency/gate.h"
#include "agents/agency/home.h"
#include "agents/agency/identity.h"
#include "agents/agency/json.h"
#include "agents/agency/read_log.h"
#include "agents/agency/store.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

struct ApiRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  std::string body;
  // For the read trail: what the caller calls its user (header Rujukan-Pembaca), and on the unix
  // socket the operating system's word for who called.
  std::string reader{};
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
  std::function<void()> anchor = [] {};  // the read trail's root shall go into the ledger
  std::function<void()> review = [] {};  // erasures and holds may have something to do
  // Keys that open what was sealed to us; null: not known in the directory yet.
  std::function<std::shared_ptr<const Identity>()> identity = [] { return nullptr; };
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
  ApiReply GetLeg(const ApiRequest& request, const std::string& id);
  ApiReply PostMessage(const ApiRequest& request);
  ApiReply PostAction(const ApiRequest& request, const std::string& leg, const std::string& name);
  Result<std::optional<ApiReply>> CheckPolicy(const NewMessage& message);
  Result<std::optional<ApiReply>> CheckDisclosure(const LegId& leg, const v1::Content& content);
  Result<std::optional<ApiReply>> CheckIntent(const Intent& intent);
  ApiReply TestPolicy(const ApiRequest& request);
  // Reads, and logs the reading of what has content, in one transaction. kUnavailable: it could not
  // be logged, so nothing is shown.
  template <class Work>
  Result<Json> HandOut(const ApiRequest& request, const Work& work);
  // Tells of one message; notes in `seen` what is shown of it.
  Result<Json> TellMessage(Tables& tables,
                           const MessageId& id,
                           const ApiRequest& request,
                           std::vector<Reading>& seen) const;
  ApiReply GetReads(const ApiRequest& request);
  ApiReply PostAnchor();
  ApiReply PostDisclose(const ApiRequest& request, const std::string& id);
  Result<std::string> OpenFor(const MessageRow& row,
                              const std::string& to,
                              const std::string& reason);
  ApiReply PostErase(const ApiRequest& request, const std::string& leg);
  ApiReply GetErasures();
  ApiReply PostErasureDecision(const ApiRequest& request,
                               const std::string& id,
                               const std::string& decision);
  Result<void> CarryOutUnlessHeld(const MessageId& id, const std::string& reader);
  ApiReply PostHold(const ApiRequest& request, const std::string& leg, bool hold);
  ApiReply PostToLeg(const ApiRequest& request, const std::vector<std::string>& parts);
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
