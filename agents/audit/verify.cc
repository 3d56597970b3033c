#include "agents/audit/verify.h"

#include <chrono>
#include <thread>

#include "agents/audit/anchor.h"
#include "agents/audit/claim_pool.h"
#include "agents/audit/replay.h"
#include "agents/audit/stamps.h"
#include "agents/audit/tree_check.h"
#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::audit {
namespace {

using ledger::GivenLeaf;
using ledger::kTileWidth;

size_t HelperThreads(size_t asked) {
  const size_t cores = std::max<size_t>(1, std::thread::hardware_concurrency());
  return (asked == 0 ? cores : asked) - 1;  // this thread verifies too
}

// Damage of the evidence is a finding; a source that cannot be reached is not the ledger's fault.
bool IsDamage(const Error& error) {
  return error.code == Errc::kNotFound || error.code == Errc::kCorrupt ||
         error.code == Errc::kLimit || error.code == Errc::kInvalid;
}

void FailCheckpoint(Report& report, std::string problem) {
  report.Fail({Check::kCheckpoint, std::nullopt, "checkpoint", std::move(problem)});
}

class Verification {
 public:
  Verification(Source& source, const VerifyOptions& options, Anchor anchor)
      : files_(source),
        options_(options),
        anchor_(std::move(anchor)),
        replay_(report_),
        tree_(files_, anchor_.checkpoint.size, report_),
        stamps_(files_, anchor_.log, anchor_.checkpoint.size, options.tsa_anchors, report_),
        pool_(HelperThreads(options.threads)) {}

  Result<Report> Run(const Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    const TreeSize size = anchor_.checkpoint.size;
    for (const Source::Fault& fault : files_.source().Faults()) {
      report_.Fail({Check::kEntries, std::nullopt, fault.file, fault.problem});
    }
    for (LogIndex first = 0; first < size && !IsHopeless(); first += kTileWidth) {
      RETURN_IF_ERROR(CheckBundle(first / kTileWidth));
      progress(std::min(first + kTileWidth, size), size);
    }
    TakeSignatures();
    replay_.Finish();
    tree_.Finish(anchor_.checkpoint.root);
    RETURN_IF_ERROR(CheckStamps());
    RETURN_IF_ERROR(CheckAnchor());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    report_.seconds = took.count();
    return std::move(report_);
  }

 private:
  // A gap without its hashes, and then not even a bundle: nothing behind it could be proven, and a
  // false size would have us ask for files that never were there.
  bool IsHopeless() const { return tree_.broken() && bundle_missing_; }

  Result<void> CheckBundle(uint64_t number) {
    const ledger::TileId id = BundleAt(number, anchor_.checkpoint.size);
    ASSIGN_OR_RETURN(const std::vector<GivenLeaf> leaves, ReadLeaves(id));
    tree_.AppendBundle(number, leaves);
    const LogIndex first = number * kTileWidth;
    for (size_t i = 0; i < leaves.size(); ++i) {
      RETURN_IF_ERROR(Step(first + i, leaves[i]));
    }
    if (leaves.size() < id.width) {
      replay_.Miss(first + leaves.size());
    }
    return {};
  }

  Result<void> Step(LogIndex index, const GivenLeaf& leaf) {
    if (leaf.withheld) {
      ++report_.withheld;
      return replay_.Withhold(index);
    }
    stamps_.See(index, leaf.entry);
    ASSIGN_OR_RETURN(auto claim, replay_.Step(index, leaf.entry));
    if (claim) {
      pool_.Add(std::move(*claim));
    }
    return {};
  }

  // What can be read of a bundle; what cannot is a finding.
  Result<std::vector<GivenLeaf>> ReadLeaves(const ledger::TileId& id) {
    const auto file = files_.ReadBundleFile(id);
    bundle_missing_ = !file;
    if (!file) {
      if (!IsDamage(file.error())) {
        return Fail(file.error());
      }
      if (file.error().context != missing_) {  // one archive file is one finding
        report_.Fail(
            {Check::kEntries, std::nullopt, ledger::EntriesPath(id), file.error().context});
      }
      missing_ = file.error().context;
      return std::vector<GivenLeaf>();
    }
    auto leaves = ParseLeaves(*file, id.width);
    if (leaves) {
      return leaves;
    }
    std::vector<GivenLeaf> salvaged = SalvageLeaves(*file, id.width);
    const LogIndex next = id.number * kTileWidth + salvaged.size();
    report_.Fail({Check::kEntries,
                  salvaged.size() < id.width ? std::optional<LogIndex>(next) : std::nullopt,
                  file->path,
                  "the bundle holds " + std::to_string(salvaged.size()) + " whole entries of " +
                      std::to_string(id.width)});
    return salvaged;
  }

  void TakeSignatures() {
    const ClaimPool::Verified verified = pool_.Finish();
    report_.Pass(Check::kSignatures, verified.good);
    for (const LogIndex index : verified.bad) {
      report_.Fail({Check::kSignatures,
                    index,
                    "",
                    "the signature is not the signer's over these bytes: forged or altered"});
    }
  }

  Result<void> CheckStamps() {
    ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(replay_.view()));
    stamps_.Finish(head.time_ms());
    return {};
  }

  // The checkpoint, and that the log's key and root are those of the domain the entries found.
  Result<void> CheckAnchor() {
    report_.origin = anchor_.checkpoint.origin;
    report_.size = anchor_.checkpoint.size;
    report_.root = ToBase64(anchor_.checkpoint.root.view());
    report_.log_vkey = anchor_.log.ToVkey();
    if (anchor_.signature) {
      report_.Pass(Check::kCheckpoint);
    } else {
      FailCheckpoint(report_, anchor_.signature.error().context);
    }
    const auto domain = ledger::ReadDomain(replay_.view());
    if (!domain) {
      report_.Skip(Check::kCheckpoint, "whether its key is the domain's: no legal genesis entry");
      return {};
    }
    CheckDomain(*domain);
    return {};
  }

  void CheckDomain(const v1::DomainRecord& domain) {
    report_.root_fingerprint = ToHex(certs::Sha256(domain.root_certificate()).view());
    if (domain.log_vkey() != report_.log_vkey) {
      FailCheckpoint(report_, "the genesis entry names another ledger key: " + domain.log_vkey());
    }
    if (ledger::OriginOf(domain.domain()) != report_.origin) {
      FailCheckpoint(report_, "the genesis entry founds another domain: " + domain.domain());
    }
    if (!options_.root_fingerprint.empty() &&
        options_.root_fingerprint != report_.root_fingerprint) {
      report_.Fail({Check::kCertificates,
                    0,
                    "",
                    "the root certificate has fingerprint " + report_.root_fingerprint +
                        ", not the one given"});
    }
  }

  const LogFiles files_;
  const VerifyOptions& options_;
  const Anchor anchor_;
  Report report_;
  Replay replay_;
  TreeCheck tree_;
  StampCheck stamps_;
  ClaimPool pool_;
  bool bundle_missing_ = false;  // the last one that was asked for
  std::string missing_;          // why the last missing one is
};

}  // namespace

Result<Report> Verify(Source& source, const VerifyOptions& options, const Progress& progress) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(Anchor anchor, ReadAnchor(files, options.vkey));
  Verification verification(source, options, std::move(anchor));
  return verification.Run(progress);
}

}  // namespace rujukan::audit
