// Goal: the database keeps what it promised over reopening, and shows a thief of the file no word
// of content. Method: real SQLite files in a temporary directory.
#include "agents/agency/store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "certs/random.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

certs::ColumnKey KeyOf(char fill) {
  return *certs::ColumnKey::FromBytes(std::string(32, fill));
}

MessageRow RowWith(const std::string& content) {
  MessageRow row;
  row.id = certs::NewMessageId(1);
  row.outgoing = true;
  row.kind = v1::Kind::PEMBERITAHUAN;
  row.content = content;
  return row;
}

Result<void> Insert(Store& store, const MessageRow& row) {
  return store.Write([&](Tables& tables) { return tables.Insert(row); });
}

TEST(Store, WhatWasWrittenIsThereAfterReopening) {
  const Scratch scratch;
  const auto row = RowWith("isi pesan");
  {
    auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
    ASSERT_TRUE(Insert(**store, row).has_value());
  }
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  const auto found = (*store)->Read([&](Tables& tables) { return tables.Find(row.id); });
  ASSERT_TRUE(found.has_value() && found->has_value());
  EXPECT_EQ((*found)->content, "isi pesan");
}

TEST(Store, TheFileHoldsNoWordOfTheContent) {
  const Scratch scratch;
  {
    auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(Insert(**store, RowWith("namarahasia melati kronologi")).has_value());
    }
    const auto held = (*store)->Write(
        [](Tables& tables) { return tables.Hold(certs::NewLegId(1), "identitas namarahasia"); });
    ASSERT_TRUE(held.has_value());
  }
  size_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(scratch.path())) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), {});
    bytes += text.size();
    for (const char* word : {"namarahasia", "melati", "kronologi", "identitas"}) {
      EXPECT_EQ(text.find(word), std::string::npos) << word << " in " << file.path();
    }
  }
  EXPECT_GT(bytes, 4096U);
}

TEST(Store, AnotherStoreKeyIsRefusedAtOnce) {
  const Scratch scratch;
  { ASSERT_TRUE(Store::Open(scratch.file("a.db"), KeyOf('k')).has_value()); }
  const auto opened = Store::Open(scratch.file("a.db"), KeyOf('x'));
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, Errc::kDenied);
}

TEST(Store, AFailedWriteLeavesNothing) {
  const Scratch scratch;
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  const auto row = RowWith("x");
  const auto failed = (*store)->Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.Insert(row));
    return Fail(Errc::kConflict, "changed my mind");
  });
  EXPECT_FALSE(failed.has_value());
  const auto stage = (*store)->Read([&](Tables& tables) { return tables.StageOf(row.id); });
  EXPECT_FALSE(stage->has_value());
  EXPECT_TRUE(Insert(**store, row).has_value());
}

TEST(Store, AMessageIdIsStoredOnce) {
  const Scratch scratch;
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  const auto row = RowWith("x");
  ASSERT_TRUE(Insert(**store, row).has_value());
  const auto again = Insert(**store, row);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, Errc::kConflict);
}

TEST(Store, TheDirectoryViewScansByPrefixInOrder) {
  const Scratch scratch;
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  ledger::Overlay overlay((*store)->directory());
  for (const char* key : {"b2", "a1", "b1", "c1"}) {
    overlay.Put(ledger::Table::kAgency, key, key);
  }
  const auto writes = overlay.TakeWrites();
  const auto kept = (*store)->Write([&](Tables& tables) { return tables.ApplyRecords(writes); });
  ASSERT_TRUE(kept.has_value());
  std::string seen;
  const auto scanned = (*store)->directory().Scan(
      ledger::Table::kAgency, "b", "", [&](std::string_view key, std::string_view) {
        seen += key;
        return true;
      });
  ASSERT_TRUE(scanned.has_value());
  EXPECT_EQ(seen, "b1b2");
}

TEST(Store, AHeldStageStaysUntilItIsDropped) {
  const Scratch scratch;
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  const LegId leg = certs::NewLegId(1);
  const auto held = (*store)->Write([&](Tables& tables) { return tables.Hold(leg, "t2"); });
  ASSERT_TRUE(held.has_value());
  const auto find = [&](Tables& tables) { return tables.FindHeld(leg); };
  EXPECT_EQ((*store)->Read(find).value(), "t2");
  EXPECT_EQ((*store)->Read(find).value(), "t2");
  ASSERT_TRUE((*store)->Write([&](Tables& tables) { return tables.DropHeld(leg); }).has_value());
  EXPECT_EQ((*store)->Read(find).value(), "");
}

TEST(Store, ARefusedMessageThatTheLedgerHasIsSentOnceMoreAndAnAcceptedOneStays) {
  const Scratch scratch;
  auto store = Store::Open(scratch.file("a.db"), KeyOf('k'));
  const auto row = RowWith("isi");
  ASSERT_TRUE(Insert(**store, row).has_value());
  const auto stage = [&] {
    return (*store)->Read([&](Tables& tables) { return tables.Find(row.id); }).value()->stage;
  };
  const auto reopen = [&] {
    return (*store)->Write([&](Tables& tables) { return tables.ReopenRefused(row.id); });
  };
  ASSERT_TRUE((*store)->Write(
      [&](Tables& tables) { return tables.MarkRefused(row.id, "ILLEGAL_TRANSITION", 1); }));
  ASSERT_EQ(stage(), Stage::kRefused);
  ASSERT_TRUE(reopen().has_value());
  EXPECT_EQ(stage(), Stage::kSealed);
  ASSERT_TRUE(
      (*store)->Write([&](Tables& tables) { return tables.MarkAccepted(row.id, link::Proven{}); }));
  ASSERT_TRUE(reopen().has_value());
  EXPECT_EQ(stage(), Stage::kAccepted);
}

}  // namespace
}  // namespace rujukan::agency
