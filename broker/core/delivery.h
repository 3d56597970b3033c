// The delivery tracker: which message goes to which connection now. Pure; one owner thread.
//
// Specification. Each agency has one mailbox (the fold's kMailbox, in ledger order) and any number
// of connections (routes). A message is under way on at most one route of its agency; a route
// carries at most its credit of unanswered messages, and of their ciphertexts at most
// limits::kDeliveryBytesMax (but always one message): that much waits in memory for a peer that
// does not read. A message leaves the mailbox only by its
// delivery receipt, so whatever is lost on the way (route gone, frame dropped, broker restarted) is
// delivered again: at least once, in order as far as nothing was lost. The receiver knows
// duplicates by message id.
//
// Mail is taken from memory while an agency keeps up (`fresh`) and from the mailbox when it does
// not (backlog). The backlog is read by a cursor, at most a credit's worth at a time.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "broker/core/batch.h"
#include "broker/core/port.h"
#include "ledger/view.h"

namespace rujukan::broker {

struct Delivery {
  Peer peer;
  LogIndex index = 0;  // of the MessageAccepted entry
  MessageId id;
};

class DeliveryTracker {
 public:
  // The peer is there; until it gives credit it gets notices only.
  void Connected(const Peer& peer);
  // Absolute: at most this many unanswered messages on this route (and never over the limit).
  // Nothing, if the route is not connected: credit that came too late brings no route back.
  void SetCredit(const Peer& peer, uint32_t messages);
  // What was under way on this route is due again.
  void Gone(const Peer& peer);
  // Revoked: nothing more for it, whatever its connections do.
  void Forget(const std::string& user) { agencies_.erase(user); }

  void Arrived(const NewMail& mail);
  void Settled(const std::string& recipient, const MessageId& id);
  // Due again: what has been under way for limits::kRedeliverAfterMs. Returns the routes to cut,
  // already treated as Gone: those that may not have read it, for they have answered nothing sent
  // later either. A second copy behind an unread one would cost memory and help nobody.
  std::vector<Peer> Tick(UnixMillis now);

  // At most `max` deliveries that are due, now under way. `mailboxes` shows committed state;
  // entries from `size` on have no signed checkpoint yet and stay where they are. kFatal: reading
  // failed.
  struct Source {
    const ledger::View& mailboxes;
    TreeSize size = 0;
  };
  Result<std::vector<Delivery>> Take(const Source& source, UnixMillis now, size_t max);

  // The newest connection of this agency; nullptr: none. For notices.
  const Peer* RouteOf(const std::string& user) const;
  size_t agencies() const { return agencies_.size(); }
  size_t under_way() const;

 private:
  struct Route {
    Peer peer;
    uint32_t credit = 0;
    uint32_t unanswered = 0;
    uint64_t number = 0;      // order of connecting
    size_t bytes = 0;         // of what is unanswered
    uint64_t read_up_to = 0;  // the highest number of what it has answered: frames keep their order
  };
  struct UnderWay {
    LogIndex index = 0;
    std::string route;
    UnixMillis since_ms = 0;
    size_t bytes = 0;
    uint64_t number = 0;  // order of sending
  };
  struct Agency {
    std::map<std::string, Route> routes;
    std::map<MessageId, UnderWay> under_way;
    std::deque<NewMail> fresh;  // in order, all below what the mailbox has beyond `cursor`
    LogIndex cursor = 0;        // the backlog starts here
    bool backlog = true;        // the mailbox may hold mail from `cursor` on
  };

  static Route* FreestRoute(Agency& agency);
  static void Unload(Agency& agency, const UnderWay& done);
  static void Requeue(Agency& agency, std::map<MessageId, UnderWay>::iterator it);
  static Result<void> ReadBacklog(const std::string& user, Agency& agency, const Source& source);
  void Wake(const std::string& user) { awake_.insert(user); }
  std::string NextAwake() const;

  std::map<std::string, Agency> agencies_;
  std::set<std::string> awake_;  // may have something due; ordered, so runs repeat exactly
  std::string served_last_;      // agencies take turns, one message each
  uint64_t next_number_ = 1;     // of routes and deliveries
};

}  // namespace rujukan::broker
