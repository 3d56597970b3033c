// Goal: the hashed view is a View like any other. Method: the same random writes to it and to the
// ledger's ordered MemoryView; every read and scan must agree.
#include "agents/audit/hash_view.h"

#include <gtest/gtest.h>

#include <random>

namespace rujukan::audit {
namespace {

using ledger::Table;

std::vector<std::pair<std::string, std::string>> ScanAll(const ledger::View& view,
                                                         std::string_view prefix,
                                                         std::string_view from) {
  std::vector<std::pair<std::string, std::string>> found;
  EXPECT_TRUE(
      view.Scan(Table::kLeg, prefix, from, [&](std::string_view key, std::string_view value) {
        found.emplace_back(key, value);
        return found.size() < 50;
      }));
  return found;
}

TEST(HashView, AgreesWithTheOrderedViewAfterAnyWrites) {
  HashView hashed;
  ledger::MemoryView ordered;
  std::mt19937_64 random(20261121);
  const ledger::MemoryView empty;
  for (int round = 0; round < 200; ++round) {
    ledger::Overlay overlay(empty);
    for (int i = 0; i < 5; ++i) {
      const std::string key = std::to_string(random() % 100);
      if (random() % 3 == 0) {
        overlay.Delete(Table::kLeg, key);
      } else {
        overlay.Put(Table::kLeg, key, std::to_string(random()));
      }
      overlay.Put(Table::kAgency, key, "another table");
    }
    ordered.Apply(overlay.writes());
    hashed.Apply(overlay.TakeWrites());
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(*hashed.Get(Table::kLeg, std::to_string(i)),
              *ordered.Get(Table::kLeg, std::to_string(i)));
  }
  for (const char* prefix : {"", "1", "42", "x"}) {
    EXPECT_EQ(ScanAll(hashed, prefix, ""), ScanAll(ordered, prefix, ""));
    EXPECT_EQ(ScanAll(hashed, prefix, "15"), ScanAll(ordered, prefix, "15"));
  }
}

}  // namespace
}  // namespace rujukan::audit
