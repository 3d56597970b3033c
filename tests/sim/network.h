// The network between agents and broker: connections that carry frames in order with random delay,
// as TCP does, and break as TCP does: what is under way is lost, and each end learns of it at a
// time of its own. One owner; time is a parameter.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tests/sim/random.h"

namespace rujukan::sim {

struct Connection {
  struct Parcel {
    UnixMillis due = 0;
    std::string frame;
  };
  struct Direction {
    std::deque<Parcel> parcels;
    bool mute = false;  // swallows everything (asymmetric loss), until the connection breaks
  };
  size_t agent = 0;
  Direction up;    // agent -> broker
  Direction down;  // broker -> agent
  bool broken = false;
  bool agent_open = true;
  bool broker_open = true;
  UnixMillis agent_learns_at = 0;  // when broken
  UnixMillis broker_learns_at = 0;
};

class Network {
 public:
  explicit Network(Random& random) : random_(random) {}

  // The route of a new connection.
  std::string Connect(size_t agent);
  // Frames into a connection that the sender's end has closed, or that is broken, vanish.
  void SendUp(const std::string& route, std::string frame, UnixMillis now);
  void SendDown(const std::string& route, std::string frame, UnixMillis now);
  bool BrokerHolds(const std::string& route) const;

  // Loses what is under way but for a few frames that had arrived already; the ends learn of it
  // after at most so long.
  void Break(const std::string& route, UnixMillis now, int64_t agent_ms, int64_t broker_ms);
  void Mute(const std::string& route, bool up);
  // An end goes: process ended, or it gave up.
  void CloseAgentEnd(const std::string& route, UnixMillis now, int64_t broker_ms);
  void CloseBrokerEnd(const std::string& route, UnixMillis now, int64_t agent_ms);

  // What is due: the routes on which something has arrived, in order.
  std::vector<std::string> DueUp(UnixMillis now) const;
  std::vector<std::string> DueDown(UnixMillis now) const;
  std::string TakeUp(const std::string& route);
  std::string TakeDown(const std::string& route);
  // Ends that learn now that their connection is broken; told once.
  std::optional<std::string> NextAgentLearns(UnixMillis now) const;
  std::optional<std::string> NextBrokerLearns(UnixMillis now) const;
  UnixMillis NextEvent() const;  // INT64_MAX: nothing under way

  size_t AgentOf(const std::string& route) const { return connections_.at(route).agent; }
  std::vector<std::string> Routes() const;  // not broken
  std::vector<std::string> RoutesAtBroker() const;
  void set_delay_max(int64_t ms) { delay_ms_max_ = ms; }

 private:
  void Enqueue(Connection::Direction& direction, std::string frame, UnixMillis now);
  void DropIfOver(const std::string& route);

  Random& random_;
  std::map<std::string, Connection> connections_;
  int64_t delay_ms_max_ = 50;
  uint64_t next_ = 1;
};

}  // namespace rujukan::sim
