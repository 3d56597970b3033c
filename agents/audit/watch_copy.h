// A watcher's own copy of a ledger: an export's folder (export.h) that grows along one history, and
// the proof, by recomputing the tree, that what an address shows continues it. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agents/audit/certificate_files.h"
#include "agents/audit/log_files.h"
#include "agents/audit/source.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace rujukan::audit {

class WatchCopy {
 public:
  // `folder` is made when it is not there. kUnavailable: I/O.
  static Result<std::unique_ptr<WatchCopy>> Open(const std::string& folder,
                                                 const ledger::NoteVerifier& log);

  // The checkpoint of the copy, after the tree has been recomputed from the copy's own tiles.
  // nullopt: the copy is empty. kCorrupt: it does not verify.
  Result<std::optional<std::string>> Verify();

  // The root that this history had at `size`, at most the copy's.
  Result<Digest> RootAt(TreeSize size) const;

  struct Extension {
    enum class Outcome {
      kContinues,  // and the tiles are durable in the copy
      kFork,       // the signed tree has another beginning
      kGap,        // `file` is missing or not what the signed tree has: nothing is proven
    };
    Outcome outcome = Outcome::kContinues;
    std::string file;
    std::string problem;
  };
  // Whether the tree of `next`, as `remote` shows it, begins with the copy's. Reads what is new.
  // `next` must be larger than the copy. kUnavailable, kFatal: could not be decided now.
  Result<Extension> Extend(const LogFiles& remote, const ledger::Checkpoint& next);
  // After kContinues: the copy is that of `next` from now on. Durable on return.
  Result<void> Commit(const std::string& note, const ledger::Checkpoint& next);

  // The leaves of bundle `number`, each with the hash that the copy's tree has, some perhaps
  // withheld from this reader: from the copy, else from `remote` (nullptr: none), which is then
  // copied. kNotFound, kCorrupt: missing or altered, with the file in the text. kDenied: the token.
  // kUnavailable.
  Result<std::vector<ledger::GivenLeaf>> Leaves(const LogFiles* remote, uint64_t number);

  TreeSize size() const { return size_; }
  const std::string& folder() const { return folder_; }

 private:
  WatchCopy(std::string folder, std::unique_ptr<Source> source);

  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }
  Result<void> Write(const std::string& name, std::string_view bytes) const;
  // Appends the new leaves of level-0 tile `id`. kCorrupt: its beginning is not the copy's.
  Result<void> AppendTile(const LogFiles& remote, const ledger::TileId& id, ledger::Tree& tree);
  // Not yet full: level and number to the latest hashes.
  using Growing = std::map<std::pair<uint32_t, uint64_t>, std::string>;
  Result<void> KeepTiles(ledger::Tree& tree, Growing& growing);
  Result<Extension> Diagnose(const LogFiles& remote,
                             const ledger::Checkpoint& next,
                             const Extension& suspect) const;
  Result<void> CheckLeaves(const ledger::TileId& id,
                           const std::vector<ledger::GivenLeaf>& leaves) const;
  void ForgetNarrower(TreeSize before) const;

  const std::string folder_;
  const std::unique_ptr<Source> source_;
  const LogFiles files_;
  CertificateFiles certificates_;
  TreeSize size_ = 0;
  Digest root_;
};

}  // namespace rujukan::audit
