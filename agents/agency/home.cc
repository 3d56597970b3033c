#include "agents/agency/home.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "agents/agency/file.h"
#include "base/bytes.h"
#include "certs/keyfile.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kTransportLabel = "rujukan transport key";
constexpr std::string_view kStoreLabel = "rujukan store key";
constexpr size_t kConfigBytesMax = 64 * 1024;

bool FileExists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

Result<std::string> Field(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) {
    return Fail(Errc::kInvalid, std::string("config.json: the field ") + name + " is missing");
  }
  return found->get<std::string>();
}

// Of "petugas", which people edit by hand. "" when absent.
Result<std::string> OptionalField(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  if (found != json.end() && !found->is_string()) {
    return Fail(Errc::kInvalid, std::string("config.json: petugas.") + name + " must be a text");
  }
  return found == json.end() ? std::string() : found->get<std::string>();
}

Result<void> ReadWitnessSetting(const nlohmann::json& json, Config& config) {
  const auto witnesses = json.find("saksi");
  if (witnesses == json.end()) {
    return {};
  }
  const auto required = witnesses->is_object() ? witnesses->find("wajib") : witnesses->end();
  if (!witnesses->is_object() || required == witnesses->end() || !required->is_boolean()) {
    return Fail(
        Errc::kInvalid,
        "config.json: saksi must be {\"wajib\": true} or {\"wajib\": false}, or be left out");
  }
  config.follows_witnesses = true;
  config.requires_witnesses = required->get<bool>();
  return {};
}

Result<void> ReadScannerSetting(const nlohmann::json& json, Config& config) {
  const auto found = json.find("pemindai");
  if (found == json.end()) {
    return {};
  }
  const auto command = found->is_object() ? found->find("perintah") : found->end();
  const std::string by = found->is_object() ? found->value("lewat", "stdin") : "";
  bool good = found->is_object() && command != found->end() && command->is_array() &&
              !command->empty() && (by == "stdin" || by == "berkas");
  for (size_t i = 0; good && i < command->size(); ++i) {
    good = (*command)[i].is_string();
    config.scanner.command.push_back(good ? (*command)[i].get<std::string>() : "");
  }
  if (!good) {
    return Fail(Errc::kInvalid,
                "config.json: pemindai must be {\"perintah\": [\"PROGRAM\", ...], \"lewat\": "
                "\"stdin\"} or \"berkas\", or be left out");
  }
  config.scanner.by_file = by == "berkas";
  return {};
}

// What people set by hand: absent, it is as the program would have it.
Result<void> ReadSettings(const nlohmann::json& json, Config& config) {
  for (const auto& [name, setting] : {std::pair("pembaruan_otomatis", &config.renews_itself),
                                      std::pair("hapus_otomatis", &config.erases_itself)}) {
    const auto found = json.find(name);
    if (found != json.end() && !found->is_boolean()) {
      return Fail(Errc::kInvalid, std::string("config.json: ") + name + " must be true or false");
    }
    *setting = found == json.end() ? *setting : found->get<bool>();
  }
  RETURN_IF_ERROR(ReadWitnessSetting(json, config));
  RETURN_IF_ERROR(ReadScannerSetting(json, config));
  if (const auto notices = json.find("pemberitahuan"); notices != json.end()) {
    ASSIGN_OR_RETURN(config.notices, ReadNotifySettings(*notices));
  }
  const auto webhook = json.find("webhook");
  if (webhook == json.end()) {
    return {};
  }
  const auto field = webhook->is_object() ? webhook->find("url") : webhook->end();
  const bool given = webhook->is_object() && field != webhook->end() && field->is_string();
  const std::string url = given ? field->get<std::string>() : "";
  if (url.rfind("https://", 0) != 0 && url.rfind("http://", 0) != 0) {
    return Fail(Errc::kInvalid,
                "config.json: webhook must be {\"url\": \"https://...\"}, or be left out");
  }
  config.webhook_url = url;
  return {};
}

Result<Config> ConfigFromJson(const nlohmann::json& json) {
  Config config;
  ASSIGN_OR_RETURN(config.address, Field(json, "address"));
  ASSIGN_OR_RETURN(config.official_name, Field(json, "official_name"));
  ASSIGN_OR_RETURN(config.region, Field(json, "region"));
  ASSIGN_OR_RETURN(config.endpoint, Field(json, "endpoint"));
  ASSIGN_OR_RETURN(config.enrolment_endpoint, Field(json, "enrolment_endpoint"));
  ASSIGN_OR_RETURN(config.log_vkey, Field(json, "log_vkey"));
  ASSIGN_OR_RETURN(const auto broker_key, Field(json, "broker_transport_key"));
  ASSIGN_OR_RETURN(const auto broker_bytes, FromHex(broker_key));
  ASSIGN_OR_RETURN(config.broker_key, TransportKey::FromBytes(broker_bytes));
  ASSIGN_OR_RETURN(const auto root, Field(json, "root_fingerprint"));
  ASSIGN_OR_RETURN(const auto root_bytes, FromHex(root));
  ASSIGN_OR_RETURN(config.root_fingerprint, Digest::FromBytes(root_bytes));
  if (const auto officer = json.find("petugas"); officer != json.end() && officer->is_object()) {
    ASSIGN_OR_RETURN(*config.officer.mutable_peran(), OptionalField(*officer, "peran"));
    ASSIGN_OR_RETURN(*config.officer.mutable_nama(), OptionalField(*officer, "nama"));
    ASSIGN_OR_RETURN(*config.officer.mutable_telepon(), OptionalField(*officer, "telepon"));
    ASSIGN_OR_RETURN(*config.officer.mutable_atasan(), OptionalField(*officer, "atasan"));
  }
  RETURN_IF_ERROR(ReadSettings(json, config));
  return config;
}

nlohmann::ordered_json ToJson(const Config& config) {
  nlohmann::ordered_json json = {{"address", config.address},
                                 {"official_name", config.official_name},
                                 {"region", config.region},
                                 {"endpoint", config.endpoint},
                                 {"enrolment_endpoint", config.enrolment_endpoint},
                                 {"broker_transport_key", ToHex(config.broker_key.view())},
                                 {"log_vkey", config.log_vkey},
                                 {"root_fingerprint", ToHex(config.root_fingerprint.view())},
                                 {"petugas",
                                  {{"peran", config.officer.peran()},
                                   {"nama", config.officer.nama()},
                                   {"telepon", config.officer.telepon()},
                                   {"atasan", config.officer.atasan()}}},
                                 {"pembaruan_otomatis", config.renews_itself},
                                 {"hapus_otomatis", config.erases_itself}};
  if (!config.webhook_url.empty()) {
    json["webhook"] = {{"url", config.webhook_url}};
  }
  if (!config.scanner.command.empty()) {
    json["pemindai"] = {{"perintah", config.scanner.command},
                        {"lewat", config.scanner.by_file ? "berkas" : "stdin"}};
  }
  if (!config.notices.empty()) {
    json["pemberitahuan"] = NotifySettingsJson(config.notices);
  }
  if (config.follows_witnesses) {
    json["saksi"] = {{"wajib", config.requires_witnesses}};
  }
  return json;
}

// Keys are never overwritten: one that exists is kept.
Result<void> MakeKeyFile(const std::string& path, const std::string& passphrase) {
  if (FileExists(path)) {
    return {};
  }
  return certs::WriteKeyFile(path, certs::PrivateKey::Generate(), passphrase);
}

Result<void> MakeRawKey(const std::string& path, std::string_view label, const std::string& raw) {
  if (FileExists(path)) {
    return {};
  }
  return certs::WriteRawKeyFile(path, label, raw);
}

// One that is there already may be open to others: it is closed before anything is put into it.
Result<void> MakePrivateDirectory(const std::string& path) {
  struct stat info {};
  if ((mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) || stat(path.c_str(), &info) != 0) {
    return Fail(Errc::kUnavailable, "cannot make " + path + ": " + std::strerror(errno));
  }
  if (info.st_uid != geteuid()) {
    return Fail(Errc::kDenied, path + " belongs to another user; choose another --home");
  }
  if ((info.st_mode & 077) != 0 && chmod(path.c_str(), 0700) != 0) {
    return Fail(Errc::kUnavailable, "cannot close " + path + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace

bool Home::Exists() const {
  return FileExists(PathOf("config.json"));
}

Result<Config> Home::ReadConfig() const {
  auto text = ReadFile(PathOf("config.json"), kConfigBytesMax);
  if (!text) {
    return Fail(text.error().code,
                directory_ +
                    " is not an agent's home yet; run: rujukan-agent join INVITATION --home " +
                    directory_);
  }
  const auto json = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kInvalid, "config.json does not parse as a JSON object");
  }
  return ConfigFromJson(json);
}

Result<void> Home::WriteConfig(const Config& config) const {
  return ReplaceFile(PathOf("config.json"), ToJson(config).dump(2) + "\n");
}

Result<void> Home::MakeDirectory() const {
  return MakePrivateDirectory(directory_);
}

Result<void> Home::MakeKeys(const std::string& passphrase) const {
  RETURN_IF_ERROR(MakePrivateDirectory(directory_));
  RETURN_IF_ERROR(MakeKeyFile(PathOf("signing.key"), passphrase));
  RETURN_IF_ERROR(MakeKeyFile(PathOf("encryption.key"), passphrase));
  RETURN_IF_ERROR(WriteTransportKey(PathOf("transport.key")));
  return MakeRawKey(PathOf("store.key"), kStoreLabel, certs::RandomBytes(32));
}

// The request goes last: as long as it is there, an interrupted change is begun again.
Result<void> Home::SetKeysAside() const {
  for (const char* name : {"signing.key", "encryption.key", "transport.key", "enrolment.pb"}) {
    const std::string path = PathOf(name);
    if (!FileExists(path)) {
      continue;
    }
    int number = 1;
    while (FileExists(path + "." + std::to_string(number))) {
      ++number;
    }
    if (rename(path.c_str(), (path + "." + std::to_string(number)).c_str()) != 0) {
      return Fail(Errc::kUnavailable, "cannot rename " + path + ": " + std::strerror(errno));
    }
  }
  return {};
}

Config ConfigFrom(const v1::Invitation& invitation) {
  Config config;
  config.address = invitation.address();
  config.official_name = invitation.official_name();
  config.region = invitation.region();
  config.endpoint = invitation.endpoint();
  config.enrolment_endpoint = invitation.enrolment_endpoint();
  config.log_vkey = invitation.log_vkey();
  // DecodeInvitation has checked both lengths.
  config.broker_key = TransportKey::FromBytes(invitation.broker_transport_key()).value();
  config.root_fingerprint = Digest::FromBytes(invitation.root_fingerprint()).value();
  config.officer.set_peran("petugas");
  config.officer.set_nama(invitation.official_name());
  return config;
}

Result<Keys> ReadKeys(const Home& home, const std::string& passphrase) {
  ASSIGN_OR_RETURN(auto signing, certs::ReadKeyFile(home.PathOf("signing.key"), passphrase));
  ASSIGN_OR_RETURN(auto encryption, certs::ReadKeyFile(home.PathOf("encryption.key"), passphrase));
  ASSIGN_OR_RETURN(auto transport, ReadTransportKey(home.PathOf("transport.key")));
  ASSIGN_OR_RETURN(const auto raw, certs::ReadRawKeyFile(home.PathOf("store.key"), kStoreLabel));
  ASSIGN_OR_RETURN(auto store, certs::ColumnKey::FromBytes(raw));
  return Keys{std::move(signing), std::move(encryption), std::move(transport), std::move(store)};
}

Result<certs::TransportKeyPair> ReadTransportKey(const std::string& path) {
  ASSIGN_OR_RETURN(const auto secret, certs::ReadRawKeyFile(path, kTransportLabel));
  return certs::TransportKeyPairFromSecret(secret);
}

Result<void> WriteTransportKey(const std::string& path) {
  return MakeRawKey(path, kTransportLabel, certs::GenerateTransportKeyPair().secret_key);
}

Result<link::TrustPins> PinsOf(const Config& config) {
  ASSIGN_OR_RETURN(auto log, ledger::NoteVerifier::Parse(config.log_vkey));
  return link::TrustPins{std::move(log), config.root_fingerprint};
}

Result<HomeLock> HomeLock::Take(const Home& home) {
  const std::string path = home.PathOf("agent.lock");
  const int fd = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Fail(Errc::kUnavailable, "cannot open " + path + ": " + std::strerror(errno));
  }
  HomeLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Fail(Errc::kConflict, "another rujukan-agent is running on " + home.directory());
  }
  return lock;
}

HomeLock::~HomeLock() {
  if (fd_ >= 0) {
    close(fd_);
  }
}

}  // namespace rujukan::agency
