#include "broker/core/delivery.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "ledger/fold.h"

namespace rujukan::broker {

void DeliveryTracker::Connected(const Peer& peer) {
  const auto [it, fresh] = agencies_[peer.user].routes.try_emplace(peer.route);
  if (fresh) {
    it->second.peer = peer;
    it->second.number = next_number_++;
  }
}

void DeliveryTracker::SetCredit(const Peer& peer, uint32_t messages) {
  const auto agency = agencies_.find(peer.user);
  if (agency == agencies_.end()) {
    return;
  }
  const auto route = agency->second.routes.find(peer.route);
  if (route != agency->second.routes.end()) {
    route->second.credit = std::min(messages, limits::kDeliveryCreditMax);
    Wake(peer.user);
  }
}

void DeliveryTracker::Gone(const Peer& peer) {
  const auto it = agencies_.find(peer.user);
  if (it == agencies_.end() || it->second.routes.erase(peer.route) == 0) {
    return;
  }
  Agency& agency = it->second;
  if (agency.routes.empty()) {
    agencies_.erase(it);
    return;
  }
  for (auto at = agency.under_way.begin(); at != agency.under_way.end();) {
    const auto next = std::next(at);
    if (at->second.route == peer.route) {
      Requeue(agency, at);
    }
    at = next;
  }
  Wake(peer.user);
}

// Back into the backlog: the cursor goes back to it, and what lies between and is still under way
// on other routes is skipped by its id.
void DeliveryTracker::Requeue(Agency& agency, std::map<MessageId, UnderWay>::iterator it) {
  agency.cursor = agency.backlog ? std::min(agency.cursor, it->second.index) : it->second.index;
  if (!agency.fresh.empty()) {
    agency.cursor = std::min(agency.cursor, agency.fresh.front().index);
    agency.fresh.clear();
  }
  agency.backlog = true;
  agency.under_way.erase(it);
}

void DeliveryTracker::Arrived(const NewMail& mail) {
  const auto it = agencies_.find(mail.recipient);
  if (it == agencies_.end()) {
    return;  // not connected: its mailbox keeps it
  }
  Agency& agency = it->second;
  if (agency.backlog) {
    Wake(mail.recipient);  // the cursor will come to it
    return;
  }
  if (agency.fresh.size() >= limits::kDeliveryCreditMax) {
    agency.backlog = true;
    agency.cursor = mail.index;
    return;
  }
  agency.fresh.push_back(mail);
  Wake(mail.recipient);
}

void DeliveryTracker::Settled(const std::string& recipient, const MessageId& id) {
  const auto it = agencies_.find(recipient);
  if (it == agencies_.end()) {
    return;
  }
  Agency& agency = it->second;
  const auto at = agency.under_way.find(id);
  if (at != agency.under_way.end()) {
    Route& route = agency.routes.at(at->second.route);
    route.read_up_to = std::max(route.read_up_to, at->second.number);
    Unload(agency, at->second);
    agency.under_way.erase(at);
  } else {
    // Its receipt overtook the redelivery: it is in the mailbox no more.
    std::erase_if(agency.fresh, [&](const NewMail& mail) { return mail.id == id; });
  }
  Wake(recipient);
}

void DeliveryTracker::Unload(Agency& agency, const UnderWay& done) {
  Route& route = agency.routes.at(done.route);
  CHECK(route.unanswered > 0 && route.bytes >= done.bytes);
  --route.unanswered;
  route.bytes -= done.bytes;
}

std::vector<Peer> DeliveryTracker::Tick(UnixMillis now) {
  std::map<std::string, Peer> stuck;  // by route
  for (auto& [user, agency] : agencies_) {
    for (auto at = agency.under_way.begin(); at != agency.under_way.end();) {
      const auto next = std::next(at);
      if (now - at->second.since_ms >= limits::kRedeliverAfterMs) {
        const Route& route = agency.routes.at(at->second.route);
        if (at->second.number > route.read_up_to) {
          stuck.emplace(at->second.route, route.peer);
        } else {
          Unload(agency, at->second);
          Requeue(agency, at);
          Wake(user);
        }
      }
      at = next;
    }
  }
  std::vector<Peer> cut;
  for (auto& [route, peer] : stuck) {
    Gone(peer);
    cut.push_back(std::move(peer));
  }
  return cut;
}

DeliveryTracker::Route* DeliveryTracker::FreestRoute(Agency& agency) {
  Route* freest = nullptr;
  uint32_t most = 0;
  for (auto& [name, route] : agency.routes) {
    const bool loaded = route.bytes >= limits::kDeliveryBytesMax;
    const uint32_t free = loaded ? 0 : route.credit - std::min(route.credit, route.unanswered);
    if (free > most) {
      most = free;
      freest = &route;
    }
  }
  return freest;
}

// Refills `fresh` from the mailbox. Reads a credit's worth; a short read means the end was reached.
Result<void> DeliveryTracker::ReadBacklog(const std::string& user,
                                          Agency& agency,
                                          const Source& source) {
  const std::string prefix = ledger::MailboxPrefix(user);
  bool reached_end = true;
  const auto visit = [&](std::string_view key, std::string_view value) {
    const LogIndex index = ReadBigEndian64(key.substr(prefix.size()));
    const auto id = MessageId::FromBytes(value);
    CHECK(id.has_value());
    if (index >= source.size) {
      return false;
    }
    if (agency.fresh.size() >= limits::kDeliveryCreditMax) {
      reached_end = false;
      return false;
    }
    if (agency.under_way.count(*id) == 0) {
      agency.fresh.push_back({user, index, *id, 0});
    }
    agency.cursor = index + 1;
    return true;
  };
  RETURN_IF_ERROR(source.mailboxes.Scan(
      ledger::Table::kMailbox, prefix, ledger::MailboxKey(user, agency.cursor), visit));
  agency.backlog = !reached_end;
  for (NewMail& mail : agency.fresh) {
    ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(source.mailboxes, mail.id.view()));
    mail.bytes = record.has_value() ? record->content_size() : 0;
  }
  return {};
}

Result<std::vector<Delivery>> DeliveryTracker::Take(const Source& source,
                                                    UnixMillis now,
                                                    size_t max) {
  std::vector<Delivery> due;
  while (!awake_.empty() && due.size() < max) {
    served_last_ = NextAwake();
    const auto it = agencies_.find(served_last_);
    Route* route = it == agencies_.end() ? nullptr : FreestRoute(it->second);
    if (route == nullptr) {
      awake_.erase(served_last_);
      continue;
    }
    Agency& agency = it->second;
    if (agency.fresh.empty() && agency.backlog) {
      RETURN_IF_ERROR(ReadBacklog(it->first, agency, source));
    }
    if (agency.fresh.empty()) {
      awake_.erase(served_last_);
      continue;
    }
    const NewMail mail = std::move(agency.fresh.front());
    agency.fresh.pop_front();
    ++route->unanswered;
    route->bytes += mail.bytes;
    agency.under_way[mail.id] = {mail.index, route->peer.route, now, mail.bytes, next_number_++};
    due.push_back({route->peer, mail.index, mail.id});
  }
  return due;
}

std::string DeliveryTracker::NextAwake() const {
  const auto next = awake_.upper_bound(served_last_);
  return next == awake_.end() ? *awake_.begin() : *next;
}

const Peer* DeliveryTracker::RouteOf(const std::string& user) const {
  const auto it = agencies_.find(user);
  if (it == agencies_.end()) {
    return nullptr;
  }
  const auto& routes = it->second.routes;
  const auto newest =
      std::max_element(routes.begin(), routes.end(), [](const auto& a, const auto& b) {
        return a.second.number < b.second.number;
      });
  return &newest->second.peer;
}

size_t DeliveryTracker::under_way() const {
  size_t total = 0;
  for (const auto& [user, agency] : agencies_) {
    total += agency.under_way.size();
  }
  return total;
}

}  // namespace rujukan::broker
