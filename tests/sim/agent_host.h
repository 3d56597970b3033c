// One agency's machine: the disk (outbox, inbox, legs, the last checkpoint), which survives, and
// the daemon on it, which does not: the real link::Session and the work it has read but not done.
// Each piece of work is a step of its own, so that a crash can come between receiving a message,
// storing it and sending its receipt.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agents/link/session.h"
#include "tests/sim/break.h"
#include "tests/sim/network.h"
#include "tests/sim/trace.h"
#include "tests/sim/witness.h"
#include "tests/support/world.h"

namespace rujukan::sim {

// What every agent uses; outlives them.
struct AgentWorld {
  Network& network;
  Witness& witness;
  Random& random;
  const ledger::NoteVerifier& log;
  const std::vector<const testing::Member*>& members;  // whom one may write to
  size_t agencies = 0;                                 // of these, how many play
  Break broken = Break::kNone;
};

class AgentHost {
 public:
  enum class Fate { kWaiting, kAccepted, kRefused };
  struct Outgoing {
    link::Submission submission;
    std::string leg;
    Fate fate = Fate::kWaiting;
    bool put_off = false;           // refused while this agency was suspended: sent again after it
    std::set<std::string> noticed;  // recipients whose delivery receipt has come
  };
  struct Incoming {
    link::Submission receipt;
    bool recorded = false;
    bool too_late = false;  // its receipt was refused: settled already
  };
  struct Leg {
    std::string peer;
    bool opened_here = false;
    v1::LegState::Code believed = v1::LegState::UNSPECIFIED;  // what this side thinks it is in
    uint64_t sequence = 0;
  };
  struct Disk {
    std::vector<Outgoing> outbox;
    std::map<std::string, Incoming> inbox;  // by message id
    std::map<std::string, Leg> legs;
    std::string note;
  };

  AgentHost(const AgentWorld& world, size_t number, int64_t skew_ms);

  void Start(UnixMillis now);
  void Crash(UnixMillis now);
  bool running() const { return session_.has_value(); }
  const std::string& address() const { return me_.address; }
  const Disk& disk() const { return disk_; }

  // The network's side.
  bool WantsConnection(UnixMillis now) const { return running() && session_->WantsConnection(now); }
  void OnConnected(const std::string& route, UnixMillis now);
  void OnNotConnected(UnixMillis now);  // nobody listens, or not to us
  void OnBroken(const std::string& route, UnixMillis now);
  Violation OnFrame(const std::string& route, const std::string& frame, UnixMillis now);

  bool HasWork() const { return !work_.empty(); }
  Violation Work(UnixMillis now, std::string& told);
  void Tick(UnixMillis now);
  UnixMillis NextEvent() const { return running() ? session_->NextDeadline() : INT64_MAX; }

  // Writes something, as an officer would; durable on return. Says what.
  std::string Compose(UnixMillis now);
  void SubmitAct(const testing::Signed& act);

 private:
  struct Task {
    enum class Kind { kEvent, kSubmit, kSendReceipt, kStore };
    Kind kind = Kind::kEvent;
    link::Event event;
    size_t outgoing = 0;      // kSubmit
    std::string message_id;   // kSendReceipt
    link::Delivered message;  // kStore
  };

  void Flush(UnixMillis now);
  Violation Handle(link::Event& event, UnixMillis now, std::string& told);
  Violation OnReceipted(const link::Receipted& receipted);
  Violation OnRefused(const link::Refusal& refusal);
  Violation OnDelivered(link::Delivered& delivered, UnixMillis now);
  void OnNoticed(const link::Noticed& noticed, UnixMillis now);
  void SendPutOff(UnixMillis now);
  void AskStatuses(UnixMillis now);
  Violation Store(const link::Delivered& delivered, const link::Submission& receipt);
  link::Submission SignReceipt(const link::Delivered& delivered, UnixMillis now) const;
  void FollowLeg(const v1::Header& header);
  v1::Header Draft(UnixMillis now);
  bool DraftInLeg(v1::Header& header);
  const testing::Member& Someone(const std::string& but) const;
  Outgoing* Find(v1::Subject::Code kind, const std::string& subject);

  const AgentWorld& world_;
  const testing::Member& me_;
  const size_t number_;
  const int64_t skew_ms_;  // of the clock on the wall
  Disk disk_;
  // Lost in a crash.
  std::optional<link::Session> session_;
  std::string route_;
  std::deque<Task> work_;
};

}  // namespace rujukan::sim
