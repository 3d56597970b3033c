// A registered webhook and what it could not be told. Kept by Tables (tables_webhooks.cc).
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace rujukan::agency {

struct WebhookRow {
  std::string id;  // a UUID, as text
  std::string url;
  std::string events;  // EventFilter::text; "": all
  std::string secret;  // "whsec_..."; sealed in the database, shown once
  bool active = true;
  UnixMillis created_at = 0;
  int64_t cursor = 0;  // of the last event it was told, or that it does not want
  // Of the event whose turn it is:
  int attempts = 0;
  UnixMillis next_at = 0;  // not before
  // Of the webhook:
  int dead_in_row = 0;  // dead letters since the last success
  std::string last_error;
  UnixMillis last_ok_at = 0;
};

struct DeadLetter {
  std::string webhook;
  int64_t cursor = 0;  // of the event
  std::string event;   // its id, 16 bytes
  int64_t type = 0;    // EventType
  int attempts = 0;
  std::string reason;
  UnixMillis died_at = 0;
};

}  // namespace rujukan::agency
