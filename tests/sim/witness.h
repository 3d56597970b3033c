// Watches what the broker gives out and what applications are given, and remembers all of it:
// receipts, checkpoints, deliveries. Whatever was once given out must hold for the rest of the run.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "broker/core/port.h"
#include "ledger/checkpoint.h"
#include "rujukan/v1/wire.pb.h"
#include "tests/sim/ledger_model.h"

namespace rujukan::sim {

class Witness {
 public:
  explicit Witness(ledger::NoteVerifier log) : log_(std::move(log)) {}

  // A frame leaves the broker. Every receipt in it must verify and its entry be durable already,
  // and a second receipt for the same subject must be the bytes of the first.
  Violation OnFrame(const broker::Peer& peer, const std::string& frame, const broker::Store& store);
  // An agent has stored a message, which is the same as giving it to its application.
  Violation OnGiven(const std::string& address, const std::string& message_id);
  // Every delivery that the ledger records had been stored by its recipient before.
  Violation CheckDeliveries(const LedgerModel& model) const;
  // Every checkpoint handed out (the `newest` so many; all: SIZE_MAX) continues into the tree of
  // the store, by RFC 6962 consistency proof, and every receipt's entry is where it was.
  Violation CheckPast(const broker::Store& store, size_t newest) const;

  size_t TimesGiven(const std::string& address, const std::string& message_id) const;
  size_t receipts() const { return receipts_.size(); }
  size_t checkpoints() const { return checkpoints_.size(); }
  // The ledger must never be shorter than this.
  TreeSize promised() const { return checkpoints_.empty() ? 0 : checkpoints_.rbegin()->first; }

 private:
  Violation OnProven(const std::string& who,
                     const v1::ProvenEntry& proven,
                     const broker::Store& store);
  Violation OnCheckpoint(const ledger::Checkpoint& checkpoint, const std::string& note);
  Violation CheckOne(const ledger::Checkpoint& checkpoint,
                     const broker::Store& store,
                     const Digest& root,
                     TreeSize size) const;

  const ledger::NoteVerifier log_;
  std::string last_note_;  // its signature is verified
  std::map<TreeSize, ledger::Checkpoint> checkpoints_;
  struct Given {
    std::string entry;
    std::string proof;
  };
  std::map<std::string, Given> receipts_;  // "to whom, what for" -> what
  std::map<LogIndex, std::string> entries_;
  std::map<std::string, size_t> applications_;  // "address id" -> times given
};

}  // namespace rujukan::sim
