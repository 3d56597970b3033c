// Goal: the chunk store of tests and simulation keeps the contract. Method: the contract's tests.
#include "broker/core/memory_chunk_store.h"

#include "tests/unit/broker_core/chunk_store_contract.h"

namespace rujukan::broker {
namespace {

class Maker {
 public:
  ChunkStore& store() { return store_; }
  void Reopen() {}

 private:
  MemoryChunkStore store_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ChunkStoreContract, Maker);

}  // namespace
}  // namespace rujukan::broker
