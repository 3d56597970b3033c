// Goal: `check` accepts an honest store and names what was changed in a dishonest one. Method: a
// real little ledger (tests/support World) stored as the broker stores it, then one thing altered
// before it is stored.
#include "broker/app/check.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "broker/core/memory_store.h"
#include "ledger/checkpoint.h"
#include "ledger/fold.h"
#include "ledger/tree.h"
#include "tests/support/world.h"

namespace rujukan::broker {
namespace {

using testing::World;

// What a store is about to be given; tests alter it first.
struct Image {
  CommitBatch batch;
  std::vector<std::pair<TreeSize, std::string>> checkpoints;
};

void Story(World& world) {
  world.AddAgency("polres.18.71");
  world.AddAgency("dinsos.18.71");
  for (int i = 0; i < 3; ++i) {
    v1::Act act = world.InviteAct("lpa.18.0" + std::to_string(i), certs::Ed25519Key::Generate());
    world.Append(world.ActEntry(act));
  }
}

Image ImageOf(const World& world) {
  Image image;
  ledger::MemoryView view;
  ledger::Overlay overlay(view);
  ledger::Tree tree;
  for (const std::string& bytes : world.entries()) {
    v1::Entry entry;
    CHECK(entry.ParseFromString(bytes));
    CHECK(ledger::Apply(entry, tree.size(), overlay));
    tree.Append(ledger::LeafHash(bytes));
    image.checkpoints.emplace_back(
        tree.size(),
        ledger::SignCheckpoint(
            {.origin = world.log().verifier().name, .size = tree.size(), .root = tree.Root()},
            world.log()));
  }
  image.batch.entries = world.entries();
  image.batch.view = overlay.TakeWrites();
  image.batch.tiles = tree.TakeChangedTiles();
  return image;
}

Result<std::vector<std::string>> NothingArchived(const ledger::ArchiveRange&, uint64_t) {
  return Fail(Errc::kNotFound, "nothing is archived here");
}

class CheckTest : public ::testing::Test {
 protected:
  CheckTest() { Story(world_); }

  CheckReport Check(const Image& image) {
    MemoryStore store;
    const Epoch epoch = *store.Fence();
    CHECK(store.Append(epoch, image.batch));
    for (const auto& [size, note] : image.checkpoints) {
      CHECK(store.PutCheckpoint(epoch, size, note));
    }
    auto report =
        CheckStore(store, world_.log().verifier(), NothingArchived, [](uint64_t, uint64_t) {});
    CHECK(report);
    return *report;
  }
  // Exactly one mismatch, and it says this.
  static void ExpectOnly(const CheckReport& report, const std::string& part) {
    ASSERT_EQ(report.mismatches.size(), 1U) << (report.Ok() ? "" : report.mismatches[1]);
    EXPECT_NE(report.mismatches[0].find(part), std::string::npos) << report.mismatches[0];
  }

  World world_;
};

TEST_F(CheckTest, AnHonestStoreIsWhatItsLedgerSays) {
  const Image image = ImageOf(world_);
  const CheckReport report = Check(image);
  EXPECT_TRUE(report.Ok()) << report.mismatches[0];
  EXPECT_EQ(report.entries, world_.size());
  EXPECT_EQ(report.rows, image.batch.view.size());
  EXPECT_EQ(report.tiles, 1U);
  EXPECT_EQ(report.checkpoints, world_.size());
}

TEST_F(CheckTest, AnEntryWithAFlippedSignatureByteIsNamed) {
  Image image = ImageOf(world_);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(image.batch.entries.back()));
  std::string* signature = entry.mutable_act()->mutable_signature()->mutable_signature();
  signature->back() = static_cast<char>(signature->back() ^ 1);
  image.batch.entries.back() = entry.SerializeAsString();
  ExpectOnly(Check(image), "entry " + std::to_string(world_.size() - 1) + ": ");
}

TEST_F(CheckTest, AMissingEntryIsNamed) {
  Image image = ImageOf(world_);
  image.batch.entries.erase(image.batch.entries.end() - 2);
  ExpectOnly(Check(image), "entry " + std::to_string(world_.size() - 2) + ": ");
}

TEST_F(CheckTest, AnAlteredRowIsNamedByTableAndKey) {
  Image image = ImageOf(world_);
  const std::string address = World::Address("dinsos.18.71");
  auto& row = image.batch.view.at({ledger::Table::kAgency, address});
  v1::AgencyRecord record;
  ASSERT_TRUE(record.ParseFromString(*row));
  record.set_role(v1::Role::ADMIN);
  row = record.SerializeAsString();
  const CheckReport report = Check(image);
  ASSERT_FALSE(report.Ok());
  EXPECT_NE(report.mismatches[0].find(ledger::TableName(ledger::Table::kAgency)),
            std::string::npos);
}

TEST_F(CheckTest, ARowThatNoEntryMadeAndARowThatIsGoneAreNamed) {
  Image image = ImageOf(world_);
  image.batch.view[{ledger::Table::kTransport, std::string(32, 'k')}] = "polres@lampung.example";
  ExpectOnly(Check(image), "is in no entry");
  image = ImageOf(world_);
  image.batch.view.erase({ledger::Table::kAgency, World::Address("dinsos.18.71")});
  ExpectOnly(Check(image), "is missing from the store");
}

TEST_F(CheckTest, AnAlteredTileIsNamed) {
  Image image = ImageOf(world_);
  image.batch.tiles[0].second[5] = static_cast<char>(image.batch.tiles[0].second[5] ^ 1);
  ExpectOnly(Check(image), "tile/0/000");
}

TEST_F(CheckTest, ACheckpointOfAnotherHistoryIsNamed) {
  Image image = ImageOf(world_);
  image.checkpoints[2].second = ledger::SignCheckpoint(
      {.origin = world_.log().verifier().name, .size = 3, .root = Digest()}, world_.log());
  ExpectOnly(Check(image), "checkpoint of size 3");
}

TEST_F(CheckTest, ACheckpointOfMoreThanIsStoredIsNamed) {
  Image image = ImageOf(world_);
  image.checkpoints.emplace_back(world_.size() + 1, image.checkpoints.back().second);
  ExpectOnly(Check(image), "of size " + std::to_string(world_.size() + 1));
}

}  // namespace
}  // namespace rujukan::broker
