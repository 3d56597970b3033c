#include "tests/sim/network.h"

#include <algorithm>

namespace rujukan::sim {

std::string Network::Connect(size_t agent) {
  // ROUTER's routing ids start anywhere: the order of routes must not mean anything.
  const std::string number = std::to_string(next_++);
  const std::string route = "r" + std::to_string(random_.Below(10)) + "-" + number;
  connections_[route].agent = agent;
  return route;
}

void Network::Enqueue(Connection::Direction& direction, std::string frame, UnixMillis now) {
  if (direction.mute) {
    return;
  }
  UnixMillis due = now + random_.Between(1, delay_ms_max_);
  if (!direction.parcels.empty()) {
    due = std::max(due, direction.parcels.back().due);
  }
  direction.parcels.push_back({due, std::move(frame)});
}

void Network::SendUp(const std::string& route, std::string frame, UnixMillis now) {
  const auto it = connections_.find(route);
  if (it != connections_.end() && it->second.agent_open && !it->second.broken) {
    Enqueue(it->second.up, std::move(frame), now);
  }
}

void Network::SendDown(const std::string& route, std::string frame, UnixMillis now) {
  const auto it = connections_.find(route);
  if (it != connections_.end() && it->second.broker_open && !it->second.broken) {
    Enqueue(it->second.down, std::move(frame), now);
  }
}

bool Network::BrokerHolds(const std::string& route) const {
  const auto it = connections_.find(route);
  return it != connections_.end() && it->second.broker_open;
}

void Network::Break(const std::string& route, UnixMillis now, int64_t agent_ms, int64_t broker_ms) {
  Connection& connection = connections_.at(route);
  for (auto* direction : {&connection.up, &connection.down}) {
    const size_t kept = random_.Below(direction->parcels.size() + 1);
    direction->parcels.resize(kept);
  }
  connection.broken = true;
  connection.agent_learns_at = now + random_.Between(0, agent_ms);
  connection.broker_learns_at = now + random_.Between(0, broker_ms);
}

void Network::Mute(const std::string& route, bool up) {
  Connection& connection = connections_.at(route);
  (up ? connection.up : connection.down).mute = true;
}

void Network::CloseAgentEnd(const std::string& route, UnixMillis now, int64_t broker_ms) {
  const auto it = connections_.find(route);
  if (it == connections_.end()) {
    return;
  }
  if (!it->second.broken) {
    Break(route, now, 0, broker_ms);
  }
  it->second.agent_open = false;
  it->second.down.parcels.clear();
  DropIfOver(route);
}

void Network::CloseBrokerEnd(const std::string& route, UnixMillis now, int64_t agent_ms) {
  const auto it = connections_.find(route);
  if (it == connections_.end()) {
    return;
  }
  if (!it->second.broken) {
    Break(route, now, agent_ms, 0);
  }
  it->second.broker_open = false;
  it->second.up.parcels.clear();
  DropIfOver(route);
}

void Network::DropIfOver(const std::string& route) {
  const auto it = connections_.find(route);
  if (!it->second.agent_open && !it->second.broker_open) {
    connections_.erase(it);
  }
}

std::vector<std::string> Network::DueUp(UnixMillis now) const {
  std::vector<std::string> due;
  for (const auto& [route, connection] : connections_) {
    const auto& parcels = connection.up.parcels;
    if (connection.broker_open && !parcels.empty() && parcels.front().due <= now) {
      due.push_back(route);
    }
  }
  return due;
}

std::vector<std::string> Network::DueDown(UnixMillis now) const {
  std::vector<std::string> due;
  for (const auto& [route, connection] : connections_) {
    const auto& parcels = connection.down.parcels;
    if (connection.agent_open && !parcels.empty() && parcels.front().due <= now) {
      due.push_back(route);
    }
  }
  return due;
}

std::string Network::TakeUp(const std::string& route) {
  auto& parcels = connections_.at(route).up.parcels;
  std::string frame = std::move(parcels.front().frame);
  parcels.pop_front();
  return frame;
}

std::string Network::TakeDown(const std::string& route) {
  auto& parcels = connections_.at(route).down.parcels;
  std::string frame = std::move(parcels.front().frame);
  parcels.pop_front();
  return frame;
}

std::optional<std::string> Network::NextAgentLearns(UnixMillis now) const {
  for (const auto& [route, c] : connections_) {
    if (c.broken && c.agent_open && c.agent_learns_at <= now && c.down.parcels.empty()) {
      return route;
    }
  }
  return std::nullopt;
}

std::optional<std::string> Network::NextBrokerLearns(UnixMillis now) const {
  for (const auto& [route, c] : connections_) {
    if (c.broken && c.broker_open && c.broker_learns_at <= now && c.up.parcels.empty()) {
      return route;
    }
  }
  return std::nullopt;
}

UnixMillis Network::NextEvent() const {
  UnixMillis next = INT64_MAX;
  for (const auto& [route, c] : connections_) {
    for (const auto* direction : {&c.up, &c.down}) {
      if (!direction->parcels.empty()) {
        next = std::min(next, direction->parcels.front().due);
      }
    }
    if (c.broken && c.agent_open) {
      next = std::min(next, c.agent_learns_at);
    }
    if (c.broken && c.broker_open) {
      next = std::min(next, c.broker_learns_at);
    }
  }
  return next;
}

std::vector<std::string> Network::Routes() const {
  std::vector<std::string> routes;
  for (const auto& [route, connection] : connections_) {
    if (!connection.broken) {
      routes.push_back(route);
    }
  }
  return routes;
}

std::vector<std::string> Network::RoutesAtBroker() const {
  std::vector<std::string> routes;
  for (const auto& [route, connection] : connections_) {
    if (connection.broker_open) {
      routes.push_back(route);
    }
  }
  return routes;
}

}  // namespace rujukan::sim
