// A running engine for tests: real threads, a store that can fail on command, an outlet that
// remembers what was sent. Tests wait for what they expect to see, never for time to pass.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "broker/core/memory_store.h"
#include "broker/engine/engine.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {

// Which calls go wrong, and how.
enum class Fault {
  kNone,
  kAppendNotPersisted,      // fails fatally, nothing was written
  kAppendPersisted,         // fails fatally, but everything was written
  kAppendNoRoom,            // kUnavailable, nothing written
  kCheckpointNotPersisted,  // fails fatally, nothing was written
  kCheckpointPersisted,     // fails fatally, but it was written
};

// A store behind a lock (MemoryStore is single-threaded), with faults.
class FaultyStore : public Store {
 public:
  explicit FaultyStore(Store& inner) : inner_(inner) {}
  void Set(Fault fault) { fault_ = fault; }

  Result<Epoch> Fence() override {
    std::lock_guard lock(mutex_);
    return inner_.Fence();
  }
  Result<void> Append(Epoch epoch, const CommitBatch& batch) override {
    std::lock_guard lock(mutex_);
    if (fault_ == Fault::kAppendNoRoom) {
      return Fail(Errc::kUnavailable, "no room (injected)");
    }
    if (fault_ == Fault::kAppendNotPersisted) {
      return Fail(Errc::kFatal, "sync failed (injected)");
    }
    auto appended = inner_.Append(epoch, batch);
    if (fault_ == Fault::kAppendPersisted) {
      return Fail(Errc::kFatal, "sync failed (injected)");
    }
    return appended;
  }
  Result<void> PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) override {
    std::lock_guard lock(mutex_);
    if (fault_ == Fault::kCheckpointNotPersisted) {
      return Fail(Errc::kFatal, "write failed (injected)");
    }
    auto put = inner_.PutCheckpoint(epoch, size, note);
    if (fault_ == Fault::kCheckpointPersisted) {
      return Fail(Errc::kFatal, "write failed (injected)");
    }
    return put;
  }
  Result<TreeSize> Size() const override {
    std::lock_guard lock(mutex_);
    return inner_.Size();
  }
  Result<std::vector<std::string>> ReadEntries(LogIndex from, size_t max) const override {
    std::lock_guard lock(mutex_);
    return inner_.ReadEntries(from, max);
  }
  Result<std::optional<KeptCheckpoint>> CheckpointCovering(TreeSize size) const override {
    std::lock_guard lock(mutex_);
    return inner_.CheckpointCovering(size);
  }
  Result<std::optional<KeptCheckpoint>> LatestCheckpoint() const override {
    std::lock_guard lock(mutex_);
    return inner_.LatestCheckpoint();
  }
  Result<void> PutCosigned(Epoch epoch, TreeSize size, const std::string& note) override {
    std::lock_guard lock(mutex_);
    return inner_.PutCosigned(epoch, size, note);
  }
  Result<std::optional<KeptCheckpoint>> LatestCosigned() const override {
    std::lock_guard lock(mutex_);
    return inner_.LatestCosigned();
  }
  Result<std::string> ReadContent(const MessageId& id) const override {
    std::lock_guard lock(mutex_);
    return inner_.ReadContent(id);
  }
  Result<std::vector<ContentPlace>> ListContents(LogIndex from, size_t max) const override {
    std::lock_guard lock(mutex_);
    return inner_.ListContents(from, max);
  }
  ContentTotals Contents() const override {
    std::lock_guard lock(mutex_);
    return inner_.Contents();
  }
  Result<void> RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) override {
    std::lock_guard lock(mutex_);
    return inner_.RemoveContents(epoch, places);
  }
  Result<void> Trim(Epoch epoch,
                    const ledger::ArchiveRange& range,
                    const std::vector<LogIndex>& staying) override {
    std::lock_guard lock(mutex_);
    return inner_.Trim(epoch, range, staying);
  }
  Result<TreeSize> ArchivedSize() const override {
    std::lock_guard lock(mutex_);
    return inner_.ArchivedSize();
  }
  Result<std::optional<ledger::ArchiveRange>> ArchiveHolding(LogIndex index) const override {
    std::lock_guard lock(mutex_);
    return inner_.ArchiveHolding(index);
  }
  Result<void> Reclaim() override {
    std::lock_guard lock(mutex_);
    return inner_.Reclaim();
  }
  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override {
    std::lock_guard lock(mutex_);
    return inner_.Get(table, key);
  }
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override {
    std::lock_guard lock(mutex_);
    return inner_.Scan(table, prefix, from, visit);
  }
  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    std::lock_guard lock(mutex_);
    return inner_.ReadTile(id);
  }

 private:
  Store& inner_;
  mutable std::mutex mutex_;
  std::atomic<Fault> fault_{Fault::kNone};
};

class TestClock : public Clock {
 public:
  UnixMillis Now() const override { return now_; }
  void Set(UnixMillis now) { now_ = now; }
  void Advance(UnixMillis ms) { now_ += ms; }

 private:
  std::atomic<UnixMillis> now_{World::kStart};
};

// Remembers every frame sent, and lets a test wait for one.
class RecordingOutlet : public Outlet {
 public:
  struct Sent {
    Peer peer;
    v1::ServerFrame frame;
  };

  void Send(const Peer& peer, std::string bytes) override {
    Sent sent{peer, {}};
    CHECK(sent.frame.ParseFromString(bytes));
    std::lock_guard lock(mutex_);
    sent_.push_back(std::move(sent));
    changed_.notify_all();
  }
  void Cut(const std::string& user) override {
    std::lock_guard lock(mutex_);
    cut_.insert(user);
    changed_.notify_all();
  }
  void Drop(const Peer& peer) override {
    std::lock_guard lock(mutex_);
    dropped_.push_back(peer.route);
    changed_.notify_all();
  }
  void Resume() override {
    std::lock_guard lock(mutex_);
    ++resumed_;
    changed_.notify_all();
  }

  // Waits until `condition` holds; false after 20 s, which no healthy run comes near.
  bool WaitUntil(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), condition);
  }
  // The frames of one kind, in order. WaitFor waits for `count` of them.
  std::vector<v1::ServerFrame> Frames(v1::ServerFrame::BodyCase body) {
    std::lock_guard lock(mutex_);
    return FramesLocked(body);
  }
  std::vector<v1::ServerFrame> WaitFor(v1::ServerFrame::BodyCase body, size_t count) {
    std::vector<v1::ServerFrame> frames;
    EXPECT_TRUE(WaitUntil([&] { return (frames = FramesLocked(body)).size() >= count; }))
        << "waited for " << count << " frames of kind " << body << ", got " << frames.size();
    frames.resize(std::max(frames.size(), count));  // a failed wait must not crash the test
    return frames;
  }
  bool WaitForCut(const std::string& user) {
    return WaitUntil([&] { return cut_.count(user) > 0; });
  }
  bool WaitForDrop(const std::string& route) {
    return WaitUntil(
        [&] { return std::find(dropped_.begin(), dropped_.end(), route) != dropped_.end(); });
  }
  bool WaitForResume() {
    return WaitUntil([&] { return resumed_ > 0; });
  }

 private:
  std::vector<v1::ServerFrame> FramesLocked(v1::ServerFrame::BodyCase body) const {
    std::vector<v1::ServerFrame> frames;
    for (const Sent& sent : sent_) {
      if (sent.frame.body_case() == body) {
        frames.push_back(sent.frame);
      }
    }
    return frames;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Sent> sent_;
  std::set<std::string> cut_;
  std::vector<std::string> dropped_;
  int resumed_ = 0;
};

// One broker process: an outlet, a faulty store over what survives, and an engine.
struct Broker {
  Broker(const World& world,
         Store& durable,
         TestClock& the_clock,
         const Engine::Options& options = {.workers = 2})
      : store(durable),
        clock(the_clock),
        engine(Engine::Open(store, world.log(), clock, outlet, options).value()) {
    engine->Start();
  }

  void Offer(const Peer& peer, const v1::ClientFrame& frame) {
    Inbound inbound{peer, frame.SerializeAsString()};
    while (!engine->Offer(inbound)) {
      CHECK(outlet.WaitForResume());
    }
  }
  bool WaitForFailure() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!engine->Failure().has_value() && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::yield();
    }
    return engine->Failure().has_value();
  }

  FaultyStore store;
  TestClock& clock;
  RecordingOutlet outlet;
  std::unique_ptr<Engine> engine;
};

}  // namespace rujukan::broker
