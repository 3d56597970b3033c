// The agency's daemon: keeps the link to the broker, empties the outbox, fills the inbox, follows
// the directory, serves the API.
//
//   thread        | owns                                         | talks by
//   link (Run's)  | Client, Directory, Inbox, Outbox             | Board (out), Wake (in)
//   API (MHD's)   | the request it answers                       | Store, Board, Wake
//   checker       | the attachment it looks at                   | Store, Board
//   webhooks      | requests to the agency's own systems         | Store, Board
//
// kill -9 at any moment: what the API has answered 202 to is in the outbox; what the broker has a
// delivery receipt for is in the inbox; everything else is asked for or sent again.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "agents/agency/act_desk.h"
#include "agents/agency/attachment_checker.h"
#include "agents/agency/board.h"
#include "agents/agency/chunk_spool.h"
#include "agents/agency/erasure.h"
#include "agents/agency/home.h"
#include "agents/agency/http.h"
#include "agents/agency/inbox.h"
#include "agents/agency/log.h"
#include "agents/agency/notices.h"
#include "agents/agency/notify.h"
#include "agents/agency/outbox.h"
#include "agents/agency/read_anchor.h"
#include "agents/agency/rotation.h"
#include "agents/agency/store.h"
#include "agents/agency/transfers.h"
#include "agents/agency/webhook.h"
#include "agents/agency/webhook_worker.h"
#include "agents/link/client.h"
#include "agents/link/directory.h"
#include "agents/link/witnessed.h"

namespace rujukan::agency {

struct DaemonOptions {
  Home home;
  std::string passphrase;
  std::string api;  // "127.0.0.1:PORT", or "": unix socket only
};

class Daemon {
 public:
  // kNotFound: not joined; kConflict: already running; kDenied: keys or store; kUnavailable: cannot
  // listen.
  static Result<std::unique_ptr<Daemon>> Open(DaemonOptions options, const Clock& clock);
  ~Daemon();

  // Until Stop. An error means that durable state cannot be relied on (kFatal, kCorrupt,
  // kUnavailable of the store): the process ends and a restart goes on from what is durable.
  Result<void> Run();
  void Stop();  // any thread, also from a signal handler

 private:
  Daemon(DaemonOptions options, Config config, KeyChain chain, link::TrustPins pins, HomeLock lock);
  Result<void> OpenParts(const Clock& clock);
  Result<void> OpenClient();
  Result<void> StartApi();
  Result<std::string> EnsureToken() const;

  // One round's events by what is done with them together, in one transaction each.
  struct Batch {
    std::vector<link::Delivered> deliveries;
    std::vector<link::Receipted> receipted;
    std::vector<link::Refusal> refused;
  };
  Result<void> Step();
  Result<void> Handle(std::vector<link::Event> events);
  Result<void> Sort(link::Event& event, Batch& batch);
  Result<void> OnWelcomed(const link::Welcomed& welcomed);
  Result<void> OnDirectory(const link::DirectoryArrived& arrived);
  Result<void> OnDirectoryCurrent();
  Result<void> OnNoticed(const link::Noticed& notice);
  Result<void> AskNotices();
  Result<void> OnLegNoticed(const link::LegNoticed& page);
  Result<bool> TakeLate(const link::Noticed& notice);
  void OnDisconnected(const link::Disconnected& down);
  void OnAlarm(const link::Alarm& alarm);
  Result<void> TakeDeliveries(std::vector<link::Delivered> deliveries, bool final_try);
  Result<void> SignReceiptsAnew(const std::vector<link::Refusal>& refused);
  Result<void> SendOutbox();
  Result<void> OpenWitnesses();
  void ReviewWitnesses();
  Result<void> AskStatuses();
  void AskDirectory();
  void FollowEntry(const link::Proven& proven);

  // Keys: daemon_keys.cc
  Result<void> LoadOwn();
  Result<void> PutKeysInPlace();
  Result<bool> PromoteIfNext(std::string_view name, const std::string& file_in_force);
  certs::TransportKeyPair TransportInForce() const;
  void UseTransport(const certs::TransportKeyPair& keys);
  void TryOtherTransport();
  void ReconnectWhenQuiet();
  Result<void> RotateIfAsked();
  Result<void> SettleActs(const Batch& batch);
  Result<void> SendRotation();
  void TellRotation();
  Result<void> SendActs();
  void ShareIdentity();

  // Attachments: daemon_attachments.cc
  Result<void> OpenAttachments();
  void StartChecker();
  Result<void> SweepSpool();
  int ChunksDueMs(int at_most) const;
  Result<void> SendChunks();
  Result<void> OnChunk(const link::ChunkAnswered& answer);

  // The read trail and erasures: daemon_evidence.cc
  Result<void> OpenEvidence();
  Result<void> SettleAnchor(const Batch& batch);
  Result<void> SendAnchor();
  Result<void> ReviewErasures();
  void TellTrailAlarm();
  Result<void> WarnOfEndings();

  // Notices without content: daemon_notices.cc
  void TellNews(const Inbox::Taken& taken);
  void TellMissed(const link::LegNoticed& page);
  Result<void> TellWhatWaits();

  const DaemonOptions options_;
  const Config config_;
  const link::TrustPins pins_;
  const HomeLock lock_;
  const Clock* machine_clock_ = nullptr;

  Log log_;
  Board board_;
  std::unique_ptr<CorrectedClock> clock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<link::Client> client_;
  ActDesk acts_;
  std::unique_ptr<Webhook> webhook_;
  std::unique_ptr<WebhookWorker> webhook_worker_;
  std::unique_ptr<ChunkSpool> spool_;
  TransferProgress progress_;
  std::unique_ptr<AttachmentChecker> checker_;
  std::unique_ptr<Notifier> notifier_;
  std::unique_ptr<HttpServer> socket_server_;
  std::unique_ptr<HttpServer> loopback_server_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> refresh_wanted_{false};
  std::atomic<bool> outbox_dirty_{true};
  std::atomic<bool> transfers_dirty_{true};
  std::atomic<bool> rotate_wanted_{false};
  std::atomic<bool> anchor_wanted_{false};
  std::atomic<bool> review_wanted_{true};
  mutable std::mutex shared_mutex_;
  std::shared_ptr<const Identity> shared_identity_;  // guarded by it: a copy for the API's threads

  // Owned by the link thread.
  std::unique_ptr<link::Directory> directory_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Rotation> rotation_;
  std::unique_ptr<ReadAnchor> anchor_;
  std::unique_ptr<Erasures> erasures_;
  std::unique_ptr<Notices> notices_;
  std::unique_ptr<Transfers> transfers_;
  bool review_again_ = false;                   // files could not be scrubbed yet
  std::optional<link::WitnessRule> witnesses_;  // nullopt: none are followed
  std::string cosigned_;                        // of the last Welcome
  std::string judged_;                          // what was judged last, when, in which state
  UnixMillis judged_at_ = 0;
  std::string judged_state_;
  RotationState rotation_told_ = RotationState::kNone;
  KeyChain chain_;
  std::optional<Identity> identity_;
  std::string own_record_;  // of the directory, what identity_ was made of
  LogIndex directory_head_ = 0;
  std::optional<TransportKey> transport_key_;    // of the connection there is or is being made
  std::optional<int64_t> work_looked_at_;        // for what comes near or did not leave, steady ms
  std::set<std::string> work_told_;              // which of them were told
  std::optional<int64_t> warned_at_;             // endings were looked at, steady ms
  bool reconnect_wanted_ = false;                // for a new transport key
  int64_t reconnect_wanted_at_ = 0;              // steady ms
  std::vector<link::Delivered> deferred_;        // wait for a directory refresh
  std::vector<link::Noticed> deferred_notices_;  // likewise
  bool deferred_need_newer_ = false;
  bool directory_asked_ = false;
  bool directory_current_ = false;  // caught up since the last Welcome
  bool statuses_wanted_ = false;
  int64_t asked_at_ = 0;  // of the last directory request, steady ms
};

}  // namespace rujukan::agency
