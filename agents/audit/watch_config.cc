#include "agents/audit/watch_config.h"

#include <nlohmann/json.hpp>
#include <set>

#include "agents/audit/anchor.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::json;

Result<void> Take(const Json& value, const std::string& name, std::string& out) {
  if (!value.is_string()) {
    return Fail(Errc::kInvalid, "\"" + name + "\" must be a text");
  }
  out = value.get<std::string>();
  return {};
}

Result<void> Take(const Json& value, const std::string& name, std::vector<std::string>& out) {
  if (!value.is_array()) {
    return Fail(Errc::kInvalid, "\"" + name + "\" must be a list of texts");
  }
  out.clear();
  for (const Json& item : value) {
    RETURN_IF_ERROR(Take(item, name, out.emplace_back()));
  }
  return {};
}

Result<void> Take(const Json& value, const std::string& name, int64_t& out) {
  if (!value.is_number_integer()) {
    return Fail(Errc::kInvalid, "\"" + name + "\" must be a whole number");
  }
  out = value.get<int64_t>();
  return {};
}

tl::unexpected<Error> Unknown(const std::string& name) {
  return Fail(Errc::kInvalid, "\"" + name + "\" is no setting of a watch");
}

Result<void> TakeOfLedger(const std::string& name, const Json& value, WatchedLedger& ledger) {
  if (name == "addresses") {
    return Take(value, name, ledger.addresses);
  }
  if (name == "token_file") {
    return Take(value, name, ledger.token_file);
  }
  if (name == "home") {
    return Take(value, name, ledger.home);
  }
  if (name == "passphrase_file") {
    return Take(value, name, ledger.passphrase_file);
  }
  if (name == "purpose") {
    return Take(value, name, ledger.purpose);
  }
  if (name == "vkey") {
    return Take(value, name, ledger.vkey);
  }
  if (name == "root") {
    return Take(value, name, ledger.root_fingerprint);
  }
  return Unknown(name);
}

Result<void> TakeLedgers(const Json& value, WatchConfig& config) {
  if (!value.is_array()) {
    return Fail(Errc::kInvalid, "\"ledgers\" must be a list");
  }
  for (const Json& item : value) {
    if (!item.is_object()) {
      return Fail(Errc::kInvalid, "each of \"ledgers\" must be an object");
    }
    WatchedLedger ledger;
    for (const auto& [name, setting] : item.items()) {
      RETURN_IF_ERROR(TakeOfLedger(name, setting, ledger));
    }
    config.ledgers.push_back(std::move(ledger));
  }
  return {};
}

Result<void> TakeSetting(const std::string& name, const Json& value, WatchConfig& config) {
  if (name == "data") {
    return Take(value, name, config.data);
  }
  if (name == "name") {
    return Take(value, name, config.name);
  }
  if (name == "key_file") {
    return Take(value, name, config.key_file);
  }
  if (name == "listen") {
    return Take(value, name, config.listen);
  }
  if (name == "hosts") {
    return Take(value, name, config.hosts);
  }
  if (name == "every_ms") {
    return Take(value, name, config.every_ms);
  }
  if (name == "alert_command") {
    return Take(value, name, config.alert_command);
  }
  return name == "ledgers" ? TakeLedgers(value, config) : Unknown(name);
}

Result<void> CheckLedger(const WatchedLedger& ledger, std::set<std::string>& origins) {
  if (ledger.addresses.empty()) {
    return Fail(Errc::kInvalid, "a ledger needs an address (--ledger)");
  }
  if (ledger.vkey.empty()) {
    return Fail(Errc::kInvalid,
                "a ledger needs the key that its domain publishes (--vkey): without it anybody can "
                "show a ledger");
  }
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, ParseVkeyOrFile(ledger.vkey));
  if (!origins.insert(log.name).second) {
    return Fail(Errc::kInvalid,
                log.name + " is there twice; put all its addresses into one ledger's");
  }
  return {};
}

}  // namespace

Result<void> ReadConfig(const std::string& text, WatchConfig& config) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kInvalid, "the configuration is not a JSON object");
  }
  for (const auto& [name, value] : json.items()) {
    RETURN_IF_ERROR(TakeSetting(name, value, config));
  }
  return {};
}

Result<void> CheckConfig(const WatchConfig& config) {
  constexpr int64_t kEveryMsMin = 10;
  constexpr int64_t kEveryMsMax = 3600LL * 1000;
  if (config.data.empty() || config.name.empty()) {
    return Fail(Errc::kInvalid, "a watch needs a folder (--data) and a name (--name)");
  }
  if (config.every_ms < kEveryMsMin || config.every_ms > kEveryMsMax) {
    return Fail(Errc::kInvalid, "--every-ms is from 10 to 3600000");
  }
  if (config.ledgers.empty()) {
    return Fail(Errc::kInvalid, "name a ledger to watch: --ledger and --vkey, or --config");
  }
  if (config.ledgers.size() > limits::kWatchedLogsMax) {
    return Fail(Errc::kLimit,
                "one watch follows at most " + std::to_string(limits::kWatchedLogsMax) +
                    " ledgers; run another");
  }
  std::set<std::string> origins;
  for (const WatchedLedger& ledger : config.ledgers) {
    RETURN_IF_ERROR(CheckLedger(ledger, origins));
  }
  return {};
}

}  // namespace rujukan::audit
