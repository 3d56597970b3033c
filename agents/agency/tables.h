// The tables of the agency's database and the operations on them. Used through Store, which brings
// the lock and the transaction.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/agency/directory_copy.h"
#include "agents/agency/event.h"
#include "agents/agency/leg.h"
#include "agents/agency/list_filter.h"
#include "agents/agency/webhook_row.h"
#include "agents/link/submission.h"
#include "base/clock.h"
#include "base/ids.h"
#include "certs/column.h"
#include "ledger/leg_clocks.h"
#include "ledger/reads_file.h"
#include "ledger/view.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::agency {

// How far a message has come.
enum class Stage : int64_t {
  kQueued = 0,     // out: durable here, not yet sealed
  kSealed = 1,     // out: sealed and signed; the same bytes are sent until answered
  kAccepted = 2,   // out: in the ledger, receipt kept
  kRefused = 3,    // out: finally refused; `reason` says why
  kReceived = 10,  // in: stored; our delivery receipt is not yet known to be in the ledger
  kRecorded = 11,  // in: our delivery receipt is in the ledger
};

struct Evidence {  // an entry and its proof; empty entry: none yet
  LogIndex index = 0;
  TreeSize size = 0;
  std::string entry;
  std::string proof;
};

// Told by an act that suspended or revoked a recipient while a message of ours waited for it.
enum class Withheld : int64_t {
  kNo = 0,
  kHeld = 1,     // waits until the recipient is resumed
  kBounced = 2,  // nobody got it, and nobody will
};

struct MessageRow {
  int64_t local = 0;  // order of arrival in this database; cursor of the inbox
  MessageId id;
  bool outgoing = false;
  std::string leg;  // 16 bytes, or empty
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  Stage stage = Stage::kQueued;
  std::string header;  // the signed bytes; a draft of them while kQueued
  v1::BatchSignature signature;
  std::string ciphertext;
  std::string content;  // Content bytes, opened; empty when unreadable or not asked for
  v1::DeliveryOutcome::Code outcome = v1::DeliveryOutcome::UNSPECIFIED;  // in
  std::string reason;  // of a refusal or a negative outcome
  UnixMillis stored_at = 0;
  Evidence accepted;                  // MessageAccepted
  std::string delivery;               // in: our SubmitDelivery, serialised
  Evidence recorded;                  // in: its DeliveryRecorded
  Withheld withheld = Withheld::kNo;  // out: the worst of its recipients
  UnixMillis erased_at = 0;           // content and ciphertext are gone since; 0: they are not
};

// A recipient's machine receipt for a message of ours.
struct DeliveryRow {
  std::string recipient;
  v1::DeliveryOutcome::Code outcome = v1::DeliveryOutcome::UNSPECIFIED;
  UnixMillis received_at = 0;
  Evidence evidence;
};

struct WithheldRow {
  std::string recipient;
  Withheld how = Withheld::kNo;
  Evidence evidence;
};

// What the ledger has of the read trail.
struct ReadAnchorRow {
  TreeSize size = 0;  // 0: nothing was anchored yet
  Digest root;
  UnixMillis anchored_at = 0;
  Evidence evidence;
};

enum class ErasureStage : int64_t {  // erasure.h
  kAsked = 0,
  kErasing = 1,
  kAttested = 2,
  kDone = 3,
  kObjected = 4,
};
const char* ErasureStageName(ErasureStage stage);  // as the API says it

// A PERINTAH_HAPUS, of the other side or of ours.
struct ErasureRow {
  MessageId request;
  LegId leg;
  std::string target;  // message id; empty: every message of the leg before the request
  bool incoming = false;
  ErasureStage stage = ErasureStage::kAsked;
  UnixMillis changed_at = 0;
  LogIndex index = 0;  // of the request's entry; 0: not known yet
  int64_t erased = 0;  // messages whose content is gone by it
};

// This agency's own: nothing of the leg is erased here.
struct LocalHold {
  std::string reason;
  std::string by;
  UnixMillis since = 0;
};

// What the broker has put on record about a leg: DeadlineMissed or LegClosed.
struct NoticeRow {
  LegId leg;
  v1::Entry entry;
  Evidence evidence;
};

enum class AttachmentStage : int64_t {  // attachments.h
  kUploading = 0,                       // out: sealed here, its chunks go to the broker
  kQueued = 1,        // out: all of them are there; its LAMPIRAN is queued, or gone
  kFailed = 2,        // out: the broker or the leg does not take it; `note` says why
  kFetching = 10,     // in: its chunks come from the broker
  kChecking = 11,     // in: all are here; its bytes and the scanner's word are looked at
  kReady = 12,        // in: may be read
  kQuarantined = 13,  // in: the scanner objects; kept, told, not shown
  kGone = 14,         // in: the broker has it no more
  kBroken = 15,       // in: not what its LAMPIRAN says; `note` tells
  kErased = 20,
};

const char* AttachmentStageName(AttachmentStage stage);

struct AttachmentRow {
  MessageId id;  // in: its LAMPIRAN's
  LegId leg;
  bool outgoing = false;
  AttachmentStage stage = AttachmentStage::kUploading;
  Digest root;  // names its file in the spool
  uint32_t chunks = 0;
  uint64_t sealed_bytes = 0;
  std::string message;     // its LAMPIRAN; empty: not queued yet
  v1::Attachment content;  // with the key; empty once erased
  std::string note;
  UnixMillis stored_at = 0;
  UnixMillis changed_at = 0;
};

struct LegRow {
  LegId id;
  ledger::Side side = ledger::Side::kSender;  // ours
  std::string peer;
  v1::LegState::Code state = v1::LegState::UNSPECIFIED;    // by what is proven
  v1::LegState::Code planned = v1::LegState::UNSPECIFIED;  // once everything queued is accepted
  uint64_t next_sequence = 1;
  UnixMillis opened_at = 0;
  UnixMillis changed_at = 0;
  v1::LegRecord record;          // as the ledger's machine has it: by what is proven
  v1::LegRecord plan;            // and once everything queued is accepted
  LogIndex handed_over = 0;      // entry by which responsibility last moved; 0: it never did
  UnixMillis restricted_at = 0;  // consent was withdrawn: nothing new is disclosed since; 0: no
};

// A task that minutes (NOTULA) give this agency.
struct TaskRow {
  MessageId minutes;
  int number = 0;  // in the minutes, from 0
  UnixMillis due = 0;
  UnixMillis since = 0;
  UnixMillis done_at = 0;  // 0: open
  std::string done_by{};
};

// What one message discloses, by the names of the fields: no value is ever in it.
struct DisclosureRow {
  MessageId message;
  std::string leg;  // 16 bytes, or empty
  std::vector<std::string> to;
  v1::DisclosureStage::Code stage = v1::DisclosureStage::UNSPECIFIED;
  std::vector<std::string> fields;
  bool outgoing = false;
  UnixMillis at = 0;     // of its entry, or when it was written here
  std::string status{};  // of the message, as Stage
};

// Legs by the page, in the order of their ids.
struct LegIdPage {
  std::string after;           // id bytes of the last of the page before; "": from the beginning
  UnixMillis opened_from = 0;  // inclusive
  UnixMillis opened_until = INT64_MAX;  // exclusive
  size_t max = 50;
};

// A message that says something of a leg's child (child_case.h).
struct CaseMessage {
  MessageId id;
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  bool outgoing = false;
  std::string content;  // Content bytes; empty: erased or unreadable
  v1::DisclosureStage::Code stage = v1::DisclosureStage::UNSPECIFIED;
};

struct LegMoment {
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  bool outgoing = false;
  UnixMillis at = 0;  // when it was stored here
};

struct TimerRow;  // timers.h

class Tables {
 public:
  Tables(std::unique_ptr<Database> database, certs::ColumnKey key);
  Result<void> Prepare();  // schema, and the check that the store key is the right one
  Result<void> Begin() { return database_->Run("BEGIN IMMEDIATE"); }
  Result<void> Commit() { return database_->Run("COMMIT"); }
  Result<void> Rollback() { return database_->Run("ROLLBACK"); }
  // A part of the transaction that can be undone alone.
  Result<void> BeginPart() { return database_->Run("SAVEPOINT part"); }
  Result<void> KeepPart() { return database_->Run("RELEASE part"); }
  Result<void> UndoPart() {
    RETURN_IF_ERROR(database_->Run("ROLLBACK TO part"));
    return database_->Run("RELEASE part");
  }

  // --- meta ---
  Result<std::string> GetMeta(std::string_view name);  // "": none
  Result<void> PutMeta(std::string_view name, std::string_view value);

  // --- directory ---
  Result<std::optional<std::string>> GetRecord(ledger::Table table, std::string_view key);
  Result<DirectoryRecords> ScanRecords(ledger::Table table,
                                       std::string_view prefix,
                                       std::string_view from);
  Result<void> ApplyRecords(const ledger::Overlay::Writes& writes);

  // --- idempotency of requests: digests only, a key may hold anything ---
  struct Request {
    std::string body_digest;
    MessageId message;
  };
  Result<std::optional<Request>> FindRequest(const Digest& key);
  Result<void> PutRequest(const Digest& key, const Digest& body, const MessageId& message);
  Result<void> MoveRequest(const MessageId& from, const MessageId& to);

  // --- replies kept under an Idempotency-Key (tables_replies.cc, api_once.cc) ---
  struct KeptReply {
    std::string body;  // digest of the request
    int status = 0;
    std::string reply;
  };
  Result<std::optional<KeptReply>> FindReply(const Digest& name);
  Result<void> PutReply(const Digest& name, const KeptReply& reply, UnixMillis now);
  Result<void> PruneReplies(UnixMillis now);  // those older than limits::kEventKeepMs

  // --- messages ---
  // kConflict: the id is known already.
  Result<void> Insert(const MessageRow& row);
  Result<std::optional<MessageRow>> Find(const MessageId& id);  // with content
  Result<std::optional<Stage>> StageOf(const MessageId& id);
  struct ListRequest {
    bool outgoing = false;
    int64_t after = 0;
    size_t max = 50;
  };
  Result<std::vector<MessageRow>> List(const ListRequest& request);  // without content
  // As above, those that fit the filter (tables_lists.cc). `cursor`: of the last one looked at.
  struct MessagePage {
    std::vector<MessageRow> rows;
    int64_t cursor = 0;
    bool more = false;
  };
  Result<MessagePage> List(const ListRequest& request, const ListFilter& filter);
  Result<std::vector<MessageRow>> ListLeg(const LegId& leg);  // without content
  // Outgoing messages whose turn it is: one a leg, most urgent first, with content. Not those less
  // urgent than `least`.
  Result<std::vector<MessageRow>> NextOutgoing(size_t max,
                                               v1::Urgency::Code least = v1::Urgency::UNSPECIFIED);
  // Our own delivery receipts not yet known to be recorded.
  Result<std::vector<MessageRow>> UnrecordedReceipts(size_t max);
  // Accepted messages of ours without every recipient's receipt, from `after` on.
  Result<std::vector<std::pair<int64_t, MessageId>>> Undelivered(int64_t after, size_t max);
  Result<void> MarkSealed(const MessageId& id, const v1::Envelope& envelope);
  Result<void> MarkAccepted(const MessageId& id, const link::Proven& proven);
  Result<void> MarkRefused(const MessageId& id, const std::string& reason, UnixMillis now);
  // A refused message that turns out to be in the ledger (another copy of it was accepted) is sent
  // once more as it is, for its receipt. Nothing happens to one that was not refused.
  Result<void> ReopenRefused(const MessageId& id);
  // `row`, sealed, becomes a draft again as `id` in the same place of the queue; under its own id a
  // refused copy with `reason` is kept.
  Result<void> Requeue(const MessageRow& row,
                       const MessageId& id,
                       const std::string& header,
                       const std::string& reason,
                       UnixMillis now);
  // Another delivery receipt of ours in the place of one that was not recorded.
  Result<void> ReplaceReceipt(const MessageId& id, const std::string& delivery);
  Result<void> MarkRecorded(const MessageId& id, const link::Proven* proven);
  struct Counts {
    int64_t queued = 0;
    int64_t accepted = 0;
    int64_t refused = 0;
    int64_t received = 0;
    int64_t held = 0;     // of the accepted
    int64_t bounced = 0;  // of the accepted
  };
  Result<Counts> CountMessages();

  // --- deliveries of our messages ---
  Result<void> PutDelivery(const MessageId& id, const DeliveryRow& row);
  Result<std::vector<DeliveryRow>> Deliveries(const MessageId& id);

  // A later act about the same recipient wins; what was delivered is not withheld.
  Result<void> PutWithheld(const MessageId& id, const WithheldRow& row);
  Result<std::vector<WithheldRow>> WithheldOf(const MessageId& id);
  // The recipient is active again: what was held for it is under way again.
  Result<void> ReleaseMailOf(const std::string& recipient);

  // --- legs ---
  Result<void> OpenLeg(const LegRow& leg);
  Result<std::optional<LegRow>> FindLeg(const LegId& id);
  // Legs to us whose child is here, once what is queued is accepted: DITERIMA, BERJALAN, DITUNDA.
  Result<std::vector<LegRow>> LegsHere();
  Result<std::vector<LegRow>> ScanLegs(size_t max);  // newest first
  // The newest first, after a place in that order (tables_lists.cc).
  struct LegPosition {
    UnixMillis opened_at = INT64_MAX;
    std::string id;  // 16 bytes
  };
  struct LegPage {
    std::vector<LegRow> legs;
    LegPosition position;  // of the last one looked at
    bool more = false;
  };
  Result<LegPage> ListLegs(const LegPosition& after, size_t max, const ListFilter& filter);
  Result<uint64_t> TakeSequence(const LegId& id);
  // Folds the leg's messages again after one was added or moved on.
  Result<void> RefoldLeg(const LegId& id, UnixMillis now);
  // The leg that continues this one: one of ours, or the one that the other side has told of.
  Result<std::optional<LegId>> ContinuationOf(const LegId& id);
  Result<void> PutContinuation(const LegId& leg, const LegId& next, UnixMillis now);

  // --- episodes and what may be disclosed in them (tables_episodes.cc, tables_disclosures.cc) ---
  // The id is kept sealed, and found again by a keyed digest of it. "": of none.
  Result<void> PutEpisode(const LegId& leg, const std::string& episode);
  Result<std::string> EpisodeOf(const LegId& leg);  // "": not known
  Result<std::vector<LegRow>> LegsOfEpisode(const std::string& episode);
  Result<std::vector<std::string>> ListEpisodes();  // newest first; at most 1,000
  // Consent was withdrawn by that message; the first one counts.
  Result<void> RestrictLeg(const LegId& leg, const MessageId& by, UnixMillis now);
  // A queued message that goes out after everything queued in another leg.
  Result<void> PutWait(const MessageId& message, const LegId& leg);
  Result<void> PutDisclosure(const DisclosureRow& row);
  Result<std::vector<DisclosureRow>> DisclosuresOfLeg(const LegId& leg);
  Result<void> MoveDisclosure(const MessageId& from, const MessageId& to);

  // --- for imports and exports (tables_export.cc) ---
  Result<std::vector<LegId>> ListLegIds(const LegIdPage& page);
  Result<std::vector<CaseMessage>> CaseMessages(const LegId& leg);  // in order
  Result<std::vector<LegMoment>> MomentsOfLeg(const LegId& leg);    // in order, without content
  Result<void> PutVerification(const LegId& leg, std::string_view mark);
  Result<std::string> FindVerification(const LegId& leg);  // "": none
  Result<void> DropVerification(const LegId& leg);

  // --- second stages held back until acceptance (Content bytes of a RINCIAN) ---
  Result<void> Hold(const LegId& leg, std::string_view content);
  Result<std::string> FindHeld(const LegId& leg);  // "": none
  Result<void> DropHeld(const LegId& leg);

  // --- notices about legs (tables_notices.cc, notices.h) ---
  // Nothing happens to one that is known; whose leg it is about. kInvalid: about none.
  Result<LegId> PutNotice(const link::Proven& proven);
  Result<std::vector<NoticeRow>> ListNotices(LogIndex from, size_t max);  // in order of the ledger
  Result<std::vector<NoticeRow>> NoticesOfLeg(const LegId& leg);
  Result<LogIndex> NoticesCursor();  // everything before it is here
  Result<void> PutNoticesCursor(LogIndex next);
  // --- tasks out of minutes (tables_tasks.cc): what they are stays in the minutes ---
  Result<void> PutTask(const TaskRow& row);  // nothing happens to one that is known
  Result<std::vector<TaskRow>> ListTasks();  // open ones first, by date; at most 1,000
  // kNotFound: no such task of ours.
  Result<void> FinishTask(const MessageId& minutes,
                          int number,
                          const std::string& by,
                          UnixMillis now);

  // --- statutory timers (tables_timers.cc, timers.h) ---
  Result<void> PutTimer(const TimerRow& timer);                   // in the place of one with its id
  Result<bool> DropTimer(const LegId& leg, std::string_view id);  // false: no such timer
  Result<void> DropTimersOf(const LegId& leg);
  Result<std::vector<TimerRow>> TimersOf(const LegId& leg);
  Result<std::vector<TimerRow>> AllTimers();

  // --- read trail (tables_reads.cc, read_log.h): leaves are sealed, their tree is not ---
  Result<TreeSize> CountReads();
  Result<void> AppendReads(const std::vector<std::string>& leaves);
  // With the hash each has in the tree.
  Result<std::vector<ledger::ReadLeaf>> ListReads(uint64_t from, size_t max);
  Result<Digest> ReadsRoot(TreeSize size);
  Result<std::vector<Digest>> ReadsConsistency(TreeSize from, TreeSize to);  // empty from 0
  Result<void> PutReadAnchor(const ReadAnchorRow& row);
  Result<ReadAnchorRow> LastReadAnchor();

  // --- erasing and keeping (tables_erasures.cc, erasure.h) ---
  Result<void> PutErasure(const ErasureRow& row);  // nothing happens to one that is known
  Result<void> SetErasureStage(const MessageId& request, ErasureStage stage, UnixMillis now);
  Result<std::optional<ErasureRow>> FindErasure(const MessageId& request);
  Result<std::vector<ErasureRow>> ListErasures();  // those not finished first; at most 1,000
  Result<std::vector<ErasureRow>> ErasuresOfLeg(const LegId& leg);
  // Messages with content of a leg (or `target` alone) whose entry lies before `before`, and
  // refused copies of them.
  Result<std::vector<MessageRow>> ContentsMeant(const LegId& leg,
                                                const std::string& target,
                                                LogIndex before);
  // Content and ciphertext go, everything else stays. The old bytes may be in the write-ahead log
  // until Scrub.
  Result<void> EraseContent(const MessageId& id, const MessageId& request, UnixMillis now);
  Result<bool> ScrubWanted();
  // Outside of a transaction: empties the write-ahead log into the database, which overwrites what
  // was deleted. False: another process reads the file; try again soon.
  Result<bool> Scrub();
  Result<void> PutLocalHold(const LegId& leg, const LocalHold& hold);
  Result<std::optional<LocalHold>> FindLocalHold(const LegId& leg);
  Result<void> DropLocalHold(const LegId& leg);

  // --- events (tables_events.cc, event.h) ---
  // Call it in the transaction of what the event tells. Its cursor and id are given here.
  Result<void> PutEvent(const Event& event);
  Result<std::vector<Event>> ListEvents(int64_t since, size_t max);
  Result<std::optional<Event>> FindEvent(std::string_view id);
  struct EventBounds {
    int64_t pruned = 0;  // the last that is gone
    int64_t last = 0;    // the last there ever was
  };
  Result<EventBounds> BoundsOfEvents();
  Result<void> PruneEvents(UnixMillis now);  // those older than limits::kEventKeepMs

  // --- webhooks (tables_webhooks.cc, webhook_row.h) ---
  Result<void> AddWebhook(const WebhookRow& hook);
  Result<std::vector<WebhookRow>> ListWebhooks();
  Result<std::optional<WebhookRow>> FindWebhook(const std::string& id);
  // Address, filter and whether it is active; the event whose turn it is, is tried at once.
  Result<void> ChangeWebhook(const WebhookRow& hook);
  Result<void> RemoveWebhook(const std::string& id);
  // Attempts, times, errors. What was turned off meanwhile stays off.
  Result<void> SetDeliveryState(const WebhookRow& hook);
  // On to the next event. Nothing happens when it is not at `from` any more: it was rewound.
  Result<void> MoveWebhook(const std::string& id, int64_t from, int64_t to);
  Result<void> RewindWebhook(const std::string& id, int64_t cursor);
  Result<void> PutDeadLetter(const DeadLetter& letter);  // the oldest go past kDeadLettersMax
  Result<std::vector<DeadLetter>> ListDeadLetters(const std::string& webhook,
                                                  int64_t after,
                                                  size_t max);
  Result<void> DropDeadLetter(const std::string& webhook, int64_t cursor);
  Result<void> PutReplay(const std::string& webhook, int64_t cursor);
  Result<int64_t> ReplayDeadLetters(const std::string& webhook);  // how many are to come again
  Result<std::optional<int64_t>> NextReplay(const std::string& webhook);
  Result<void> DropReplay(const std::string& webhook, int64_t cursor);

  // --- attachments (tables_attachments.cc, attachments.h) ---
  Result<void> PutAttachment(const AttachmentRow& row);  // kConflict: the id is known
  Result<std::optional<AttachmentRow>> FindAttachment(const MessageId& id);
  Result<std::vector<AttachmentRow>> AttachmentsOfLeg(const LegId& leg);  // oldest first
  // To be uploaded or fetched, of legs that are in the ledger; the oldest first.
  Result<std::vector<AttachmentRow>> AttachmentsToCarry(AttachmentStage stage, size_t max);
  // Those that were tried longest ago first.
  Result<std::vector<AttachmentRow>> AttachmentsToCheck(size_t max);
  Result<void> SetAttachmentStage(const MessageId& id,
                                  AttachmentStage stage,
                                  const std::string& note,
                                  UnixMillis now);
  Result<void> SetAttachmentMessage(const MessageId& id, const MessageId& message);
  // Roots whose files are still somebody's.
  Result<std::set<Digest>> AttachmentRoots();
  // Key and description go; the file with the next sweep of the spool. Of a LAMPIRAN.
  Result<void> EraseAttachmentOf(const MessageId& message, UnixMillis now);
  // Of a leg, what has no LAMPIRAN yet.
  Result<void> EraseUnsentAttachments(const LegId& leg, UnixMillis now);
  // The broker shall let go of these chunks, until it says that it has.
  struct Drop {
    LegId leg;
    Digest root;
  };
  Result<void> WantDrop(const LegId& leg, const Digest& root);
  Result<void> Dropped(const Digest& root);
  Result<std::vector<Drop>> WantedDrops(size_t max);

 private:
  AttachmentRow AttachmentOf(const Row& row) const;
  Result<std::vector<MessageRow>> ListSome(bool outgoing,
                                           int64_t after,
                                           size_t max,
                                           const ListFilter& filter);
  Result<bool> OpeningFits(std::string_view leg, const ListFilter& filter);
  Result<bool> MessageFits(const MessageRow& row, const ListFilter& filter);
  Result<void> TellErasure(const MessageId& request, UnixMillis now);
  Result<void> TellInserted(const MessageRow& message);
  Result<void> TellFate(EventType type,
                        const MessageId& id,
                        UnixMillis time,
                        const std::string& code = "",
                        const std::string& subject = "");
  Result<std::vector<NoticeRow>> ReadNotices(std::string_view leg, LogIndex from, size_t max);
  Result<std::optional<LegStep>> BounceOf(const MessageId& id);
  Result<std::optional<LegStep>> ArrivalOf(const MessageId& id);
  Result<std::vector<LegStep>> ProvenSteps(const LegRow& leg);
  Result<std::vector<LegStep>> QueuedSteps(const LegRow& leg, UnixMillis now);
  Result<ledger::ClockSetting> ClocksOf(const std::vector<LegStep>& steps);
  Result<uint32_t> HopsBefore(const std::vector<LegStep>& steps);
  Result<uint32_t> EscalationOf(const LegId& id);
  Result<void> FillEpisodes();
  MessageRow RowOf(const Row& row) const;
  Result<std::string> OpenContent(const MessageId& id, const std::string& sealed) const;

  std::unique_ptr<Database> database_;
  certs::ColumnKey key_;
  ledger::Memo clocks_memo_;  // the domain's document, parsed
};

}  // namespace rujukan::agency
