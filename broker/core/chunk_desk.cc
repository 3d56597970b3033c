#include "broker/core/chunk_desk.h"

#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "broker/core/sequencer.h"
#include "ledger/records.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;
using Frame = v1::ClientFrame;
using Check = tl::expected<void, ledger::Refusal>;

tl::unexpected<ledger::Refusal> Decline(Reason::Code reason) {
  return tl::unexpected<ledger::Refusal>(ledger::MakeRefusal(reason));
}
tl::unexpected<ledger::Refusal> Decline(Reason::Code reason, std::string advice) {
  return tl::unexpected<ledger::Refusal>(ledger::MakeRefusal(reason, std::move(advice)));
}

std::string Serialise(const v1::ServerFrame& frame) {
  std::string bytes;
  CHECK(frame.SerializeToString(&bytes));
  return bytes;
}

// What all four have: which attachment, and which chunk of it.
struct Subject {
  std::string_view leg;
  std::string_view root;
  uint32_t index = 0;
};

Subject SubjectOf(const Frame& frame) {
  switch (frame.body_case()) {
    case Frame::kPutChunk:
      return {frame.put_chunk().leg_id(), frame.put_chunk().root(), frame.put_chunk().index()};
    case Frame::kChunks:
      return {frame.chunks().leg_id(), frame.chunks().root(), 0};
    case Frame::kGetChunk:
      return {frame.get_chunk().leg_id(), frame.get_chunk().root(), frame.get_chunk().index()};
    case Frame::kDropAttachment:
      return {frame.drop_attachment().leg_id(), frame.drop_attachment().root(), 0};
    default:
      return {};
  }
}

Result<AttachmentKey> KeyOf(const Subject& subject) {
  AttachmentKey key;
  ASSIGN_OR_RETURN(key.leg, LegId::FromBytes(subject.leg));
  ASSIGN_OR_RETURN(key.root, Digest::FromBytes(subject.root));
  return key;
}

Result<ledger::ChunkProof> ProofOf(const v1::PutChunk& put) {
  const std::vector<const std::string*> path(put.path().pointer_begin(), put.path().pointer_end());
  return ledger::ReadChunkProof(put.root(), put.index(), put.chunks(), path);
}

Check CheckPut(const v1::PutChunk& put) {
  if (put.chunks() > limits::kAttachmentChunksMax ||
      put.data().size() > limits::kAttachmentChunkBytesMax) {
    return Decline(Reason::ATTACHMENT_TOO_LARGE);
  }
  const auto proof = ProofOf(put);
  const auto leaf = proof ? ledger::CheckChunk(*proof, put.data()) : Fail(proof.error());
  if (!leaf) {
    const bool foreign = leaf.error().code == Errc::kCorrupt;
    return Decline(foreign ? Reason::DIGEST_MISMATCH : Reason::MALFORMED, leaf.error().context);
  }
  return {};
}

// UNKNOWN_LEG or NOT_A_PARTY, unless `user` has a part in the leg.
ledger::Verdict<void> CheckParty(const ledger::View& view,
                                 const LegId& leg,
                                 const std::string& user) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadLeg(view, leg.view()));
  if (!record) {
    return Check(Decline(Reason::UNKNOWN_LEG));
  }
  if (record->sender() != user && record->receiver() != user) {
    return Check(Decline(Reason::NOT_A_PARTY,
                         "only the sender and the receiver of a leg have its attachments"));
  }
  return Check();
}

std::string PresentFrame(const ChunkStore& chunks, const AttachmentKey& key) {
  v1::ServerFrame frame;
  v1::ChunksPresent& present = *frame.mutable_chunks();
  present.set_root(key.root.str());
  if (const auto facts = chunks.Find(key)) {
    present.set_chunks(facts->chunks);
    present.set_present(chunks.Present(key));
  }
  return Serialise(frame);
}

std::string ChunkFrameOf(const AttachmentKey& key, uint32_t index, StoredChunk chunk) {
  v1::ServerFrame frame;
  v1::Chunk& told = *frame.mutable_chunk();
  told.set_root(key.root.str());
  told.set_index(index);
  told.set_data(std::move(chunk.data));
  for (const Digest& hash : chunk.path) {
    told.add_path(hash.str());
  }
  return Serialise(frame);
}

std::string DroppedFrame(const AttachmentKey& key) {
  v1::ServerFrame frame;
  frame.mutable_attachment_dropped()->set_root(key.root.str());
  return Serialise(frame);
}

}  // namespace

bool IsChunkFrame(Frame::BodyCase body) {
  return body == Frame::kPutChunk || body == Frame::kChunks || body == Frame::kGetChunk ||
         body == Frame::kDropAttachment;
}

Check CheckChunkForm(const Frame& frame) {
  if (!KeyOf(SubjectOf(frame))) {
    return Decline(Reason::MALFORMED, "an attachment is named by a leg id and a root");
  }
  return frame.has_put_chunk() ? CheckPut(frame.put_chunk()) : Check();
}

std::string ChunkStoredFrame(std::string_view root, uint32_t index) {
  v1::ServerFrame frame;
  frame.mutable_chunk_stored()->set_root(root.data(), root.size());
  frame.mutable_chunk_stored()->set_index(index);
  return Serialise(frame);
}

std::string ChunkRefusedFrame(const Frame& frame, const ledger::Refusal& refusal) {
  const Subject subject = SubjectOf(frame);
  v1::ServerFrame answer;
  v1::ChunkRefused& refused = *answer.mutable_chunk_refused();
  if (subject.root.size() == Digest::kSize) {  // nobody's kilobytes are sent back to it
    refused.set_root(subject.root.data(), subject.root.size());
  }
  refused.set_index(subject.index);
  refused.set_reason(refusal.reason);
  refused.set_advice(refusal.advice);
  refused.set_retry_after_ms(RetryAfterMs(refusal.reason));
  return Serialise(answer);
}

ledger::Verdict<ChunkToPut> ChunkDesk::Admit(v1::PutChunk put, const std::string& user) const {
  using Admitted = tl::expected<ChunkToPut, ledger::Refusal>;
  ASSIGN_OR_RETURN(const AttachmentKey key, KeyOf({put.leg_id(), put.root(), put.index()}));
  ASSIGN_OR_RETURN(const Check party, CheckParty(view, key.leg, user));
  if (!party) {
    return Admitted(tl::unexpect, party.error());
  }
  const auto facts = chunks.Find(key);
  if (facts && (facts->sender != user || facts->chunks != put.chunks())) {
    return Admitted(Decline(Reason::NOT_A_PARTY, "another party has begun this attachment"));
  }
  const uint64_t wanted = uint64_t{put.chunks()} * limits::kAttachmentChunkBytesMax;
  if (!facts && chunks.ReservedBytesOf(user) + wanted > limits::kAttachmentShareBytesMax) {
    return Admitted(Decline(Reason::ATTACHMENT_SPACE));
  }
  ASSIGN_OR_RETURN(ledger::ChunkProof proof, ProofOf(put));
  ChunkToPut chunk{key, user, put.index(), put.chunks(), std::move(proof.path), {}};
  chunk.data = std::move(*put.mutable_data());
  return Admitted(std::move(chunk));
}

Result<std::string> ChunkDesk::Answer(const Frame& frame,
                                      const std::string& user,
                                      UnixMillis now) const {
  ASSIGN_OR_RETURN(const AttachmentKey key, KeyOf(SubjectOf(frame)));
  ASSIGN_OR_RETURN(const Check party, CheckParty(view, key.leg, user));
  if (!party) {
    return ChunkRefusedFrame(frame, party.error());
  }
  if (const auto facts = chunks.Find(key);
      facts && facts->sender != user && facts->claimed_ms == 0 && !frame.has_drop_attachment()) {
    RETURN_IF_ERROR(chunks.Claim(key, now));
  }
  if (frame.has_chunks()) {
    return PresentFrame(chunks, key);
  }
  if (frame.has_drop_attachment()) {
    RETURN_IF_ERROR(chunks.Remove(key));
    return DroppedFrame(key);
  }
  CHECK(frame.has_get_chunk());
  auto chunk = chunks.Read(key, frame.get_chunk().index());
  if (chunk) {
    return ChunkFrameOf(key, frame.get_chunk().index(), std::move(*chunk));
  }
  if (chunk.error().code != Errc::kNotFound && chunk.error().code != Errc::kCorrupt) {
    return Fail(chunk.error());
  }
  return ChunkRefusedFrame(frame, ledger::MakeRefusal(Reason::ATTACHMENT_UNKNOWN));
}

std::optional<AttachmentKey> ClaimOf(std::string_view header_bytes) {
  v1::Header header;
  if (!header.ParseFromArray(header_bytes.data(), static_cast<int>(header_bytes.size())) ||
      !header.has_attachment()) {
    return std::nullopt;
  }
  const auto key = KeyOf({header.leg_id(), header.attachment().root(), 0});
  return key ? std::optional(*key) : std::nullopt;
}

Result<std::set<AttachmentKey>> ClaimedInMailboxes(const Store& store) {
  std::vector<LogIndex> indexes;
  RETURN_IF_ERROR(
      store.Scan(ledger::Table::kMailbox, "", "", [&](std::string_view key, std::string_view) {
        indexes.push_back(ReadBigEndian64(key.substr(key.size() - sizeof(LogIndex))));
        return true;
      }));
  std::set<AttachmentKey> claimed;
  for (const LogIndex index : indexes) {
    ASSIGN_OR_RETURN(const auto entries, store.ReadEntries(index, 1));
    v1::Entry entry;
    if (!entries.empty() && entry.ParseFromString(entries.front())) {
      if (const auto key = ClaimOf(entry.accepted().header())) {
        claimed.insert(*key);
      }
    }
  }
  return claimed;
}

bool IsPastItsTime(const AttachmentFacts& facts, UnixMillis now) {
  const int64_t life =
      facts.claimed_ms == 0 ? limits::kAttachmentUnclaimedMsMax : limits::kAttachmentLifeMsMax;
  return now - facts.begun_ms > life;
}

}  // namespace rujukan::broker
