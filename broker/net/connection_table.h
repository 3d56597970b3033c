// Which connections there are, whose they are, and which must go: every decision of the doors,
// without a socket or a clock. The adapter reports what it sees and carries out TakeCuts and
// TakeGone.
//
//   event                                        | consequence
//   accepted beyond the door's total             | the door's oldest that never spoke is cut (of
//   strangers the oldest), else the newcomer
//   first frame: routing id chosen by the client | cut, frame dropped
//   first frame of one connection too many       | the agency's oldest is cut: the newest is the
//   live one first frame, accepted before its user was cut| cut, frame dropped a route speaks for
//   another user than before  | cut, frame dropped bytes come in but no message gets complete   |
//   cut (an endless multipart costs memory, not messages) no first message in time; strangers idle
//   | cut
//
// The kernel reuses file descriptors, so a connection is (fd, cookie), and a route belongs to the
// connection that first used it. Server-chosen routing ids count upwards, which tells a late
// message of a closed connection from one of its successor on the same fd.
//
// Thread: one owner. Time: milliseconds of any steady clock.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "broker/core/port.h"

namespace rujukan::broker {

struct ConnectionLimits {
  size_t main_max = limits::kConnectionsMax;
  size_t enrolment_max = limits::kEnrolmentConnectionsMax;
  size_t per_user_max = limits::kConnectionsPerAgencyMax;
  int64_t silent_ms_max = limits::kSilentConnectionMsMax;
  int64_t enrolment_idle_ms_max = limits::kEnrolmentIdleMsMax;
};

enum class CutReason {
  kTooManyConnections,
  kTooManyOfUser,
  kClaimedIdentity,
  kRouteOfAnother,
  kRevoked,
  kUnfinished,
  kMalformed,
  kNotReading,
  kSilent,
  kIdle,
};
std::string_view CutReasonText(CutReason reason);

// Shut this socket down, if it still is the one that `cookie` names.
struct CutOrder {
  int fd = -1;
  uint64_t cookie = 0;
  CutReason reason = CutReason::kSilent;
  std::string user;  // "": not known yet
};

struct FrameSource {
  Door door = Door::kMain;
  const std::string& user;
  const std::string& route;
  const std::string& claimed_identity;
  int fd = -1;
};

class ConnectionTable {
 public:
  explicit ConnectionTable(const ConnectionLimits& limits) : limits_(limits) {}

  // --- What the adapter sees ---
  void OnAccepted(Door door, int fd, uint64_t cookie, int64_t now);
  void OnDisconnected(Door door, int fd);
  // True: hand the frame on. Requires: unless HasRoute, every accept before this frame has been
  // reported.
  bool OnFrame(const FrameSource& source, int64_t now);
  // Bytes the kernel has taken from this connection since it was accepted.
  void OnMeasured(int fd, uint64_t bytes_received);
  // Judges what was measured since the last call. `drained`: after the measuring, both doors were
  // read until nothing waited; otherwise whole messages may still wait and are allowed for.
  void Judge(bool drained);
  void OnTick(int64_t now);

  // --- What others ask for ---
  // Every connection of this user, those that have not spoken yet included (they are cut when they
  // do).
  void CutUser(const std::string& user, int64_t now);
  void CutRoute(const Peer& peer, CutReason reason);
  void CutFd(Door door, int fd, CutReason reason);
  // True while this route is alive and belongs to this user.
  bool Reaches(const Peer& peer) const;

  // --- What follows ---
  std::vector<CutOrder> TakeCuts() { return std::exchange(cuts_, {}); }
  std::vector<Peer> TakeGone() { return std::exchange(gone_, {}); }
  bool HasRoute(Door door, const std::string& route) const {
    return routes_[Index(door)].contains(route);
  }
  size_t Count(Door door) const { return counts_[Index(door)]; }

 private:
  struct Connection {
    Door door = Door::kMain;
    int fd = -1;
    uint64_t cookie = 0;
    uint64_t serial = 0;  // order of acceptance
    int64_t accepted_ms = 0;
    int64_t last_frame_ms = 0;
    uint64_t bytes_measured = 0;
    uint64_t bytes_at_frame = 0;  // measured when a frame was last complete
    bool framed = false;          // a frame came since the last Judge
    bool spoke = false;           // a frame came, ever
    bool cut = false;
    std::string user;   // "" until the first frame
    std::string route;  // "" until the first frame, and again once forgotten
  };
  struct Revocation {
    uint64_t serial = 0;  // connections accepted up to here are meant
    int64_t at_ms = 0;
  };

  static size_t Index(Door door) { return door == Door::kMain ? 0 : 1; }
  Connection* Find(Door door, int fd);
  bool OnFirstFrame(const FrameSource& source, int64_t now);
  void Bind(Connection& connection, const FrameSource& source);
  void Touch(Connection& connection, int64_t now);
  void ForgetRoute(Connection& connection);
  void Cut(Connection& connection, CutReason reason);
  bool IsRevoked(const std::string& user, uint64_t serial) const;
  void MakeRoom(Connection& newcomer);
  void CutOldestBeyondLimit(const std::string& user);

  const ConnectionLimits limits_;
  uint64_t next_serial_ = 1;
  std::unordered_map<int, Connection> connections_;
  std::array<std::unordered_map<std::string, Connection*>, 2> routes_;  // by door
  std::unordered_map<std::string, std::vector<Connection*>> users_;     // oldest first
  std::unordered_map<std::string, Revocation> revoked_;
  std::array<size_t, 2> counts_{};
  std::vector<int> measured_;
  std::vector<CutOrder> cuts_;
  std::vector<Peer> gone_;
};

// The most bytes a well-behaved connection of this door can have under way without a complete
// message.
uint64_t UnfinishedBytesMax(Door door, bool drained);

}  // namespace rujukan::broker
