// The commands about events and webhooks: requests to the running agent. Thread: main.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/cli.h"

namespace rujukan::agency {

struct WebhookOptionsGiven {
  std::string id;
  std::string url;
  std::vector<std::string> events;  // names, or beginnings with a star; empty: all
  std::string since;                // a cursor, or "oldest"
  std::string event;                // to replay one
  int64_t limit = 50;
};
int AddWebhook(const Terminal& terminal, const WebhookOptionsGiven& given);  // prints the secret
int ListWebhooks(const Terminal& terminal);
int RemoveWebhook(const Terminal& terminal, const std::string& id);
int EnableWebhook(const Terminal& terminal, const std::string& id, bool active);
int TestWebhook(const Terminal& terminal, const std::string& id);  // exit 1: it was not taken
int ListDeadLetters(const Terminal& terminal, const WebhookOptionsGiven& given);
int ReplayWebhook(const Terminal& terminal, const WebhookOptionsGiven& given);

struct EventsOptions {
  std::string since;
  std::string types;  // as WebhookOptionsGiven::events, comma separated
  int64_t wait_s = 0;
  int64_t limit = 100;
};
int ListEvents(const Terminal& terminal, const EventsOptions& options);

}  // namespace rujukan::agency
