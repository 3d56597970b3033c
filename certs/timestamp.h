// Time-stamps of RFC 3161, by OpenSSL's TS: the request for one, the answer, and whether a token is
// an authority's word that these bytes existed then. SHA-256 imprints only. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace rujukan::certs {

struct TimestampToken {
  Digest imprint;
  UnixMillis time = 0;    // genTime, to the second
  std::string policy;     // the authority's policy, dotted
  std::string authority;  // subject of the signer's certificate, RFC 2253; "" when not in the token
};

// A TimeStampReq (DER) for these 32 bytes; asks for the signer's certificate. `nonce`: 8 random
// bytes.
std::string MakeTimestampRequest(const Digest& imprint, std::string_view nonce);

// The TimeStampToken (DER) of a TimeStampResp. kDenied: the authority refused; the text says why.
// kConflict: it answers another request (imprint or nonce). kInvalid: not a response. kLimit: over
// limits::kTimestampTokenBytesMax. The signature is not checked here: VerifyTimestamp.
Result<std::string> TokenOfResponse(std::string_view response,
                                    const Digest& imprint,
                                    std::string_view nonce);

// The token of a response that was kept, whatever the request was. As above, but no kConflict.
Result<std::string> TokenInResponse(std::string_view response);

// What a token says, nothing verified. kInvalid: not a TimeStampToken with a SHA-256 imprint in
// DER.
Result<TimestampToken> ParseTimestampToken(std::string_view der);

// Verified: the token is over `imprint`, signed by a certificate for time-stamping (critical
// extendedKeyUsage) that chains to one of `anchors` (DER). The chain is judged at the token's own
// time: a stamp outlives the certificate that made it. kDenied: not so; kInvalid: does not parse.
Result<TimestampToken> VerifyTimestamp(std::string_view der,
                                       const Digest& imprint,
                                       std::span<const std::string> anchors);

}  // namespace rujukan::certs
