// The porter thread: carries the chunks of attachments between the network and their store. The
// only thread that waits for that disk; messages never do.
//
// Chunks that arrive together are synced together. A queue that is full refuses at once, with a
// time to come again, instead of pushing back: what pushes back holds up everybody's messages.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "broker/core/chunk_desk.h"
#include "broker/core/chunk_store.h"
#include "broker/core/submission.h"
#include "broker/engine/bounded_queue.h"
#include "broker/engine/shared.h"

namespace rujukan::broker {

class Porter {
 public:
  // `chunks` null: this broker keeps no attachments and says so.
  Porter(Shared& shared, ChunkStore* chunks);

  // Any thread; never waits.
  void Take(ChunkFrame frame);
  void Start();
  void Close() { queue_.Close(); }
  void Join();

 private:
  void Run();
  Result<void> Turn(std::vector<ChunkFrame>& work);
  Result<void> Admit(ChunkFrame& frame);
  Result<void> PutWaiting();
  Result<void> Answer(const ChunkFrame& frame);
  void Refuse(const ChunkFrame& frame, const ledger::Refusal& refusal);
  void Send(const ChunkFrame& frame, std::string answer);

  Shared& shared_;
  ChunkStore* const chunks_;
  BoundedQueue<ChunkFrame> queue_;
  // Owned by the porter thread: admitted, and put together.
  std::vector<ChunkToPut> putting_;
  std::vector<ChunkFrame> putting_for_;  // who waits for each
  std::thread thread_;
};

}  // namespace rujukan::broker
