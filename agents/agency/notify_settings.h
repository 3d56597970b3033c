// "pemberitahuan" of config.json: who is told that something waits.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::agency {

// One target, as in config.json "pemberitahuan": a command, or a mail server with its recipients.
struct NotifySetting {
  std::string command;  // absolute path; gets NotifyName and NotifyText as two words
  std::string server;   // "smtp://host:port" or "smtps://host:port"
  std::string from;
  std::vector<std::string> to;
  std::string user;
  std::string password_file;  // mode 0600
  bool starttls = false;      // smtp:// without TLS is for a server on this machine or network
};

// {"pemberitahuan": [{"perintah": "/path"}, {"surel": {"server", "dari", "kepada": [...],
// "pengguna", "sandi": FILE, "starttls"}}]}: the list. kInvalid names what is wrong; kLimit: more
// than kNotifyTargetsMax.
Result<std::vector<NotifySetting>> ReadNotifySettings(const nlohmann::json& list);
nlohmann::ordered_json NotifySettingsJson(const std::vector<NotifySetting>& settings);

}  // namespace rujukan::agency
