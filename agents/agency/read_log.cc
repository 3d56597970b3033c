#include "agents/agency/read_log.h"

#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr size_t kSaltBytes = 16;

v1::DisclosureStage::Code StageOfReferral(const v1::Referral& referral) {
  return referral.has_t2() ? v1::DisclosureStage::T2 : v1::DisclosureStage::T1;
}

// What an attachment shows is at least what the second stage tells.
v1::DisclosureStage::Code StageOfAttachment(const v1::Attachment& attachment) {
  return attachment.klasifikasi() == v1::Classification::SR ? v1::DisclosureStage::T3
                                                            : v1::DisclosureStage::T2;
}

v1::DisclosureStage::Code StageOfDetails(const v1::Disclosure& details) {
  return details.has_t3() ? v1::DisclosureStage::T3 : v1::DisclosureStage::T2;
}

Result<std::string> LeafOf(const Reading& reading, UnixMillis now) {
  if (reading.reader.size() > kReaderBytesMax || reading.reason.size() > kReadReasonBytesMax) {
    return Fail(Errc::kLimit,
                "pembaca paling banyak 200 bita dan alasan 500 / a reader may have 200 bytes and a "
                "reason 500");
  }
  v1::ReadEvent event;
  event.set_version(1);
  event.set_time_ms(now);
  event.set_message_id(reading.message.str());
  event.set_leg_id(reading.leg);
  event.set_action(reading.action);
  event.set_stage(reading.stage);
  event.set_reader(reading.reader);
  event.set_reason(reading.reason);
  event.set_given_to(reading.given_to);
  event.set_salt(certs::RandomBytes(kSaltBytes));
  std::string leaf = event.SerializeAsString();
  if (leaf.size() > limits::kReadEventBytesMax) {
    return Fail(Errc::kLimit, "a line of the read trail is over 2 KiB: shorten the reason");
  }
  return leaf;
}

}  // namespace

v1::DisclosureStage::Code StageOf(const v1::Content& content) {
  using C = v1::Content;
  switch (content.isi_case()) {
    case C::kRujukan:
      return StageOfReferral(content.rujukan());
    case C::kRincian:
      return StageOfDetails(content.rincian());
    case C::kLampiran:
      return StageOfAttachment(content.lampiran());
    case C::kKontakPertama:
    case C::kLaporanKemajuan:
    case C::kLaporanAkhir:
    case C::kSerahTerima:
    case C::kGagal:
    case C::kPermintaanBatal:
    case C::kSetujuBatal:
    case C::kPeringatanDarurat:
    case C::kKoreksi:
    case C::kNotula:
    case C::kKeluhanLayanan:
      return v1::DisclosureStage::T2;
    case C::kPermintaanInfo:
    case C::kJawabanInfo:
    case C::kPemberitahuan:
    case C::kTolak:
    case C::kAlihkan:
    case C::kJadwal:
    case C::kTidakHadir:
    case C::kTunda:
    case C::kPerubahanRisiko:
    case C::kUndanganKonferensiKasus:
    case C::kKonsultasiAhli:
    case C::kTanggapan:
    case C::kInsidenData:
      return v1::DisclosureStage::T1;
    default:
      return v1::DisclosureStage::UNSPECIFIED;
  }
}

Reading ReadingOf(const MessageRow& row, v1::ReadAction::Code action, std::string reader) {
  v1::Content content;
  content.ParseFromString(row.content);
  return Reading{row.id, row.leg, action, StageOf(content), std::move(reader)};
}

Reading ReadingOf(const AttachmentRow& row, std::string reader) {
  return Reading{row.id,
                 row.leg.str(),
                 v1::ReadAction::VIEWED,
                 StageOfAttachment(row.content),
                 std::move(reader)};
}

Result<void> LogReads(Tables& tables, std::span<const Reading> readings, UnixMillis now) {
  std::vector<std::string> leaves;
  for (const Reading& reading : readings) {
    ASSIGN_OR_RETURN(leaves.emplace_back(), LeafOf(reading, now));
  }
  return tables.AppendReads(leaves);
}

}  // namespace rujukan::agency
