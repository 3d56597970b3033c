#include "agents/agency/webhook_delivery.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hmac.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kSecretPrefix = "whsec_";
constexpr size_t kSecretBytes = 32;
constexpr int kGone = 410;

}  // namespace

std::string NewWebhookSecret() {
  return std::string(kSecretPrefix) + ToBase64(certs::RandomBytes(kSecretBytes));
}

std::string WebhookBody(const Event& event, const std::string& agency) {
  Json json = EventJson(event);
  json["agency"] = agency;
  return json.dump();
}

Result<std::vector<std::string>> WebhookHeaders(const std::string& secret,
                                                const std::string& event_id,
                                                UnixMillis now,
                                                const std::string& body) {
  if (secret.rfind(kSecretPrefix, 0) != 0) {
    return Fail(Errc::kCorrupt, "a webhook's secret is none");
  }
  ASSIGN_OR_RETURN(const std::string key, FromBase64(secret.substr(kSecretPrefix.size())));
  const std::string seconds = std::to_string(now / 1000);
  const std::string to_sign = event_id + "." + seconds + "." + body;
  return std::vector<std::string>{
      "webhook-id: " + event_id,
      "webhook-timestamp: " + seconds,
      "webhook-signature: v1," + ToBase64(certs::HmacSha256(key, to_sign).view())};
}

int64_t BackoffMs(int attempts, uint32_t random) {
  int64_t wait = limits::kWebhookBackoffMsMin;
  for (int i = 1; i < attempts && wait < limits::kWebhookBackoffMsMax; ++i) {
    wait *= 2;
  }
  wait = std::min(wait, limits::kWebhookBackoffMsMax);
  return wait - random % (wait / 2 + 1);
}

Verdict JudgeTry(WebhookRow& hook, const PostOutcome& outcome, UnixMillis now, uint32_t random) {
  if (outcome.failure.empty()) {
    hook.attempts = 0;
    hook.next_at = 0;
    hook.dead_in_row = 0;
    hook.last_error.clear();
    hook.last_ok_at = now;
    return Verdict::kTaken;
  }
  hook.last_error = outcome.failure;
  ++hook.attempts;
  if (outcome.status == kGone) {
    hook.active = false;
    hook.attempts = 0;
    hook.next_at = 0;
    return Verdict::kTryAgain;  // when it is turned on again
  }
  if (hook.attempts < limits::kWebhookAttemptsMax) {
    const int64_t asked =
        std::min<int64_t>(outcome.retry_after_s, limits::kWebhookBackoffMsMax / 1000) * 1000;
    hook.next_at = now + std::max(asked, BackoffMs(hook.attempts, random));
    return Verdict::kTryAgain;
  }
  hook.attempts = 0;
  hook.next_at = 0;
  ++hook.dead_in_row;
  hook.active = hook.active && hook.dead_in_row < limits::kWebhookDeadInARowMax;
  return Verdict::kDead;
}

}  // namespace rujukan::agency
