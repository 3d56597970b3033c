// The agent's JSON API, without the HTTP under it: a request in, a reply out.
// docs/guide-integrator.md.
// Which operations there are: routes.h.
//
// Content is handed out only by GET of a message or a leg, and by disclose, each after it is
// durably logged who got it (read_log.h). ?isi=0 leaves it out, and nothing is logged.
//
// Errors: problem.h. Thread: any number at once; a request with `wait` blocks its thread.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/agency/act_desk.h"
#include "agents/agency/board.h"
#include "agents/agency/compose.h"
#include "agents/agency/fhir.h"
#include "agents/agency/gate.h"
#include "agents/agency/home.h"
#include "agents/agency/identity.h"
#include "agents/agency/import_progress.h"
#include "agents/agency/json.h"
#include "agents/agency/notify.h"
#include "agents/agency/problem.h"
#include "agents/agency/read_log.h"
#include "agents/agency/routes.h"
#include "agents/agency/spool.h"
#include "agents/agency/store.h"
#include "agents/agency/suppress.h"
#include "agents/agency/transfers.h"
#include "agents/agency/under_way.h"
#include "agents/agency/validate.h"
#include "ledger/clocks.h"

namespace rujukan::agency {

struct ApiRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> query;
  std::string body;
  // For the read trail: what the caller calls its user (header Rujukan-Pembaca), and on the unix
  // socket the operating system's word for who called.
  std::string reader{};
  // Of the headers, those that mean something here (kApiHeaders), by their names in small letters.
  std::map<std::string, std::string> headers{};
  // The body of an operation that takes more than kApiBodyBytesMax (TakesUpload); `body` is empty.
  std::shared_ptr<Spool> upload{};
};

inline constexpr std::array<const char*, 6> kApiHeaders = {
    "idempotency-key", "last-event-id", "content-type", "content-length", "range", "rujukan-isi"};

struct ApiReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
  // A body without an end, after `body`: the next part of it, waited for; nullopt ends it. Called
  // on the connection's thread; destroyed when the listener is gone.
  std::function<std::optional<std::string>()> stream{};
  std::optional<uint64_t> stream_bytes{};  // how long it is, when that is known
};

// A body that is worked on while it comes in, for what is too large to be held. One thread.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // False: it is refused, and Finish has the answer; no more need come.
  virtual bool Take(std::string_view bytes) = 0;
  virtual ApiReply Finish() = 0;
};

inline constexpr size_t kApiBodyBytesMax = 300 * 1024;  // content at its limit, in JSON clothes
// POST /v1/import: its body is kept out of memory, and may have limits::kImportBytesMax.
bool TakesUpload(const std::string& method, const std::string& path);
// ?check=1 of a message or a step: everything is done and undone; the answer is as it would be.
bool CheckOnly(const ApiRequest& request);
// How the line begins that ends an export which could not be finished.
inline constexpr const char* kExportBrokenOff = "EKSPOR TERPUTUS / EXPORT BROKEN OFF: ";

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
  const ChunkSpool* spool = nullptr;  // null: attachments are neither taken nor given
  const TransferProgress* progress = nullptr;
  std::function<void()> carry = [] {};  // there is something to upload
  // How the targets of notices do.
  std::function<std::vector<NotifyStatus>()> notices = [] { return std::vector<NotifyStatus>(); };
};

class Api {
 public:
  explicit Api(ApiContext context)
      : context_(std::move(context)), gate_(context_.store.directory()) {}
  ApiReply Handle(const ApiRequest& request);
  // For a request whose body is taken while it comes in; null: it is collected and Handled.
  std::unique_ptr<BodySink> Begin(const ApiRequest& request);

 private:
  friend struct ApiRoutes;  // routes.cc
  // Idempotency-Key: api_once.cc
  ApiReply AnswerOnce(const RouteMatch& match, const ApiRequest& request);
  ApiReply AnswerByMessage(const RouteMatch& match,
                           const ApiRequest& request,
                           const std::string& key);
  ApiReply AnswerByReply(const RouteMatch& match,
                         const ApiRequest& request,
                         const std::string& key);
  // Calls `done` after every change until it is true or the wait is over; true when it is.
  bool WaitUntil(int64_t wait_ms, const std::function<bool()>& done) const;
  static int64_t WaitMsOf(const ApiRequest& request);
  static ApiReply GetHealth();
  ApiReply GetStatus();
  ApiReply GetDirectory(const ApiRequest& request);
  ApiReply GetDirectoryRoot();
  ApiReply GetDirectoryRecord(const std::string& address);
  ApiReply PutDirectory(const ApiRequest& request, const std::string& address);
  Result<Json> KeysJson();
  ApiReply GetKeys(const ApiRequest& request);
  ApiReply PostRotate();
  ApiReply GetMetrics();
  ApiReply GetList(const ApiRequest& request, bool outgoing);
  ApiReply GetInbox(const ApiRequest& request) { return GetList(request, /*outgoing=*/false); }
  ApiReply GetOutbox(const ApiRequest& request) { return GetList(request, /*outgoing=*/true); }
  ApiReply GetMessage(const ApiRequest& request, const std::string& id);
  ApiReply GetLegs(const ApiRequest& request);
  ApiReply GetLeg(const ApiRequest& request, const std::string& id);
  ApiReply PostMessage(const ApiRequest& request);
  ApiReply PostAction(const ApiRequest& request, const std::string& leg, const std::string& name);
  Result<std::optional<ApiReply>> CheckPolicy(const NewMessage& message);
  Result<std::optional<ApiReply>> CheckDisclosure(const LegId& leg,
                                                  v1::Kind::Code kind,
                                                  const v1::Content& content);
  // Fills, checks and judges a step; the reply that refuses it, or nothing.
  Result<std::optional<ApiReply>> CheckStep(const LegId& leg, NewStep& step);
  Result<std::optional<ApiReply>> CheckEmergencyRedirect(const LegId& leg, const NewStep& step);
  ApiReply GetEpisodes();
  ApiReply GetEpisode(const std::string& id);
  ApiReply GetEpisodeDisclosures(const std::string& id);
  ApiReply GetLegDisclosures(const std::string& leg);
  ApiReply PostWithdrawConsent(const ApiRequest& request, const std::string& episode);
  ApiReply GetTasks();
  ApiReply PostTaskDone(const ApiRequest& request, const std::string& minutes);
  ApiReply PostForward(const ApiRequest& request, const std::string& leg);
  ApiReply PostNew(const ApiRequest& request, const RequestId& id, NewMessage message);
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
  ApiReply GetNotices(const ApiRequest& request);
  ApiReply GetReads(const ApiRequest& request);
  ApiReply PostAnchor();
  ApiReply PostDisclose(const ApiRequest& request, const std::string& id);
  Result<std::string> OpenFor(const MessageRow& row,
                              const std::string& to,
                              const std::string& reason);
  ApiReply PostErase(const ApiRequest& request, const std::string& leg);
  ApiReply GetErasures();
  ApiReply PostCarryOut(const ApiRequest& request, const std::string& id);
  ApiReply PostObjection(const ApiRequest& request, const std::string& id);
  ApiReply DecidedReply(const Result<void>& done, const std::string& id, const char* decision);
  Result<void> CarryOutUnlessHeld(const MessageId& id, const std::string& reader);
  ApiReply PostHold(const ApiRequest& request, const std::string& leg, bool hold);
  ApiReply PostKeep(const ApiRequest& request, const std::string& leg) {
    return PostHold(request, leg, /*hold=*/true);
  }
  ApiReply PostUnkeep(const ApiRequest& request, const std::string& leg) {
    return PostHold(request, leg, /*hold=*/false);
  }
  static ApiReply GetOpenapi();
  static ApiReply GetSchemas();
  static ApiReply GetSchema(const std::string& name);
  ApiReply GetEvents(const ApiRequest& request);
  ApiReply StreamEvents(const ApiRequest& request);
  ApiReply PostWebhook(const ApiRequest& request);
  ApiReply GetWebhooks();
  ApiReply GetWebhook(const std::string& id);
  ApiReply PatchWebhook(const ApiRequest& request, const std::string& id);
  ApiReply DeleteWebhook(const std::string& id);
  ApiReply TestWebhook(const std::string& id);
  ApiReply GetDeadLetters(const ApiRequest& request, const std::string& id);
  ApiReply PostReplay(const ApiRequest& request, const std::string& id);
  static Result<Json> Replay(Tables& tables, const std::string& id, const Json& body);
  ApiReply PostAttachment(const ApiRequest& request, const std::string& leg);
  ApiReply GetAttachments(const ApiRequest& request, const std::string& leg);
  ApiReply GetAttachment(const ApiRequest& request, const std::string& id);
  ApiReply GetAttachmentContent(const ApiRequest& request, const std::string& id);
  Result<Json> AttachmentJson(const AttachmentRow& row, bool with_content) const;
  Result<AttachmentRow> ReadableAttachment(const std::string& id);
  // The clocks in force and the zone of this agency.
  struct Calendar {
    ledger::Clocks clocks;
    ledger::Zone zone;
  };
  Result<Calendar> CalendarHere();
  ApiReply GetWorklist(const ApiRequest& request);
  ApiReply GetSearch(const ApiRequest& request);
  ApiReply PostSearch(const ApiRequest& request);
  ApiReply GetTimers(const std::string& leg);
  ApiReply PostTimer(const ApiRequest& request, const std::string& leg);
  ApiReply DeleteTimer(const ApiRequest& request, const std::string& leg);
  void CheckRecipients(const std::vector<std::string>& to, Findings& findings);
  // Bulk import, verivali marks (api_import.cc); exports (api_export.cc)
  static Result<std::shared_ptr<Spool>> UploadOf(const ApiRequest& request);
  ApiReply PostImport(const ApiRequest& request);
  ApiReply GetImport();
  static ApiReply GetImportTemplate(const ApiRequest& request);
  ApiReply PostVerification(const ApiRequest& request, const std::string& leg);
  ApiReply ExportLegs(const ApiRequest& request);
  ApiReply ExportSiks(const ApiRequest& request);
  ApiReply SummarizeSiks(const ApiRequest& request);
  Result<std::vector<CountTable>> CountSimfoni(const ApiRequest& request);
  ApiReply ExportSimfoni(const ApiRequest& request);
  ApiReply SummarizeSimfoni(const ApiRequest& request);
  FhirParty PartyOf(const std::string& address) const;
  ApiReply GetFhir(const ApiRequest& request, const std::string& leg);

  ApiContext context_;
  Gate gate_;
  UnderWaySet under_way_;  // requests with a key, by its name
  ImportProgress import_;
  // Listeners of StreamEvents; they may outlive a call.
  const std::shared_ptr<std::atomic<size_t>> streams_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace rujukan::agency
