#include "agents/agency/fhir.h"

#include <algorithm>
#include <array>

#include "agents/agency/render.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;

// --- ids: of the leg for its request, derived from it for what goes with it ---

std::string DerivedUuid(std::string_view leg, std::string_view part) {
  std::string bytes(certs::Sha256({"rujukan/fhir\n", leg, "\n", part}).view().substr(0, 16));
  bytes[6] = static_cast<char>((static_cast<uint8_t>(bytes[6]) & 0x0F) | 0x80);  // RFC 9562 s5.8
  bytes[8] = static_cast<char>((static_cast<uint8_t>(bytes[8]) & 0x3F) | 0x80);
  return FormatUuid(bytes);
}

struct Ids {
  std::string request, task, patient, sender, receiver;
};

Ids IdsOf(const FhirLeg& leg) {
  const std::string_view id = leg.child.leg.id.view();
  return {FormatUuid(id),
          DerivedUuid(id, "task"),
          DerivedUuid(id, "patient"),
          DerivedUuid(id, "sender"),
          DerivedUuid(id, "receiver")};
}

Json ReferenceTo(const char* type, const std::string& id) {
  return {{"reference", "urn:uuid:" + id}, {"type", type}};
}

Json Coding(std::string_view system, const std::string& code) {
  return {{"coding", {{{"system", system}, {"code", code}}}}};
}

Json Coding(std::string_view system, const std::string& code, const std::string& text) {
  Json concept_json = Coding(system, code);
  concept_json["text"] = text;
  return concept_json;
}

// --- status ---

// 5.1.1 to 5.1.3: what was last said about an appointment since the referral was accepted.
std::string_view AppointmentStatus(const std::vector<LegMoment>& moments) {
  std::string_view status = "3.0";
  for (const LegMoment& moment : moments) {
    switch (moment.kind) {
      case K::JADWAL:
        status = "5.1.1";
        break;
      case K::TIDAK_HADIR:
        status = "5.1.2";
        break;
      case K::JADWAL_BATAL:
        status = "5.1.3";
        break;
      default:
        break;
    }
  }
  return status;
}

bool CancellationWaits(const std::vector<LegMoment>& moments) {
  bool waits = false;
  for (const LegMoment& moment : moments) {
    if (moment.kind == K::PERMINTAAN_BATAL) {
      waits = true;
    } else if (moment.kind == K::SETUJU_BATAL || moment.kind == K::TOLAK_BATAL) {
      waits = false;
    }
  }
  return waits;
}

FhirStatus StatusOfState(S::Code state, const std::vector<LegMoment>& moments) {
  switch (state) {
    case S::TERKIRIM:
      return {"requested", "2.0", "active"};
    case S::SAMPAI:
    case S::DIKAJI:
    case S::MENUNGGU_INFO:
      return {"received", "2.0", "active"};
    case S::DITERIMA:
      return {"accepted", AppointmentStatus(moments), "active"};
    case S::BERJALAN:
      return {"in-progress", "5.1.4", "active"};
    case S::DITUNDA:
      return {"on-hold", "5.1.4", "on-hold"};
    case S::SELESAI:
      return {"completed", "7.0", "active"};
    case S::DITUTUP:
      return {"completed", "7.0", "completed"};
    case S::DITOLAK:
    case S::DIALIHKAN:
      return {"rejected", "4.0", "revoked"};
    case S::DIBATALKAN:
      return {"cancelled", "6.0", "revoked"};
    case S::GAGAL:
      return {"failed", "6.0", "revoked"};
    case S::SALAH_INPUT:
      return {"entered-in-error", "6.0", "entered-in-error"};
    default:
      return {"draft", "", "draft"};
  }
}

std::string StateName(S::Code state) {
  return state == S::UNSPECIFIED ? "DRAF" : S::Code_Name(state);
}

// ServiceRequest.priority, by the risk: DARURAT is stat.
std::string PriorityOf(const v1::StageOne& t1) {
  if (t1.bahaya_langsung() && t1.tingkat_risiko() == v1::RiskLevel::TINGGI) {
    return "stat";
  }
  switch (t1.tingkat_risiko()) {
    case v1::RiskLevel::TINGGI:
      return "asap";
    case v1::RiskLevel::SEDANG:
      return "urgent";
    default:
      return "routine";
  }
}

// --- resources ---

Json OrganizationOf(const std::string& id, const FhirParty& party) {
  return {{"resourceType", "Organization"},
          {"id", id},
          {"identifier", {{{"system", "urn:x-rujukan:lembaga"}, {"value", party.address}}}},
          {"active", true},
          {"name", party.name.empty() ? party.address : party.name}};
}

const char* GenderOf(v1::Sex::Code sex) {
  return sex == v1::Sex::L ? "male" : sex == v1::Sex::P ? "female" : "unknown";
}

void AddIdentity(const v1::StageTwo& t2, Json& patient) {
  if (!t2.nik().empty()) {
    patient["identifier"].push_back(
        {{"use", "official"}, {"system", "https://fhir.kemkes.go.id/id/nik"}, {"value", t2.nik()}});
  }
  if (!t2.nama().empty()) {
    patient["name"].push_back({{"use", "official"}, {"text", t2.nama()}});
  }
  if (!t2.nama_panggilan().empty()) {
    patient["name"].push_back({{"use", "nickname"}, {"text", t2.nama_panggilan()}});
  }
  if (!t2.tanggal_lahir().empty()) {  // an estimate is no more exact than its year
    patient["birthDate"] =
        t2.tanggal_lahir_perkiraan() ? t2.tanggal_lahir().substr(0, 4) : t2.tanggal_lahir();
  }
  if (!t2.alamat().empty()) {
    patient["address"].push_back({{"use", "home"}, {"text", t2.alamat()}, {"country", "ID"}});
  }
}

Json PatientOf(const FhirLeg& leg, const Ids& ids) {
  const v1::StageOne& t1 = leg.child.referral.t1();
  Json patient = {{"resourceType", "Patient"}, {"id", ids.patient}};
  const bool sending = leg.child.leg.side == ledger::Side::kSender;
  if (!t1.ref_anak().empty()) {  // a pseudonym of the pair: its meaning is the sender's
    patient["identifier"].push_back(
        {{"use", "secondary"},
         {"system", "urn:x-rujukan:ref-anak:" + (sending ? leg.own : leg.peer).address},
         {"value", t1.ref_anak()}});
  }
  if (leg.with_identity && leg.child.t2) {
    AddIdentity(*leg.child.t2, patient);
  }
  patient["gender"] = GenderOf(t1.jenis_kelamin());
  return patient;
}

Json ServiceRequestOf(const FhirLeg& leg, const Ids& ids, const FhirStatus& status) {
  const v1::Referral& referral = leg.child.referral;
  const v1::StageOne& t1 = referral.t1();
  Json request = {
      {"resourceType", "ServiceRequest"},
      {"id", ids.request},
      {"identifier", {{{"system", "urn:ietf:rfc:3986"}, {"value", "urn:uuid:" + ids.request}}}},
      {"status", status.request},
      {"intent", "order"},
      {"priority", PriorityOf(t1)}};
  if (referral.jenis_rujukan() != v1::ReferralType::UNSPECIFIED) {
    request["category"] = {Coding("urn:x-rujukan:kode:jenis-rujukan",
                                  v1::ReferralType::Code_Name(referral.jenis_rujukan()))};
  }
  for (const auto& service : t1.layanan_diminta()) {
    Json code = Coding("urn:x-rujukan:kode:layanan", v1::Service::Code_Name(service.kode()));
    if (request.contains("code")) {
      request["orderDetail"].push_back(std::move(code));
    } else {
      request["code"] = std::move(code);
    }
  }
  request["subject"] = ReferenceTo("Patient", ids.patient);
  request["authoredOn"] = TimeOf(leg.child.leg.opened_at);
  request["requester"] = ReferenceTo("Organization", ids.sender);
  request["performer"] = {ReferenceTo("Organization", ids.receiver)};
  for (const int category : t1.kategori()) {
    request["reasonCode"].push_back(
        Coding("urn:x-rujukan:kode:kategori-ampk",
               v1::AmpkCategory::Code_Name(static_cast<v1::AmpkCategory::Code>(category))));
  }
  return request;
}

Json TaskOf(const FhirLeg& leg, const Ids& ids, const FhirStatus& status) {
  const std::string state = StateName(leg.child.leg.state);
  Json task = {{"resourceType", "Task"},
               {"id", ids.task},
               {"identifier", {{{"system", "urn:x-rujukan:rujukan"}, {"value", ids.request}}}},
               {"basedOn", {ReferenceTo("ServiceRequest", ids.request)}},
               {"status", status.task}};
  if (status.task == "rejected" || status.task == "failed" || status.task == "on-hold") {
    task["statusReason"] = {{"text", state}};
  }
  if (!status.business.empty()) {
    task["businessStatus"] = Coding(kBusinessStatusSystem, std::string(status.business), state);
  }
  task["intent"] = "order";
  task["priority"] = PriorityOf(leg.child.referral.t1());
  task["code"] = Coding("http://hl7.org/fhir/CodeSystem/task-code", "fulfill");
  task["focus"] = ReferenceTo("ServiceRequest", ids.request);
  task["for"] = ReferenceTo("Patient", ids.patient);
  task["authoredOn"] = TimeOf(leg.child.leg.opened_at);
  task["lastModified"] = TimeOf(std::max(leg.child.leg.opened_at, leg.child.leg.changed_at));
  task["requester"] = ReferenceTo("Organization", ids.sender);
  task["owner"] = ReferenceTo("Organization", ids.receiver);
  return task;
}

}  // namespace

FhirStatus FhirStatusOf(v1::LegState::Code state, const std::vector<LegMoment>& moments) {
  FhirStatus status = StatusOfState(state, moments);
  const bool open = state == S::DITERIMA || state == S::BERJALAN || state == S::DITUNDA;
  if (open && CancellationWaits(moments)) {
    status.business = "5.2";
  }
  return status;
}

Json FhirBundleOf(const FhirLeg& leg) {
  const Ids ids = IdsOf(leg);
  const FhirStatus status = FhirStatusOf(leg.child.leg.state, leg.moments);
  const bool sending = leg.child.leg.side == ledger::Side::kSender;
  Json entries = Json::array();
  for (Json& resource :
       std::array<Json, 5>{ServiceRequestOf(leg, ids, status),
                           TaskOf(leg, ids, status),
                           PatientOf(leg, ids),
                           OrganizationOf(ids.sender, sending ? leg.own : leg.peer),
                           OrganizationOf(ids.receiver, sending ? leg.peer : leg.own)}) {
    entries.push_back({{"fullUrl", "urn:uuid:" + resource["id"].get<std::string>()},
                       {"resource", std::move(resource)}});
  }
  return {{"resourceType", "Bundle"},
          {"id", DerivedUuid(leg.child.leg.id.view(), "bundle")},
          {"type", "collection"},
          {"timestamp", leg.generated_at},
          {"entry", std::move(entries)}};
}

}  // namespace rujukan::agency
