#include "tests/unit/audit/log_image.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/check.h"
#include "ledger/checkpoint.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace rujukan::audit::testing {
namespace {

using rujukan::testing::World;

void PutTiles(ledger::Tree& tree, Files& files) {
  for (const auto& [id, bytes] : tree.TakeChangedTiles()) {
    files[ledger::TilePath(id)] = bytes;
  }
}

}  // namespace

void PutBundles(const std::vector<std::string>& entries, Files& files) {
  for (const ledger::TileId& id : ledger::AllBundles(entries.size())) {
    std::string bundle;
    for (size_t i = 0; i < id.width; ++i) {
      ledger::AppendToBundle(entries[id.number * ledger::kTileWidth + i], bundle);
    }
    files[ledger::EntriesPath(id)] = bundle;
  }
}

Files MakeLog(const std::vector<std::string>& entries, const ledger::NoteSigner& signer) {
  Files files;
  ledger::Tree tree;
  for (const std::string& entry : entries) {
    tree.Append(ledger::LeafHash(entry));
  }
  PutTiles(tree, files);
  PutBundles(entries, files);
  const ledger::Checkpoint checkpoint{signer.verifier().name, tree.size(), tree.Root()};
  files["checkpoint"] = ledger::SignCheckpoint(checkpoint, signer);
  files["vkey"] = signer.verifier().ToVkey() + "\n";
  return files;
}

void WriteFiles(const Files& files, const std::string& directory) {
  for (const auto& [path, bytes] : files) {
    const std::filesystem::path file = std::filesystem::path(directory) / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
  }
}

Result<std::string> MemorySource::Read(const std::string& path, size_t bytes_max) {
  const auto file = files_.find(path);
  if (file == files_.end()) {
    return Fail(Errc::kNotFound, path + " is not there");
  }
  if (file->second.size() > bytes_max) {
    return Fail(Errc::kLimit, path + " is too large");
  }
  return file->second;
}

Report VerifyFiles(Files files, const VerifyOptions& options) {
  MemorySource source(std::move(files));
  auto report = Verify(source, options, kQuiet);
  EXPECT_TRUE(report) << report.error().ToString();
  return report ? std::move(*report) : Report();
}

bool Names(const Report& report, Check check, std::optional<LogIndex> entry) {
  const auto findings = report.Sorted();
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.check == check && finding.entry == entry;
  });
}

bool NamesFile(const Report& report, Check check, const std::string& file) {
  const auto findings = report.Sorted();
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.check == check && finding.file == file;
  });
}

Story::Story() {
  world.AddAgency("uppa.18.01");
  world.AddAgency("dinsos.18");
  world.Advance(1000);
  referral = world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
  referral_index = world.Append(world.MessageEntry(referral));
  world.Advance(1000);
  world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
  world.Append(world.MessageEntry(Next("dinsos.18", "uppa.18.01", v1::Kind::KONFIRMASI, 1)));
  acceptance_index =
      world.Append(world.MessageEntry(Next("dinsos.18", "uppa.18.01", v1::Kind::TERIMA, 2)));
}

v1::Header Story::Next(std::string_view from,
                       std::string_view to,
                       v1::Kind::Code kind,
                       uint64_t sequence) const {
  v1::Header header = world.HeaderTo(from, to, kind);
  header.set_leg_id(referral.leg_id());
  header.set_sequence(sequence);
  return header;
}

std::string Story::Unchecked(v1::Entry entry) const {
  return world.Placed(std::move(entry)).SerializeAsString();
}

std::string MakeTemporaryDirectory() {
  std::string path = (std::filesystem::temp_directory_path() / "rujukanXXXXXX").string();
  CHECK(mkdtemp(path.data()) != nullptr);
  return path;
}

}  // namespace rujukan::audit::testing
