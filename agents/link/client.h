// A link that is used from one thread: the session driven over a transport with the machine's
// clock.
//
// Two ways to use it. Event loop (daemon, bulk sender): Submit as many as wanted, then Poll in a
// loop and handle the events. Blocking (short-lived tools): Connect, Call, Enrolments...; events
// other than the one waited for are kept and come out of the next Poll.
//
//   ASSIGN_OR_RETURN(auto client, Client::Open(options));
//   RETURN_IF_ERROR(client->Connect(10'000));
//   ASSIGN_OR_RETURN(Proven proven, client->Call(submission, 10'000));
//
// Thread: one owner, except Wake(). Crash: nothing is durable; submit again after a restart.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/link/session.h"
#include "agents/link/transport.h"

namespace rujukan::link {

struct ClientOptions {
  Endpoint endpoint;
  certs::TransportKeyPair keys;
  SessionOptions session;
};

class Client {
 public:
  // Does not connect yet: Poll and Connect do. kInvalid as Session::Make.
  static Result<std::unique_ptr<Client>> Open(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // --- Event loop ---
  void Submit(Submission submission);
  bool Ask(const v1::ClientFrame& frame);  // false: not connected, ask again after Welcomed
  void SetCredit(uint32_t messages);
  // Sends what is due, waits at most timeout_ms for events, returns them (none on time-out or
  // Wake).
  std::vector<Event> Poll(int timeout_ms);
  // From the next connection on. A connection under the old keys goes on until Reconnect.
  void SetKeys(certs::TransportKeyPair keys) { options_.keys = std::move(keys); }
  // Gives the connection up for a new one; what is unanswered is sent again over it. Not connected:
  // nothing happens. A Disconnected event tells.
  void Reconnect(const std::string& reason);
  // From any thread: makes a running or the next Poll return early.
  void Wake();

  // --- Blocking ---
  // Until welcomed. kUnavailable: not within timeout_ms; the text has the last reason. kCorrupt:
  // alarm.
  Result<void> Connect(int64_t timeout_ms);
  // Until receipted. kUnavailable: no answer in time (it may still have been accepted: call again
  // with the same submission). Refused: kDenied, kConflict, kExpired, kLimit, kNotFound or kInvalid
  // by reason, with the broker's advice as text.
  Result<Proven> Call(Submission submission, int64_t timeout_ms);
  // entries_max 0: as many as fit a page.
  Result<v1::DirectoryPage> FetchDirectoryPage(LogIndex from,
                                               int64_t timeout_ms,
                                               uint32_t entries_max = 0);
  Result<v1::EnrolmentsPage> Enrolments(int64_t timeout_ms);
  Result<v1::EnrolmentStatus> EnrolmentStatusOf(const std::string& enrolment_id,
                                                int64_t timeout_ms);

  const Session& session() const { return session_; }
  // The broker's clock in the Welcome that ended Connect; nullopt before.
  std::optional<UnixMillis> broker_time() const { return broker_time_; }

 private:
  Client(ClientOptions options, Session session, int wake_fd);
  void EnsureTransport();
  void Flush();  // session's frames -> transport, as far as it takes them
  void Step(int timeout_ms);
  void TakeActivity(const Transport::Activity& activity);
  template <class Match>
  Result<void> WaitFor(int64_t timeout_ms, const Match& match);

  ClientOptions options_;
  Session session_;
  int wake_fd_;  // eventfd
  std::unique_ptr<Transport> transport_;
  std::deque<std::string> outgoing_;
  std::deque<Event> events_;
  std::string last_reason_;
  std::optional<UnixMillis> broker_time_;
};

// The error a final refusal is for a caller that wants one.
Error ErrorOf(const Refusal& refusal);

}  // namespace rujukan::link
