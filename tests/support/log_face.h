// A World's ledger as a client sees it: signed checkpoints, consistency and inclusion proofs, and
// the broker's frames around them. Made with the RFC's own recursive tree, so that the client's
// verifiers are checked against something independent. Thread: one owner.
#pragma once

#include <string>

#include "rujukan/v1/wire.pb.h"
#include "tests/support/world.h"

namespace rujukan::testing {

class LogFace {
 public:
  explicit LogFace(const World& world) : world_(world) {}

  // Of the first `size` entries.
  std::string NoteAt(TreeSize size) const;
  v1::ServerFrame Welcome(TreeSize from, TreeSize size) const;
  v1::ProvenEntry Prove(LogIndex index, TreeSize size) const;
  v1::ServerFrame Accepted(v1::Subject::Code kind,
                           const std::string& subject,
                           LogIndex index) const;
  v1::ServerFrame Deliver(const v1::Envelope& envelope, LogIndex index) const;
  v1::ServerFrame Notice(const std::string& message_id, LogIndex index) const;
  // Every directory entry from `from` on.
  v1::DirectoryPage Directory(LogIndex from) const;

 private:
  const World& world_;
};

}  // namespace rujukan::testing
