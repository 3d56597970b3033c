#include "broker/engine/engine.h"

#include <algorithm>
#include <ctime>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/test_clock.h"
#include "broker/engine/clocks_chore.h"
#include "ledger/checkpoint.h"
#include "ledger/fold.h"

namespace rujukan::broker {

// What start-up finds in the store, ready to go on from.
struct Engine::Recovered {
  CheckpointDesk desk;
  std::unique_ptr<Sequencer> sequencer;
  std::shared_ptr<const DirectorySnapshot> directory;
  std::shared_ptr<const Journal::KeptCheckpoint> newest;
  std::shared_ptr<const Journal::KeptCheckpoint> cosigned;  // null: none
};

namespace {

Result<void> CheckLogKey(const Store& store, const ledger::NoteSigner& signer) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(store));
  if (domain.log_vkey() != signer.verifier().ToVkey()) {
    return Fail(Errc::kDenied,
                "the log key is not the one the genesis names (" + domain.log_vkey() +
                    "); start with the identity this ledger was made with");
  }
  return {};
}

// The checkpoint to go on from. Entries behind the last signed one are an unsigned tail: the broker
// stopped between persisting and signing. They are signed as they are, never rolled back.
Result<Journal::KeptCheckpoint> SignTail(Store& store, const CheckpointDesk& desk, TreeSize size) {
  ASSIGN_OR_RETURN(const auto latest, store.LatestCheckpoint());
  if (latest.has_value()) {
    // Whatever is signed now continues it, or the signature would be the proof of a fork.
    ASSIGN_OR_RETURN(const ledger::Checkpoint opened,
                     ledger::OpenCheckpoint(latest->note, desk.signer.verifier()));
    const auto root = ledger::RootAt(std::min(latest->size, size), store);
    if (latest->size > size || opened.size != latest->size || !root || opened.root != *root) {
      return Fail(Errc::kCorrupt,
                  "a signed checkpoint of " + std::to_string(latest->size) +
                      " entries does not fit the ledger of " + std::to_string(size) +
                      "; do not go on: restore the store from its newest backup");
    }
    if (latest->size == size) {
      return *latest;
    }
  }
  ASSIGN_OR_RETURN(const Digest root, ledger::RootAt(size, store));
  return desk.SignAndKeep(size, root, store);
}

// The next entry is dated by this clock, and all after it no earlier.
Result<void> CheckClock(UnixMillis now, UnixMillis head) {
  if (now - head > limits::kHeadAgeMsMax) {
    return Fail(Errc::kExpired,
                "the newest entry is of " + FormatTime(head) + ", the clock says " +
                    FormatTime(now) +
                    "; set the clock, or start with --accept-clock if it is right");
  }
  return {};
}

// Counts while the machine sleeps, as the wall clock does.
int64_t MachineSteadyMs() {
  timespec time{};
  clock_gettime(CLOCK_BOOTTIME, &time);
  return static_cast<int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000 + TestClockOffset();
}

Result<std::shared_ptr<const Journal::KeptCheckpoint>> LoadCosigned(const Store& store) {
  ASSIGN_OR_RETURN(auto cosigned, store.LatestCosigned());
  if (!cosigned.has_value()) {
    return std::shared_ptr<const Journal::KeptCheckpoint>();
  }
  return std::make_shared<const Journal::KeptCheckpoint>(std::move(*cosigned));
}

size_t WorkersOf(const Engine::Options& options) {
  if (options.workers != 0) {
    return options.workers;
  }
  return std::max<size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace

Result<Engine::Recovered> Engine::Recover(Store& store, ledger::NoteSigner signer) {
  ASSIGN_OR_RETURN(const Epoch epoch, store.Fence());
  ASSIGN_OR_RETURN(std::unique_ptr<Sequencer> sequencer, Sequencer::Recover(store));
  RETURN_IF_ERROR(CheckLogKey(store, signer));
  CheckpointDesk desk{std::move(signer), epoch};
  ASSIGN_OR_RETURN(Journal::KeptCheckpoint newest, SignTail(store, desk, sequencer->size()));
  ASSIGN_OR_RETURN(auto directory, DirectorySnapshot::Load(store));
  ASSIGN_OR_RETURN(auto cosigned, LoadCosigned(store));
  return Recovered{std::move(desk),
                   std::move(sequencer),
                   std::move(directory),
                   std::make_shared<const Journal::KeptCheckpoint>(std::move(newest)),
                   std::move(cosigned)};
}

Result<std::unique_ptr<Engine>> Engine::Open(
    Store& store, ledger::NoteSigner signer, const Clock& clock, Outlet& outlet, Options options) {
  ASSIGN_OR_RETURN(Recovered recovered, Recover(store, std::move(signer)));
  if (!options.accept_clock) {
    RETURN_IF_ERROR(CheckClock(clock.Now(), recovered.sequencer->time()));
  }
  return std::unique_ptr<Engine>(new Engine({store, clock, outlet}, std::move(recovered), options));
}

Engine::Engine(const Ports& ports, Recovered recovered, Options options)
    : options_(options),
      epoch_(recovered.desk.epoch),
      shared_(ports.store, ports.clock, ports.outlet),
      courier_(shared_),
      porter_(shared_, options_.chunks),
      committer_(shared_, std::move(recovered.desk), courier_),
      sequencer_(shared_,
                 std::move(recovered.sequencer),
                 committer_,
                 options_.steady_ms ? options_.steady_ms : MachineSteadyMs),
      admission_(shared_, sequencer_.inbox(), courier_, porter_),
      housekeeper_(shared_),
      clockkeeper_(shared_) {
  shared_.directory.Set(std::move(recovered.directory));
  shared_.newest.Set(std::move(recovered.newest));
  shared_.cosigned.Set(std::move(recovered.cosigned));
  shared_.stop_all = [this] { CloseAll(); };
  shared_.erasure_due = [this] { housekeeper_.Wake(); };
  AddChore(MakeStateChore(
      ports.store, [this](v1::Entry entry) { Record(std::move(entry)); }, options_.state_every_ms));
  clockkeeper_.Add(
      MakeClocksChore(ports.store, [this](v1::Entry entry) { Record(std::move(entry)); }));
}

Engine::~Engine() {
  Stop();
}

Result<void> Engine::KeepCosigned(const Journal::KeptCheckpoint& cosigned) {
  RETURN_IF_ERROR(shared_.store.PutCosigned(epoch_, cosigned.size, cosigned.note));
  shared_.cosigned.Set(std::make_shared<const Journal::KeptCheckpoint>(cosigned));
  return {};
}

void Engine::Start() {
  started_ = true;
  courier_.Start(shared_.newest.Get()->size);
  committer_.Start(sequencer_.inbox());
  sequencer_.Start();
  porter_.Start();
  admission_.Start(WorkersOf(options_));
  housekeeper_.Start();
  clockkeeper_.Start();
}

void Engine::CloseAll() {
  started_ = false;
  housekeeper_.Close();
  clockkeeper_.Close();
  admission_.Close();
  sequencer_.Close();
  committer_.Close();
  courier_.Close();
  porter_.Close();
}

void Engine::Stop() {
  CloseAll();
  housekeeper_.Join();
  clockkeeper_.Join();
  admission_.Join();
  sequencer_.Join();
  committer_.Join();
  courier_.Join();
  porter_.Join();
}

bool Engine::Offer(Inbound& inbound) {
  return admission_.Offer(inbound);
}

void Engine::Gone(const Peer& peer) {
  courier_.Gone(peer);
}

std::optional<std::string> Engine::AddressOf(const TransportKey& key) const {
  return shared_.directory.Get()->AddressOf(key);
}

}  // namespace rujukan::broker
