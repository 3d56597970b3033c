#include "agents/agency/notify_send.h"

#include <curl/curl.h>

#include <cstring>
#include <memory>

#include "agents/agency/hook.h"
#include "certs/keyfile.h"

namespace rujukan::agency {
namespace {

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Curl = std::unique_ptr<CURL, CurlCloser>;
using CurlList = std::unique_ptr<curl_slist, ListCloser>;

// The same for everybody and every referral. Recipients are in the envelope of the mail only.
std::string MailOf(const NotifySetting& setting, NotifyKind kind) {
  const std::string text(NotifyText(kind));
  return "From: <" + setting.from +
         ">\r\nTo: undisclosed-recipients:;\r\nSubject: Rujukan: " + text +
         "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text +
         "\r\nrujukan-agent today\r\n";
}

struct Upload {
  std::string text;
  size_t sent = 0;
};

size_t Read(char* buffer, size_t size, size_t count, void* state) {
  auto& upload = *static_cast<Upload*>(state);
  const size_t length = std::min(size * count, upload.text.size() - upload.sent);
  std::memcpy(buffer, upload.text.data() + upload.sent, length);
  upload.sent += length;
  return length;
}

int StopWhenAsked(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return (*static_cast<const std::function<bool()>*>(stopping))() ? 1 : 0;
}

void SetSession(CURL* curl, const NotifySetting& setting, int64_t timeout_ms) {
  curl_easy_setopt(curl, CURLOPT_URL, setting.server.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  curl_easy_setopt(curl,
                   CURLOPT_USE_SSL,
                   static_cast<long>(setting.starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE));
}

// "" or why the password cannot be used.
std::string SetUser(CURL* curl, const NotifySetting& setting) {
  if (setting.user.empty()) {
    return "";
  }
  const auto password = certs::ReadSecretFile(setting.password_file);
  if (!password) {
    return "the password file cannot be read, or is open to others";
  }
  curl_easy_setopt(curl, CURLOPT_USERNAME, setting.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, password->substr(0, password->find('\n')).c_str());
  return "";
}

}  // namespace

std::string TellByCommand(const NotifySetting& setting,
                          NotifyKind kind,
                          const std::function<bool()>& stopping,
                          int64_t timeout_ms) {
  const auto status =
      RunHook({{setting.command, std::string(NotifyName(kind)), std::string(NotifyText(kind))},
               timeout_ms,
               stopping});
  if (!status) {
    return status.error().context;
  }
  return *status == 0 ? "" : "it ended with " + std::to_string(*status);
}

std::string TellByMail(const NotifySetting& setting,
                       NotifyKind kind,
                       const std::function<bool()>& stopping,
                       int64_t timeout_ms) {
  const Curl curl(curl_easy_init());
  if (!curl) {
    return "cannot start libcurl";
  }
  CurlList recipients;
  for (const auto& to : setting.to) {
    recipients.reset(curl_slist_append(recipients.release(), to.c_str()));
  }
  Upload upload{MailOf(setting, kind)};
  SetSession(curl.get(), setting, timeout_ms);
  if (auto failure = SetUser(curl.get(), setting); !failure.empty()) {
    return failure;
  }
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, setting.from.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &Read);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, &StopWhenAsked);
  curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &stopping);
  const CURLcode code = curl_easy_perform(curl.get());
  return code == CURLE_OK ? "" : curl_easy_strerror(code);
}

std::vector<NotifyTarget> NotifyTargetsOf(const std::vector<NotifySetting>& settings) {
  std::vector<NotifyTarget> targets;
  for (const auto& setting : settings) {
    const bool command = !setting.command.empty();
    targets.push_back({command ? "perintah" : "surel",
                       [setting, command](NotifyKind kind, const std::function<bool()>& stopping) {
                         return command ? TellByCommand(setting, kind, stopping)
                                        : TellByMail(setting, kind, stopping);
                       }});
  }
  return targets;
}

}  // namespace rujukan::agency
