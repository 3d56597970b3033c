// A session with a real ledger in memory on the other side: the tests are the network and the
// clock.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "agents/link/session.h"
#include "tests/support/log_face.h"
#include "tests/support/world.h"

namespace rujukan::link {

using testing::LogFace;
using testing::World;

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : face_(world_) {
    world_.AddAgency("dinsos.18");
    world_.AddAgency("uppa.18.01");
  }

  Session Make(std::string note = "", uint32_t window = 256, uint64_t seed = 1) {
    SessionOptions options;
    options.log = world_.log().verifier();
    options.last_note = std::move(note);
    options.window = window;
    options.seed = seed;
    return std::move(*Session::Make(std::move(options)));
  }

  void Feed(Session& session, const v1::ServerFrame& frame) {
    session.OnFrame(frame.SerializeAsString(), now_);
  }

  void GoLive(Session& session) {
    session.OnConnected(now_);
    session.TakeFrames();
    Feed(session, face_.Welcome(0, world_.size()));
    ASSERT_TRUE(session.live());
    session.TakeEvents();
    session.TakeFrames();
  }

  // A message as an entry of the ledger, and the submission that asked for it.
  struct Message {
    Submission submission;
    LogIndex index = 0;
    v1::Envelope envelope;
  };
  Message AddMessage() {
    const auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    const auto entry = world_.MessageEntry(header);
    Message message;
    message.envelope.set_header(entry.accepted().header());
    *message.envelope.mutable_signature() = entry.accepted().signature();
    message.submission = *SubmitMessage(message.envelope);
    message.index = world_.Append(entry);
    world_.Advance(1);
    return message;
  }
  v1::ServerFrame ReceiptFor(const Message& message) {
    return face_.Accepted(v1::Subject::MESSAGE, message.submission.subject, message.index);
  }

  template <class Wanted>
  static std::vector<Wanted> Only(std::vector<Event> events) {
    std::vector<Wanted> wanted;
    for (auto& event : events) {
      if (auto* one = std::get_if<Wanted>(&event)) {
        wanted.push_back(std::move(*one));
      }
    }
    return wanted;
  }

  static v1::ClientFrame Parse(const std::string& bytes) {
    v1::ClientFrame frame;
    EXPECT_TRUE(frame.ParseFromString(bytes));
    return frame;
  }

  World world_;
  LogFace face_;
  UnixMillis now_ = 1'000'000;
};

}  // namespace rujukan::link
