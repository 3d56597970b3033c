#include "base/address.h"

#include "base/limits.h"

namespace rujukan {
namespace {

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > 63 || !IsAlnum(label.front()) || !IsAlnum(label.back())) {
    return false;
  }
  for (const char c : label) {
    if (!IsAlnum(c) && c != '-' && c != '_') {
      return false;
    }
  }
  return true;
}

// Dot-separated labels, at least `least` of them.
bool IsDotted(std::string_view text, size_t least) {
  size_t labels = 0;
  while (true) {
    const size_t dot = text.find('.');
    if (!IsLabel(text.substr(0, dot))) {
      return false;
    }
    ++labels;
    if (dot == std::string_view::npos) {
      return labels >= least;
    }
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

Result<AgencyAddress> AgencyAddress::Parse(std::string_view text) {
  if (text.size() > limits::kAddressBytesMax) {
    return Fail(
        Errc::kLimit,
        "an address has at most " + std::to_string(limits::kAddressBytesMax) + " characters");
  }
  const size_t at = text.find('@');
  if (at == std::string_view::npos) {
    return Fail(Errc::kInvalid, "an address needs '@', like dinsos.18.71@lampung.example");
  }
  if (!IsDotted(text.substr(0, at), 1)) {
    return Fail(Errc::kInvalid,
                "the part before '@' is <type>.<region>[.<nn>] in lower case, like dinsos.18.71");
  }
  if (!IsDotted(text.substr(at + 1), 2)) {
    return Fail(Errc::kInvalid,
                "the part after '@' is a domain in lower case, like lampung.example");
  }
  return AgencyAddress(std::string(text), at);
}

}  // namespace rujukan
