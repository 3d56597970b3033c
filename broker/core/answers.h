// Answers: building ServerFrames. Pure; any thread. Every function returns the frame's bytes, ready
// for Outlet::Send.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "broker/core/batch.h"
#include "broker/core/receipts.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {

std::string AcceptedFrame(const Answer& answer, std::string_view entry, std::string_view receipt);
// `entry` and `receipt` are empty when the refusal did not become an entry.
std::string RefusedFrame(const Answer& answer,
                         const ledger::Refusal& refusal,
                         std::string_view entry,
                         std::string_view receipt);
// kCorrupt: the entry is not a MessageAccepted.
Result<std::string> DeliverFrame(std::string_view entry,
                                 std::string_view receipt,
                                 std::string_view content);
std::string NoticeFrame(std::string_view message_id,
                        std::string_view entry,
                        std::string_view receipt);
// Unasked: one entry that an agency is told of.
std::string LegNoticeFrame(LogIndex index, std::string_view entry, std::string_view receipt);
struct WelcomeParts {
  std::string checkpoint;
  std::vector<Digest> consistency;  // from the client's size
  std::string cosigned;             // "": none
  std::vector<Digest> cosigned_consistency;
};
std::string WelcomeFrame(const WelcomeParts& parts, UnixMillis now);
std::string PongFrame(UnixMillis now);

// The bytes an entry's author signed: header, receipt, act, request or statement. Empty: none.
std::string_view StatementOf(const v1::Entry& entry);

// The frame for an answer whose entry is at hand. Decides a retry (Answer::same_as): the same
// statement gets the earlier entry's receipt, another one is refused.
std::string FrameFor(const Answer& answer, std::string_view entry, std::string_view receipt);

}  // namespace rujukan::broker
