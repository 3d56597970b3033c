#include "tests/bench/replay_ledger.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "base/check.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "ledger/checkpoint.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "ledger/tree.h"
#include "tests/support/world.h"

namespace rujukan::bench {
namespace {

using testing::World;

void WriteFile(const std::string& directory, const std::string& path, const std::string& bytes) {
  const std::filesystem::path file = std::filesystem::path(directory) / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << bytes;
  CHECK(stream.good());
}

// Appends entries to the files of a log: a full bundle and full tiles are written and forgotten.
class LogWriter {
 public:
  explicit LogWriter(std::string directory) : directory_(std::move(directory)) {}

  void Append(const std::string& entry) {
    ledger::AppendToBundle(entry, bundle_);
    tree_.Append(ledger::LeafHash(entry));
    if (tree_.size() % ledger::kTileWidth == 0) {
      WriteBundle(ledger::kTileWidth);
      WriteTiles(/*partial=*/false);
    }
  }

  void Finish(const ledger::NoteSigner& log) {
    if (const uint64_t rest = tree_.size() % ledger::kTileWidth; rest != 0) {
      WriteBundle(rest);
    }
    WriteTiles(/*partial=*/true);
    const ledger::Checkpoint head{log.verifier().name, tree_.size(), tree_.Root()};
    WriteFile(directory_, "vkey", log.verifier().ToVkey() + "\n");
    WriteFile(directory_, "checkpoint", ledger::SignCheckpoint(head, log));
  }

  uint64_t size() const { return tree_.size(); }

 private:
  void WriteBundle(uint64_t width) {
    const uint64_t number = (tree_.size() - 1) / ledger::kTileWidth;
    WriteFile(directory_,
              ledger::EntriesPath({0, number, static_cast<uint32_t>(width)}),
              std::exchange(bundle_, {}));
  }
  // Partial tiles above level 0 change with every bundle; they count as they are at the end.
  void WriteTiles(bool partial) {
    for (auto& [id, bytes] : tree_.TakeChangedTiles()) {
      partial_[{id.level, id.number}] = bytes;
      if (id.width == ledger::kTileWidth) {
        WriteFile(directory_, ledger::TilePath(id), bytes);
        partial_.erase({id.level, id.number});
      }
    }
    for (const auto& [place, bytes] : partial ? partial_ : Tiles()) {
      const auto width = static_cast<uint32_t>(bytes.size() / Digest::kSize);
      WriteFile(directory_, ledger::TilePath({place.first, place.second, width}), bytes);
    }
  }

  using Tiles = std::map<std::pair<uint32_t, uint64_t>, std::string>;

  const std::string directory_;
  ledger::Tree tree_;
  std::string bundle_;
  Tiles partial_;
};

// Referrals of one agency to another and the receipts for them, a batch at a time.
class Exchange {
 public:
  Exchange(World& world, LogWriter& log) : world_(world), log_(log) {
    const auto head = ledger::ReadHead(world.view());
    CHECK(head.has_value());
    directory_ = head->directory_head();
  }

  void Run(size_t batch) {
    world_.Advance(1);
    std::vector<std::string> headers;
    std::vector<std::string> receipts;
    for (size_t i = 0; i < batch; ++i) {
      const v1::Header header = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
      headers.push_back(header.SerializeAsString());
      receipts.push_back(ReceiptFor(header, headers.back()));
    }
    const auto sent = Sign("uppa.18.01", certs::kHeaderContext, headers);
    const auto received = Sign("dinsos.18.01", certs::kDeliveryContext, receipts);
    for (size_t i = 0; i < batch; ++i) {
      v1::Entry entry = Placed();
      entry.mutable_accepted()->set_header(headers[i]);
      *entry.mutable_accepted()->mutable_signature() = sent[i];
      log_.Append(entry.SerializeAsString());
    }
    for (size_t i = 0; i < batch; ++i) {
      v1::Entry entry = Placed();
      entry.mutable_delivery()->set_receipt(receipts[i]);
      *entry.mutable_delivery()->mutable_signature() = received[i];
      log_.Append(entry.SerializeAsString());
    }
  }

 private:
  v1::Entry Placed() const {
    v1::Entry entry;
    entry.set_time_ms(world_.now());
    entry.set_directory_previous(directory_);
    return entry;
  }
  std::string ReceiptFor(const v1::Header& header, const std::string& bytes) const {
    v1::DeliveryReceipt receipt;
    receipt.set_version(1);
    receipt.set_message_id(header.message_id());
    receipt.set_header_digest(certs::Sha256(bytes).str());
    receipt.set_recipient(header.to(0));
    receipt.set_received_at_ms(world_.now());
    receipt.set_outcome(v1::DeliveryOutcome::DELIVERED);
    return receipt.SerializeAsString();
  }
  std::vector<v1::BatchSignature> Sign(std::string_view by,
                                       std::string_view context,
                                       const std::vector<std::string>& statements) const {
    const testing::Member& signer = world_.member(by);
    return certs::SignBatch(
        signer.signing_key, signer.signing_certificate.key_id(), context, statements);
  }

  World& world_;
  LogWriter& log_;
  uint64_t directory_ = 0;
};

}  // namespace

void MakeLedger(const LedgerPlan& plan, const std::string& directory) {
  World world{std::string(ledger::DefaultPolicyText())};
  world.AddAgency("uppa.18.01");
  world.AddAgency("dinsos.18.01");
  LogWriter log(directory);
  for (const std::string& entry : world.entries()) {
    log.Append(entry);
  }
  Exchange exchange(world, log);
  while (log.size() < plan.entries) {
    exchange.Run(plan.batch);
  }
  log.Finish(world.log());
}

}  // namespace rujukan::bench
