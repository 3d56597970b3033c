#include "agents/link/domain_file.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "agents/link/durable_file.h"
#include "base/address.h"
#include "base/bytes.h"

namespace rujukan::link {
namespace {

using Json = nlohmann::ordered_json;

std::string PathIn(const std::string& home) {
  return home + "/domain.json";
}

Result<Json> ParseFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fail(Errc::kNotFound, path + " cannot be read");
  }
  std::ostringstream text;
  text << file.rdbuf();
  Json json = Json::parse(text.str(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kInvalid, path + " is not a JSON object");
  }
  return json;
}

// "" when absent or not a string.
std::string Text(const Json& json, const char* name) {
  const auto value = json.find(name);
  return value != json.end() && value->is_string() ? value->get<std::string>() : std::string();
}

template <class Id>
Result<Id> HexId(const Json& json, const char* name) {
  ASSIGN_OR_RETURN(const std::string raw, FromHex(Text(json, name)));
  return Id::FromBytes(raw);
}

}  // namespace

std::string DomainFile::ToJson() const {
  Json json;
  json["domain"] = domain;
  json["admin"] = admin;
  json["log_vkey"] = log_vkey;
  json["root_fingerprint"] = ToHex(root_fingerprint.view());
  json["broker_transport_key"] = ToHex(broker_transport_key.view());
  json["broker"] = broker;
  json["enrol"] = enrol;
  return json.dump(2) + "\n";
}

Result<DomainFile> DomainFile::FromJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kInvalid, "domain.json is not a JSON object");
  }
  DomainFile file;
  file.domain = Text(json, "domain");
  file.admin = Text(json, "admin");
  file.log_vkey = Text(json, "log_vkey");
  file.broker = Text(json, "broker");
  file.enrol = Text(json, "enrol");
  RETURN_IF_ERROR(AgencyAddress::Parse(file.admin));
  RETURN_IF_ERROR(ledger::NoteVerifier::Parse(file.log_vkey));
  ASSIGN_OR_RETURN(file.root_fingerprint, HexId<Digest>(json, "root_fingerprint"));
  ASSIGN_OR_RETURN(file.broker_transport_key, HexId<TransportKey>(json, "broker_transport_key"));
  return file;
}

Result<void> WriteDomainFile(const std::string& home, const DomainFile& domain) {
  return WriteDurably(PathIn(home), domain.ToJson());
}

Result<DomainFile> ReadDomainFile(const std::string& home) {
  const auto json = ParseFile(PathIn(home));
  if (!json) {
    return Fail(json.error().code,
                home + " is no member's home: " + json.error().context +
                    ". Make one with join, or with rujukan-admin init");
  }
  return DomainFile::FromJson(json->dump());
}

Result<Endpoints> ReadEndpointsFile(const std::string& path) {
  ASSIGN_OR_RETURN(const Json json, ParseFile(path));
  Endpoints endpoints{Text(json, "listen"), Text(json, "enrol")};
  if (endpoints.broker.empty() || endpoints.enrol.empty()) {
    return Fail(Errc::kInvalid, path + " lacks listen or enrol; is the broker running?");
  }
  return endpoints;
}

}  // namespace rujukan::link
