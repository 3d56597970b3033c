// One agency without its process: the real store, inbox, outbox, directory, rotation, erasures and
// API, and the real session, driven as agents/agency/daemon_link.cc drives them, but by hand: no
// socket, no thread, no machine's clock. Thread: one owner.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/api.h"
#include "agents/agency/erasure.h"
#include "agents/agency/inbox.h"
#include "agents/agency/keychain.h"
#include "agents/agency/notices.h"
#include "agents/agency/outbox.h"
#include "agents/agency/rotation.h"
#include "agents/link/directory.h"
#include "agents/link/session.h"
#include "tests/sim/network.h"
#include "tests/support/world.h"

namespace rujukan::scenarios {

// The wall clock of one machine: the stage's time and how wrong it is.
class WallClock : public Clock {
 public:
  explicit WallClock(const UnixMillis& time) : time_(time) {}
  UnixMillis Now() const override { return time_ + skew_ms; }
  int64_t skew_ms = 0;

 private:
  const UnixMillis& time_;
};

// What the stage gives every agent; outlives them.
struct PureDomain {
  sim::Network& network;
  sim::Random& random;
  link::TrustPins pins;
  const UnixMillis& wall_ms;          // jumps ahead from step to step
  const UnixMillis& steady_ms;        // what the sessions wait by
  std::function<void()> run_to_rest;  // called where a daemon's API thread would wait for its link
  uint64_t duplicates_per_mille = 0;  // frames sent twice
};

class PureAgent {
 public:
  // Writes the member's keys into a home in `directory`.
  PureAgent(const PureDomain& domain,
            size_t number,
            const testing::Member& member,
            const std::string& directory);

  // As after a start of the machine: only the files are left.
  Result<void> Start();
  void Kill();
  bool running() const { return session_.has_value(); }
  const std::string& address() const { return config_.address; }
  // The keys it would connect with now.
  const TransportKey& transport() const { return transport_.public_key; }
  WallClock& clock() { return machine_clock_; }

  // The network's side.
  bool WantsConnection() const;
  void OnConnected(const std::string& route);
  void OnNotAdmitted();
  void OnBroken(const std::string& route);
  Result<void> OnFrame(const std::string& route, const std::string& frame);
  const std::string& route() const { return route_; }
  bool live() const { return running() && session_->live(); }

  // Does what is due. True when anything was.
  Result<bool> Turn();
  // Nothing unanswered, the directory current, nothing left to do.
  bool AtRest() const;
  UnixMillis NextDeadline() const { return session_->NextDeadline(); }

  agency::ApiReply Call(const std::string& method,
                        const std::string& path_and_query,
                        const std::string& body);
  // The daemon's look whether the directory has changed, of every half minute.
  void LookAtDirectory() { refresh_wanted_ = true; }
  // Asks for new keys; the stage's admin grants what RequestedKeys shows.
  Result<void> AskForNewKeys();
  struct Requested {
    std::string act_id;
    certs::PrivateKey signing;
    certs::PrivateKey encryption;
  };
  Result<Requested> RequestedKeys() const;

 private:
  struct Batch {
    std::vector<link::Delivered> deliveries;
    std::vector<link::Receipted> receipted;
    std::vector<link::Refusal> refused;
  };
  Result<void> Handle(std::vector<link::Event> events);
  Result<void> Sort(link::Event& event, Batch& batch);
  Result<void> OnWelcomed(const link::Welcomed& welcomed);
  Result<void> OnDirectory(const link::DirectoryArrived& arrived);
  Result<void> OnDirectoryCurrent();
  Result<bool> AskNotices();
  Result<void> OnLegNoticed(const link::LegNoticed& page);
  Result<void> OnNoticed(const link::Noticed& notice);
  Result<void> TakeDeliveries(std::vector<link::Delivered> deliveries, bool final_try);
  Result<void> SendWhatIsDue();
  Result<void> AskStatuses();
  void AskDirectory();
  void FollowEntry(const link::Proven& proven);
  Result<void> LoadOwn();
  Result<void> SettleRotation(const Batch& batch);
  void Submit(link::Submission submission);
  void Flush();
  agency::ApiContext MakeContext();

  const PureDomain& domain_;
  const size_t number_;
  agency::Home home_;
  agency::Config config_;
  WallClock machine_clock_;

  // Lost when the machine fails.
  std::unique_ptr<agency::Board> board_;
  std::unique_ptr<agency::CorrectedClock> clock_;
  std::unique_ptr<agency::Store> store_;
  std::unique_ptr<agency::ActDesk> acts_;
  std::unique_ptr<link::Directory> directory_;
  std::unique_ptr<agency::Inbox> inbox_;
  std::unique_ptr<agency::Outbox> outbox_;
  std::unique_ptr<agency::Rotation> rotation_;
  std::unique_ptr<agency::Erasures> erasures_;
  std::unique_ptr<agency::Notices> notices_;
  std::unique_ptr<agency::Api> api_;
  std::optional<agency::KeyChain> chain_;
  std::optional<agency::Identity> identity_;
  certs::TransportKeyPair transport_;
  std::string own_record_;
  std::optional<link::Session> session_;
  std::string route_;
  LogIndex directory_head_ = 0;
  std::vector<link::Delivered> deferred_;
  std::vector<link::Noticed> deferred_notices_;
  bool directory_asked_ = false;
  bool directory_current_ = false;
  bool refresh_wanted_ = false;
  bool outbox_dirty_ = true;
  bool review_wanted_ = true;
  bool statuses_wanted_ = false;
  bool reconnect_wanted_ = false;
};

}  // namespace rujukan::scenarios
