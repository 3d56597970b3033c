#include "certs/token_uri.h"

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::certs {
namespace {

// RFC 3986: what needs no percent sign.
bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::string Encode(std::string_view label) {
  std::string text;
  for (const char c : label) {
    if (IsUnreserved(c)) {
      text.push_back(c);
    } else {
      text += "%" + ToHex({&c, 1});
    }
  }
  return text;
}

Result<std::string> Decode(std::string_view text) {
  std::string label;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      label.push_back(text[i]);
      continue;
    }
    const Result<std::string> byte = FromHex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1 || byte->front() == '\0') {
      return Fail(Errc::kInvalid, "token URI: a percent sign needs two hexadecimal digits");
    }
    label += *byte;
    i += 2;
  }
  if (label.empty() || label.size() > limits::kTokenLabelBytesMax) {
    return Fail(
        Errc::kInvalid,
        "token URI: a label has 1 to " + std::to_string(limits::kTokenLabelBytesMax) + " bytes");
  }
  return label;
}

Result<void> TakeAttribute(std::string_view attribute, TokenUri& uri) {
  const size_t equals = attribute.find('=');
  const std::string_view name = attribute.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : attribute.substr(equals + 1);
  if (name == "type" && value == "private") {
    return {};
  }
  std::string* label = name == "token" ? &uri.token : name == "object" ? &uri.object : nullptr;
  if (label == nullptr || !label->empty()) {
    return Fail(Errc::kInvalid,
                "token URI: write pkcs11:token=LABEL;object=LABEL;type=private and no other part; "
                "the PIN is asked for, the module is RUJUKAN_PKCS11_MODULE");
  }
  ASSIGN_OR_RETURN(*label, Decode(value));
  return {};
}

}  // namespace

Result<TokenUri> TokenUri::Parse(std::string_view text) {
  if (!text.starts_with(kTokenUriScheme)) {
    return Fail(Errc::kInvalid, "token URI: it begins with pkcs11:");
  }
  text.remove_prefix(kTokenUriScheme.size());
  TokenUri uri;
  while (true) {
    const size_t end = text.find(';');
    RETURN_IF_ERROR(TakeAttribute(text.substr(0, end), uri));
    if (end == std::string_view::npos) {
      break;
    }
    text.remove_prefix(end + 1);
  }
  if (uri.token.empty() || uri.object.empty()) {
    return Fail(Errc::kInvalid, "token URI: it names both a token and an object");
  }
  return uri;
}

std::string TokenUri::Text() const {
  return std::string(kTokenUriScheme) + "token=" + Encode(token) + ";object=" + Encode(object) +
         ";type=private";
}

}  // namespace rujukan::certs
