#include "agents/agency/step_content.h"

#include <google/protobuf/util/message_differencer.h>

#include "agents/agency/disclosure.h"

namespace rujukan::agency {
namespace {

constexpr int kUtcOffsetMinutes = 7 * 60;  // WIB
constexpr int64_t kDayMs = 24LL * 3600 * 1000;

using Differ = google::protobuf::util::MessageDifferencer;

Result<v1::Content> ContentOf(Tables& tables, const std::string& message_id) {
  ASSIGN_OR_RETURN(const auto id, MessageId::FromBytes(message_id));
  ASSIGN_OR_RETURN(const auto row, tables.Find(id));
  v1::Content content;
  if (row) {
    content.ParseFromString(row->content);
  }
  return content;
}

Result<void> FillHandover(Tables& tables,
                          const LegRow& leg,
                          v1::Content& content,
                          Findings& findings) {
  const bool sending = leg.side == ledger::Side::kSender;
  if (!leg.plan.has_handover() || leg.plan.handover().by_sender() == sending) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto half, ContentOf(tables, leg.plan.handover().message_id()));
  v1::Handover& record = *content.mutable_serah_terima();
  if (record.ByteSizeLong() == 0) {
    record = half.serah_terima();
  } else if (!Differ::Equals(record, half.serah_terima())) {
    findings.push_back(
        {"isi.serah_terima",
         "berbeda dari berita acara pihak lain; kosongkan untuk menandatangani yang "
         "sama, atau sepakati dulu / it differs from the other side's record: leave it "
         "out to sign theirs, or agree first"});
  }
  return {};
}

std::string DateOf(UnixMillis time) {
  return FormatTime(time, kUtcOffsetMinutes).substr(0, 10);
}

// Days between reports, by the class of clocks (docs/states.md has the table).
int64_t DaysToNext(v1::ClockClass::Code clock_class) {
  switch (clock_class) {
    case v1::ClockClass::DARURAT:
      return 3;
    case v1::ClockClass::TINGGI:
      return 7;
    case v1::ClockClass::SEDANG:
      return 14;
    default:
      return 30;
  }
}

v1::RiskLevel::Code RiskOf(v1::ClockClass::Code clock_class) {
  switch (clock_class) {
    case v1::ClockClass::DARURAT:
    case v1::ClockClass::TINGGI:
      return v1::RiskLevel::TINGGI;
    case v1::ClockClass::SEDANG:
      return v1::RiskLevel::SEDANG;
    default:
      return v1::RiskLevel::RENDAH;
  }
}

// Our last report in the leg; empty: there was none.
Result<v1::ProgressReport> LastReport(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg));
  v1::ProgressReport last;
  for (const auto& listed : messages) {
    if (listed.kind != v1::Kind::LAPORAN_KEMAJUAN || listed.stage == Stage::kRefused) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto content, ContentOf(tables, listed.id.str()));
    last = content.laporan_kemajuan();
  }
  return last;
}

Result<void> FillReport(Tables& tables, const LegRow& leg, v1::Content& content, UnixMillis now) {
  v1::ProgressReport& report = *content.mutable_laporan_kemajuan();
  ASSIGN_OR_RETURN(const auto last, LastReport(tables, leg.id));
  if (report.periode_dari().empty()) {
    const std::string& from = last.periode_sampai();
    report.set_periode_dari(from.empty() ? DateOf(leg.opened_at) : from);
  }
  if (report.status_tempat_tinggal().empty()) {
    report.set_status_tempat_tinggal(last.status_tempat_tinggal());
  }
  if (report.periode_sampai().empty()) {
    report.set_periode_sampai(DateOf(now));
  }
  if (report.laporan_berikutnya().empty()) {
    report.set_laporan_berikutnya(DateOf(now + DaysToNext(leg.plan.clock_class()) * kDayMs));
  }
  if (report.tingkat_risiko() == v1::RiskLevel::UNSPECIFIED) {
    report.set_tingkat_risiko(RiskOf(leg.plan.clock_class()));
  }
  return {};
}

}  // namespace

Result<void> FillFromLeg(
    Tables& tables, const LegRow& leg, v1::Content& content, UnixMillis now, Findings& findings) {
  if (content.has_serah_terima()) {
    return FillHandover(tables, leg, content, findings);
  }
  if (content.has_laporan_kemajuan()) {
    return FillReport(tables, leg, content, now);
  }
  return {};
}

LegFacts FactsOfLeg(const LegRow& leg, UnixMillis now) {
  return LegFacts{leg.plan.clock_class(), IsBeforeAcceptance(leg.plan.state()), now};
}

}  // namespace rujukan::agency
