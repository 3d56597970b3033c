// Invitations: what an admin hands to an agency that shall join, as one pasteable line
//   rujukan-invite:<base64url of the Invitation message, without padding>
// or as a file (mode 0600) that holds that line. docs/formats/invitation.md.
//
// It carries a secret: whoever holds it can ask, once and before it expires, to join as its
// address; the admin still compares a fingerprint before approving. Thread: free functions, no
// state.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::link {

inline constexpr std::string_view kInvitationPrefix = "rujukan-invite:";

std::string EncodeInvitation(const v1::Invitation& invitation);

// Strict inverse; white space around and line breaks inside (mail programs wrap lines) are ignored.
// Every field is checked: version, address, keys of 32 bytes, endpoints, vkey present. kInvalid
// says which one; kLimit: longer than limits::kInvitationTextBytesMax.
Result<v1::Invitation> DecodeInvitation(std::string_view text);

// kExpired when `now` is at or past its expiry: ask the admin for a new one.
Result<void> CheckInvitationTime(const v1::Invitation& invitation, UnixMillis now);

// Durable and 0600 on return. kConflict: the file exists; kUnavailable: I/O.
Result<void> WriteInvitationFile(const std::string& path, const v1::Invitation& invitation);

// `text_or_path` is the line itself (it starts with the prefix) or the path of a file that holds
// it. kNotFound: no such file. kDenied: others can read the file.
Result<v1::Invitation> LoadInvitation(const std::string& text_or_path);

}  // namespace rujukan::link
