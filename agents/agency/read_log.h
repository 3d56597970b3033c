// The agency's own log of reading: who opened, saw, disclosed or erased which content, when and
// why. Append-only: a Merkle tree over it (RFC 6962) is kept beside it, and its root is put into
// the broker's ledger (read_anchor.h), so that nothing is taken out of it unseen. Every reading is
// logged whatever its stage: a rule without exceptions is one that can be checked.
//
// A reading is logged in the transaction that comes before content is handed out: when it cannot be
// logged, the content is not shown. Thread: any, inside Store::Write.
#pragma once

#include <span>
#include <string>

#include "agents/agency/tables.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::agency {

// As ReadEvent; the agent itself reads as this.
inline constexpr std::string_view kAgentReader = "rujukan-agent";
inline constexpr size_t kReaderBytesMax = 200;
inline constexpr size_t kReadReasonBytesMax = 500;

struct Reading {
  MessageId message;
  std::string leg;  // 16 bytes, or empty
  v1::ReadAction::Code action = v1::ReadAction::UNSPECIFIED;
  v1::DisclosureStage::Code stage = v1::DisclosureStage::UNSPECIFIED;
  std::string reader;
  std::string reason{};
  std::string given_to{};
};

// The highest stage the content holds. Reports on a child in care count as T2, questions and
// notifications as T1; answers without a child's data have none.
v1::DisclosureStage::Code StageOf(const v1::Content& content);

// As Reading of a row with its content.
Reading ReadingOf(const MessageRow& row, v1::ReadAction::Code action, std::string reader);

// Of an attachment's file or description.
Reading ReadingOf(const AttachmentRow& row, std::string reader);

// kLimit: a reader or a reason over its limit. Else as Tables.
Result<void> LogReads(Tables& tables, std::span<const Reading> readings, UnixMillis now);

}  // namespace rujukan::agency
