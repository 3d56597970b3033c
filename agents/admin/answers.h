// What governing commands print with: JSON for programs, columns and dates for people. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/clock.h"

namespace rujukan::admin {

using Json = nlohmann::ordered_json;

inline constexpr UnixMillis kDayMs = 24LL * 3600 * 1000;

// With a line end. Bytes that are not UTF-8 are replaced, never thrown at.
std::string ToText(const Json& json);

// Rows under each other, each column as wide as its widest cell; the first row is the heading.
// Cells come from other people: they are made printable.
std::string Columns(const std::vector<std::vector<std::string>>& rows);

std::string DateOf(UnixMillis time);    // "2026-11-21", UTC
std::string MinuteOf(UnixMillis time);  // "2026-11-21 16:58 UTC"

}  // namespace rujukan::admin
