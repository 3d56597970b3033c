// The engine: the broker without its network. Frames come in through Inlet, answers go out through
// Outlet, the log is read through LogReader; in between are the threads of docs/architecture.md:
//
//   network -> admission workers -> sequencer -> committer -> courier
//                          \------- queries -----------------^
//                           \------ chunks --> porter
//
// Each arrow is a bounded queue; arrows never go back, so nobody waits in a circle.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "broker/core/chunk_store.h"
#include "broker/core/journal.h"
#include "broker/core/port.h"
#include "broker/engine/admission_pool.h"
#include "broker/engine/committer.h"
#include "broker/engine/courier.h"
#include "broker/engine/housekeeper.h"
#include "broker/engine/porter.h"
#include "broker/engine/sequencer_thread.h"
#include "broker/engine/shared.h"
#include "ledger/note.h"

namespace rujukan::broker {

class Engine : public Inlet, public Gatekeeper, public LogReader {
 public:
  struct Options {
    size_t workers = 0;                              // admission threads; 0: one a core
    ChunkStore* chunks = nullptr;                    // null: no attachments are kept here
    bool accept_clock = false;                       // start however old the newest entry is
    int64_t state_every_ms = limits::kStateEveryMs;  // between two StateRecorded entries
    // Milliseconds of a clock that nobody sets and that goes on while the machine sleeps; empty:
    // the machine's.
    std::function<int64_t()> steady_ms{};
  };

  // Takes the ledger over and recovers: reads head, tree and directory, signs an unsigned tail. The
  // arguments outlive the engine; nothing is sent before Start. kNotFound: no genesis
  // (SeedGenesis). kDenied: `signer` is not the key the genesis names. kCorrupt: the store
  // contradicts itself. kExpired: the newest entry is over limits::kHeadAgeMsMax old, so the clock
  // may be wrong; options.accept_clock says it is not.
  static Result<std::unique_ptr<Engine>> Open(
      Store& store, ledger::NoteSigner signer, const Clock& clock, Outlet& outlet, Options options);
  ~Engine() override;

  // What the broker shall do of itself besides; before Start.
  void AddChore(std::unique_ptr<Chore> chore) { housekeeper_.Add(std::move(chore)); }
  // For chores: what they need to write to the store beside the committer.
  Epoch epoch() const { return epoch_; }
  Metrics& metrics() { return shared_.metrics; }
  // For chores: puts an entry of the broker's own on record. Any thread.
  void Record(v1::Entry entry) { sequencer_.inbox().PushDuty(std::move(entry)); }
  // For chores: keeps a checkpoint of this ledger that others have cosigned and shows it from now
  // on (/checkpoint, /checkpoint/cosigned, Welcome). One thread. kFatal: the store failed.
  Result<void> KeepCosigned(const Journal::KeptCheckpoint& cosigned);
  void Start();
  // Ends all threads; a batch being written is finished and answered, frames still waiting are not
  // (their senders send again). Idempotent.
  void Stop();
  // The first fatal error; the threads have ended or are ending, and the process should: a restart
  // recovers from what is durable.
  std::optional<Error> Failure() const { return shared_.failure.Get(); }

  // Inlet
  bool Offer(Inbound& inbound) override;
  void Gone(const Peer& peer) override;
  // Gatekeeper
  std::optional<std::string> AddressOf(const TransportKey& key) const override;
  // LogReader. Nothing that the newest checkpoint does not cover is shown (kNotFound).
  Result<std::string> CheckpointNote() const override;
  Result<std::string> CosignedNote() const override;
  Result<std::string> HashTile(uint32_t level, uint64_t number, uint32_t width) const override;
  Result<std::string> EntryBundle(uint64_t number, uint32_t width) const override;
  Result<Reading> ReadingOf(const Digest& token_digest) const override;
  Result<std::string> ScopedBundle(const Reading& reading,
                                   uint64_t number,
                                   uint32_t width) const override;
  bool Ready() const override;
  std::string MetricsText() const override;

 private:
  struct Recovered;
  struct Ports {
    Store& store;
    const Clock& clock;
    Outlet& outlet;
  };
  Engine(const Ports& ports, Recovered recovered, Options options);
  static Result<Recovered> Recover(Store& store, ledger::NoteSigner signer);
  void CloseAll();
  Result<std::vector<std::string>> EntriesOf(uint64_t number, uint32_t width) const;

  // Constant after construction.
  const Options options_;
  const Epoch epoch_;
  // Synchronises itself.
  Shared shared_;
  Courier courier_;
  Porter porter_;
  Committer committer_;
  SequencerThread sequencer_;
  AdmissionPool admission_;
  Housekeeper housekeeper_;
  Housekeeper clockkeeper_;  // clocks wait for no disk and no other machine
  std::atomic<bool> started_{false};
};

}  // namespace rujukan::broker
