// The chunks of attachments, up and down: who may, and what is answered. Pure: the store is a seam,
// time a parameter.
//
//   frame            | by whom                                   | answered with
//   PutChunk         | a party of the leg; more of an attachment | ChunkStored, durable
//                    |  only by who began it                     |
//   ChunksRequest    | the parties of the leg                    | ChunksPresent
//   GetChunk         | the parties of the leg                    | Chunk
//   DropAttachment   | the parties: the receiver has it, or the  | AttachmentDropped, also when
//                    |  sender takes it back                     |  nothing was here
//
// Anything else: ChunkRefused. Nothing here is an entry: what is on record is the LAMPIRAN.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/core/chunk_store.h"
#include "broker/core/journal.h"
#include "broker/core/submission.h"
#include "ledger/refusal.h"
#include "ledger/view.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {

// Whether a frame is one of these four.
bool IsChunkFrame(v1::ClientFrame::BodyCase body);

// What needs no order and no store: the form of the frame, and that a chunk belongs to its root.
// MALFORMED, ATTACHMENT_TOO_LARGE, DIGEST_MISMATCH.
tl::expected<void, ledger::Refusal> CheckChunkForm(const v1::ClientFrame& frame);

// Answers, ready for Outlet::Send.
std::string ChunkStoredFrame(std::string_view root, uint32_t index);
std::string ChunkRefusedFrame(const v1::ClientFrame& frame, const ledger::Refusal& refusal);

struct ChunkDesk {
  ChunkStore& chunks;
  const ledger::View& view;  // committed state

  // A PutChunk whose form was checked, by `user`: what to put, or why not. UNKNOWN_LEG,
  // NOT_A_PARTY, ATTACHMENT_SPACE. kFatal: the store failed.
  ledger::Verdict<ChunkToPut> Admit(v1::PutChunk put, const std::string& user) const;
  // The answer to any of the others. kFatal: the store failed.
  // Its receiver's asking shows that it is claimed: the chunks stay longer from then on.
  Result<std::string> Answer(const v1::ClientFrame& frame,
                             const std::string& user,
                             UnixMillis now) const;
};

// Attachments whose LAMPIRAN waits in a mailbox. Reads every mailbox: for the few times when the
// store does not know better.
Result<std::set<AttachmentKey>> ClaimedInMailboxes(const Store& store);
// The attachment that a message's header claims; nullopt: none.
std::optional<AttachmentKey> ClaimOf(std::string_view header_bytes);

// Whether its time is over: nobody claimed it for limits::kAttachmentUnclaimedMsMax, or nobody
// fetched it for limits::kAttachmentLifeMsMax.
bool IsPastItsTime(const AttachmentFacts& facts, UnixMillis now);

}  // namespace rujukan::broker
