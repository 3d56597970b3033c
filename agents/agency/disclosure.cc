#include "agents/agency/disclosure.h"

#include <algorithm>

#include "agents/agency/compose.h"
#include "agents/agency/read_log.h"
#include "agents/agency/validate_basis.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;

void AppendFields(const std::string& stage,
                  const google::protobuf::Message& message,
                  std::vector<std::string>& names) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->name() != "daftar_pengungkapan") {
      names.push_back(stage + "." + field->name());
    }
  }
}

void AppendReferral(const v1::Referral& referral, std::vector<std::string>& names) {
  if (referral.has_t1()) {
    AppendFields("t1", referral.t1(), names);
  }
  if (referral.has_t2()) {
    AppendFields("t2", referral.t2(), names);
  }
}

void AppendDetails(const v1::Disclosure& details, std::vector<std::string>& names) {
  if (details.has_t2()) {
    AppendFields("t2", details.t2(), names);
  }
  if (details.has_t3()) {
    AppendFields("t3", details.t3(), names);
  }
}

template <class List>
void Assign(const std::vector<std::string>& names, List* list) {
  list->Clear();
  for (const auto& name : names) {
    *list->Add() = name;
  }
}

// The receiver has asked for this compartment, in a message that we could read.
Result<bool> WasAskedFor(Tables& tables, const LegRow& leg, const std::string& compartment) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg.id));
  for (const auto& listed : messages) {
    if (listed.kind != K::PERMINTAAN_RINCIAN || listed.outgoing ||
        listed.outcome != v1::DeliveryOutcome::DELIVERED) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
    v1::Content content;
    v1::Header header;
    if (row && header.ParseFromString(row->header) && header.from() == leg.peer &&
        content.ParseFromString(row->content) &&
        content.permintaan_rincian().kompartemen() == compartment) {
      return true;
    }
  }
  return false;
}

Result<void> CheckCompartment(Tables& tables,
                              const LegRow& leg,
                              const v1::StageThree& t3,
                              Findings& findings) {
  ASSIGN_OR_RETURN(const bool asked, WasAskedFor(tables, leg, t3.kompartemen()));
  if (!asked) {
    findings.push_back({"isi.rincian.t3.kompartemen",
                        "belum diminta penerima dengan `request-details` / the receiver has not "
                        "asked for this compartment (`request-details`)"});
  }
  return {};
}

// Whether anything but consent lets the referral's data be processed.
Result<bool> OpeningHasOtherBasis(Tables& tables, const LegId& leg) {
  ASSIGN_OR_RETURN(const auto opening, OpeningContent(tables, leg));
  return HasOtherBasis(opening.rujukan().t1().dasar_pemrosesan());
}

void AddWithdrawn(const std::string& field, Findings& findings) {
  findings.push_back(
      {field,
       "persetujuan telah ditarik: tidak ada pengungkapan baru kecuali dengan dasar "
       "lain / consent was withdrawn: nothing new is disclosed without another basis"});
}

}  // namespace

bool IsBeforeAcceptance(v1::LegState::Code state) {
  using S = v1::LegState;
  return state == S::UNSPECIFIED || state == S::TERKIRIM || state == S::SAMPAI ||
         state == S::DIKAJI || state == S::MENUNGGU_INFO;
}

// Class SR goes to agencies that were cleared for it, whatever the policy is.
Result<void> CheckClearance(const ledger::View& directory,
                            const std::string& address,
                            const std::string& field,
                            Findings& findings) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency || !agency->standing().izin_sangat_rahasia()) {
    findings.push_back(
        {field,
         "penerima belum berizin SANGAT RAHASIA dalam direktori / the receiver has no "
         "clearance for class SR in the directory"});
  }
  return {};
}

std::vector<std::string> DisclosedFields(const v1::Content& content) {
  std::vector<std::string> names;
  if (content.has_rujukan()) {
    AppendReferral(content.rujukan(), names);
    return names;
  }
  if (content.has_rincian()) {
    AppendDetails(content.rincian(), names);
    return names;
  }
  const auto* body = v1::Content::descriptor()->FindOneofByName("isi");
  const auto* field = content.GetReflection()->GetOneofFieldDescriptor(content, body);
  if (field != nullptr && StageOf(content) != v1::DisclosureStage::UNSPECIFIED) {
    AppendFields(field->name(), content.GetReflection()->GetMessage(content, field), names);
  }
  return names;
}

void ListDisclosed(v1::Content& content) {
  const auto names = DisclosedFields(content);
  if (content.has_rujukan()) {
    Assign(names, content.mutable_rujukan()->mutable_daftar_pengungkapan());
  } else if (content.has_rincian()) {
    Assign(names, content.mutable_rincian()->mutable_daftar_pengungkapan());
  }
}

Result<void> NoteDisclosure(Tables& tables, const MessageRow& row, const v1::Content& content) {
  DisclosureRow disclosed;
  disclosed.fields = DisclosedFields(content);
  if (disclosed.fields.empty()) {
    return {};
  }
  disclosed.message = row.id;
  disclosed.leg = row.leg;
  disclosed.stage = StageOf(content);
  return tables.PutDisclosure(disclosed);
}

Result<void> CheckConsentStands(Tables& tables,
                                const LegRow& leg,
                                const v1::Content& content,
                                Findings& findings) {
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg.id));
  ASSIGN_OR_RETURN(const bool restricted, IsRestricted(tables, episode));
  if (leg.restricted_at == 0 && !restricted) {
    return {};
  }
  const v1::Disclosure& details = content.rincian();
  if (details.has_t2() && !HasOtherBasis(details.t2().dasar_pemrosesan())) {
    AddWithdrawn("isi.rincian.t2.dasar_pemrosesan", findings);
  }
  if (details.has_t3() && !HasOtherBasis(details.t3().dasar_pemrosesan())) {
    AddWithdrawn("isi.rincian.t3.dasar_pemrosesan", findings);
  }
  if (content.has_lampiran()) {
    ASSIGN_OR_RETURN(const bool other, OpeningHasOtherBasis(tables, leg.id));
    if (!other) {
      AddWithdrawn("isi.lampiran", findings);
    }
  }
  return {};
}

Result<void> CheckMayDisclose(Tables& tables,
                              const ledger::View& directory,
                              const LegRow& leg,
                              const v1::Content& content,
                              Findings& findings) {
  const bool early = IsBeforeAcceptance(leg.plan.state());
  if (content.has_lampiran() && early && leg.plan.clock_class() != v1::ClockClass::DARURAT) {
    findings.push_back(
        {"isi.lampiran",
         "lampiran dikirim setelah rujukan diterima; sebelum itu hanya dalam DARURAT / "
         "attachments follow acceptance; before it only in an emergency"});
  }
  RETURN_IF_ERROR(CheckConsentStands(tables, leg, content, findings));
  if (content.has_lampiran() && content.lampiran().klasifikasi() == v1::Classification::SR) {
    RETURN_IF_ERROR(CheckClearance(directory, leg.peer, "isi.lampiran.klasifikasi", findings));
  }
  if (content.rincian().has_t3()) {
    RETURN_IF_ERROR(CheckCompartment(tables, leg, content.rincian().t3(), findings));
    RETURN_IF_ERROR(CheckClearance(directory, leg.peer, "isi.rincian.t3", findings));
  }
  return {};
}

Result<bool> IsRestricted(Tables& tables, const std::string& episode) {
  ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(episode));
  return std::any_of(
      legs.begin(), legs.end(), [](const LegRow& leg) { return leg.restricted_at != 0; });
}

Result<void> CheckConsentOfReferral(Tables& tables,
                                    const std::string& episode,
                                    const v1::Referral& referral,
                                    Findings& findings) {
  const bool first = !HasOtherBasis(referral.t1().dasar_pemrosesan());
  const bool second = referral.has_t2() && !HasOtherBasis(referral.t2().dasar_pemrosesan());
  if (!first && !second) {
    return {};
  }
  ASSIGN_OR_RETURN(const bool restricted, IsRestricted(tables, episode));
  if (restricted) {
    AddWithdrawn(first ? "isi.rujukan.t1.dasar_pemrosesan" : "isi.rujukan.t2.dasar_pemrosesan",
                 findings);
  }
  return {};
}

Result<bool> MayReleaseHeld(Tables& tables, const LegRow& leg, const v1::StageTwo& t2) {
  if (HasOtherBasis(t2.dasar_pemrosesan())) {
    return true;
  }
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg.id));
  ASSIGN_OR_RETURN(const bool restricted, IsRestricted(tables, episode));
  return leg.restricted_at == 0 && !restricted;
}

}  // namespace rujukan::agency
