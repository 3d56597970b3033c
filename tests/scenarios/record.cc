#include "tests/scenarios/record.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "tests/scenarios/body.h"
#include "tests/scenarios/stage.h"

namespace rujukan::scenarios {
namespace {

bool IsStanding(const std::string& path) {
  const auto* fields = v1::AgencyStanding::descriptor();
  return fields->FindFieldByName(path.substr(0, path.find('.'))) != nullptr;
}

Result<void> ReadInto(const Json& json, google::protobuf::Message& message) {
  const auto read = google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  return read.ok() ? Result<void>() : Fail(Errc::kInvalid, std::string(read.message()));
}

bool IsCode(std::string_view part) {
  return part.size() == 2 &&
         std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<Record> RecordOf(const Script& script, const Agency& agency, UnixMillis now) {
  Meanings meanings;
  meanings.now = now;
  meanings.zone_minutes = script.zone_minutes;
  meanings.name = [&script](const std::string& name) -> std::optional<std::string> {
    return script.FindAgency(name) == nullptr ? std::nullopt
                                              : std::optional(Stage::AddressOf(name));
  };
  Json profile = Json::object();
  Json standing = Json::object();
  for (const Field& field : agency.fields) {
    Json value = field.value;
    if (value.is_string()) {
      ASSIGN_OR_RETURN(value, FillText(value.get<std::string>(), meanings));
    }
    Put(IsStanding(field.path) ? standing : profile, field.path, value);
  }
  Record record;
  RETURN_IF_ERROR(ReadInto(profile, record.profile));
  RETURN_IF_ERROR(ReadInto(standing, record.standing));
  return record;
}

std::string RegionOf(const std::string& name) {
  std::string region = "kemendagri:";
  size_t at = name.find('.');
  for (int part = 0; part < 2 && at != std::string::npos; ++part) {
    const size_t next = std::min(name.find('.', at + 1), name.size());
    const std::string code = name.substr(at + 1, next - at - 1);
    if (!IsCode(code)) {
      break;
    }
    region += (part == 0 ? "" : ".") + code;
    at = next == name.size() ? std::string::npos : next;
  }
  return region;
}

}  // namespace rujukan::scenarios
