// Goal: the OpenAPI document and the API are one: every operation is documented, everything
// documented is there, and what is answered has the shape that is promised.
// Method: the route table against the document; then every operation called at the real API, each
// reply held against its schema. Steps of a leg are told apart: those that a referral's life goes
// through have to succeed, of the others the problem is checked.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "agents/agency/leg.h"
#include "agents/agency/openapi.h"
#include "tests/support/http_stub.h"
#include "tests/unit/agency/json_schema.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

struct Documented {
  std::string method;
  std::string path;
  Json operation;
};

std::map<std::string, Documented> DocumentedOperations() {
  std::map<std::string, Documented> operations;
  for (const auto& [path, item] : OpenapiDocument()["paths"].items()) {
    for (const auto& [method, operation] : item.items()) {
      operations[operation["operationId"]] = {method, path, operation};
    }
  }
  return operations;
}

TEST(Contract, EveryRouteIsDocumentedAndNothingElseIs) {
  const auto documented = DocumentedOperations();
  std::set<std::string> served;
  for (const Route& route : Routes()) {
    served.insert(route.operation);
    EXPECT_TRUE(documented.count(route.operation))
        << route.operation << " is not in openapi/operations.json";
  }
  for (const auto& [name, operation] : documented) {
    EXPECT_TRUE(served.count(name)) << name;
  }
  const Json entries = Json::parse(
      std::ifstream(std::string(RUJUKAN_SOURCE_DIR) + "/agents/agency/openapi/operations.json"));
  for (const auto& [name, entry] : entries.items()) {
    EXPECT_TRUE(served.count(name)) << "openapi/operations.json has " << name;
  }
}

struct Values {
  std::string id{};  // in the place of {id}, {address}, {name}
  std::map<std::string, std::string> query{};
  std::string body{};
  std::map<std::string, std::string> headers{};
};

class ContractTest : public ::testing::Test {
 protected:
  // What waits, finding a leg, and a time limit of the law.
  void WorkOn() {
    Succeed(office_, "getWorklist", {"", {{"view", "today"}}, ""});
    const Json late =
        Succeed(office_, "getWorklist", {"", {{"view", "overdue"}, {"anak", "1"}}, ""});
    EXPECT_TRUE(late["items"].is_array());
    const Json found = Succeed(office_, "findLegs", {"", {{"peer", "uppa"}}, ""});
    ASSERT_FALSE(found["legs"].empty());
    const std::string leg = found["legs"][0]["leg_id"];
    Succeed(office_, "searchLegs", {"", {}, Json{{"nama", "CONTOH"}}.dump()});
    const Json body = {{"timer", "LITMAS"}, {"mulai", FormatTime(world_.now(), 420)}};
    const Json started = Succeed(office_, "startTimer", {leg, {}, body.dump()});
    Succeed(office_, "listTimers", {leg, {}, ""});
    Succeed(office_, "stopTimer", {leg, {{"timer", started["timer_id"].get<std::string>()}}, ""});
  }

  ContractTest()
      : police_(world_, "uppa.18.01"),
        office_(world_, "dinsos.18"),
        auditor_(world_, "auditor.18"),
        documented_(DocumentedOperations()) {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }

  // Calls an operation and holds the reply against what the document promises.
  ApiReply Do(Party& party, const std::string& operation, const Values& values = {}) {
    const auto found = documented_.find(operation);
    if (found == documented_.end()) {
      ADD_FAILURE() << operation << " is not documented";
      return {};
    }
    std::string path = found->second.path;
    if (const size_t start = path.find('{'); start != std::string::npos) {
      path.replace(start, path.find('}') - start + 1, values.id);
    }
    std::string method = found->second.method;
    std::transform(method.begin(), method.end(), method.begin(), [](char c) {
      return static_cast<char>(c - 'a' + 'A');
    });
    const auto reply = party.api_->Handle(
        ApiRequest{method, path, values.query, values.body, "Wulan", values.headers});
    called_.insert(operation);
    CheckReply(operation, found->second.operation["responses"], reply);
    if (reply.status < 300) {
      succeeded_.insert(operation);
    }
    return reply;
  }
  Json Succeed(Party& party, const std::string& operation, const Values& values = {}) {
    const auto reply = Do(party, operation, values);
    EXPECT_LT(reply.status, 300) << operation << "\n" << reply.body;
    return Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  }

  void CheckReply(const std::string& operation, const Json& responses, const ApiReply& reply) {
    const auto& document = OpenapiDocument();
    const SchemaChecker checker(document);
    const std::string status = std::to_string(reply.status);
    const bool documented = responses.contains(status);
    EXPECT_TRUE(documented || reply.status >= 400) << operation << " answered " << status;
    Json response = responses.value(documented ? status : "default", Json::object());
    if (response.contains("$ref")) {
      response = document["components"]["responses"]["Problem"];
    }
    if (!response.contains("content")) {
      EXPECT_EQ(reply.body, "") << operation;
      return;
    }
    ASSERT_TRUE(response["content"].contains(reply.content_type))
        << operation << ": " << reply.content_type;
    const bool json = reply.content_type.find("json") != std::string::npos;
    const Json value = json ? Json::parse(reply.body) : Json(reply.body);
    const auto misfits = checker.Misfits(value, response["content"][reply.content_type]["schema"]);
    EXPECT_EQ(misfits, std::vector<std::string>()) << operation << "\n" << reply.body;
  }

  void Carry(Party& from, Party& to) {
    for (const auto& submission : from.TakeOutbox()) {
      const LogIndex index = from.Accept(submission);
      for (const auto& receipt : to.Take(from.DeliveryOf(submission, index)).receipts) {
        const link::Noticed notice{submission.subject, from.ProvenAt(to.Accept(receipt))};
        EXPECT_TRUE(from.inbox_->TakeNotice(notice, world_.now()).value());
      }
    }
  }
  std::string Refer() {
    const Json sent =
        Succeed(police_, "sendMessage", {"", {}, Vector("referral_with_held_t2.json").dump()});
    Carry(police_, office_);
    return sent["leg_id"];
  }
  void Step(Party& party,
            Party& other,
            const std::string& leg,
            const std::string& step,
            const Json& isi = Json::object()) {
    Succeed(party, "leg." + step, {leg, {}, Json{{"isi", isi}}.dump()});
    Carry(party, other);
    Carry(other, party);
  }

  void LiveOneLeg() {
    const std::string leg = Refer();
    Step(office_, police_, leg, "ack");
    Step(office_, police_, leg, "ask", {{"pertanyaan", {"Apakah ada dokumen?"}}});
    Step(police_, office_, leg, "answer", {{"jawaban", {"Belum."}}});
    Step(office_,
         police_,
         leg,
         "accept",
         {{"pekerja", {{"peran", "peksos"}, {"nama", "CONTOH"}}}, {"rencana_kontak", "kini"}});
    Step(office_,
         police_,
         leg,
         "contact",
         {{"waktu", "2026-11-22T02:10:00+07:00"}, {"keadaan", "tenang"}});
    Step(office_,
         police_,
         leg,
         "progress",
         {{"perkembangan", "a"},
          {"permasalahan", "b"},
          {"solusi", "c"},
          {"status_tempat_tinggal", "LKSA"}});
    Step(office_,
         police_,
         leg,
         "finish",
         {{"hasil", "REINTEGRASI_KELUARGA"},
          {"pandangan_anak", "x"},
          {"tindak_lanjut", "y"},
          {"risiko_tersisa", "z"}});
    Step(police_, office_, leg, "object", {{"alasan", "belum tuntas"}});
    Step(office_,
         police_,
         leg,
         "finish",
         {{"hasil", "REINTEGRASI_KELUARGA"},
          {"pandangan_anak", "x"},
          {"tindak_lanjut", "y"},
          {"risiko_tersisa", "z"}});
    Step(police_, office_, leg, "close");
    leg_ = leg;
  }

  void AttachAFile() {
    const std::string leg = Refer();
    const std::string described = R"({"jenis": "ASESMEN", "nama_berkas": "asesmen.pdf"})";
    const Json attached =
        Succeed(police_, "attachFile", {leg, {}, "%PDF-1.7 contoh", {{"rujukan-isi", described}}});
    Succeed(police_, "listAttachments", {leg});
    Succeed(police_, "getAttachment", {attached["id"]});
    EXPECT_TRUE(Do(police_, "getFile", {attached["id"]}).stream);
  }

  void ReadEverything() {
    for (const char* operation : {"getHealth",
                                  "getMetrics",
                                  "getOpenapi",
                                  "listSchemas",
                                  "getStatus",
                                  "getKeys",
                                  "searchDirectory",
                                  "getDirectoryRoot",
                                  "listInbox",
                                  "listOutbox",
                                  "listLegs",
                                  "listReads",
                                  "listErasures",
                                  "listNotices",
                                  "listEvents",
                                  "listWebhooks"}) {
      Succeed(office_, operation);
    }
    Succeed(police_, "listReads", {"", {{"raw", "1"}}, ""});
    Succeed(police_, "listOutbox");
    Succeed(office_, "getSchema", {"Referral"});
    Succeed(office_, "getAgency", {police_.config_.address});
    Succeed(office_, "searchDirectory", {"", {{"region", "kemendagri:18"}}, ""});
    Succeed(office_, "getLeg", {leg_});
    const Json inbox = Succeed(office_, "listInbox");
    Succeed(office_, "getMessage", {inbox["messages"][0]["message_id"]});
    Succeed(police_, "getLeg", {leg_});
    EXPECT_TRUE(Do(office_, "streamEvents").stream);
  }

  void Hook() {
    testing::HttpStub receiver(
        [](const testing::HttpStub::Request&) { return testing::HttpStub::Reply{}; });
    const Json body = {{"url", receiver.url()}, {"events", {"message.*"}}};
    const std::string id = Succeed(office_, "addWebhook", {"", {}, body.dump()})["id"];
    Succeed(office_, "getWebhook", {id});
    Succeed(office_, "listWebhooks");
    Succeed(office_, "changeWebhook", {id, {}, R"({"active": false})"});
    Succeed(office_, "testWebhook", {id});
    const auto put = office_.store_->Write([&](Tables& tables) {
      return tables.PutDeadLetter({id, 1, std::string(16, 'e'), 1, 12, "it answered 500", 1});
    });
    EXPECT_TRUE(put.has_value());
    Succeed(office_, "listDeadLetters", {id});
    Succeed(office_, "replayWebhook", {id});
    Succeed(office_, "replayWebhook", {id, {}, R"({"since": "1"})"});
    Succeed(office_, "removeWebhook", {id});
  }

  void EraseAndKeep() {
    const Json isi = {{"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan"}}}};
    Succeed(police_, "eraseLeg", {leg_, {}, isi.dump()});
    Carry(police_, office_);
    const std::string first = Succeed(office_, "listErasures")["erasures"][0]["request"];
    Succeed(office_, "objectToErasure", {first, {}, isi.dump()});
    Carry(office_, police_);
    Succeed(police_, "eraseLeg", {leg_, {}, isi.dump()});
    Carry(police_, office_);
    const Json listed = Succeed(office_, "listErasures")["erasures"];
    ASSERT_EQ(listed.size(), 2U);
    const std::string second = listed[0]["request"];  // those that wait come first
    EXPECT_NE(second, first);
    Succeed(office_, "holdLeg", {leg_, {}, R"({"alasan": "pemeriksaan"})"});
    Succeed(office_, "getLeg", {leg_});
    Succeed(office_, "unholdLeg", {leg_});
    Succeed(office_, "carryOutErasure", {second});
    Succeed(office_, "getLeg", {leg_});
  }

  // The legs of one child, what was disclosed of it, going on elsewhere, and tasks.
  void FollowEpisode() {
    Succeed(police_, "listLegDisclosures", {leg_});
    const std::string episode = Succeed(police_, "listEpisodes")["episodes"][0]["id_episode"];
    Succeed(police_, "getEpisode", {episode});
    Succeed(police_, "listEpisodeDisclosures", {episode});
    Json minutes = Vector("minutes_with_a_task.json");
    minutes["isi"]["id_episode"] = episode;
    Succeed(police_, "sendMessage", {"", {}, minutes.dump()});
    Carry(police_, office_);
    const Json task = Succeed(office_, "listTasks")["tasks"][0];
    Succeed(office_, "finishTask", {task["notula"], {}, R"({"nomor": 0})"});
    const std::string leg = Refer();
    Do(police_, "forwardLeg", {leg, {}, "{}"});  // it has not ended: redirect_test has the success
    const Json isi = {{"oleh", "ibu"}, {"waktu", "2026-11-22T09:00:00+07:00"}, {"cakupan", "x"}};
    Succeed(police_, "withdrawConsent", {episode, {}, Json{{"isi", isi}}.dump()});
  }

  // What needs a broker, an auditor or keys at work answers a problem here; other tests have their
  // success.
  void AskInVain() {
    office_.board_.Stop();  // nobody waits for a broker that will not answer
    Do(office_, "rotateKeys");
    Do(office_, "anchorReads");
    Do(office_, "testPolicy", {"", {{"to", police_.config_.address}, {"kind", "RUJUKAN"}}, ""});
    Do(office_, "putAgency", {office_.config_.address, {}, R"({"profile": {"nama": "x"}})"});
    Do(office_, "discloseMessage", {leg_, {}, R"({"kepada": "x", "alasan": "y"})"});
  }

  void ImportAndExport() {
    const std::map<std::string, std::string> marks = {{"jenis", "verivali"}, {"mode", "check"}};
    Succeed(office_,
            "importRows",
            {"", marks, "id_rujukan,tanggal,petugas\n" + leg_ + ",2026-11-01,x\n"});
    EXPECT_EQ(Do(office_, "importRows", {"", marks, "id_rujukan\nx\n"}).status, 422);
    Succeed(office_, "getImport");
    Succeed(office_, "getImportTemplate", {"", {{"jenis", "progress"}}, ""});
    Succeed(office_,
            "markVerified",
            {leg_, {}, R"({"isi": {"tanggal": "2026-11-01", "petugas": "operator"}})"});
    const std::map<std::string, std::string> month = {{"from", "2026-11-01"}, {"to", "2026-11-30"}};
    for (const char* operation :
         {"exportLegs", "exportSiks", "summarizeSiks", "exportSimfoni", "summarizeSimfoni"}) {
      Succeed(office_, operation, {"", month, ""});
    }
    Succeed(office_, "getFhir", {leg_, {{"identitas", "0"}}, ""});
    Json body = Vector("referral_with_held_t2.json");
    body["kunci_idempoten"] = "hanya-diperiksa";
    Succeed(police_, "sendMessage", {"", {{"check", "1"}}, body.dump()});
  }

  testing::World world_;
  Party police_;
  Party office_;
  Party auditor_;
  std::map<std::string, Documented> documented_;
  std::string leg_;
  std::set<std::string> called_;
  std::set<std::string> succeeded_;
};

TEST_F(ContractTest, EveryOperationAnswersAsItIsDocumented) {
  LiveOneLeg();
  AttachAFile();
  ReadEverything();
  Hook();
  FollowEpisode();
  AskInVain();
  ImportAndExport();
  EraseAndKeep();
  WorkOn();
  for (const Action& action : Actions()) {
    const std::string operation = "leg." + std::string(action.name);
    if (called_.count(operation) == 0) {
      const auto reply = Do(police_, operation, {Refer(), {}, "{}"});
      EXPECT_LT(reply.status, 500) << operation << reply.body;
    }
  }
  for (const auto& [name, operation] : documented_) {
    EXPECT_TRUE(called_.count(name)) << name << " was not exercised";
  }
}

TEST_F(ContractTest, BodiesThatAreAcceptedFitTheirSchemas) {
  const auto& document = OpenapiDocument();
  const SchemaChecker checker(document);
  const Json& schema = document["components"]["schemas"]["NewMessage"];
  const Json body = Vector("referral_with_held_t2.json");
  EXPECT_EQ(checker.Misfits(body, schema), std::vector<std::string>());
  Json wrong = body;
  wrong["urgensi"] = "CEPAT";
  EXPECT_FALSE(checker.Misfits(wrong, schema).empty());
}

TEST(SchemaChecker, SeesWhatIsWrong) {
  const Json document = {{"x",
                          {{"type", "object"},
                           {"required", {"a"}},
                           {"properties",
                            {{"a", {{"type", {"string", "null"}}}},
                             {"b", {{"type", "array"}, {"items", {{"enum", {"p", "q"}}}}}}}}}}};
  const SchemaChecker checker(document);
  const Json schema = {{"$ref", "#/x"}};
  EXPECT_TRUE(checker.Misfits({{"a", nullptr}, {"b", {"p", "q"}}}, schema).empty());
  for (const Json& value : {Json{{"b", Json::array()}},
                            Json{{"a", 1}},
                            Json{{"a", ""}, {"b", {"r"}}},
                            Json{{"a", ""}, {"c", 1}},
                            Json("a")}) {
    EXPECT_FALSE(checker.Misfits(value, schema).empty()) << value;
  }
  EXPECT_FALSE(checker.Misfits(1, {{"not", {{"type", "string"}}}}).empty());
}

}  // namespace
}  // namespace rujukan::agency
