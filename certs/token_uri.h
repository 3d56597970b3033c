// The few URIs of RFC 7512 that name a key of ours. Internal to certs/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::certs {

inline constexpr std::string_view kTokenUriScheme = "pkcs11:";

struct TokenUri {
  std::string token;   // label, at most limits::kTokenLabelBytesMax
  std::string object;  // label, as long

  // kInvalid says what is wrong, without repeating the text: it may hold a PIN in the wrong place.
  static Result<TokenUri> Parse(std::string_view text);
  // "pkcs11:token=...;object=...;type=private"
  std::string Text() const;
};

}  // namespace rujukan::certs
