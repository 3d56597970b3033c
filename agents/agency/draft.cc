#include "agents/agency/draft.h"

#include <algorithm>

#include "agents/agency/codes.h"
#include "agents/agency/validate.h"
#include "agents/link/content_fits.h"
#include "base/ids.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kDayMs = 24LL * 3600 * 1000;
// Longer than any outage planned for (72 h), shorter than a referral stays meaningful.
constexpr int64_t kMessageLifeMs = 30 * kDayMs;
constexpr int32_t kUtcOffsetMinutes = 7 * 60;  // WIB

}  // namespace

v1::Classification::Code ClassOf(v1::Kind::Code kind, const v1::Content& content) {
  using K = v1::Kind;
  if (kind == K::PEMBERITAHUAN || kind == K::KONSULTASI_AHLI) {
    return v1::Classification::T;
  }
  const bool secret =
      content.rincian().has_t3() || content.undangan_konferensi_kasus().sangat_rahasia();
  const auto least = secret ? v1::Classification::SR : v1::Classification::R;
  return kind == K::LAMPIRAN ? std::max(least, content.lampiran().klasifikasi()) : least;
}

v1::Header DraftHeader(const Sender& sender, v1::Kind::Code kind, const v1::Content& content) {
  v1::Header header;
  header.set_version(1);
  header.set_message_id(certs::NewMessageId(sender.now).str());
  header.set_kind(kind);
  header.set_from(sender.address);
  header.set_classification(ClassOf(kind, content));
  header.set_created_at_ms(sender.now);
  header.set_utc_offset_minutes(kUtcOffsetMinutes);
  header.set_expires_at_ms(sender.now + kMessageLifeMs);
  return header;
}

UnixMillis FirstServiceEnd(const v1::StageOne& t1, UnixMillis now) {
  UnixMillis first = 0;
  for (const auto& service : t1.layanan_diminta()) {
    const auto end = TimeOfText(service.batas());
    if (end && *end > now && (first == 0 || *end < first)) {
      first = *end;
    }
  }
  return first;
}

void FillOpening(v1::Header& header, const v1::Referral& referral, UnixMillis now) {
  const v1::StageOne& t1 = referral.t1();
  // A sender who hurries more than the risk asks for is under the clocks of the urgency.
  if (header.urgency() == UrgencyOf(t1.tingkat_risiko())) {
    header.set_clock_class(link::ClockClassOf(t1.tingkat_risiko(), t1.bahaya_langsung()));
  }
  header.set_moves_responsibility(link::MovesResponsibility(referral));
  header.set_contact_takes_over(link::ContactTakesOver(referral));
  header.set_signed_off(referral.has_penandatangan());
  header.set_due_ms(FirstServiceEnd(t1, now));
  if (const auto before = ParseUuid(referral.lanjutan_dari().id_rujukan()); before) {
    header.set_continues_leg(*before);
  }
}

}  // namespace rujukan::agency
