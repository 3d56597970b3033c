#include "tests/system/trail_check.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agents/agency/apiclient.h"
#include "agents/audit/log_files.h"
#include "ledger/checkpoint.h"
#include "ledger/receipt.h"

namespace rujukan::testing {
namespace {

ledger::Checkpoint ParsedCheckpoint(const std::string& note) {
  const auto parsed = ledger::ParseNote(note);
  EXPECT_TRUE(parsed.has_value());
  const auto checkpoint = ledger::Checkpoint::Parse(parsed->text);
  EXPECT_TRUE(checkpoint.has_value());
  return *checkpoint;
}

// Tiles as they were at an earlier size: the export has each as wide as it is now, and a narrower
// one is its beginning.
class EarlierTiles : public ledger::TileReader {
 public:
  EarlierTiles(const audit::LogFiles& files, TreeSize size_now) : files_(files), now_(size_now) {}
  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    const uint32_t width = ledger::TileWidthAt(id.level, id.number, now_);
    auto wide = files_.ReadTile({id.level, id.number, width});
    if (wide) {
      wide->resize(id.width * Digest::kSize);
    }
    return wide;
  }

 private:
  const audit::LogFiles& files_;
  const TreeSize now_;
};

}  // namespace

TrailCheck::TrailCheck(const Deployment& deployment) : directory_(deployment.path("export")) {
  const Output verified = deployment.ExportAndVerify(directory_);
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  const auto source = audit::OpenSource(directory_, "");
  EXPECT_TRUE(source.has_value());
  const audit::LogFiles files(**source);
  const auto note = files.ReadCheckpoint();
  EXPECT_TRUE(note.has_value());
  const auto read = audit::ForEachEntry(
      files, ParsedCheckpoint(*note).size, [this](LogIndex, const std::string& entry) {
        entries_.push_back(entry);
        return Result<bool>(true);
      });
  EXPECT_TRUE(read.has_value());
}

void TrailCheck::ExpectKept(const Acknowledged& promise) const {
  ASSERT_LT(promise.index, entries_.size()) << "an acknowledged entry is gone";
  EXPECT_EQ(entries_[promise.index], promise.entry) << "entry " << promise.index;
}

void TrailCheck::ExpectContinues(const std::string& signed_checkpoint) const {
  const ledger::Checkpoint checkpoint = ParsedCheckpoint(signed_checkpoint);
  ASSERT_LE(checkpoint.size, entries_.size()) << "the ledger was shortened";
  const auto source = audit::OpenSource(directory_, "");
  const audit::LogFiles files(**source);
  const auto root = ledger::RootAt(checkpoint.size, EarlierTiles(files, entries_.size()));
  ASSERT_TRUE(root.has_value()) << root.error().ToString();
  EXPECT_EQ(*root, checkpoint.root) << "at size " << checkpoint.size;
}

std::string CheckpointIn(const std::string& proof) {
  const auto receipt = ledger::Receipt::Parse(proof);
  EXPECT_TRUE(receipt.has_value());
  return receipt->checkpoint;
}

std::vector<std::string> ApplicationInbox(const Deployment& deployment, std::string_view name) {
  std::vector<std::string> ids;
  std::string cursor = "0";
  while (true) {
    const auto reply = agency::CallApi(deployment.home(name) + "/agent.sock",
                                       {"GET", "/v1/inbox?limit=200&after=" + cursor, ""});
    EXPECT_TRUE(reply.has_value() && reply->status == 200);
    const auto page = nlohmann::json::parse(reply->body);
    if (page["messages"].empty()) {
      return ids;
    }
    for (const auto& message : page["messages"]) {
      ids.push_back(message["message_id"]);
    }
    cursor = std::to_string(page["cursor"].get<int64_t>());
  }
}

}  // namespace rujukan::testing
