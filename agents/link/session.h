// The client's side of the wire as a state machine: no socket, no clock, no thread, no randomness
// of its own. docs/protocol.md has the grammar.
//
//   state        | what it waits for                     | leaves by
//   kDown        | its retry time                        | OnConnected -> kGreeting
//   kGreeting    | Welcome (Hello sent)                  | Welcome -> kLive; silence or loss ->
//   kDown kLive        | anything                              | loss, silence -> kDown; false
//   proof -> kAlarmed kAlarmed     | nothing                               | never
//
// Promises: a submission is sent until it is receipted or finally refused, whatever is lost in
// between; no more than the broker's window is unanswered; a checkpoint that does not continue the
// last one known stops everything (Alarm). Duplicated answers produce one event.
//
// Order: submissions are sent as they came, but one that is refused with a time to wait is sent
// again after later ones. Who needs an order keeps only the first of its row unanswered, as
// agents/agency's outbox does with the messages of a leg; else the second would make the first
// OUT_OF_SEQUENCE.
//
// Thread: one owner. Crash: nothing here is durable; the owner submits again what its own store
// holds.
#pragma once

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "agents/link/event.h"
#include "agents/link/prover.h"
#include "base/limits.h"

namespace rujukan::link {

enum class Door { kMain, kEnrolment };

struct SessionOptions {
  Door door = Door::kMain;       // the enrolment door knows no Hello: live as soon as connected
  ledger::NoteVerifier log;      // whose checkpoints count
  std::string last_note;         // signed checkpoint verified last time; "": none yet
  uint32_t delivery_credit = 0;  // messages this client takes unanswered; 0: it receives none
  uint32_t window = limits::kSendWindowMax;  // the smaller of this and the broker's counts
  uint64_t seed = 0;                         // for the jitter of reconnects; random in production
  bool follows_witnesses = false;  // asks for a Welcome every limits::kKeepAliveMs, also at rest
};

class Session {
 public:
  enum class State { kDown, kGreeting, kLive, kAlarmed };

  // kInvalid: options.last_note is not a checkpoint signed by options.log.
  static Result<Session> Make(SessionOptions options);

  // --- Inputs. `now` is ms of any clock that does not step back; only differences count. ---
  void OnConnected(UnixMillis now);
  void OnDisconnected(UnixMillis now, const std::string& reason);
  void OnFrame(std::string_view frame, UnixMillis now);
  // Resends, pings, gives up on silence. Call at NextDeadline() or more often.
  void OnTick(UnixMillis now);

  // Queues it; sent as soon as the window allows. Submitting the same (kind, subject) again while
  // it is unanswered changes nothing.
  void Submit(Submission submission, UnixMillis now);
  // Sends a frame that is answered by an event of its own and is not repeated: DirectoryRequest,
  // StatusRequest, LegNoticesRequest, EnrolmentsRequest, EnrolmentStatusRequest, and everything
  // about the chunks of attachments, which ChunkSchedule repeats. Dropped (false) unless live.
  bool Ask(const v1::ClientFrame& frame, UnixMillis now);
  // How many messages may be pushed unanswered. Sent now when live, and after every Welcome.
  void SetCredit(uint32_t messages, UnixMillis now);

  // --- Outputs: take them after every input. ---
  std::vector<std::string> TakeFrames() { return std::exchange(frames_, {}); }
  std::vector<Event> TakeEvents() { return std::exchange(events_, {}); }
  // True when the owner shall make a new connection now (and then call OnConnected).
  bool WantsConnection(UnixMillis now) const { return state_ == State::kDown && now >= retry_at_; }
  // When OnTick has something to do next.
  UnixMillis NextDeadline() const;

  State state() const { return state_; }
  bool live() const { return state_ == State::kLive; }
  size_t unanswered() const { return pending_.size(); }  // in flight and waiting for the window
  size_t in_flight() const { return in_flight_; }
  // The newest checkpoint proven to continue all before it; "" before the first Welcome.
  const std::string& anchor_note() const { return prover_.anchor_note(); }

 private:
  struct Pending {
    Submission submission;
    uint64_t order = 0;  // of submission: kept over reconnects, so a leg's messages stay in order
    UnixMillis resend_at = 0;
    bool in_flight = false;  // false: waits for the window or for a link
  };

  explicit Session(SessionOptions options, Prover prover);
  void GoDown(UnixMillis now, std::string reason);
  void GoLive(UnixMillis now);
  void Raise(Error error, std::string evidence);
  void Send(const v1::ClientFrame& frame, UnixMillis now);
  void SendHello(const KnownCheckpoint& from, UnixMillis now);
  void Reanchor(UnixMillis now);
  void SendWaiting(UnixMillis now);
  void SendPending(const std::string& key, Pending& pending, UnixMillis now);
  void ScheduleResend(const std::string& key, Pending& pending, UnixMillis at);
  void ResendDue(UnixMillis now);
  void DropStaleResends();
  void Dispatch(v1::ServerFrame& frame, UnixMillis now);
  void OnWelcome(const v1::Welcome& welcome, UnixMillis now);
  void OnAccepted(v1::Accepted& accepted, UnixMillis now);
  void OnRefused(v1::Refused& refused, UnixMillis now);
  void OnDeliver(v1::Deliver& deliver);
  void OnNotice(v1::DeliveryNotice& notice);
  void OnLegNotices(v1::LegNoticesPage& page);
  void OnDirectory(v1::DirectoryPage& page);
  void Finish(const std::string& key, UnixMillis now);
  int64_t Backoff();

  SessionOptions options_;
  Prover prover_;
  State state_ = State::kDown;
  UnixMillis retry_at_ = 0;
  int failures_ = 0;
  UnixMillis last_received_ = 0;
  UnixMillis last_sent_ = 0;
  UnixMillis anchored_at_ = 0;
  uint32_t window_ = 0;
  size_t in_flight_ = 0;
  uint64_t next_order_ = 0;
  std::unordered_map<std::string, Pending> pending_;  // by kind byte || subject
  std::deque<std::string> waiting_;                   // keys that wait for the window, in order
  std::deque<std::pair<UnixMillis, std::string>> resends_;  // by time; stale items are skipped
  std::deque<KnownCheckpoint> greetings_;                   // Hellos not yet answered, in order
  bool reanchoring_ = false;  // the Hello from the anchor is out; the one from `seen` follows it
  std::mt19937_64 random_;
  std::vector<std::string> frames_;
  std::vector<Event> events_;
};

}  // namespace rujukan::link
