// Headers: parsing with limits, the stateless half of admission. Pure.
#pragma once

#include <string_view>

#include "ledger/refusal.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::ledger {

// Checks everything about a header that needs no state: size, version, field forms, known kind and
// codes, number and form of addresses, no recipient twice or equal to the sender, one recipient
// when there is a leg, digests of 32 bytes, life time. MALFORMED, HEADER_TOO_LARGE,
// TOO_MANY_RECIPIENTS, TOO_MANY_KEYS, CONTENT_TOO_LARGE, LIFETIME_TOO_LONG.
tl::expected<v1::Header, Refusal> ParseHeader(std::string_view bytes);

tl::expected<v1::DeliveryReceipt, Refusal> ParseDeliveryReceipt(std::string_view bytes);

// Content against its header: size and SHA-256. DIGEST_MISMATCH, CONTENT_TOO_LARGE.
tl::expected<void, Refusal> CheckContent(const v1::Header& header, std::string_view content);

}  // namespace rujukan::ledger
