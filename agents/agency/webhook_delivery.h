// What a webhook is sent and when it is tried again: Standard Webhooks (standardwebhooks.com),
// docs/formats/webhook.md. Pure but for the random bytes of a new secret.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/event.h"
#include "agents/agency/post.h"
#include "agents/agency/webhook_row.h"
#include "base/clock.h"

namespace rujukan::agency {

// "whsec_" and 32 random bytes in base64.
std::string NewWebhookSecret();

// The body: the event and the agency it happened at.
std::string WebhookBody(const Event& event, const std::string& agency);

// webhook-id, webhook-timestamp, webhook-signature: "v1," and the base64 of HMAC-SHA256 under the
// secret's bytes over "ID.SECONDS.BODY". kCorrupt: not a secret of ours.
Result<std::vector<std::string>> WebhookHeaders(const std::string& secret,
                                                const std::string& event_id,
                                                UnixMillis now,
                                                const std::string& body);

// Before the next try after `attempts` failures: kWebhookBackoffMsMin, doubled each time, at most
// kWebhookBackoffMsMax, of which `random` takes up to half away, so that receivers that came back
// are not met by everybody at once.
int64_t BackoffMs(int attempts, uint32_t random);

// What one try has come to: the row goes on from here.
enum class Verdict { kTaken, kTryAgain, kDead };
// Changes attempts, times and errors of `hook`, and turns it off when it is to be: after
// kWebhookDeadInARowMax dead letters in a row, or when the receiver answers 410 (it wants no more).
Verdict JudgeTry(WebhookRow& hook, const PostOutcome& outcome, UnixMillis now, uint32_t random);

}  // namespace rujukan::agency
