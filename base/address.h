// An agency's address: `dinsos.18.71@lampung.example`, <type>.<Kemendagri region>[.<nn>]@<domain>.
// It looks like mail on purpose: certificates carry it as SAN rfc822Name.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan {

class AgencyAddress {
 public:
  // Lower-case only, so that one agency has one spelling. name: [a-z0-9][a-z0-9._-]*, domain: two
  // or more DNS labels; together at most limits::kAddressBytesMax. kInvalid says which part is
  // wrong.
  static Result<AgencyAddress> Parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view name() const { return std::string_view(text_).substr(0, at_); }
  std::string_view domain() const { return std::string_view(text_).substr(at_ + 1); }
  std::string_view type() const { return name().substr(0, name().find('.')); }

  auto operator<=>(const AgencyAddress& other) const { return text_ <=> other.text_; }
  bool operator==(const AgencyAddress& other) const { return text_ == other.text_; }

 private:
  AgencyAddress(std::string text, size_t at) : text_(std::move(text)), at_(at) {}

  std::string text_;
  size_t at_ = 0;
};

}  // namespace rujukan
