// The port between the network adapter and the engine: frames in, frames out, who is who. Neither
// side knows the other's library.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "broker/core/reading.h"

namespace rujukan::broker {

enum class Door { kMain, kEnrolment };

// Where a frame came from. `user` was proven by CURVE: the agency's address at the main door, the
// hex of the client's CURVE key at the enrolment door. `route` is the ROUTER's own routing id of
// the connection; it dies with the connection.
struct Peer {
  Door door = Door::kMain;
  std::string user;
  std::string route;
};

struct Inbound {
  Peer peer;
  std::string frame;  // serialised ClientFrame, at most kFrameBytesMax / kEnrolmentFrameBytesMax
};

// Implemented by the engine. Thread: called from the network thread only.
class Inlet {
 public:
  virtual ~Inlet() = default;
  // Takes the frame, or leaves it as it is and returns false when the admission queue is full: the
  // network thread then stops reading, which pushes back to the agents. OnRoom tells when to go on.
  virtual bool Offer(Inbound& inbound) = 0;
  // The route is gone (send failed, connection cut). Said again for every frame that was meant for
  // it later: frames of it that still wait for admission may bring it back to the engine's mind.
  virtual void Gone(const Peer& peer) = 0;
};

// Implemented by the network adapter. Thread-safe; never blocks on the network.
class Outlet {
 public:
  virtual ~Outlet() = default;
  // Queues a frame. A peer that is gone or does not read loses it: every frame can be asked for
  // again.
  virtual void Send(const Peer& peer, std::string frame) = 0;
  // Closes every connection of this agency now (revoked). New ones fail at Gatekeeper.
  virtual void Cut(const std::string& user) = 0;
  // Closes this connection: the peer does not read. It comes back and is served anew.
  virtual void Drop(const Peer& peer) = 0;
  // The admission queue has room again.
  virtual void Resume() = 0;
};

// Implemented by the engine from an immutable snapshot of the directory. Thread-safe, lock-free
// reads.
class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  // The address admitted for this CURVE key, while its agency is active.
  virtual std::optional<std::string> AddressOf(const TransportKey& key) const = 0;
};

// What the HTTP adapter reads. Thread-safe.
class LogReader {
 public:
  virtual ~LogReader() = default;
  virtual Result<std::string> CheckpointNote() const = 0;  // newest signed, with its cosignatures
  virtual Result<std::string> CosignedNote() const = 0;    // newest cosigned; kNotFound: none yet
  virtual Result<std::string> HashTile(uint32_t level, uint64_t number, uint32_t width) const = 0;
  virtual Result<std::string> EntryBundle(uint64_t number, uint32_t width) const = 0;
  // What the token with this digest opens now; kUnknown when it opens nothing.
  virtual Result<Reading> ReadingOf(const Digest& token_digest) const = 0;
  // The same bundle as far as an open `reading` goes.
  virtual Result<std::string> ScopedBundle(const Reading& reading,
                                           uint64_t number,
                                           uint32_t width) const = 0;
  virtual bool Ready() const = 0;               // serving and not out of disk
  virtual std::string MetricsText() const = 0;  // Prometheus text exposition
};

}  // namespace rujukan::broker
