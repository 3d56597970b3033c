#include "agents/agency/notify_settings.h"

#include "base/limits.h"

namespace rujukan::agency {
namespace {

using Setting = nlohmann::json;

Error Wrong(const std::string& what) {
  return Error{Errc::kInvalid,
               "config.json: pemberitahuan: " + what +
                   "; contoh / example: [{\"perintah\": \"/usr/local/bin/beri-tahu\"}, {\"surel\": "
                   "{\"server\": \"smtp://127.0.0.1:25\", \"dari\": \"rujukan@kantor.example\", "
                   "\"kepada\": [\"piket@kantor.example\"]}}]"};
}

// An address as SMTP puts it between angle brackets: no way out of them.
bool IsMailAddress(const std::string& text) {
  return text.size() <= 254 && text.find('@') != std::string::npos &&
         text.find_first_of("<>\r\n\t \"") == std::string::npos;
}

Result<std::string> TextOf(const Setting& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) {
    return std::string();
  }
  if (!found->is_string()) {
    return Fail(Wrong(std::string(name) + " harus teks / must be a text"));
  }
  return found->get<std::string>();
}

Result<std::vector<std::string>> RecipientsOf(const Setting& mail) {
  std::vector<std::string> to;
  const auto found = mail.find("kepada");
  if (found != mail.end() && found->is_array()) {
    for (const auto& one : *found) {
      to.push_back(one.is_string() ? one.get<std::string>() : "");
    }
  }
  for (const auto& one : to) {
    if (!IsMailAddress(one)) {
      return Fail(Wrong("kepada berisi alamat surel / kepada is a list of mail addresses"));
    }
  }
  if (to.empty() || to.size() > limits::kNotifyTargetsMax) {
    return Fail(Wrong("kepada: 1 sampai 16 alamat / 1 to 16 addresses"));
  }
  return to;
}

Result<NotifySetting> MailSetting(const Setting& mail) {
  NotifySetting setting;
  if (!mail.is_object()) {
    return Fail(Wrong("surel harus objek / must be an object"));
  }
  ASSIGN_OR_RETURN(setting.server, TextOf(mail, "server"));
  ASSIGN_OR_RETURN(setting.from, TextOf(mail, "dari"));
  ASSIGN_OR_RETURN(setting.to, RecipientsOf(mail));
  ASSIGN_OR_RETURN(setting.user, TextOf(mail, "pengguna"));
  ASSIGN_OR_RETURN(setting.password_file, TextOf(mail, "sandi"));
  const auto starttls = mail.find("starttls");
  setting.starttls = starttls != mail.end() && starttls->is_boolean() && starttls->get<bool>();
  if (!setting.server.starts_with("smtp://") && !setting.server.starts_with("smtps://")) {
    return Fail(Wrong("server harus smtp://... atau smtps://... / must be one of these"));
  }
  if (!IsMailAddress(setting.from)) {
    return Fail(Wrong("dari harus alamat surel / must be a mail address"));
  }
  if (setting.user.empty() != setting.password_file.empty()) {
    return Fail(
        Wrong("pengguna perlu sandi, nama berkas sandinya / pengguna and sandi, the file of "
              "its password, go together"));
  }
  if (!setting.user.empty() && !setting.starttls && !setting.server.starts_with("smtps://")) {
    return Fail(
        Wrong("sandi tidak dikirim terbuka: pakai starttls atau smtps:// / a password is "
              "not sent in clear: set starttls, or use smtps://"));
  }
  return setting;
}

Result<NotifySetting> SettingOf(const Setting& json) {
  if (!json.is_object() || json.contains("perintah") == json.contains("surel")) {
    return Fail(Wrong("setiap sasaran adalah perintah atau surel / each is one of these"));
  }
  if (json.contains("surel")) {
    return MailSetting(json["surel"]);
  }
  NotifySetting setting;
  ASSIGN_OR_RETURN(setting.command, TextOf(json, "perintah"));
  if (setting.command.empty() || setting.command[0] != '/') {
    return Fail(Wrong("perintah harus jalur mutlak / must be an absolute path"));
  }
  return setting;
}

}  // namespace

Result<std::vector<NotifySetting>> ReadNotifySettings(const nlohmann::json& list) {
  if (!list.is_array()) {
    return Fail(Wrong("harus daftar / must be a list"));
  }
  if (list.size() > limits::kNotifyTargetsMax) {
    return Fail(Errc::kLimit, "config.json: pemberitahuan: paling banyak 16 sasaran / at most 16");
  }
  std::vector<NotifySetting> settings;
  for (const auto& one : list) {
    ASSIGN_OR_RETURN(auto setting, SettingOf(one));
    settings.push_back(std::move(setting));
  }
  return settings;
}

nlohmann::ordered_json NotifySettingsJson(const std::vector<NotifySetting>& settings) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& setting : settings) {
    if (!setting.command.empty()) {
      list.push_back({{"perintah", setting.command}});
      continue;
    }
    nlohmann::ordered_json mail = {
        {"server", setting.server}, {"dari", setting.from}, {"kepada", setting.to}};
    if (!setting.user.empty()) {
      mail["pengguna"] = setting.user;
      mail["sandi"] = setting.password_file;
    }
    if (setting.starttls) {
      mail["starttls"] = true;
    }
    list.push_back({{"surel", std::move(mail)}});
  }
  return list;
}

}  // namespace rujukan::agency
