// JSON at the border: bounded parsing, and messages of proto/ as JSON with their own field names.
// Errors never quote the input: it may be content.
#pragma once

#include <google/protobuf/message.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.h"

namespace rujukan::agency {

using Json = nlohmann::ordered_json;

inline constexpr int kJsonDepthMax = 32;

// kInvalid: not JSON, or nested deeper than kJsonDepthMax (parsers recurse: a deep document is an
// attack).
Result<Json> ParseJson(std::string_view text);

// Strict: unknown fields and code names are refused. kInvalid names the field where it can.
Result<void> ToMessage(const Json& json,
                       const std::string& field,
                       google::protobuf::Message& message);
Json FromMessage(const google::protobuf::Message& message);

// A string member, "" when absent. kInvalid: present, but not a string.
Result<std::string> StringMember(const Json& json, const char* name);

}  // namespace rujukan::agency
