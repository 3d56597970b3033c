#include "agents/link/invitation.h"

#include <algorithm>
#include <cctype>

#include "base/address.h"
#include "base/bytes.h"
#include "base/ids.h"
#include "base/limits.h"
#include "certs/keyfile.h"

namespace rujukan::link {
namespace {

constexpr size_t kKeyBytes = 32;

// RFC 4648 s5 without padding: the line survives URLs, chat programs and shells unquoted.
std::string ToBase64Url(std::string_view bytes) {
  std::string text = ToBase64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(std::find(text.begin(), text.end(), '='), text.end());
  return text;
}

Result<std::string> FromBase64Url(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) {
    return Fail(Errc::kInvalid, "invitation is not base64url; copy the whole line again");
  }
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  auto bytes = FromBase64(text);
  if (!bytes) {
    return Fail(Errc::kInvalid, "invitation is cut or altered; copy the whole line again");
  }
  return bytes;
}

std::string WithoutSpace(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) == 0;
  });
  return kept;
}

Result<void> CheckKey(std::string_view key, std::string_view what) {
  if (key.size() != kKeyBytes) {
    return Fail(Errc::kInvalid,
                "invitation: " + std::string(what) + " is " + std::to_string(key.size()) +
                    " bytes; it must be 32. Ask the admin for a new invitation");
  }
  return {};
}

Result<void> CheckEndpoint(std::string_view endpoint, std::string_view what) {
  if (!endpoint.starts_with("tcp://")) {
    return Fail(Errc::kInvalid,
                "invitation: " + std::string(what) + " does not start with tcp://. " +
                    "Ask the admin for a new invitation");
  }
  return {};
}

Result<void> CheckFields(const v1::Invitation& invitation) {
  if (invitation.version() != 1) {
    return Fail(Errc::kInvalid,
                "invitation has version " + std::to_string(invitation.version()) +
                    "; this program reads version 1. Upgrade it");
  }
  RETURN_IF_ERROR(AgencyAddress::Parse(invitation.address()));
  RETURN_IF_ERROR(CheckKey(invitation.invitation_seed(), "its secret"));
  RETURN_IF_ERROR(CheckKey(invitation.broker_transport_key(), "the broker's key"));
  RETURN_IF_ERROR(CheckKey(invitation.root_fingerprint(), "the root's fingerprint"));
  RETURN_IF_ERROR(CheckEndpoint(invitation.endpoint(), "the broker's endpoint"));
  RETURN_IF_ERROR(CheckEndpoint(invitation.enrolment_endpoint(), "the enrolment endpoint"));
  if (invitation.log_vkey().empty() || invitation.expires_at_ms() <= 0) {
    return Fail(Errc::kInvalid, "invitation lacks the ledger's key or its expiry");
  }
  return {};
}

}  // namespace

std::string EncodeInvitation(const v1::Invitation& invitation) {
  return std::string(kInvitationPrefix) + ToBase64Url(invitation.SerializeAsString());
}

Result<v1::Invitation> DecodeInvitation(std::string_view text) {
  if (text.size() > limits::kInvitationTextBytesMax) {
    return Fail(Errc::kLimit,
                "invitation is " + std::to_string(text.size()) + " characters; the limit is " +
                    std::to_string(limits::kInvitationTextBytesMax));
  }
  const std::string line = WithoutSpace(text);
  if (!line.starts_with(kInvitationPrefix)) {
    return Fail(Errc::kInvalid, "not an invitation: the line must start with rujukan-invite:");
  }
  ASSIGN_OR_RETURN(const std::string bytes, FromBase64Url(line.substr(kInvitationPrefix.size())));
  v1::Invitation invitation;
  if (!invitation.ParseFromString(bytes)) {
    return Fail(Errc::kInvalid, "invitation is cut or altered; copy the whole line again");
  }
  RETURN_IF_ERROR(CheckFields(invitation));
  return invitation;
}

Result<void> CheckInvitationTime(const v1::Invitation& invitation, UnixMillis now) {
  if (now >= invitation.expires_at_ms()) {
    return Fail(Errc::kExpired,
                "invitation expired at " + FormatTime(invitation.expires_at_ms()) +
                    "; ask the admin for a new one");
  }
  return {};
}

Result<void> WriteInvitationFile(const std::string& path, const v1::Invitation& invitation) {
  return certs::WriteSecretFile(path, EncodeInvitation(invitation) + "\n");
}

Result<v1::Invitation> LoadInvitation(const std::string& text_or_path) {
  if (text_or_path.starts_with(kInvitationPrefix)) {
    return DecodeInvitation(text_or_path);
  }
  ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(text_or_path));
  return DecodeInvitation(text);
}

}  // namespace rujukan::link
