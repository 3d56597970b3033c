#include "agents/audit/proof.h"

#include "agents/audit/anchor.h"
#include "ledger/receipt.h"
#include "ledger/transition.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

struct Found {
  LogIndex index = 0;
  std::string entry;
};

std::optional<v1::Header> HeaderIn(const std::string& bytes, v1::Entry& entry) {
  v1::Header header;
  if (!entry.ParseFromString(bytes) || !entry.has_accepted() ||
      !header.ParseFromString(entry.accepted().header())) {
    return std::nullopt;
  }
  return header;
}

Result<Found> FindMessage(const LogFiles& files, TreeSize size, const MessageId& message) {
  std::optional<Found> found;
  const auto look = [&](LogIndex index, const std::string& bytes) -> Result<bool> {
    v1::Entry entry;
    const auto header = HeaderIn(bytes, entry);
    if (header && header->message_id() == message.view()) {
      found = Found{index, bytes};
    }
    return !found;
  };
  RETURN_IF_ERROR(ForEachEntry(files, size, look));
  if (!found) {
    return Fail(Errc::kNotFound,
                "no message " + FormatUuid(message.view()) + " among the ledger's " +
                    std::to_string(size) + " entries");
  }
  return std::move(*found);
}

}  // namespace

Result<std::string> MakeProof(Source& source, const std::string& vkey, const MessageId& message) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  const TreeSize size = anchor.checkpoint.size;
  ASSIGN_OR_RETURN(Found found, FindMessage(files, size, message));
  ledger::Receipt receipt;
  receipt.index = found.index;
  ASSIGN_OR_RETURN(receipt.path, ledger::InclusionProof(found.index, size, files));
  receipt.checkpoint = anchor.note;
  RETURN_IF_ERROR(ledger::VerifyReceipt(receipt, found.entry, anchor.log));
  receipt.extra = std::move(found.entry);
  return receipt.Text();
}

Result<ProvenMessage> CheckProof(std::string_view text,
                                 const ledger::NoteVerifier& log,
                                 const std::optional<MessageId>& expected) {
  ASSIGN_OR_RETURN(const ledger::Receipt receipt, ledger::Receipt::Parse(text));
  if (!receipt.extra) {
    return Fail(Errc::kInvalid, "the proof carries no entry (no `extra` line)");
  }
  ASSIGN_OR_RETURN(const auto verified, ledger::VerifyReceipt(receipt, *receipt.extra, log));
  v1::Entry entry;
  const auto header = HeaderIn(*receipt.extra, entry);
  if (!header) {
    return Fail(Errc::kInvalid, "the proven entry is not an accepted message");
  }
  if (expected && header->message_id() != expected->view()) {
    return Fail(Errc::kCorrupt, "the proof is good, but it is about another message");
  }
  ProvenMessage proven;
  proven.origin = verified.checkpoint.origin;
  proven.index = verified.index;
  proven.size = verified.checkpoint.size;
  proven.time = entry.time_ms();
  ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(header->message_id()));
  proven.message_id = FormatUuid(id.view());
  if (const auto leg = LegId::FromBytes(header->leg_id())) {
    proven.leg_id = FormatUuid(leg->view());
  }
  proven.from = header->from();
  proven.to.assign(header->to().begin(), header->to().end());
  proven.kind = std::string(ledger::KindName(header->kind()));
  return proven;
}

}  // namespace rujukan::audit
