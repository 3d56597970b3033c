#include "tests/support/log_face.h"

#include "certs/merkle.h"
#include "ledger/checkpoint.h"
#include "ledger/receipt.h"
#include "tests/unit/ledger/reference_tree.h"

namespace rujukan::testing {
namespace {

ledger::ReferenceTree TreeOf(const World& world) {
  std::vector<Digest> leaves;
  for (const auto& entry : world.entries()) {
    leaves.push_back(certs::LeafHash(entry));
  }
  return ledger::ReferenceTree(std::move(leaves));
}

}  // namespace

std::string LogFace::NoteAt(TreeSize size) const {
  const ledger::Checkpoint checkpoint{
      ledger::OriginOf(World::kDomain), size, TreeOf(world_).Root(size)};
  return ledger::SignCheckpoint(checkpoint, world_.log());
}

v1::ServerFrame LogFace::Welcome(TreeSize from, TreeSize size) const {
  v1::ServerFrame frame;
  frame.mutable_welcome()->set_checkpoint(NoteAt(size));
  frame.mutable_welcome()->set_time_ms(world_.now());
  frame.mutable_welcome()->set_send_window(256);
  if (from != 0 && from < size) {
    for (const auto& hash : TreeOf(world_).Consistency(from, size)) {
      frame.mutable_welcome()->add_consistency(hash.str());
    }
  }
  return frame;
}

v1::ProvenEntry LogFace::Prove(LogIndex index, TreeSize size) const {
  ledger::Receipt receipt;
  receipt.index = index;
  receipt.path = TreeOf(world_).Path(index, size);
  receipt.checkpoint = NoteAt(size);
  v1::ProvenEntry proven;
  proven.set_entry(world_.entries()[index]);
  proven.set_proof(receipt.Text());
  return proven;
}

v1::ServerFrame LogFace::Accepted(v1::Subject::Code kind,
                                  const std::string& subject,
                                  LogIndex index) const {
  v1::ServerFrame frame;
  frame.mutable_accepted()->set_subject_kind(kind);
  frame.mutable_accepted()->set_subject(subject);
  *frame.mutable_accepted()->mutable_proven() = Prove(index, world_.size());
  return frame;
}

v1::ServerFrame LogFace::Deliver(const v1::Envelope& envelope, LogIndex index) const {
  v1::ServerFrame frame;
  *frame.mutable_deliver()->mutable_envelope() = envelope;
  *frame.mutable_deliver()->mutable_proven() = Prove(index, world_.size());
  return frame;
}

v1::ServerFrame LogFace::Notice(const std::string& message_id, LogIndex index) const {
  v1::ServerFrame frame;
  frame.mutable_notice()->set_message_id(message_id);
  *frame.mutable_notice()->mutable_proven() = Prove(index, world_.size());
  return frame;
}

v1::DirectoryPage LogFace::Directory(LogIndex from) const {
  v1::DirectoryPage page;
  for (LogIndex index = from; index < world_.size(); ++index) {
    v1::Entry entry;
    entry.ParseFromString(world_.entries()[index]);
    if (ledger::IsDirectoryEntry(entry)) {
      *page.add_entries() = Prove(index, world_.size());
    }
  }
  page.set_next_index(world_.size());
  *page.mutable_newest() = Prove(world_.size() - 1, world_.size());
  return page;
}

}  // namespace rujukan::testing
