// The two ways to tell somebody: a command of the agency's, and mail. Thread: any; each call blocks
// until it is told, refused, or kNotifyTimeoutMs are over.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/notify.h"
#include "agents/agency/notify_settings.h"
#include "base/limits.h"

namespace rujukan::agency {

std::string TellByCommand(const NotifySetting& setting,
                          NotifyKind kind,
                          const std::function<bool()>& stopping,
                          int64_t timeout_ms = limits::kNotifyTimeoutMs);
std::string TellByMail(const NotifySetting& setting,
                       NotifyKind kind,
                       const std::function<bool()>& stopping,
                       int64_t timeout_ms = limits::kNotifyTimeoutMs);

std::vector<NotifyTarget> NotifyTargetsOf(const std::vector<NotifySetting>& settings);

}  // namespace rujukan::agency
