#include "agents/link/content_fits.h"

#include <algorithm>

#include "base/ids.h"
#include "ledger/transition.h"

namespace rujukan::link {
namespace {

using Clock = v1::ClockClass;

// A class that is said is exactly the risk's; one left to the urgency is no looser.
bool ClockFits(const v1::Header& header, Clock::Code risk) {
  if (risk == Clock::UNSPECIFIED) {
    return true;
  }
  return header.clock_class() != Clock::UNSPECIFIED
             ? header.clock_class() == risk
             : ledger::ClassOf(header.clock_class(), header.urgency()) <= risk;
}

bool NamedAsSilent(const v1::StageOne& t1, const v1::Header& header) {
  const auto told = [&](const std::string& address) {
    const auto& to = header.to();
    const auto& escalated = header.escalate_to();
    return std::find(to.begin(), to.end(), address) != to.end() ||
           std::find(escalated.begin(), escalated.end(), address) != escalated.end();
  };
  return std::any_of(
      t1.jangan_beritahu().begin(), t1.jangan_beritahu().end(), [&](const v1::DoNotInform& one) {
        return std::any_of(one.alamat().begin(), one.alamat().end(), told);
      });
}

std::string ReferralMisfit(const v1::Header& header, const v1::Referral& referral) {
  const v1::StageOne& t1 = referral.t1();
  if (!ClockFits(header, ClockClassOf(t1.tingkat_risiko(), t1.bahaya_langsung()))) {
    return "clock_class is not that of the risk";
  }
  // Identity before acceptance: what should not be here is not kept.
  if (referral.has_t2() &&
      ClockClassOf(t1.tingkat_risiko(), t1.bahaya_langsung()) != Clock::DARURAT) {
    return "a second stage before acceptance, and no emergency";
  }
  if (header.moves_responsibility() != MovesResponsibility(referral)) {
    return "moves_responsibility is not that of the type of referral";
  }
  if (header.contact_takes_over() != ContactTakesOver(referral)) {
    return "contact_takes_over is not that of the referral";
  }
  const auto continued = ParseUuid(referral.lanjutan_dari().id_rujukan());
  if (header.continues_leg() != (continued ? *continued : std::string())) {
    return "continues_leg is not the leg that the content continues";
  }
  if (header.signed_off() && !referral.has_penandatangan()) {
    return "signed_off, but no official has signed";
  }
  if (NamedAsSilent(t1, header)) {
    return "to or escalate_to has an agency that must not be told";
  }
  return "";
}

std::string RiskMisfit(const v1::Header& header, const v1::RiskChange& change) {
  if (!ClockFits(header, ClockClassOf(change.tingkat_risiko(), change.bahaya_langsung()))) {
    return "clock_class is not that of the risk";
  }
  if (header.signed_off() && change.disetujui_supervisor().empty()) {
    return "signed_off, but no supervisor has agreed";
  }
  return "";
}

}  // namespace

bool MovesResponsibility(const v1::Referral& referral) {
  const v1::ReferralType::Code type = referral.jenis_rujukan();
  return type == v1::ReferralType::PELIMPAHAN_KASUS || type == v1::ReferralType::PENITIPAN ||
         ContactTakesOver(referral);
}

bool ContactTakesOver(const v1::Referral& referral) {
  return referral.pelapor_saja() && referral.jenis_rujukan() == v1::ReferralType::LAPORAN_AWAL;
}

Clock::Code ClockClassOf(v1::RiskLevel::Code risk, bool immediate_danger) {
  switch (risk) {
    case v1::RiskLevel::TINGGI:
      return immediate_danger ? Clock::DARURAT : Clock::TINGGI;
    case v1::RiskLevel::SEDANG:
      return Clock::SEDANG;
    case v1::RiskLevel::RENDAH:
      return Clock::RENDAH;
    default:
      return Clock::UNSPECIFIED;
  }
}

bool ContentFits(v1::Kind::Code kind, const v1::Content& content) {
  std::string name = v1::Kind::Code_Name(kind);
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const auto* body = v1::Content::descriptor()->FindOneofByName("isi");
  const auto* field = content.GetReflection()->GetOneofFieldDescriptor(content, body);
  return field != nullptr && field->name() == name;
}

std::string HeaderMisfit(const v1::Header& header, const v1::Content& content) {
  if (!ContentFits(header.kind(), content)) {
    return "the plaintext is not a Content of the kind that the header names";
  }
  if (content.has_rujukan()) {
    return ReferralMisfit(header, content.rujukan());
  }
  if (content.has_perubahan_risiko()) {
    return RiskMisfit(header, content.perubahan_risiko());
  }
  return "";
}

}  // namespace rujukan::link
