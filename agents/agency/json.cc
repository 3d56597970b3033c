#include "agents/agency/json.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

namespace rujukan::agency {
namespace {

bool TooDeep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      i += c == '\\' ? 1 : 0;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kJsonDepthMax) {
        return true;
      }
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

// The name of a field or list is ours and safe to tell; anything else of the parser's text may be
// input.
const google::protobuf::FieldDescriptor* FieldOf(const google::protobuf::Descriptor& type,
                                                 const std::string& name) {
  const auto* field = type.FindFieldByName(name);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(name);
}

// Where the document does not fit the schema: "isi.rujukan.t1.tingkat_risiko". Walks down with an
// explicit path; depth is bounded by ParseJson.
std::string FindMisfit(const Json& json,
                       const google::protobuf::Descriptor& type,
                       const std::string& path);

std::string MisfitOfValue(const Json& value,
                          const google::protobuf::FieldDescriptor& field,
                          const std::string& path) {
  using Field = google::protobuf::FieldDescriptor;
  switch (field.cpp_type()) {
    case Field::CPPTYPE_MESSAGE:
      return FindMisfit(value, *field.message_type(), path);
    case Field::CPPTYPE_ENUM:
      return value.is_string() && field.enum_type()->FindValueByName(value.get<std::string>())
                 ? ""
                 : path;
    case Field::CPPTYPE_STRING:
      return value.is_string() ? "" : path;
    case Field::CPPTYPE_BOOL:
      return value.is_boolean() ? "" : path;
    case Field::CPPTYPE_INT64:
    case Field::CPPTYPE_UINT64:  // as text, too: it is how FromMessage writes them
      return value.is_number() || value.is_string() ? "" : path;
    default:
      return value.is_number() ? "" : path;
  }
}

std::string FindMisfit(
    const Json& json,  // NOLINT(misc-no-recursion): depth is bounded by ParseJson
    const google::protobuf::Descriptor& type,
    const std::string& path) {
  if (!json.is_object()) {
    return path;
  }
  for (const auto& [name, value] : json.items()) {
    const auto* field = FieldOf(type, name);
    const bool printable = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    const std::string place = path + "." + (printable && name.size() <= 64 ? name : "?");
    if (field == nullptr || (field->is_repeated() && !value.is_array())) {
      return place;
    }
    if (!field->is_repeated()) {
      if (auto misfit = MisfitOfValue(value, *field, place); !misfit.empty()) {
        return misfit;
      }
      continue;
    }
    for (size_t i = 0; i < value.size(); ++i) {
      const std::string item = place + "[" + std::to_string(i) + "]";
      if (auto misfit = MisfitOfValue(value[i], *field, item); !misfit.empty()) {
        return misfit;
      }
    }
  }
  return "";
}

}  // namespace

Result<Json> ParseJson(std::string_view text) {
  if (TooDeep(text)) {
    return Fail(Errc::kInvalid,
                "the JSON is nested deeper than " + std::to_string(kJsonDepthMax) + " levels");
  }
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Fail(Errc::kInvalid,
                "bukan objek JSON yang utuh; periksa koma dan kurung / not one whole JSON object; "
                "check commas and brackets");
  }
  return json;
}

Result<void> ToMessage(const Json& json,
                       const std::string& field,
                       google::protobuf::Message& message) {
  if (const auto misfit = FindMisfit(json, *message.GetDescriptor(), field); !misfit.empty()) {
    return Fail(Errc::kInvalid, misfit);
  }
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = false;
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (!google::protobuf::util::JsonStringToMessage(text, &message, options).ok()) {
    return Fail(Errc::kInvalid, field);
  }
  return {};
}

Json FromMessage(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) {
    return Json::object();
  }
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

Result<std::string> StringMember(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) {
    return std::string();
  }
  if (!found->is_string()) {
    return Fail(Errc::kInvalid, name);
  }
  return found->get<std::string>();
}

}  // namespace rujukan::agency
