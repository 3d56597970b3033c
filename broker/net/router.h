// The broker's network thread: two doors, one loop. It carries frames between connections and the
// engine, keeps connections within bounds, and pushes back when the engine is full.
//
// Order of opening: ZAP, then the doors, then their monitors; of closing: the reverse. libzmq lets
// everybody in while no ZAP handler is bound, so nothing here can open a door without one.
//
// Back-pressure: when Inlet::Offer returns false, the frame is kept, the doors are not read until
// Outlet::Resume, and queues fill up back to the agents, who wait. Sending goes on meanwhile.
//
// Thread: Start and the destructor by the owner; Endpoint and MetricsText by anybody. Nothing
// durable.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "broker/core/port.h"
#include "broker/net/connection_guard.h"
#include "broker/net/connection_table.h"
#include "broker/net/door.h"
#include "broker/net/outbox.h"
#include "broker/net/router_metrics.h"
#include "broker/net/zap.h"
#include "certs/ed25519.h"

namespace rujukan::broker {

struct RouterOptions {
  std::string main_endpoint;  // tcp://host:port; port 0: the kernel chooses
  std::string enrolment_endpoint;
  certs::TransportKeyPair keys;  // the broker's own
  ConnectionLimits limits;
};

// Who the router works for; all outlive it.
struct RouterPorts {
  Outbox& outbox;
  Inlet& inlet;
  const Gatekeeper& gatekeeper;
};

class Router {
 public:
  // Serving on return. kUnavailable: an address is taken, no files left.
  static Result<std::unique_ptr<Router>> Start(const RouterOptions& options,
                                               const RouterPorts& ports);
  ~Router();  // stops and joins; frames not yet sent are lost
  Router(const Router&) = delete;
  Router& operator=(const Router&) = delete;

  const std::string& Endpoint(Door door) const;  // as bound
  std::string MetricsText() const { return metrics_.Text(); }

 private:
  Router(const RouterOptions& options, const RouterPorts& ports);
  Result<void> Open(const RouterOptions& options);
  void Run();
  void Wait();
  void Turn(int64_t now);
  void TakeOrders(int64_t now);
  void SendFrames();
  bool ReadDoors(int64_t now);
  bool ReadDoor(DoorSocket& door, size_t frames_max, int64_t now);
  void OnFrame(Door door, int64_t now);
  void Offer(Inbound inbound);
  void Settle(int64_t now);

  // Constant after Start.
  const RouterPorts ports_;
  // Destroyed in reverse: guard, doors, ZAP, context.
  Context context_;
  std::unique_ptr<ZapHandler> zap_;
  std::optional<DoorSocket> main_;
  std::optional<DoorSocket> enrolment_;
  ConnectionTable table_;
  std::unique_ptr<ConnectionGuard> guard_;

  // Owned by the network thread.
  std::optional<Inbound> waiting_;  // refused by the inlet: nothing is read until it is taken
  Outbox::Orders orders_;
  ReceivedFrame received_;
  std::vector<zmq_pollitem_t> poll_items_;
  int64_t next_measure_ms_ = 0;
  int64_t next_tick_ms_ = 0;
  int log_budget_ = 0;  // lines about cuts until the next tick

  RouterMetrics metrics_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace rujukan::broker
