// Goal: a leg as FHIR R4 is a bundle that a health system reads: elements that R4 requires are
// there, codes are of their lists, references lead somewhere, and identity is in it only when asked
// for, disclosed and logged. Method: bundles of every state, held against HL7's JSON Schema of R4
// and against what the schema does not say: required elements, required bindings, invariants.
#include "agents/agency/fhir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "agents/agency/codes.h"
#include "tests/unit/agency/children.h"
#include "tests/unit/agency/json_schema.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;

// What R4 requires and its JSON Schema does not say (an element may have extensions alone there).
const std::map<std::string, std::set<std::string>> kRequired = {
    {"Bundle", {"type"}},
    {"ServiceRequest", {"status", "intent", "subject"}},
    {"Task", {"status", "intent"}},
    {"Patient", {}},
    {"Organization", {}}};
const std::map<std::string, std::set<std::string>> kBound = {
    {"ServiceRequest.status",
     {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}},
    {"ServiceRequest.intent", {"order"}},
    {"ServiceRequest.priority", {"routine", "urgent", "asap", "stat"}},
    {"Task.status",
     {"draft",
      "requested",
      "received",
      "accepted",
      "rejected",
      "ready",
      "cancelled",
      "in-progress",
      "on-hold",
      "failed",
      "completed",
      "entered-in-error"}},
    {"Task.intent", {"order"}},
    {"Task.priority", {"routine", "urgent", "asap", "stat"}},
    {"Patient.gender", {"male", "female", "other", "unknown"}},
    {"Bundle.type", {"collection"}}};
// The codes that BSeR shares with 360X.
const std::set<std::string> kBusiness = {
    "2.0", "3.0", "4.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.2", "6.0", "7.0"};

void CheckCodings(const Json& json, const std::string& where) {  // NOLINT(misc-no-recursion)
  if (json.is_array()) {
    EXPECT_FALSE(json.empty()) << where << ": FHIR has no empty lists";
    for (const auto& item : json) {
      CheckCodings(item, where);
    }
  } else if (json.is_object()) {
    EXPECT_FALSE(json.empty()) << where << ": FHIR has no empty objects";
    if (json.contains("code") && json.contains("system")) {
      EXPECT_TRUE(
          std::regex_match(json["system"].get<std::string>(), std::regex("(http|urn):\\S+")));
      EXPECT_TRUE(std::regex_match(json["code"].get<std::string>(), std::regex("\\S+( \\S+)*")));
    }
    for (const auto& [name, value] : json.items()) {
      CheckCodings(value, where + "." + name);
    }
  } else {
    EXPECT_FALSE(json.is_null()) << where;
    EXPECT_FALSE(json.is_string() && json.get<std::string>().empty()) << where;
  }
}

void CheckResource(const Json& resource) {
  const std::string type = resource["resourceType"];
  ASSERT_TRUE(kRequired.count(type)) << type;
  EXPECT_TRUE(
      std::regex_match(resource["id"].get<std::string>(), std::regex("[A-Za-z0-9\\-\\.]{1,64}")));
  for (const auto& element : kRequired.at(type)) {
    EXPECT_TRUE(resource.contains(element)) << type << "." << element;
  }
  for (const auto& [name, value] : resource.items()) {
    const auto bound = kBound.find(type + "." + name);
    if (bound != kBound.end()) {
      EXPECT_TRUE(bound->second.count(value.get<std::string>())) << bound->first << " " << value;
    }
  }
  for (const char* time : {"authoredOn", "lastModified", "timestamp"}) {
    if (resource.contains(time)) {
      EXPECT_TRUE(IsDateTime(resource[time].get<std::string>())) << type << "." << time;
    }
  }
  if (type == "ServiceRequest" && resource.contains("orderDetail")) {
    EXPECT_TRUE(resource.contains("code")) << "invariant prr-1";
  }
  if (type == "Organization") {
    EXPECT_TRUE(resource.contains("identifier") || resource.contains("name")) << "invariant org-1";
  }
}

void References(const Json& json, std::set<std::string>& found) {  // NOLINT(misc-no-recursion)
  if (json.is_object() && json.contains("reference")) {
    found.insert(json["reference"].get<std::string>());
  }
  if (json.is_structured()) {
    for (const auto& item : json) {
      References(item, found);
    }
  }
}

// Against HL7's JSON Schema (tests/vectors/fhir-r4/).
void CheckSchema(const Json& bundle) {
  static const Json kSchema = Json::parse(
      std::ifstream(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/fhir-r4/schema.json"));
  const SchemaChecker checker(kSchema);
  EXPECT_EQ(checker.Misfits(bundle, kSchema["definitions"]["Bundle"]), std::vector<std::string>());
}

void CheckBundle(const Json& bundle) {
  CheckSchema(bundle);
  CheckResource(bundle);
  CheckCodings(bundle, "Bundle");
  std::set<std::string> urls;
  std::set<std::string> references;
  for (const auto& entry : bundle["entry"]) {
    EXPECT_TRUE(urls.insert(entry["fullUrl"].get<std::string>()).second) << "invariant bdl-7";
    EXPECT_EQ(entry["fullUrl"], "urn:uuid:" + entry["resource"]["id"].get<std::string>());
    CheckResource(entry["resource"]);
    References(entry["resource"], references);
  }
  for (const auto& reference : references) {
    EXPECT_TRUE(urls.count(reference)) << reference << " leads nowhere";
  }
  EXPECT_EQ(references.size(), 4U) << "request, child and the two agencies";
}

Json ResourceOf(const Json& bundle, const std::string& type) {
  for (const auto& entry : bundle["entry"]) {
    if (entry["resource"]["resourceType"] == type) {
      return entry["resource"];
    }
  }
  return nullptr;
}

std::vector<LegMoment> Moments(std::initializer_list<K::Code> kinds) {
  std::vector<LegMoment> moments;
  for (const K::Code kind : kinds) {
    moments.push_back({kind, false, 1});
  }
  return moments;
}

TEST(FhirStatus, EveryStateHasItsPlaceInTheLoop) {
  struct Case {
    S::Code state;
    const char* task;
    const char* business;
    const char* request;
  };
  const Case cases[] = {{S::UNSPECIFIED, "draft", "", "draft"},
                        {S::TERKIRIM, "requested", "2.0", "active"},
                        {S::SAMPAI, "received", "2.0", "active"},
                        {S::DIKAJI, "received", "2.0", "active"},
                        {S::MENUNGGU_INFO, "received", "2.0", "active"},
                        {S::DITERIMA, "accepted", "3.0", "active"},
                        {S::BERJALAN, "in-progress", "5.1.4", "active"},
                        {S::DITUNDA, "on-hold", "5.1.4", "on-hold"},
                        {S::SELESAI, "completed", "7.0", "active"},
                        {S::DITUTUP, "completed", "7.0", "completed"},
                        {S::DITOLAK, "rejected", "4.0", "revoked"},
                        {S::DIALIHKAN, "rejected", "4.0", "revoked"},
                        {S::DIBATALKAN, "cancelled", "6.0", "revoked"},
                        {S::GAGAL, "failed", "6.0", "revoked"},
                        {S::SALAH_INPUT, "entered-in-error", "6.0", "entered-in-error"}};
  EXPECT_EQ(std::size(cases), static_cast<size_t>(S::Code_descriptor()->value_count()));
  for (const auto& one : cases) {
    const FhirStatus status = FhirStatusOf(one.state, {});
    EXPECT_EQ(status.task, one.task) << S::Code_Name(one.state);
    EXPECT_EQ(status.business, one.business) << S::Code_Name(one.state);
    EXPECT_EQ(status.request, one.request) << S::Code_Name(one.state);
  }
}

TEST(FhirStatus, TheLastWordAboutAnAppointmentIsTheSubState) {
  const auto business = [](std::initializer_list<K::Code> kinds) {
    return std::string(FhirStatusOf(S::DITERIMA, Moments(kinds)).business);
  };
  EXPECT_EQ(business({K::RUJUKAN, K::TERIMA}), "3.0");
  EXPECT_EQ(business({K::TERIMA, K::JADWAL}), "5.1.1");
  EXPECT_EQ(business({K::TERIMA, K::JADWAL, K::TIDAK_HADIR}), "5.1.2");
  EXPECT_EQ(business({K::TERIMA, K::JADWAL, K::JADWAL_BATAL}), "5.1.3");
  EXPECT_EQ(business({K::TERIMA, K::JADWAL, K::TIDAK_HADIR, K::JADWAL}), "5.1.1");
}

TEST(FhirStatus, ARequestToCancelShowsUntilItIsAnswered) {
  for (const S::Code state : {S::DITERIMA, S::BERJALAN, S::DITUNDA}) {
    EXPECT_EQ(FhirStatusOf(state, Moments({K::PERMINTAAN_BATAL})).business, "5.2");
    EXPECT_NE(FhirStatusOf(state, Moments({K::PERMINTAAN_BATAL, K::TOLAK_BATAL})).business, "5.2");
  }
  EXPECT_EQ(FhirStatusOf(S::DIBATALKAN, Moments({K::PERMINTAAN_BATAL, K::SETUJU_BATAL})).business,
            "6.0");
}

TEST(FhirBundle, OfEveryStateIsWellFormed) {
  for (int i = 0; i < S::Code_descriptor()->value_count(); ++i) {
    ChildCase child;
    child.leg.state = static_cast<S::Code>(S::Code_descriptor()->value(i)->number());
    child.leg.side = i % 2 == 0 ? ledger::Side::kSender : ledger::Side::kReceiver;
    child.leg.opened_at = child.leg.changed_at = testing::World::kStart;
    child.referral = OpeningOf({.ref = "LS-1"}, child.leg.id).rujukan();
    child.referral.mutable_t1()->add_layanan_diminta()->set_kode(v1::Service::GIZI);
    const Json bundle = FhirBundleOf({child,
                                      Moments({K::JADWAL}),
                                      {"rs.18.01.001@lampung.example", "RS (CONTOH)"},
                                      {"dinsos.18@lampung.example", ""},
                                      "2026-11-26T10:00:00.000+07:00"});
    CheckBundle(bundle);
    const Json task = ResourceOf(bundle, "Task");
    if (task.contains("businessStatus")) {
      const Json& coding = task["businessStatus"]["coding"][0];
      EXPECT_EQ(coding["system"], std::string(kBusinessStatusSystem));
      EXPECT_TRUE(kBusiness.count(coding["code"].get<std::string>()));
    }
    EXPECT_EQ(ResourceOf(bundle, "ServiceRequest")["orderDetail"].size(), 1U);
  }
}

class FhirTest : public ::testing::Test {
 protected:
  FhirTest() : home_(world_, "rs.18.01.001") {}
  ApiReply Get(const std::string& leg, bool identity) {
    return home_.api_->Handle(
        {"GET", "/v1/legs/" + leg + "/fhir", {{"identitas", identity ? "1" : "0"}}, ""});
  }
  Json LastRead() { return home_.Get("/v1/reads")["reads"].back(); }

  testing::World world_;
  Party home_;
};

TEST_F(FhirTest, IdentityIsInTheBundleOnlyWhenAskedForAndIsLogged) {
  const std::string leg = Seed(home_, {.ref = "LS-1", .name = "Melati (CONTOH)"});
  const auto plain = Get(leg, false);
  EXPECT_EQ(plain.status, 200);
  EXPECT_EQ(plain.content_type, "application/fhir+json");
  CheckBundle(Json::parse(plain.body));
  for (const char* word : {"Melati", "9900000000000015", "2016", "Contohrejo"}) {
    EXPECT_EQ(plain.body.find(word), std::string::npos) << word;
  }
  EXPECT_EQ(LastRead()["stage"], "T1");

  const auto named = Get(leg, true);
  const Json bundle = Json::parse(named.body);
  CheckBundle(bundle);
  const Json patient = ResourceOf(bundle, "Patient");
  EXPECT_EQ(patient["name"][0]["text"], "Melati (CONTOH)");
  EXPECT_EQ(patient["birthDate"], "2016") << "an estimate is no more exact than its year";
  EXPECT_EQ(patient["identifier"][1]["system"], "https://fhir.kemkes.go.id/id/nik");
  EXPECT_EQ(LastRead()["stage"], "T2");
  EXPECT_EQ(LastRead()["reason"], "fhir");
}

TEST_F(FhirTest, AnIdentityThatWasNotDisclosedIsAConflict) {
  const std::string leg = Seed(home_, {.ref = "LS-1"});
  EXPECT_EQ(Get(leg, true).status, 409);
  EXPECT_EQ(Get(leg, false).status, 200);
  EXPECT_EQ(Get("019a7c1e-0000-7000-8000-000000000001", false).status, 404);
}

}  // namespace
}  // namespace rujukan::agency
