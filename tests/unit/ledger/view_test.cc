// Goal: an overlay reads like one map: its writes over its base, deletions included, in byte order.
// Method: random writes against a plain std::map as the naive model, plus the cases one would draw.
#include "ledger/view.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace rujukan::ledger {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs ScanAll(const View& view,
              Table table,
              std::string_view prefix = "",
              std::string_view from = "",
              size_t most = 1000) {
  Pairs seen;
  const auto result = view.Scan(table, prefix, from, [&](auto key, auto value) {
    seen.emplace_back(key, value);
    return seen.size() < most;
  });
  EXPECT_TRUE(result.has_value());
  return seen;
}

MemoryView BaseOf(const Pairs& pairs) {
  Overlay::Writes writes;
  for (const auto& [key, value] : pairs) {
    writes[{Table::kLeg, key}] = value;
  }
  MemoryView base;
  base.Apply(writes);
  return base;
}

TEST(Overlay, WritesHideTheBaseAndDeletionsHideItAltogether) {
  const MemoryView base = BaseOf({{"a", "1"}, {"b", "2"}});
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "a", "new");
  overlay.Delete(Table::kLeg, "b");
  EXPECT_EQ(**overlay.Get(Table::kLeg, "a"), "new");
  EXPECT_FALSE(overlay.Get(Table::kLeg, "b")->has_value());
  EXPECT_EQ(**base.Get(Table::kLeg, "b"), "2") << "the base is untouched";
}

TEST(Overlay, ScanMergesInByteOrder) {
  const MemoryView base = BaseOf({{"b", "2"}, {"d", "4"}, {"f", "6"}});
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "a", "w1");
  overlay.Put(Table::kLeg, "d", "w4");
  overlay.Delete(Table::kLeg, "f");
  overlay.Put(Table::kLeg, "\xff", "last");
  overlay.Put(Table::kMessage, "c", "other table");
  EXPECT_EQ(ScanAll(overlay, Table::kLeg),
            (Pairs{{"a", "w1"}, {"b", "2"}, {"d", "w4"}, {"\xff", "last"}}));
}

TEST(Overlay, ScanKeepsToItsPrefixAndStart) {
  const MemoryView base = BaseOf({{"a", ""}, {"m1", ""}, {"m3", ""}, {"n", ""}});
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "m2", "");
  overlay.Put(Table::kLeg, "m4", "");
  overlay.Put(Table::kLeg, "l", "");
  EXPECT_EQ(ScanAll(overlay, Table::kLeg, "m", "m2"), (Pairs{{"m2", ""}, {"m3", ""}, {"m4", ""}}));
  EXPECT_EQ(ScanAll(overlay, Table::kLeg, "m", "a").size(), 4U) << "a start before the prefix";
  EXPECT_TRUE(ScanAll(overlay, Table::kLeg, "m", "n").empty()) << "a start behind the prefix";
}

TEST(Overlay, AVisitorThatStopsIsNotCalledAgain) {
  const MemoryView base = BaseOf({{"b", ""}, {"d", ""}});
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "a", "");
  overlay.Put(Table::kLeg, "c", "");
  overlay.Put(Table::kLeg, "e", "");
  for (size_t most = 1; most <= 5; ++most) {
    EXPECT_EQ(ScanAll(overlay, Table::kLeg, "", "", most).size(), most);
  }
}

TEST(Overlay, OverlaysStack) {
  const MemoryView base = BaseOf({{"a", "1"}, {"b", "2"}});
  Overlay lower(base);
  lower.Delete(Table::kLeg, "a");
  Overlay upper(static_cast<const View&>(lower));
  upper.Put(Table::kLeg, "a", "again");
  EXPECT_EQ(ScanAll(upper, Table::kLeg), (Pairs{{"a", "again"}, {"b", "2"}}));
  EXPECT_EQ(ScanAll(lower, Table::kLeg), (Pairs{{"b", "2"}}));
}

TEST(Overlay, TakenWritesAreGoneFromItAndAppliedElsewhere) {
  MemoryView base = BaseOf({{"a", "1"}, {"b", "2"}});
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "c", "3");
  overlay.Delete(Table::kLeg, "a");
  base.Apply(overlay.TakeWrites());
  EXPECT_TRUE(overlay.writes().empty());
  EXPECT_EQ(ScanAll(base, Table::kLeg), (Pairs{{"b", "2"}, {"c", "3"}}));
}

class FailingView : public View {
 public:
  Result<std::optional<std::string>> Get(Table, std::string_view) const override {
    return Fail(Errc::kFatal, "disk");
  }
  Result<void> Scan(Table, std::string_view, std::string_view, const Visitor&) const override {
    return Fail(Errc::kFatal, "disk");
  }
};

TEST(Overlay, ErrorsOfTheBasePassThrough) {
  const FailingView base;
  Overlay overlay(base);
  overlay.Put(Table::kLeg, "a", "1");
  EXPECT_TRUE(overlay.Get(Table::kLeg, "a").has_value());
  EXPECT_EQ(overlay.Get(Table::kLeg, "b").error().code, Errc::kFatal);
  EXPECT_EQ(overlay.Scan(Table::kLeg, "", "", [](auto, auto) { return true; }).error().code,
            Errc::kFatal);
}

TEST(Overlay, AgreesWithANaiveModelOverRandomWrites) {
  std::mt19937_64 random(20'240'611);
  const auto draw = [&](uint64_t below) { return random() % below; };
  const auto key = [&] { return std::string(1 + draw(2), static_cast<char>('a' + draw(4))); };
  for (int round = 0; round < 300; ++round) {
    std::map<std::string, std::string> model;
    for (uint64_t i = draw(6); i > 0; --i) {
      model[key()] = "base";
    }
    const MemoryView base = BaseOf(Pairs(model.begin(), model.end()));
    Overlay overlay(base);
    for (uint64_t i = draw(8); i > 0; --i) {
      const std::string place = key();
      if (draw(2) == 0) {
        overlay.Delete(Table::kLeg, place);
        model.erase(place);
      } else {
        overlay.Put(Table::kLeg, place, std::to_string(i));
        model[place] = std::to_string(i);
      }
    }
    const std::string from = key();
    ASSERT_EQ(ScanAll(overlay, Table::kLeg), Pairs(model.begin(), model.end()));
    ASSERT_EQ(ScanAll(overlay, Table::kLeg, "", from), Pairs(model.lower_bound(from), model.end()));
  }
}

TEST(TableName, EveryTableHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kTableCount; ++i) {
    names.insert(TableName(static_cast<Table>(i)));
  }
  EXPECT_EQ(names.size(), kTableCount);
  EXPECT_EQ(TableName(Table::kCounter), "counter");
}

}  // namespace
}  // namespace rujukan::ledger
