// What happened at this agency, for its own systems: by GET /v1/events, as a stream, by webhook.
// An event is ids, types and codes; it has no field that could hold content or a name. It is
// written in the transaction of what it tells, so there is none without the other.
// docs/formats/webhook.md.
//
// Pure; Tables keeps them (tables_events.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/agency/json.h"
#include "base/clock.h"
#include "base/result.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

// The numbers are in the database: never change one.
enum class EventType : int64_t {
  kMessageReceived = 1,
  kMessageUnreadable = 2,
  kMessageAccepted = 3,
  kMessageRefused = 4,
  kMessageSentAnew = 5,
  kMessageDelivered = 6,
  kMessageWithheld = 7,
  kLegOpened = 10,
  kLegStateChanged = 11,
  kDeadlineMissed = 20,
  // 21 was never used.
  kDisclosureReleased = 30,
  kContentDisclosed = 31,
  kContentErased = 32,
  kErasureChanged = 33,
  kAttachmentReady = 40,
  kAttachmentFailed = 41,
  kCertificateEnding = 50,
  kWebhookDisabled = 60,
  kWebhookTest = 61,
};

struct EventKind {
  EventType type;
  std::string_view name;  // "message.received"
  std::string_view tells;
};
std::span<const EventKind> EventKinds();
std::string_view EventName(EventType type);

struct Event {
  EventType type = EventType::kWebhookTest;
  UnixMillis time = 0;
  std::string message{};                        // 16 bytes, or empty
  std::string leg{};                            // likewise
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;  // of the message
  std::string code{};     // what has become of it: a name of codes.proto, "" or letters, digits, _
  std::string subject{};  // another id that the type names: 16 bytes, or empty
  // Given by Tables::PutEvent.
  int64_t cursor = 0;
  std::string id{};  // 16 bytes, new for each event
};

// With "cursor" as text: it is opaque to others.
Json EventJson(const Event& event);

// Which events somebody wants: names, or beginnings with a star ("message.*"); empty: all.
class EventFilter {
 public:
  // Comma separated. kInvalid: the text names the one that is not known.
  static Result<EventFilter> Parse(const std::string& names);
  bool Wants(EventType type) const;
  const std::vector<std::string>& names() const { return names_; }
  std::string text() const;

 private:
  std::vector<std::string> names_;
};

}  // namespace rujukan::agency
