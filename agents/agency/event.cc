#include "agents/agency/event.h"

#include <algorithm>
#include <array>

#include "agents/agency/render.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

constexpr size_t kFilterNamesMax = 32;

constexpr auto kKinds = std::to_array<EventKind>({
    {EventType::kMessageReceived,
     "message.received",
     "a message of another agency is in the inbox"},
    {EventType::kMessageUnreadable,
     "message.unreadable",
     "a message arrived that could not be opened or is not what it says; its sender was told"},
    {EventType::kMessageAccepted, "message.accepted", "a message of ours is in the ledger"},
    {EventType::kMessageRefused, "message.refused", "a message of ours was finally refused"},
    {EventType::kMessageSentAnew,
     "message.sent_anew",
     "a message of ours goes again under a new id; subject: the id it had"},
    {EventType::kMessageDelivered,
     "message.delivered",
     "a recipient's machine receipt for a message of ours; code: its outcome"},
    {EventType::kMessageWithheld,
     "message.withheld",
     "a recipient was taken out before it got a message of ours; code: HELD or BOUNCED"},
    {EventType::kLegOpened, "leg.opened", "a leg was opened by us or to us"},
    {EventType::kLegStateChanged, "leg.state_changed", "code: the leg's new state"},
    {EventType::kDeadlineMissed,
     "deadline.missed",
     "a clock of a leg ran out, as the ledger has it; code: which"},
    {EventType::kDisclosureReleased,
     "disclosure.released",
     "identity or a compartment of a leg of ours is on its way to the receiver"},
    {EventType::kContentDisclosed,
     "content.disclosed",
     "a message's content was opened to an auditor"},
    {EventType::kContentErased,
     "content.erased",
     "a message's content is gone from this agent; subject: the request"},
    {EventType::kErasureChanged,
     "erasure.changed",
     "a request to erase came or went on; code: its state; subject: the request"},
    {EventType::kAttachmentReady,
     "attachment.ready",
     "a file has arrived whole and may be fetched; subject: the attachment"},
    {EventType::kAttachmentFailed,
     "attachment.failed",
     "a file could not be sent or received; subject: the attachment; code: why"},
    {EventType::kCertificateEnding,
     "certificate.ending",
     "a certificate ends soon; code: which (GET /v1/keys)"},
    {EventType::kWebhookDisabled,
     "webhook.disabled",
     "a webhook was turned off after too many failures; subject: the webhook"},
    {EventType::kWebhookTest, "webhook.test", "somebody asked to try this webhook"},
});

bool IsCode(std::string_view code) {
  return code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool Matches(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1))
                                : name == pattern;
}

}  // namespace

std::span<const EventKind> EventKinds() {
  return kKinds;
}

std::string_view EventName(EventType type) {
  const auto* const found = std::find_if(
      kKinds.begin(), kKinds.end(), [type](const EventKind& kind) { return kind.type == type; });
  return found == kKinds.end() ? "unknown" : found->name;
}

Json EventJson(const Event& event) {
  CHECK(IsCode(event.code));
  Json json = {{"id", FormatUuid(event.id)},
               {"cursor", std::to_string(event.cursor)},
               {"type", EventName(event.type)},
               {"time", TimeOf(event.time)}};
  for (const auto& [name, bytes] : {std::pair{"message_id", &event.message},
                                    std::pair{"leg_id", &event.leg},
                                    std::pair{"subject", &event.subject}}) {
    if (bytes->size() == MessageId::kSize) {
      json[name] = FormatUuid(*bytes);
    }
  }
  if (event.kind != v1::Kind::UNSPECIFIED) {
    json["kind"] = v1::Kind::Code_Name(event.kind);
  }
  if (!event.code.empty()) {
    json["code"] = event.code;
  }
  return json;
}

Result<EventFilter> EventFilter::Parse(const std::string& names) {
  EventFilter filter;
  size_t start = 0;
  while (start < names.size()) {
    const size_t end = std::min(names.find(',', start), names.size());
    const std::string name = names.substr(start, end - start);
    start = end + 1;
    const bool known = std::any_of(kKinds.begin(), kKinds.end(), [&](const EventKind& kind) {
      return Matches(name, kind.name);
    });
    if (!known || filter.names_.size() >= kFilterNamesMax) {
      return Fail(
          Errc::kInvalid,
          "jenis kejadian tidak dikenal / not a type of event (nor its beginning with *): " +
              (name.size() <= 40 ? name : "?"));
    }
    filter.names_.push_back(name);
  }
  return filter;
}

bool EventFilter::Wants(EventType type) const {
  const std::string_view name = EventName(type);
  return names_.empty() || std::any_of(names_.begin(), names_.end(), [&](const std::string& one) {
           return Matches(one, name);
         });
}

std::string EventFilter::text() const {
  std::string text;
  for (const auto& name : names_) {
    text += (text.empty() ? "" : ",") + name;
  }
  return text;
}

}  // namespace rujukan::agency
