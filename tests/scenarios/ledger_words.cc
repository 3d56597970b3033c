#include "tests/scenarios/ledger_words.h"

#include "broker/store/rocks_store.h"

namespace rujukan::scenarios {
namespace {

constexpr size_t kAtOnce = 256;

Result<void> LookAtEntries(const broker::Store& store, const Look& look) {
  ASSIGN_OR_RETURN(const TreeSize size, store.Size());
  for (LogIndex at = 0; at < size; at += kAtOnce) {
    ASSIGN_OR_RETURN(const auto entries, store.ReadEntries(at, kAtOnce));
    for (const std::string& entry : entries) {
      look("entry", entry);
    }
  }
  return {};
}

Result<void> LookAtContents(const broker::Store& store, const Look& look) {
  for (LogIndex from = 0;;) {
    ASSIGN_OR_RETURN(const auto places, store.ListContents(from, kAtOnce));
    for (const auto& place : places) {
      ASSIGN_OR_RETURN(const std::string content, store.ReadContent(place.id));
      look("sealed content", content);
      from = place.index + 1;
    }
    if (places.empty()) {
      return {};
    }
  }
}

Result<void> LookAtView(const broker::Store& store, const Look& look) {
  for (size_t number = 0; number < ledger::kTableCount; ++number) {
    const auto table = static_cast<ledger::Table>(number);
    const std::string name = "table " + std::string(ledger::TableName(table));
    RETURN_IF_ERROR(store.Scan(table, "", "", [&](std::string_view key, std::string_view value) {
      look(name, key);
      look(name, value);
      return true;
    }));
  }
  return {};
}

}  // namespace

Result<uint64_t> LookIntoStore(const std::string& directory, const Look& look) {
  ASSIGN_OR_RETURN(const auto store, broker::RocksStore::Open(directory));
  uint64_t seen = 0;
  const Look counted = [&](const std::string& where, std::string_view bytes) {
    seen += bytes.size();
    look(where, bytes);
  };
  RETURN_IF_ERROR(LookAtEntries(*store, counted));
  RETURN_IF_ERROR(LookAtContents(*store, counted));
  RETURN_IF_ERROR(LookAtView(*store, counted));
  ASSIGN_OR_RETURN(const auto checkpoint, store->LatestCheckpoint());
  if (checkpoint) {
    counted("checkpoint", checkpoint->note);
  }
  return seen;
}

}  // namespace rujukan::scenarios
