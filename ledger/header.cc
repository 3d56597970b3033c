#include "ledger/header.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/ids.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/transition.h"

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
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
  if (IsLegless(header.kind())) {
    if (!header.leg_id().empty() || header.sequence() != 0) {
      return Malformed("leg_id: a " + std::string(KindName(header.kind())) +
                       " belongs to no leg and has no sequence");
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
  const int64_t last = header.created_at_ms() + limits::kDueAheadMsMax;
  for (const int64_t due : {header.confirm_by_ms(), header.decide_by_ms(), header.due_ms()}) {
    if (due != 0 && (due < header.created_at_ms() || due > last)) {
      return Malformed(
          "confirm_by_ms, decide_by_ms, due_ms: a deadline lies before the message, or "
          "over 366 days after it");
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

bool NamesWhatItAnswers(v1::Kind::Code kind) {
  return kind == K::ATESTASI_HAPUS || kind == K::KEBERATAN_HAPUS ||
         kind == K::TANGGAPAN_PERINGATAN || kind == K::TANGGAPAN_PENARIKAN ||
         kind == K::TANGGAPAN || kind == K::KOREKSI;
}

// A field in a message of another kind says nothing and could carry anything.
Result<void> CheckFieldsOfKind(const v1::Header& header) {
  const K::Code kind = header.kind();
  const bool opens = kind == K::RUJUKAN;
  if (!opens && (!header.continues_leg().empty() || header.moves_responsibility() ||
                 header.escalate_to_size() != 0)) {
    return Malformed("continues_leg, moves_responsibility, escalate_to: only in a RUJUKAN");
  }
  if (header.contact_takes_over() && !header.moves_responsibility()) {
    return Malformed("contact_takes_over: only in a RUJUKAN that moves responsibility");
  }
  if (header.signed_off() && !opens && kind != K::PERUBAHAN_RISIKO) {
    return Malformed("signed_off: only in a RUJUKAN or a PERUBAHAN_RISIKO");
  }
  if (header.due_ms() != 0 && !opens && kind != K::TUNDA) {
    return Malformed("due_ms: only in a RUJUKAN or a TUNDA");
  }
  if (header.clock_class() != v1::ClockClass::UNSPECIFIED && !opens &&
      kind != K::PERUBAHAN_RISIKO) {
    return Malformed("clock_class: only in a RUJUKAN or a PERUBAHAN_RISIKO");
  }
  if (header.has_attachment() != (kind == K::LAMPIRAN)) {
    return Malformed("attachment: exactly in a LAMPIRAN");
  }
  return {};
}

// The urgency that the domain's table has for the class.
v1::Urgency::Code UrgencyOf(v1::ClockClass::Code clock_class) {
  switch (clock_class) {
    case v1::ClockClass::DARURAT:
    case v1::ClockClass::TINGGI:
      return v1::Urgency::AMAT_SEGERA;
    case v1::ClockClass::SEDANG:
      return v1::Urgency::SEGERA;
    default:
      return v1::Urgency::BIASA;
  }
}

Result<void> CheckClockClass(const v1::Header& header) {
  const v1::ClockClass::Code said = header.clock_class();
  if (!v1::ClockClass::Code_IsValid(said)) {
    return Malformed("clock_class: must be DARURAT, TINGGI, SEDANG or RENDAH");
  }
  if (header.kind() == K::PERUBAHAN_RISIKO && said == v1::ClockClass::UNSPECIFIED) {
    return Malformed("clock_class: a PERUBAHAN_RISIKO says which class it is from now on");
  }
  if (said != v1::ClockClass::UNSPECIFIED && UrgencyOf(said) != header.urgency()) {
    return Malformed(
        "urgency: AMAT_SEGERA goes with DARURAT and TINGGI, SEGERA with SEDANG, BIASA "
        "with RENDAH");
  }
  return {};
}

Result<void> CheckEscalation(const v1::Header& header) {
  if (static_cast<size_t>(header.escalate_to_size()) > limits::kEscalationTargetsMax) {
    return Malformed("escalate_to: at most 3 agencies, one a level");
  }
  for (const std::string& told : header.escalate_to()) {
    if (!AgencyAddress::Parse(told)) {
      return Malformed("escalate_to: not an agency address");
    }
  }
  return {};
}

Result<void> CheckAttachment(const v1::Header& header) {
  if (!header.has_attachment()) {
    return {};
  }
  const v1::AttachmentClaim& claim = header.attachment();
  if (HasUnknownFields(claim)) {
    return Malformed("attachment: it has a field that version 1 does not know");
  }
  if (claim.root().size() != Digest::kSize || claim.chunks() == 0 || claim.bytes() == 0) {
    return Malformed("attachment: root of 32 bytes, bytes and chunks are required");
  }
  if (claim.chunks() > limits::kAttachmentChunksMax ||
      claim.bytes() > uint64_t{claim.chunks()} * limits::kAttachmentChunkBytesMax) {
    return Refuse(R::ATTACHMENT_TOO_LARGE);
  }
  return {};
}

Result<void> CheckLegOpening(const v1::Header& header) {
  if (!header.continues_leg().empty() &&
      (!IsUuid7(header.continues_leg()) || header.continues_leg() == header.leg_id())) {
    return Malformed("continues_leg: must be the UUIDv7 of another leg, or empty");
  }
  return CheckEscalation(header);
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
  if (NamesWhatItAnswers(header.kind()) && header.cause().empty()) {
    return Malformed("cause: a " + std::string(KindName(header.kind())) +
                     " names the message that it answers or corrects");
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
  RETURN_IF_ERROR(CheckFieldsOfKind(header));
  RETURN_IF_ERROR(CheckClockClass(header));
  RETURN_IF_ERROR(CheckLegOpening(header));
  RETURN_IF_ERROR(CheckAttachment(header));
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
