#include "tests/sim/witness.h"

#include "ledger/receipt.h"
#include "ledger/tree.h"
#include "tests/sim/trace.h"

namespace rujukan::sim {

Violation Witness::OnFrame(const broker::Peer& peer,
                           const std::string& frame,
                           const broker::Store& store) {
  v1::ServerFrame parsed;
  if (!parsed.ParseFromString(frame)) {
    return "the broker sent a frame that does not parse";
  }
  if (parsed.has_welcome()) {
    const auto checkpoint = ledger::OpenCheckpoint(parsed.welcome().checkpoint(), log_);
    if (!checkpoint) {
      return "a Welcome's checkpoint does not open: " + checkpoint.error().ToString();
    }
    return OnCheckpoint(*checkpoint, parsed.welcome().checkpoint());
  }
  const std::string who = peer.user + " ";
  if (parsed.has_accepted()) {
    const auto& accepted = parsed.accepted();
    return OnProven(who + std::to_string(accepted.subject_kind()) + accepted.subject(),
                    accepted.proven(),
                    store);
  }
  if (parsed.has_refused() && !parsed.refused().proven().entry().empty()) {
    return OnProven("", parsed.refused().proven(), store);
  }
  if (parsed.has_deliver()) {
    return OnProven("", parsed.deliver().proven(), store);
  }
  if (parsed.has_notice()) {
    return OnProven("", parsed.notice().proven(), store);
  }
  return std::nullopt;
}

Violation Witness::OnProven(const std::string& who,
                            const v1::ProvenEntry& proven,
                            const broker::Store& store) {
  const auto receipt = ledger::Receipt::Parse(proven.proof());
  if (!receipt) {
    return "a receipt does not parse: " + receipt.error().ToString();
  }
  const auto verified = ledger::VerifyReceipt(*receipt, proven.entry(), log_);
  if (!verified) {
    return "a receipt does not verify: " + verified.error().ToString();
  }
  const auto stored = store.ReadEntries(receipt->index, 1);
  if (!stored || stored->empty() || stored->front() != proven.entry()) {
    return "a receipt for entry " + std::to_string(receipt->index) +
           " left before the entry was durable";
  }
  entries_.try_emplace(receipt->index, proven.entry());
  if (!who.empty()) {
    const auto [first, fresh] = receipts_.try_emplace(who, Given{proven.entry(), proven.proof()});
    if (!fresh &&
        (first->second.entry != proven.entry() || first->second.proof != proven.proof())) {
      return "a retry got another receipt than the first answer (entry " +
             std::to_string(receipt->index) + ")";
    }
  }
  return OnCheckpoint(verified->checkpoint, receipt->checkpoint);
}

Violation Witness::OnCheckpoint(const ledger::Checkpoint& checkpoint, const std::string& note) {
  if (note == last_note_) {
    return std::nullopt;
  }
  last_note_ = note;
  const auto [known, fresh] = checkpoints_.try_emplace(checkpoint.size, checkpoint);
  if (!fresh && known->second.root != checkpoint.root) {
    return "two checkpoints of size " + std::to_string(checkpoint.size) + " with different roots";
  }
  return std::nullopt;
}

Violation Witness::OnGiven(const std::string& address, const std::string& message_id) {
  if (++applications_[address + " " + message_id] > 1) {
    return "message " + Short(message_id) + " was given to " + address + " twice";
  }
  return std::nullopt;
}

size_t Witness::TimesGiven(const std::string& address, const std::string& message_id) const {
  const auto it = applications_.find(address + " " + message_id);
  return it == applications_.end() ? 0 : it->second;
}

Violation Witness::CheckDeliveries(const LedgerModel& model) const {
  for (const auto& [id, message] : model.messages()) {
    for (const std::string& recipient : message.delivered) {
      if (TimesGiven(recipient, id) == 0) {
        return "the ledger says " + recipient + " has message " + Short(id) +
               ", but its application never got it";
      }
    }
  }
  return std::nullopt;
}

Violation Witness::CheckPast(const broker::Store& store, size_t newest) const {
  const auto size = store.Size();
  if (!size || *size < promised()) {
    return "the ledger is shorter than a checkpoint that was handed out";
  }
  const auto root = ledger::RootAt(*size, store);
  if (!root) {
    return "the tree does not read: " + root.error().ToString();
  }
  for (auto it = checkpoints_.rbegin(); it != checkpoints_.rend() && newest > 0; ++it, --newest) {
    if (Violation wrong = CheckOne(it->second, store, *root, *size)) {
      return wrong;
    }
  }
  if (newest < SIZE_MAX - checkpoints_.size()) {
    return std::nullopt;
  }
  for (const auto& [index, bytes] : entries_) {
    const auto stored = store.ReadEntries(index, 1);
    if (!stored || stored->empty() || stored->front() != bytes) {
      return "entry " + std::to_string(index) + " is not the one a receipt was given for";
    }
  }
  return std::nullopt;
}

Violation Witness::CheckOne(const ledger::Checkpoint& checkpoint,
                            const broker::Store& store,
                            const Digest& root,
                            TreeSize size) const {
  const auto proof = ledger::ConsistencyProof(checkpoint.size, size, store);
  if (!proof) {
    return "no consistency proof: " + proof.error().ToString();
  }
  const auto held = ledger::VerifyConsistency(checkpoint.size, checkpoint.root, size, root, *proof);
  if (!held) {
    return "the checkpoint of size " + std::to_string(checkpoint.size) +
           " that was handed out is not consistent with the ledger of size " + std::to_string(size);
  }
  return std::nullopt;
}

}  // namespace rujukan::sim
