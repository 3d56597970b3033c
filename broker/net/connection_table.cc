#include "broker/net/connection_table.h"

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::broker {
namespace {

// libzmq's own ids: a zero byte and a counter that starts anywhere.
constexpr size_t kServerRouteBytes = 5;

bool ChosenByServer(const FrameSource& source) {
  return source.claimed_identity.empty() && source.route.size() == kServerRouteBytes &&
         source.route[0] == '\0';
}

// The counter may wrap: compare by signed distance (RFC 1982).
bool IsNewer(std::string_view route, std::string_view than) {
  const uint32_t distance = ReadBigEndian32(route.substr(1)) - ReadBigEndian32(than.substr(1));
  return distance != 0 && distance < (1U << 31);
}

}  // namespace

std::string_view CutReasonText(CutReason reason) {
  switch (reason) {
    case CutReason::kTooManyConnections:
      return "too many connections at this door";
    case CutReason::kTooManyOfUser:
      return "too many connections of this agency; its oldest is closed";
    case CutReason::kClaimedIdentity:
      return "the client chose its own routing id";
    case CutReason::kRouteOfAnother:
      return "a route of another user";
    case CutReason::kRevoked:
      return "the agency is no longer admitted";
    case CutReason::kUnfinished:
      return "too many bytes without a complete message";
    case CutReason::kMalformed:
      return "not exactly one frame within the limit";
    case CutReason::kNotReading:
      return "the peer does not read";
    case CutReason::kSilent:
      return "no message since it connected";
    case CutReason::kIdle:
      return "idle";
  }
  return "";
}

uint64_t UnfinishedBytesMax(Door door, bool drained) {
  const uint64_t frame =
      door == Door::kMain ? limits::kFrameBytesMax : limits::kEnrolmentFrameBytesMax;
  const uint64_t unfinished = door == Door::kMain ? limits::kUnfinishedBytesMax : 4 * frame;
  // The kernel doubles the buffer size it is asked for (socket(7)).
  const uint64_t kernel = 2 * static_cast<uint64_t>(limits::kKernelBufferBytes);
  const uint64_t queued = drained ? 0 : (limits::kReceiveQueueMax + 1) * frame;
  return unfinished + kernel + queued;
}

void ConnectionTable::OnAccepted(Door door, int fd, uint64_t cookie, int64_t now) {
  // The same number again without a goodbye: the other door's monitor is still to tell us.
  if (const auto old = connections_.find(fd); old != connections_.end()) {
    OnDisconnected(old->second.door, fd);
  }
  Connection& connection = connections_[fd];
  connection.door = door;
  connection.fd = fd;
  connection.cookie = cookie;
  connection.serial = next_serial_++;
  connection.accepted_ms = now;
  const size_t max = door == Door::kMain ? limits_.main_max : limits_.enrolment_max;
  if (++counts_[Index(door)] > max) {
    MakeRoom(connection);
  }
}

// Whoever fills a door with silent sockets cuts its own: an agency that comes now has only to speak
// before so many others have come after it.
void ConnectionTable::MakeRoom(Connection& newcomer) {
  Connection* leaves = &newcomer;
  for (auto& [fd, connection] : connections_) {
    const bool may_leave = connection.door == newcomer.door && !connection.cut &&
                           (!connection.spoke || connection.door == Door::kEnrolment);
    if (may_leave && connection.serial < leaves->serial) {
      leaves = &connection;
    }
  }
  Cut(*leaves, CutReason::kTooManyConnections);
}

void ConnectionTable::OnDisconnected(Door door, int fd) {
  Connection* connection = Find(door, fd);
  if (connection == nullptr) {
    return;
  }
  ForgetRoute(*connection);
  --counts_[Index(door)];
  connections_.erase(fd);
}

bool ConnectionTable::OnFrame(const FrameSource& source, int64_t now) {
  auto& routes = routes_[Index(source.door)];
  const auto known = routes.find(source.route);
  if (known == routes.end()) {
    return OnFirstFrame(source, now);
  }
  if (known->second->user != source.user) {
    CutFd(source.door, source.fd, CutReason::kRouteOfAnother);
    return false;
  }
  Touch(*known->second, now);
  return true;
}

bool ConnectionTable::OnFirstFrame(const FrameSource& source, int64_t now) {
  if (!ChosenByServer(source)) {
    CutFd(source.door, source.fd, CutReason::kClaimedIdentity);
    return false;
  }
  Connection* connection = Find(source.door, source.fd);
  const bool late = connection == nullptr ||
                    (!connection->route.empty() && !IsNewer(source.route, connection->route));
  if (late) {
    // Its connection is closed already. The message counts (it was sent whole); an answer would
    // find nobody, so no route is made.
    return !IsRevoked(source.user, 0);
  }
  if (connection->cut) {
    return false;
  }
  ForgetRoute(*connection);
  if (IsRevoked(source.user, connection->serial)) {
    connection->user = source.user;
    Cut(*connection, CutReason::kRevoked);
    return false;
  }
  Bind(*connection, source);
  Touch(*connection, now);
  CutOldestBeyondLimit(source.user);
  return true;
}

void ConnectionTable::Bind(Connection& connection, const FrameSource& source) {
  connection.user = source.user;
  connection.route = source.route;
  routes_[Index(source.door)][source.route] = &connection;
  auto& of_user = users_[source.user];
  const auto place = std::upper_bound(
      of_user.begin(), of_user.end(), &connection, [](const Connection* a, const Connection* b) {
        return a->serial < b->serial;
      });
  of_user.insert(place, &connection);
}

void ConnectionTable::Touch(Connection& connection, int64_t now) {
  connection.framed = true;
  connection.spoke = true;
  connection.last_frame_ms = now;
}

void ConnectionTable::ForgetRoute(Connection& connection) {
  if (connection.route.empty()) {
    return;
  }
  gone_.push_back({connection.door, connection.user, connection.route});
  routes_[Index(connection.door)].erase(connection.route);
  auto& of_user = users_[connection.user];
  std::erase(of_user, &connection);
  if (of_user.empty()) {
    users_.erase(connection.user);
  }
  connection.route.clear();
}

void ConnectionTable::Cut(Connection& connection, CutReason reason) {
  if (connection.cut) {
    return;
  }
  connection.cut = true;
  cuts_.push_back({connection.fd, connection.cookie, reason, connection.user});
  ForgetRoute(connection);
}

void ConnectionTable::CutOldestBeyondLimit(const std::string& user) {
  while (true) {
    const auto found = users_.find(user);
    if (found == users_.end() || found->second.size() <= limits_.per_user_max) {
      return;
    }
    Cut(*found->second.front(), CutReason::kTooManyOfUser);
  }
}

void ConnectionTable::OnMeasured(int fd, uint64_t bytes_received) {
  if (const auto found = connections_.find(fd); found != connections_.end()) {
    found->second.bytes_measured = bytes_received;
    measured_.push_back(fd);
  }
}

void ConnectionTable::Judge(bool drained) {
  for (const int fd : std::exchange(measured_, {})) {
    const auto found = connections_.find(fd);
    if (found == connections_.end() || found->second.cut) {
      continue;
    }
    Connection& connection = found->second;
    if (std::exchange(connection.framed, false)) {
      connection.bytes_at_frame = connection.bytes_measured;
    }
    const uint64_t unfinished = connection.bytes_measured - connection.bytes_at_frame;
    if (unfinished > UnfinishedBytesMax(connection.door, drained)) {
      Cut(connection, CutReason::kUnfinished);
    }
  }
}

void ConnectionTable::OnTick(int64_t now) {
  for (auto& [fd, connection] : connections_) {
    if (!connection.spoke && now - connection.accepted_ms > limits_.silent_ms_max) {
      Cut(connection, CutReason::kSilent);
    } else if (connection.door == Door::kEnrolment && connection.spoke &&
               now - connection.last_frame_ms > limits_.enrolment_idle_ms_max) {
      Cut(connection, CutReason::kIdle);
    }
  }
  // Whoever was connected at the time of a revocation has spoken or was cut as silent by now.
  std::erase_if(revoked_, [&](const auto& item) {
    return now - item.second.at_ms > 2 * limits_.silent_ms_max;
  });
}

void ConnectionTable::CutUser(const std::string& user, int64_t now) {
  revoked_[user] = {next_serial_ - 1, now};
  while (true) {
    const auto found = users_.find(user);
    if (found == users_.end()) {
      return;
    }
    Cut(*found->second.front(), CutReason::kRevoked);
  }
}

void ConnectionTable::CutRoute(const Peer& peer, CutReason reason) {
  const auto& routes = routes_[Index(peer.door)];
  if (const auto found = routes.find(peer.route); found != routes.end()) {
    Cut(*found->second, reason);
  }
}

void ConnectionTable::CutFd(Door door, int fd, CutReason reason) {
  if (Connection* connection = Find(door, fd); connection != nullptr) {
    Cut(*connection, reason);
  }
}

bool ConnectionTable::Reaches(const Peer& peer) const {
  const auto& routes = routes_[Index(peer.door)];
  const auto found = routes.find(peer.route);
  return found != routes.end() && found->second->user == peer.user;
}

bool ConnectionTable::IsRevoked(const std::string& user, uint64_t serial) const {
  const auto found = revoked_.find(user);
  return found != revoked_.end() && serial <= found->second.serial;
}

ConnectionTable::Connection* ConnectionTable::Find(Door door, int fd) {
  const auto found = connections_.find(fd);
  return found != connections_.end() && found->second.door == door ? &found->second : nullptr;
}

}  // namespace rujukan::broker
