// Goal: the hashed view is a View like any other, whether its rows are in memory or on disk, and
// holds few of them in memory. Method: the same random writes to it and to the ledger's ordered
// MemoryView; every read and scan must agree.
#include "agents/audit/hash_view.h"

#include <gtest/gtest.h>

#include <random>

namespace rujukan::audit {
namespace {

using ledger::Table;

constexpr size_t kAllHot = 1'000'000;

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

// How many rows may stay in memory: all, some, as good as none.
class HashViewTest : public ::testing::TestWithParam<size_t> {};

TEST_P(HashViewTest, AgreesWithTheOrderedViewAfterAnyWrites) {
  HashView hashed(GetParam());
  ledger::MemoryView ordered;
  std::mt19937_64 random(20261121);
  const ledger::MemoryView empty;
  for (int round = 0; round < 400; ++round) {
    ledger::Overlay overlay(empty);
    for (int i = 0; i < 5; ++i) {
      const std::string key = std::to_string(random() % 100);
      if (random() % 3 == 0) {
        overlay.Delete(Table::kLeg, key);
      } else {
        overlay.Put(Table::kLeg, key, std::to_string(random()));
      }
      overlay.Put(Table::kMessage, key, std::to_string(random()));
      overlay.Put(Table::kAgency, key, "another table");
    }
    ordered.Apply(overlay.writes());
    ASSERT_TRUE(hashed.Apply(overlay.TakeWrites()));
    const std::string any = std::to_string(random() % 110);
    ASSERT_EQ(*hashed.Get(Table::kLeg, any), *ordered.Get(Table::kLeg, any)) << round;
  }
  for (int i = 0; i < 110; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(*hashed.Get(Table::kLeg, key), *ordered.Get(Table::kLeg, key));
    EXPECT_EQ(*hashed.Get(Table::kMessage, key), *ordered.Get(Table::kMessage, key));
    EXPECT_EQ(*hashed.Get(Table::kAgency, key), *ordered.Get(Table::kAgency, key));
  }
  for (const char* prefix : {"", "1", "42", "x"}) {
    EXPECT_EQ(ScanAll(hashed, prefix, ""), ScanAll(ordered, prefix, ""));
    EXPECT_EQ(ScanAll(hashed, prefix, "15"), ScanAll(ordered, prefix, "15"));
  }
}

INSTANTIATE_TEST_SUITE_P(Memory, HashViewTest, ::testing::Values(kAllHot, 40, 2));

TEST(HashView, KeepsNoMoreRowsInMemoryThanItIsGivenHoweverManyThereAre) {
  constexpr size_t kHot = 100;
  HashView hashed(kHot);
  const ledger::MemoryView empty;
  for (uint32_t i = 0; i < 5'000; ++i) {
    ledger::Overlay overlay(empty);
    overlay.Put(Table::kMessage, std::to_string(i), "row " + std::to_string(i));
    ASSERT_TRUE(hashed.Apply(overlay.TakeWrites()));
    ASSERT_LE(hashed.hot_rows(), kHot);
  }
  for (const uint32_t i : {0U, 1U, 2'500U, 4'949U, 4'999U}) {
    EXPECT_EQ(*hashed.Get(Table::kMessage, std::to_string(i)), "row " + std::to_string(i));
  }
  EXPECT_EQ(*hashed.Get(Table::kMessage, "5000"), std::nullopt);
}

TEST(HashView, ARowThatWentToDiskAndIsWrittenAnewHasItsNewValue) {
  HashView hashed(2);
  const ledger::MemoryView empty;
  const auto put = [&](const std::string& key, const std::string& value) {
    ledger::Overlay overlay(empty);
    overlay.Put(Table::kLeg, key, value);
    ASSERT_TRUE(hashed.Apply(overlay.TakeWrites()));
  };
  put("leg", "TERKIRIM");
  put("other", "1");
  put("another", "1");
  ASSERT_EQ(*hashed.Get(Table::kLeg, "leg"), "TERKIRIM");
  put("leg", "DITERIMA");
  put("other", "2");
  put("another", "2");
  EXPECT_EQ(*hashed.Get(Table::kLeg, "leg"), "DITERIMA");
}

}  // namespace
}  // namespace rujukan::audit
