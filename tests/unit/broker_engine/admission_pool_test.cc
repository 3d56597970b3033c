// Goal: workers never hold up the sequencer, whatever they wait for themselves. Method: the real
// pool between an inbox the test reads and a courier that nobody runs.

#include "broker/engine/admission_pool.h"

#include <gtest/gtest.h>

#include <future>

#include "base/limits.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

TEST(AdmissionPool, AWorkerThatWaitsForTheCourierHasGivenItsTicketsToTheSequencer) {
  World world;
  world.AddAgency("ppa.18.71");
  MemoryStore store;
  Seed(world, store);
  TestClock clock;
  clock.Set(world.now());
  RecordingOutlet outlet;
  Shared shared(store, clock, outlet);
  shared.directory.Set(DirectorySnapshot::Load(store).value());
  Courier courier(shared);
  for (size_t i = 0; i < limits::kCourierQueueMax; ++i) {
    courier.Ask(Query());
  }
  SequencerInbox inbox;
  Porter porter(shared, nullptr);
  AdmissionPool pool(shared, inbox, courier, porter);
  for (const char* frame : {"question", "junk"}) {
    Inbound inbound{PeerOf("ppa.18.71"),
                    frame == std::string("junk") ? frame : HelloFrame().SerializeAsString()};
    ASSERT_TRUE(pool.Offer(inbound));
  }
  pool.Start(1);
  auto taken =
      std::async(std::launch::async, [&] { return inbox.Wait(/*want_arrivals=*/true).arrivals; });
  const bool came = taken.wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  EXPECT_TRUE(came);
  inbox.Close();
  courier.Close();
  pool.Close();
  pool.Join();
  EXPECT_EQ(2U, taken.get().size());
}

}  // namespace
}  // namespace rujukan::broker
