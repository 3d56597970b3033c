// Code lists as the API reads them: is a number in a list, and what is in the list. Built on the
// enums' own descriptors, so that a list exists once (proto/rujukan/v1/codes.proto).
#pragma once

#include <google/protobuf/descriptor.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace rujukan::agency {

// True for a value of the list other than UNSPECIFIED. (JSON may carry any number for an enum.)
bool IsCode(const google::protobuf::EnumDescriptor& list, int value);
// "RENDAH, SEDANG, TINGGI"
std::string CodesOf(const google::protobuf::EnumDescriptor& list);

// "kemendagri:18.01": a kabupaten or kota that exists. Returns "" when it is one, else what is
// wrong and what to write, with the names of the places that the digits have in either scheme
// (base/region.h): BPS codes look alike and name other places, so the scheme is never guessed.
std::string RegionProblem(std::string_view text);
// What is wrong with a code that RegionCode::Parse refuses, in both languages, with both readings.
std::string RegionTextOf(std::string_view refused);
bool IsDate(std::string_view text);      // ISO 8601 calendar date, a day that exists
bool IsDateTime(std::string_view text);  // RFC 3339 with offset
// The moment of an RFC 3339 text, to the second; nullopt: it is none (IsDateTime).
std::optional<UnixMillis> TimeOfText(std::string_view text);
// Midnight at the beginning of a date in the zone `offset_minutes` east of UTC; nullopt: no date.
std::optional<UnixMillis> DayOfText(std::string_view text, int offset_minutes);
bool IsNeed(std::string_view text);                        // kebutuhan_khusus code
bool HasLongNumber(std::string_view text, size_t digits);  // a run of at least that many digits
size_t CountCharacters(std::string_view utf8);             // code points

}  // namespace rujukan::agency
