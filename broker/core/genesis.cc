#include "broker/core/genesis.h"

#include "base/check.h"
#include "certs/merkle.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::broker {
namespace {

Result<v1::Entry> MakeEntry(const std::string& genesis_recorded_bytes) {
  v1::Entry entry;
  v1::Genesis genesis;
  if (!entry.mutable_genesis()->ParseFromString(genesis_recorded_bytes) ||
      !genesis.ParseFromString(entry.genesis().genesis())) {
    return Fail(Errc::kInvalid, "the genesis does not parse; make it with rujukan-admin init");
  }
  entry.set_time_ms(genesis.created_at_ms());
  return entry;
}

template <class T>
Result<void> ToResult(const ledger::Verdict<T>& verdict) {
  if (!verdict) {
    return Fail(verdict.error());
  }
  if (!*verdict) {
    return Fail(Errc::kInvalid, "the genesis is not valid: " + verdict->error().advice);
  }
  return {};
}

}  // namespace

Result<void> SeedGenesis(Store& store, const std::string& genesis_recorded_bytes) {
  ASSIGN_OR_RETURN(const TreeSize size, store.Size());
  if (size != 0) {
    return Fail(Errc::kConflict, "the store has a ledger already; it keeps its genesis");
  }
  ASSIGN_OR_RETURN(const v1::Entry entry, MakeEntry(genesis_recorded_bytes));
  ledger::Overlay view(store);
  RETURN_IF_ERROR(ToResult(ledger::AuthenticateDirectoryEntry(entry, view)));
  RETURN_IF_ERROR(ToResult(ledger::Apply(entry, 0, view)));
  CommitBatch batch;
  batch.entries.push_back(entry.SerializeAsString());
  ledger::Tree tree;
  tree.Append(certs::LeafHash(batch.entries.front()));
  batch.tiles = tree.TakeChangedTiles();
  batch.view = view.TakeWrites();
  ASSIGN_OR_RETURN(const Epoch epoch, store.Fence());
  return store.Append(epoch, batch);
}

}  // namespace rujukan::broker
