// Goal: every rule about a header's form refuses with its own reason, at the limit and one past it.
// Method: start from a good header, change one thing, parse.
#include "ledger/header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;

std::string Uuid(char last) {
  std::string id(16, '\x01');
  id[6] = '\x70';
  id[8] = '\x80';
  id[15] = last;
  return id;
}

v1::Header Good() {
  v1::Header header;
  header.set_version(1);
  header.set_message_id(Uuid('m'));
  header.set_leg_id(Uuid('l'));
  header.set_kind(v1::Kind::RUJUKAN);
  header.set_from("uppa.18.01@lampung.example");
  header.add_to("dinsos.18@lampung.example");
  header.set_urgency(v1::Urgency::SEGERA);
  header.set_classification(v1::Classification::T);
  header.set_created_at_ms(1'000'000);
  header.set_expires_at_ms(2'000'000);
  header.set_sequence(1);
  header.set_content_size(5);
  header.set_content_digest(certs::Sha256("bytes").str());
  header.set_content_commitment(std::string(32, 'c'));
  header.add_recipient_keys(std::string(32, 'k'));
  return header;
}

R::Code ReasonOf(const v1::Header& header) {
  const auto parsed = ParseHeader(header.SerializeAsString());
  return parsed ? R::UNSPECIFIED : parsed.error().reason;
}

// `version` repeated until the header has exactly `size` bytes: valid protobuf, last value wins.
std::string PaddedTo(size_t size) {
  std::string bytes = Good().SerializeAsString();
  if ((size - bytes.size()) % 2 != 0) {
    bytes += std::string("\x08\x81\x00", 3);  // version = 1 as a two-byte varint
  }
  while (bytes.size() < size) {
    bytes += std::string("\x08\x01", 2);
  }
  return bytes;
}

TEST(Header, AGoodHeaderParsesToItsFields) {
  const auto parsed = ParseHeader(Good().SerializeAsString());
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->from(), "uppa.18.01@lampung.example");
}

TEST(Header, ExactlyAtTheSizeLimitWorksAndOnePastIsRefused) {
  EXPECT_TRUE(ParseHeader(PaddedTo(limits::kHeaderBytesMax)).has_value());
  const auto past = ParseHeader(PaddedTo(limits::kHeaderBytesMax + 1));
  ASSERT_FALSE(past.has_value());
  EXPECT_EQ(past.error().reason, R::HEADER_TOO_LARGE);
  EXPECT_NE(past.error().advice.find("8193"), std::string::npos);
}

v1::Header NotificationTo(size_t recipients) {
  v1::Header header = Good();
  header.set_kind(v1::Kind::PEMBERITAHUAN);
  header.clear_leg_id();
  header.clear_sequence();
  header.clear_to();
  for (size_t i = 0; i < recipients; ++i) {
    header.add_to("lksa.18.72." + std::to_string(i) + "@lampung.example");
  }
  return header;
}

TEST(Header, SixteenRecipientsWorkAndSeventeenAreRefused) {
  EXPECT_EQ(ReasonOf(NotificationTo(limits::kRecipientsMax)), R::UNSPECIFIED);
  EXPECT_EQ(ReasonOf(NotificationTo(limits::kRecipientsMax + 1)), R::TOO_MANY_RECIPIENTS);
}

TEST(Header, SixtyFourKeysWorkAndSixtyFiveAreRefused) {
  v1::Header header = Good();
  while (static_cast<size_t>(header.recipient_keys_size()) < limits::kRecipientKeysMax) {
    header.add_recipient_keys(std::string(32, 'k'));
  }
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.add_recipient_keys(std::string(32, 'k'));
  EXPECT_EQ(ReasonOf(header), R::TOO_MANY_KEYS);
}

TEST(Header, ContentAtTheLimitWorksAndOneByteMoreIsRefused) {
  v1::Header header = Good();
  header.set_content_size(limits::kContentBytesMax);
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.set_content_size(limits::kContentBytesMax + 1);
  EXPECT_EQ(ReasonOf(header), R::CONTENT_TOO_LARGE);
}

TEST(Header, LivingNinetyDaysWorksAndAMillisecondMoreIsRefused) {
  v1::Header header = Good();
  header.set_expires_at_ms(header.created_at_ms() + limits::kMessageLifeMsMax);
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.set_expires_at_ms(header.expires_at_ms() + 1);
  EXPECT_EQ(ReasonOf(header), R::LIFETIME_TOO_LONG);
}

TEST(Header, AFieldOfUnknownMeaningIsRefusedBecauseItCouldCarryIdentity) {
  std::string bytes = Good().SerializeAsString();
  bytes += std::string("\xa2\x1f\x05nama!", 8);  // field 500, five bytes
  const auto parsed = ParseHeader(bytes);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().reason, R::MALFORMED);
}

TEST(Header, EveryMissingOrMisshapenFieldIsMalformed) {
  const std::vector<std::pair<const char*, std::function<void(v1::Header&)>>> cases = {
      {"version", [](v1::Header& h) { h.set_version(2); }},
      {"message_id", [](v1::Header& h) { h.set_message_id("short"); }},
      {"not a v7 id", [](v1::Header& h) { h.set_message_id(std::string(16, '\x11')); }},
      {"leg_id", [](v1::Header& h) { h.clear_leg_id(); }},
      {"kind", [](v1::Header& h) { h.set_kind(v1::Kind::UNSPECIFIED); }},
      {"unknown kind", [](v1::Header& h) { h.set_kind(static_cast<v1::Kind::Code>(99)); }},
      {"from", [](v1::Header& h) { h.set_from("Dinsos@lampung.example"); }},
      {"no recipient", [](v1::Header& h) { h.clear_to(); }},
      {"recipient", [](v1::Header& h) { h.set_to(0, "nobody"); }},
      {"to itself", [](v1::Header& h) { h.set_to(0, h.from()); }},
      {"two in a leg", [](v1::Header& h) { h.add_to("lpa.18@lampung.example"); }},
      {"urgency", [](v1::Header& h) { h.clear_urgency(); }},
      {"classification", [](v1::Header& h) { h.clear_classification(); }},
      {"sequence", [](v1::Header& h) { h.clear_sequence(); }},
      {"created", [](v1::Header& h) { h.clear_created_at_ms(); }},
      {"expiry", [](v1::Header& h) { h.set_expires_at_ms(h.created_at_ms()); }},
      {"offset", [](v1::Header& h) { h.set_utc_offset_minutes(841); }},
      {"deadline", [](v1::Header& h) { h.set_decide_by_ms(1); }},
      {"cause", [](v1::Header& h) { h.set_cause("x"); }},
      {"empty content", [](v1::Header& h) { h.clear_content_size(); }},
      {"digest", [](v1::Header& h) { h.set_content_digest("x"); }},
      {"commitment", [](v1::Header& h) { h.clear_content_commitment(); }},
      {"no key", [](v1::Header& h) { h.clear_recipient_keys(); }},
      {"key size", [](v1::Header& h) { h.set_recipient_keys(0, "x"); }},
  };
  for (const auto& [name, change] : cases) {
    v1::Header header = Good();
    change(header);
    EXPECT_EQ(ReasonOf(header), R::MALFORMED) << name;
  }
}

v1::Header Of(v1::Kind::Code kind) {
  v1::Header header = Good();
  header.set_kind(kind);
  return header;
}

TEST(Header, WhatOnlySomeKindsSayIsMalformedInAllOthers) {
  using K = v1::Kind;
  const std::vector<std::pair<std::vector<K::Code>, std::function<void(v1::Header&)>>> fields = {
      {{K::RUJUKAN}, [](v1::Header& h) { h.set_continues_leg(Uuid('o')); }},
      {{K::RUJUKAN}, [](v1::Header& h) { h.set_moves_responsibility(true); }},
      {{K::RUJUKAN},
       [](v1::Header& h) {
         h.set_moves_responsibility(true);
         h.set_contact_takes_over(true);
       }},
      {{K::RUJUKAN}, [](v1::Header& h) { h.add_escalate_to("dinsos.18@lampung.example"); }},
      {{K::RUJUKAN, K::PERUBAHAN_RISIKO}, [](v1::Header& h) { h.set_signed_off(true); }},
      {{K::RUJUKAN, K::TUNDA}, [](v1::Header& h) { h.set_due_ms(1'500'000); }},
      {{K::RUJUKAN, K::PERUBAHAN_RISIKO},
       [](v1::Header& h) { h.set_clock_class(v1::ClockClass::SEDANG); }},
  };
  for (const auto& [kinds, set] : fields) {
    for (const K::Code kind : {K::RUJUKAN, K::PERUBAHAN_RISIKO, K::TUNDA, K::TERIMA}) {
      v1::Header header = Of(kind);
      if (kind == K::PERUBAHAN_RISIKO) {
        header.set_clock_class(v1::ClockClass::SEDANG);
      }
      ASSERT_EQ(ReasonOf(header), R::UNSPECIFIED);
      set(header);
      const bool fits = std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
      EXPECT_EQ(ReasonOf(header), fits ? R::UNSPECIFIED : R::MALFORMED) << K::Code_Name(kind);
    }
  }
}

TEST(Header, AnAnswerNamesWhatItAnswers) {
  using K = v1::Kind;
  for (const K::Code kind : {K::ATESTASI_HAPUS,
                             K::KEBERATAN_HAPUS,
                             K::TANGGAPAN_PERINGATAN,
                             K::TANGGAPAN_PENARIKAN,
                             K::KOREKSI}) {
    v1::Header header = Of(kind);
    EXPECT_EQ(ReasonOf(header), R::MALFORMED) << K::Code_Name(kind);
    header.set_cause(Uuid('c'));
    EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED) << K::Code_Name(kind);
  }
}

TEST(Header, TheClassOfClocksAndTheUrgencySayTheSame) {
  using C = v1::ClockClass;
  using U = v1::Urgency;
  const auto ask = [](C::Code clock_class, U::Code urgency) {
    v1::Header header = Good();
    header.set_clock_class(clock_class);
    header.set_urgency(urgency);
    return ReasonOf(header);
  };
  const std::map<C::Code, U::Code> fitting = {{C::DARURAT, U::AMAT_SEGERA},
                                              {C::TINGGI, U::AMAT_SEGERA},
                                              {C::SEDANG, U::SEGERA},
                                              {C::RENDAH, U::BIASA}};
  for (const auto& [clock_class, fits] : fitting) {
    for (const U::Code urgency : {U::AMAT_SEGERA, U::SEGERA, U::BIASA}) {
      EXPECT_EQ(ask(clock_class, urgency), urgency == fits ? R::UNSPECIFIED : R::MALFORMED);
    }
  }
  EXPECT_EQ(ask(static_cast<C::Code>(9), U::BIASA), R::MALFORMED);
  EXPECT_EQ(ReasonOf(Of(v1::Kind::PERUBAHAN_RISIKO)), R::MALFORMED) << "a change says to what";
}

TEST(Header, ThreeLevelsOfEscalationWorkAndAFourthIsRefused) {
  v1::Header header = Good();
  for (size_t i = 0; i < limits::kEscalationTargetsMax; ++i) {
    header.add_escalate_to("dinsos.18@lampung.example");
  }
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.add_escalate_to("dinsos.18@lampung.example");
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
  header.clear_escalate_to();
  header.add_escalate_to("nobody");
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
}

TEST(Header, AServiceIsAskedForWithinAYearAndADay) {
  v1::Header header = Good();
  header.set_due_ms(header.created_at_ms() + limits::kDueAheadMsMax);
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.set_due_ms(header.due_ms() + 1);
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
}

TEST(Header, ALegDoesNotContinueItself) {
  v1::Header header = Good();
  header.set_continues_leg(Uuid('o'));
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  header.set_continues_leg(header.leg_id());
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
  header.set_continues_leg("short");
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
}

TEST(Header, AnAttachmentSaysWhatTheBrokerHasToKeepWithinTheLimits) {
  v1::Header header = Of(v1::Kind::LAMPIRAN);
  EXPECT_EQ(ReasonOf(header), R::MALFORMED) << "none is claimed";
  auto& claim = *header.mutable_attachment();
  claim.set_root(std::string(32, 'r'));
  claim.set_chunks(limits::kAttachmentChunksMax);
  claim.set_bytes(limits::kAttachmentSealedBytesMax);
  EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED);
  claim.set_bytes(limits::kAttachmentSealedBytesMax + 1);
  EXPECT_EQ(ReasonOf(header), R::ATTACHMENT_TOO_LARGE);
  claim.set_bytes(1);
  claim.set_chunks(limits::kAttachmentChunksMax + 1);
  EXPECT_EQ(ReasonOf(header), R::ATTACHMENT_TOO_LARGE);
  claim.set_chunks(1);
  claim.set_root("short");
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
  header.set_kind(v1::Kind::TERIMA);
  EXPECT_EQ(ReasonOf(header), R::MALFORMED) << "only a LAMPIRAN has one";
}

TEST(Header, KindsWithoutALegGoToSeveralAndHaveNeitherLegNorSequence) {
  using K = v1::Kind;
  for (const K::Code kind : {K::UNDANGAN_KONFERENSI_KASUS,
                             K::NOTULA,
                             K::KELUHAN_LAYANAN,
                             K::KONSULTASI_AHLI,
                             K::INSIDEN_DATA}) {
    v1::Header header = NotificationTo(2);
    header.set_kind(kind);
    EXPECT_EQ(ReasonOf(header), R::UNSPECIFIED) << K::Code_Name(kind);
    header.set_leg_id(Uuid('l'));
    EXPECT_EQ(ReasonOf(header), R::MALFORMED) << K::Code_Name(kind);
  }
}

TEST(Header, ARecipientNamedTwiceIsMalformed) {
  v1::Header header = NotificationTo(2);
  header.set_to(1, header.to(0));
  EXPECT_EQ(ReasonOf(header), R::MALFORMED);
}

TEST(Header, ContentIsComparedWithItsDigestAndItsSize) {
  const v1::Header header = Good();
  EXPECT_TRUE(CheckContent(header, "bytes").has_value());
  EXPECT_EQ(CheckContent(header, "bytez").error().reason, R::DIGEST_MISMATCH);
  EXPECT_EQ(CheckContent(header, "byte").error().reason, R::DIGEST_MISMATCH);
  EXPECT_EQ(CheckContent(header, std::string(limits::kContentBytesMax + 1, 'x')).error().reason,
            R::CONTENT_TOO_LARGE);
}

}  // namespace
}  // namespace rujukan::ledger
