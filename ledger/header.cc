#include "ledger/header.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/ids.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;

constexpr uint32_t kHeaderVersion = 1;
constexpr int kOffsetMinutesMin = -12 * 60;
constexpr int kOffsetMinutesMax = 14 * 60;

tl::unexpected<Error> Malformed(std::string advice) {
  return Refuse(R::MALFORMED, std::move(advice));
}

bool HasUnknownFields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

bool IsUuid7(std::string_view id) {
  return id.size() == MessageId::kSize && (static_cast<uint8_t>(id[6]) >> 4) == 7;
}

Result<void> CheckAddresses(const v1::Header& header) {
  const auto from = AgencyAddress::Parse(header.from());
  if (!from) {
    return Malformed("from: " + from.error().context);
  }
  if (header.to_size() == 0) {
    return Malformed("to: name at least one recipient");
  }
  if (static_cast<size_t>(header.to_size()) > limits::kRecipientsMax) {
    return Refuse(R::TOO_MANY_RECIPIENTS,
                  std::to_string(header.to_size()) +
                      " recipients; the limit is 16: send it in several messages");
  }
  for (int i = 0; i < header.to_size(); ++i) {
    const auto to = AgencyAddress::Parse(header.to(i));
    if (!to) {
      return Malformed("to: " + to.error().context);
    }
    if (header.to(i) == header.from()) {
      return Malformed("to: an agency does not send to itself");
    }
    if (std::find(header.to().begin(), header.to().begin() + i, header.to(i)) !=
        header.to().begin() + i) {
      return Malformed("to: a recipient is named twice");
    }
  }
  return {};
}

Result<void> CheckLegFields(const v1::Header& header) {
  if (header.kind() == v1::Kind::PEMBERITAHUAN) {
    if (!header.leg_id().empty() || header.sequence() != 0) {
      return Malformed("leg_id: a PEMBERITAHUAN belongs to no leg and has no sequence");
    }
    return {};
  }
  if (!IsUuid7(header.leg_id())) {
    return Malformed("leg_id: must be a UUIDv7 of 16 bytes");
  }
  if (header.sequence() == 0) {
    return Malformed("sequence: counts from 1");
  }
  if (header.to_size() != 1) {
    return Malformed("to: a message in a leg has exactly one recipient");
  }
  return {};
}

Result<void> CheckTimes(const v1::Header& header) {
  if (header.created_at_ms() <= 0 || header.expires_at_ms() <= header.created_at_ms()) {
    return Malformed("expires_at_ms: must be after created_at_ms");
  }
  if (header.expires_at_ms() - header.created_at_ms() > limits::kMessageLifeMsMax) {
    return Refuse(R::LIFETIME_TOO_LONG);
  }
  if (header.utc_offset_minutes() < kOffsetMinutesMin ||
      header.utc_offset_minutes() > kOffsetMinutesMax) {
    return Malformed("utc_offset_minutes: no such time zone");
  }
  for (const int64_t deadline : {header.confirm_by_ms(), header.decide_by_ms()}) {
    if (deadline != 0 && deadline < header.created_at_ms()) {
      return Malformed("confirm_by_ms, decide_by_ms: a deadline lies before the message");
    }
  }
  return {};
}

Result<void> CheckContentFields(const v1::Header& header) {
  if (header.content_size() > limits::kContentBytesMax) {
    return Refuse(R::CONTENT_TOO_LARGE,
                  "the sealed content is " + std::to_string(header.content_size()) +
                      " bytes; the limit is 262144: shorten it or split it over several messages");
  }
  if (header.content_size() == 0 || header.content_digest().size() != Digest::kSize ||
      header.content_commitment().size() != Digest::kSize) {
    return Malformed("content_size, content_digest, content_commitment: all three are required");
  }
  if (static_cast<size_t>(header.recipient_keys_size()) > limits::kRecipientKeysMax) {
    return Refuse(R::TOO_MANY_KEYS);
  }
  const auto& keys = header.recipient_keys();
  if (keys.empty() || std::any_of(keys.begin(), keys.end(), [](const std::string& key) {
        return key.size() != KeyId::kSize;
      })) {
    return Malformed("recipient_keys: at least one key id, each of 32 bytes");
  }
  return {};
}

Result<void> CheckForm(const v1::Header& header) {
  if (header.version() != kHeaderVersion) {
    return Malformed("version: this broker reads version 1: update one of the two programs");
  }
  // A field nobody checks could carry identity in clear, so a version has exactly its fields.
  if (HasUnknownFields(header)) {
    return Malformed("the header has a field that version 1 does not know");
  }
  if (!IsUuid7(header.message_id())) {
    return Malformed("message_id: must be a UUIDv7 of 16 bytes");
  }
  if (!v1::Kind::Code_IsValid(header.kind()) || header.kind() == v1::Kind::UNSPECIFIED) {
    return Malformed("kind: unknown kind of message");
  }
  if (!v1::Urgency::Code_IsValid(header.urgency()) ||
      header.urgency() == v1::Urgency::UNSPECIFIED) {
    return Malformed("urgency: must be AMAT_SEGERA, SEGERA or BIASA");
  }
  if (!v1::Classification::Code_IsValid(header.classification()) ||
      header.classification() == v1::Classification::UNSPECIFIED) {
    return Malformed("classification: must be B, T, R or SR");
  }
  if (!header.cause().empty() && header.cause().size() != MessageId::kSize) {
    return Malformed("cause: must be a message id of 16 bytes, or empty");
  }
  const bool answers_erasure =
      header.kind() == v1::Kind::ATESTASI_HAPUS || header.kind() == v1::Kind::KEBERATAN_HAPUS;
  if (answers_erasure && header.cause().empty()) {
    return Malformed("cause: an answer to a PERINTAH_HAPUS names it");
  }
  return {};
}

Result<v1::Header> ParseChecked(std::string_view bytes) {
  if (bytes.size() > limits::kHeaderBytesMax) {
    return Refuse(R::HEADER_TOO_LARGE,
                  "the header is " + std::to_string(bytes.size()) +
                      " bytes; the limit is 8192: name fewer recipients or keys");
  }
  v1::Header header;
  if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Malformed("the header is not a rujukan.v1.Header");
  }
  RETURN_IF_ERROR(CheckForm(header));
  RETURN_IF_ERROR(CheckAddresses(header));
  RETURN_IF_ERROR(CheckLegFields(header));
  RETURN_IF_ERROR(CheckTimes(header));
  RETURN_IF_ERROR(CheckContentFields(header));
  return header;
}

Result<v1::DeliveryReceipt> ParseCheckedReceipt(std::string_view bytes) {
  v1::DeliveryReceipt receipt;
  if (bytes.size() > limits::kHeaderBytesMax ||
      !receipt.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      HasUnknownFields(receipt) || receipt.version() != kHeaderVersion) {
    return Malformed("not a rujukan.v1.DeliveryReceipt of version 1");
  }
  if (receipt.message_id().size() != MessageId::kSize ||
      receipt.header_digest().size() != Digest::kSize || receipt.received_at_ms() <= 0) {
    return Malformed("message_id, header_digest and received_at_ms are required");
  }
  if (!v1::DeliveryOutcome::Code_IsValid(receipt.outcome()) ||
      receipt.outcome() == v1::DeliveryOutcome::UNSPECIFIED) {
    return Malformed("outcome: unknown");
  }
  if (!AgencyAddress::Parse(receipt.recipient())) {
    return Malformed("recipient: not an agency address");
  }
  return receipt;
}

template <class T>
tl::expected<T, Refusal> OnlyRefusals(Result<T> result) {
  if (result) {
    return std::move(*result);
  }
  return tl::unexpected<Refusal>(RefusalOf(std::move(result).error()));
}

}  // namespace

tl::expected<v1::Header, Refusal> ParseHeader(std::string_view bytes) {
  return OnlyRefusals(ParseChecked(bytes));
}

tl::expected<v1::DeliveryReceipt, Refusal> ParseDeliveryReceipt(std::string_view bytes) {
  return OnlyRefusals(ParseCheckedReceipt(bytes));
}

tl::expected<void, Refusal> CheckContent(const v1::Header& header, std::string_view content) {
  if (content.size() > limits::kContentBytesMax) {
    return tl::unexpected<Refusal>(MakeRefusal(R::CONTENT_TOO_LARGE));
  }
  if (content.size() != header.content_size() ||
      certs::Sha256(content).view() != header.content_digest()) {
    return tl::unexpected<Refusal>(MakeRefusal(R::DIGEST_MISMATCH));
  }
  return {};
}

}  // namespace rujukan::ledger
