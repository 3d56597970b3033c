#include "agents/admin/registrar_state.h"

#include <filesystem>

#include "agents/admin/answers.h"
#include "agents/admin/input_file.h"
#include "agents/link/durable_file.h"

namespace rujukan::admin {
namespace {

// Ten thousand members at 100 bytes each, and as much again.
constexpr size_t kStateBytesMax = 2 * 1024 * 1024;

std::string PathIn(const std::string& home) {
  return home + "/registrar.json";
}

template <class Value>
bool TakeMap(const Json& json, const char* name, std::map<std::string, Value>& out) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_object()) {
    return false;
  }
  for (const auto& [key, value] : found->items()) {
    if (!value.is_number_integer()) {
      return false;
    }
    value.get_to(out[key]);
  }
  return true;
}

bool TakeCount(const Json& json, const char* name, uint64_t& out) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_number_unsigned()) {
    return false;
  }
  out = found->get<uint64_t>();
  return true;
}

bool TakeTimes(const Json& json, const char* name, std::deque<UnixMillis>& out) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_array()) {
    return false;
  }
  for (const Json& time : *found) {
    if (!time.is_number_integer()) {
      return false;
    }
    out.push_back(time.get<UnixMillis>());
  }
  return true;
}

}  // namespace

Result<RegistrarState> ReadRegistrarState(const std::string& home) {
  const std::string path = PathIn(home);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return RegistrarState();
  }
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path, kStateBytesMax));
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  RegistrarState state;
  if (!json.is_object() || !TakeTimes(json, "grants", state.grants) ||
      !TakeMap(json, "last_grant", state.last_grant) || !TakeMap(json, "warned", state.warned) ||
      !TakeCount(json, "granted", state.granted) || !TakeCount(json, "warnings", state.warnings) ||
      !TakeCount(json, "crls", state.crls)) {
    return Fail(Errc::kInvalid,
                path + " is damaged; remove it: everything that ends is then told once more");
  }
  return state;
}

Result<void> WriteRegistrarState(const std::string& home, const RegistrarState& state) {
  Json json;
  json["grants"] = state.grants;
  json["last_grant"] = state.last_grant;
  json["warned"] = state.warned;
  json["granted"] = state.granted;
  json["warnings"] = state.warnings;
  json["crls"] = state.crls;
  return link::WriteDurably(PathIn(home), ToText(json));
}

}  // namespace rujukan::admin
