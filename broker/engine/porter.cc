#include "broker/engine/porter.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

// 16 MiB of chunks: a fraction of a second of any disk.
constexpr size_t kQueueMax = 64;
constexpr size_t kPutTogetherMax = 16;

ledger::Refusal NoAttachmentsHere() {
  return ledger::MakeRefusal(Reason::ATTACHMENT_UNKNOWN, "this broker keeps no attachments");
}

}  // namespace

Porter::Porter(Shared& shared, ChunkStore* chunks)
    : shared_(shared), chunks_(chunks), queue_(kQueueMax) {}

void Porter::Take(ChunkFrame frame) {
  if (frame.refusal) {
    Refuse(frame, *frame.refusal);
  } else if (chunks_ == nullptr) {
    Refuse(frame, NoAttachmentsHere());
  } else if (queue_.Full()) {  // several that see room at once may all come in: a few workers
    Refuse(frame, ledger::MakeRefusal(Reason::RATE_LIMITED));
  } else {
    queue_.PushOverBound(std::move(frame));
  }
}

void Porter::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Porter::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Porter::Run() {
  std::vector<ChunkFrame> work;
  while (queue_.PopSome(kPutTogetherMax, work)) {
    if (Result<void> turned = Turn(work); !turned) {
      shared_.Fail(std::move(turned.error()));
      return;
    }
    work.clear();
  }
}

Result<void> Porter::Turn(std::vector<ChunkFrame>& work) {
  for (ChunkFrame& frame : work) {
    if (frame.frame.has_put_chunk()) {
      RETURN_IF_ERROR(Admit(frame));
      continue;
    }
    RETURN_IF_ERROR(PutWaiting());  // a question is answered from what came before it
    RETURN_IF_ERROR(Answer(frame));
  }
  return PutWaiting();
}

Result<void> Porter::Admit(ChunkFrame& frame) {
  const ChunkDesk desk{*chunks_, shared_.store};
  v1::PutChunk put = std::move(*frame.frame.mutable_put_chunk());
  v1::PutChunk& named = *frame.frame.mutable_put_chunk();
  named.set_leg_id(put.leg_id());
  named.set_root(put.root());
  named.set_index(put.index());
  ASSIGN_OR_RETURN(auto admitted, desk.Admit(std::move(put), frame.peer.user));
  if (!admitted) {
    Refuse(frame, admitted.error());
    return {};
  }
  putting_.push_back(std::move(*admitted));
  putting_for_.push_back(std::move(frame));
  return {};
}

Result<void> Porter::PutWaiting() {
  if (putting_.empty()) {
    return {};
  }
  const Result<void> put = chunks_->Put(putting_, shared_.clock.Now());
  if (!put && put.error().code == Errc::kFatal) {
    return put;
  }
  for (size_t i = 0; i < putting_for_.size(); ++i) {
    if (put) {
      ++shared_.metrics.chunks_stored;
      Send(putting_for_[i], ChunkStoredFrame(putting_[i].key.root.view(), putting_[i].index));
    } else {
      Refuse(putting_for_[i], ledger::MakeRefusal(Reason::STORAGE_FULL));
    }
  }
  if (!put) {
    spdlog::warn("attachments: {}", put.error().ToString());
  }
  putting_.clear();
  putting_for_.clear();
  return {};
}

Result<void> Porter::Answer(const ChunkFrame& frame) {
  const ChunkDesk desk{*chunks_, shared_.store};
  auto answer = desk.Answer(frame.frame, frame.peer.user, shared_.clock.Now());
  if (answer) {
    shared_.metrics.chunks_given += frame.frame.has_get_chunk() ? 1 : 0;
    Send(frame, std::move(*answer));
    return {};
  }
  if (answer.error().code == Errc::kFatal) {
    return Fail(answer.error());
  }
  spdlog::warn("attachments: {}", answer.error().ToString());
  Refuse(frame, ledger::MakeRefusal(Reason::STORAGE_FULL));
  return {};
}

void Porter::Refuse(const ChunkFrame& frame, const ledger::Refusal& refusal) {
  shared_.metrics.Refused(refusal.reason);
  Send(frame, ChunkRefusedFrame(frame.frame, refusal));
}

// The place in the window is free before the peer can use it.
void Porter::Send(const ChunkFrame& frame, std::string answer) {
  shared_.limiter.Answered(frame);
  shared_.outlet.Send(frame.peer, std::move(answer));
}

}  // namespace rujukan::broker
