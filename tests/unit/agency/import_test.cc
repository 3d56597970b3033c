// Goal: an import does what its mode says, names what is wrong by row and column, and sends nothing
// twice. Method: tables to the API of a party; what was queued is looked for in its outbox.
#include "agents/agency/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "agents/agency/apiclient.h"
#include "agents/agency/csv_text.h"
#include "agents/agency/http.h"
#include "base/csv.h"
#include "base/limits.h"
#include "tests/unit/agency/children.h"

namespace rujukan::agency {
namespace {

using ::testing::HasSubstr;

class ImportTest : public ::testing::Test {
 protected:
  ImportTest() : home_(world_, "lksa.18.01.001"), office_(world_, "dinsos.18") {
    home_.FollowDirectory();
    home_.config_.officer.set_telepon("+62-000-555-0101");
  }

  ApiReply Import(const std::string& kind,
                  const std::string& mode,
                  const std::string& table,
                  const std::string& type = "text/csv") {
    ApiRequest request{"POST", "/v1/import", {{"jenis", kind}, {"mode", mode}}, table};
    request.headers["content-type"] = type;
    return home_.api_->Handle(request);
  }
  Json Report(const std::string& kind, const std::string& mode, const std::string& table) {
    return Json::parse(Import(kind, mode, table).body);
  }

  // The template's columns with rows of children, each with `change` made to its cells.
  using Cells = std::map<std::string, std::string>;
  static std::string Referrals(const std::vector<Cells>& rows) {
    const auto form = ParseCsv(ImportTemplate(ImportKind::kReferrals));
    std::string text = CsvLine(form->header);
    size_t number = 0;
    for (const Cells& change : rows) {
      auto cells = form->rows[0].fields;
      const auto set = [&](const std::string& column, const std::string& value) {
        cells[*form->Column(column)] = value;
      };
      ++number;
      set("kunci", "kasus-" + std::to_string(number));
      set("kepada", "dinsos.18@lampung.example");
      set("t1.ref_anak", "LS-" + std::to_string(number));
      for (const auto& [column, value] : change) {
        set(column, value);
      }
      text += CsvLine(cells);
    }
    return text;
  }
  size_t Queued() { return home_.Get("/v1/outbox")["messages"].size(); }

  testing::World world_;
  Party home_;
  Party office_;
};

TEST_F(ImportTest, EveryRowBecomesAReferralWithItsIdentityHeldBack) {
  const auto reply = Import("referrals", "all", Referrals({{}, {}, {}}));
  EXPECT_EQ(reply.status, 202) << reply.body;
  const Json report = Json::parse(reply.body);
  EXPECT_EQ(report["rows"], 3);
  EXPECT_EQ(report["queued"], 3);
  EXPECT_EQ(report["failed"], 0);
  const Json legs = home_.Get("/v1/legs")["legs"];
  ASSERT_EQ(legs.size(), 3U);
  const Json leg = home_.Get("/v1/legs/" + legs[0]["leg_id"].get<std::string>());
  EXPECT_EQ(leg["messages"].size(), 1U);
  EXPECT_EQ(leg.dump().find("Melati"), std::string::npos) << "the second stage waits";
}

TEST_F(ImportTest, TheSameFileAgainSendsNothingTwiceAndANewRowIsSent) {
  EXPECT_EQ(Report("referrals", "all", Referrals({{}, {}}))["queued"], 2);
  const Json again = Report("referrals", "all", Referrals({{}, {}, {}}));
  EXPECT_EQ(again["repeated"], 2);
  EXPECT_EQ(again["queued"], 1);
  EXPECT_EQ(Queued(), 3U);
}

TEST_F(ImportTest, WithoutAKeyARowIsKnownByAllThatItSays) {
  const std::string table = Referrals({{{"kunci", ""}}, {{"kunci", ""}}});
  EXPECT_EQ(Report("referrals", "all", table)["queued"], 2);
  EXPECT_EQ(Report("referrals", "all", table)["repeated"], 2);
  EXPECT_EQ(Queued(), 2U);
}

TEST_F(ImportTest, AKeyThatWasUsedForAnotherRowIsAnErrorOfItsRow) {
  Import("referrals", "all", Referrals({{}}));
  const auto reply = Import("referrals", "all", Referrals({{{"t2.nama", "Kasuari (CONTOH)"}}}));
  EXPECT_EQ(reply.status, 422);
  const Json report = Json::parse(reply.body);
  EXPECT_EQ(report["errors"][0]["row"], 2);
  EXPECT_THAT(report["errors"][0]["detail"].get<std::string>(), HasSubstr("kunci"));
  EXPECT_EQ(Queued(), 1U);
}

TEST_F(ImportTest, TwoRowsOfOneKeyAreToldApartByTheirLines) {
  const Json report =
      Report("referrals", "check", Referrals({{{"kunci", "sama"}}, {{"kunci", "sama"}}}));
  EXPECT_EQ(report["failed"], 1);
  EXPECT_EQ(report["errors"][0]["row"], 3);
  EXPECT_EQ(report["errors"][0]["column"], "kunci");
  EXPECT_THAT(report["errors"][0]["detail"].get<std::string>(), HasSubstr("baris 2"));
}

TEST_F(ImportTest, ARowsKeyIsAsLongAsAnyRequestsAndNoLonger) {
  const std::string longest(limits::kIdempotencyKeyBytesMax, 'k');
  EXPECT_EQ(Report("referrals", "check", Referrals({{{"kunci", longest}}}))["failed"], 0);
  const Json report = Report("referrals", "check", Referrals({{{"kunci", longest + "k"}}}));
  EXPECT_EQ(report["failed"], 1);
  EXPECT_EQ(report["errors"][0]["column"], "kunci");
}

TEST_F(ImportTest, WhatIsWrongIsNamedByRowAndColumnAndNeverRepeated) {
  const auto reply = Import("referrals",
                            "all",
                            Referrals({{},
                                       {{"t1.wilayah_asal", "3172"}, {"t1.tingkat_risiko", "X"}},
                                       {{"t1.ringkasan", "Melati 9900000000000015"}},
                                       {{"t1.bahaya_langsung", "mungkin"}},
                                       {{"kepada", "bukan-alamat"}}}));
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  const Json report = Json::parse(reply.body);
  EXPECT_EQ(report["rows"], 5);
  EXPECT_EQ(report["failed"], 4);
  EXPECT_EQ(report["queued"], 0);
  std::map<size_t, std::string> columns;
  for (const auto& error : report["errors"]) {
    columns[error["row"]] += error["column"].get<std::string>() + " ";
    EXPECT_FALSE(error["detail"].get<std::string>().empty()) << error;
  }
  EXPECT_THAT(columns[3], HasSubstr("t1.tingkat_risiko"));
  EXPECT_THAT(columns[4], HasSubstr("t1.ringkasan"));
  EXPECT_THAT(columns[5], HasSubstr("t1.bahaya_langsung"));
  EXPECT_THAT(columns[6], HasSubstr("kepada"));
  EXPECT_EQ(reply.body.find("Melati"), std::string::npos);
  EXPECT_EQ(reply.body.find("9900000000000015"), std::string::npos);
  EXPECT_EQ(Queued(), 0U) << "all or nothing";
}

TEST_F(ImportTest, SkippingLeavesOutOnlyTheRowsThatAreWrong) {
  const auto reply = Import(
      "referrals", "skip", Referrals({{}, {{"t1.kategori_utama", "Z"}}, {}, {{"kepada", "x"}}}));
  EXPECT_EQ(reply.status, 202);
  const Json report = Json::parse(reply.body);
  EXPECT_EQ(report["queued"], 2);
  EXPECT_EQ(report["failed"], 2);
  EXPECT_EQ(Queued(), 2U);
}

TEST_F(ImportTest, CheckingFindsEverythingAndQueuesNothing) {
  const auto good = Import("referrals", "check", Referrals({{}, {}}));
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(Json::parse(good.body)["valid"], 2);
  EXPECT_EQ(Import("referrals", "check", Referrals({{{"kepada", "x"}}})).status, 422);
  EXPECT_EQ(Queued(), 0U);
  EXPECT_EQ(home_.Get("/v1/legs")["legs"].size(), 0U);
}

TEST_F(ImportTest, TheModeAndTheKindHaveToBeChosen) {
  EXPECT_EQ(Import("referrals", "", Referrals({{}})).status, 422);
  EXPECT_EQ(Import("referrals", "maybe", Referrals({{}})).status, 422);
  EXPECT_EQ(Import("orang", "all", Referrals({{}})).status, 422);
  EXPECT_EQ(Import("referrals", "all", Referrals({{}}), "application/pdf").status, 422);
  EXPECT_EQ(Queued(), 0U);
}

TEST_F(ImportTest, TheExampleRowOfATemplateIsAnError) {
  for (const auto kind :
       {ImportKind::kReferrals, ImportKind::kProgress, ImportKind::kVerification}) {
    const std::string name(ImportKindName(kind));
    const auto form = home_.api_->Handle({"GET", "/v1/import/template", {{"jenis", name}}, ""});
    EXPECT_EQ(form.status, 200);
    const Json report = Report(name, "skip", form.body);
    EXPECT_EQ(report["rows"], 1) << name;
    EXPECT_EQ(report["failed"], 1) << name;
  }
  EXPECT_EQ(Queued(), 0U);
}

TEST_F(ImportTest, NdjsonRowsAreTheBodiesOfRequests) {
  const auto form = ParseCsv(Referrals({{}}));
  const auto columns = ImportColumns::Make(ImportKind::kReferrals, form->header);
  ImportRow row;
  columns->Fill(form->rows[0].fields, row);
  Json body = row.body;
  body["kunci"] = "n-1";
  const std::string lines =
      body.dump() + "\n\n{\"kepada\":\r\n" + R"({"kunci":7,"kepada":"x"})" + "\n";
  const auto reply = Import("referrals", "skip", lines, "application/x-ndjson");
  const Json report = Json::parse(reply.body);
  EXPECT_EQ(report["queued"], 1) << reply.body;
  EXPECT_EQ(report["failed"], 2);
  EXPECT_EQ(report["errors"][0]["row"], 3);
  EXPECT_EQ(
      Json::parse(Import("referrals", "skip", lines, "application/x-ndjson").body)["repeated"], 1);
}

TEST_F(ImportTest, ReportsGoToTheLegOfTheirChild) {
  const std::string first = Seed(home_, {.ref = "LS-1"});
  const std::string second = Seed(home_, {.ref = "LS-2"});
  const std::string silent = Seed(home_, {.ref = "LS-3"});
  const std::string table =
      "kunci,ref_anak,perkembangan,permasalahan,solusi\n"
      "2026-11/1,LS-1,naik kelas,akta,Dukcapil\n"
      "2026-11/2,LS-2,sehat,-,-\n";
  const Json report = Report("progress", "all", table);
  EXPECT_EQ(report["queued"], 2) << report.dump();
  EXPECT_EQ(report["without_report"]["count"], 1);
  EXPECT_EQ(report["without_report"]["leg_ids"][0], silent);
  const Json messages = home_.Get("/v1/legs/" + first)["messages"];
  EXPECT_EQ(messages.back()["isi"]["laporan_kemajuan"]["solusi"], "Dukcapil");
  EXPECT_EQ(home_.Get("/v1/legs/" + second)["messages"].back()["kind"], "LAPORAN_KEMAJUAN");
  EXPECT_EQ(Report("progress", "all", table)["repeated"], 2);
}

TEST_F(ImportTest, ARefOfTwoSendersNeedsTheSender) {
  Seed(home_, {.ref = "LS-1", .peer = "dinsos.18.01@lampung.example"});
  const std::string meant = Seed(home_, {.ref = "LS-1", .peer = "dinsos.18.02@lampung.example"});
  const std::string rows = "ref_anak,dari,perkembangan,permasalahan,solusi\n";
  const Json unclear = Report("progress", "check", rows + "LS-1,,a,b,c\n");
  EXPECT_EQ(unclear["errors"][0]["column"], "ref_anak");
  EXPECT_THAT(unclear["errors"][0]["detail"].get<std::string>(), HasSubstr("id_rujukan"));
  EXPECT_EQ(Report("progress", "all", rows + "LS-1,dinsos.18.02@lampung.example,a,b,c\n")["queued"],
            1);
  EXPECT_EQ(home_.Get("/v1/legs/" + meant)["messages"].back()["kind"], "LAPORAN_KEMAJUAN");
}

TEST_F(ImportTest, AReportNeedsItsThreeSections) {
  Seed(home_, {.ref = "LS-1"});
  const Json report =
      Report("progress", "check", "ref_anak,perkembangan,permasalahan\nLS-1,baik,\n");
  EXPECT_EQ(report["failed"], 1);
  EXPECT_EQ(report["errors"].size(), 2U);
  EXPECT_EQ(report["errors"][0]["column"], "permasalahan");
  EXPECT_EQ(report["errors"][1]["column"], "solusi");
}

TEST_F(ImportTest, AColumnThatIsNoFieldIsAnErrorOfTheFile) {
  const auto reply = Import("progress", "skip", "ref_anak,catatan\nLS-1,x\n");
  EXPECT_EQ(reply.status, 422);
  EXPECT_THAT(reply.body, HasSubstr("column 2"));
}

TEST_F(ImportTest, TheMostRowsAreTakenAndOneMoreIsRefusedWithNothingQueued) {
  std::string table = "ref_anak\n";
  for (size_t i = 0; i < limits::kImportRowsMax; ++i) {
    table += "LS-" + std::to_string(i) + "\n";
  }
  const Json report = Report("progress", "check", table);
  EXPECT_EQ(report["rows"], limits::kImportRowsMax);
  EXPECT_EQ(report["errors"].size(), limits::kImportErrorsMax);
  EXPECT_EQ(report["errors_left_off"], limits::kImportRowsMax - limits::kImportErrorsMax);
  EXPECT_EQ(Import("progress", "check", table + "LS-x\n").status, 413);
}

TEST_F(ImportTest, AFileAtTheLimitIsReadAndOneByteMoreIsRefused) {
  const std::string path = home_.scratch_.file("agent.sock");
  auto server = HttpServer::OnSocket(
      path, [&](const ApiRequest& request) { return home_.api_->Handle(request); });
  ASSERT_TRUE(server.has_value());
  const auto post = [&](size_t bytes) {
    std::string file = "ref_anak\n";
    file.resize(bytes, '\n');
    std::istringstream upload(file);
    ApiCall call{"POST", "/v1/import?jenis=progress&mode=check", ""};
    call.content_type = "text/csv";
    call.upload = &upload;
    call.upload_bytes = bytes;
    const auto reply = CallApi(path, call);
    EXPECT_TRUE(reply.has_value());
    return reply ? reply->status : 0;
  };
  EXPECT_EQ(post(limits::kImportBytesMax), 200);
  EXPECT_EQ(post(limits::kImportBytesMax + 1), 413);
  EXPECT_EQ(CallApi(path, {"GET", "/v1/import", ""})->status, 200) << "and the next is served";
}

TEST_F(ImportTest, OverTcpALargeBodyIsNotEvenTakenWithoutTheToken) {
  auto server = HttpServer::OnLoopback("127.0.0.1:0", "rahasia", [&](const ApiRequest& request) {
    return home_.api_->Handle(request);
  });
  ASSERT_TRUE(server.has_value());
  const std::string host = "127.0.0.1:" + std::to_string((*server)->port());
  EXPECT_EQ((*server)->Refuse(host.c_str(), "Bearer salah")->status, 401);
  EXPECT_EQ((*server)->Refuse("evil.example", "Bearer rahasia")->status, 421);
  EXPECT_FALSE((*server)->Refuse(host.c_str(), "Bearer rahasia").has_value());
}

TEST_F(ImportTest, ProgressIsIdleWhenNothingRuns) {
  EXPECT_EQ(home_.Get("/v1/import")["phase"], "IDLE");
}

TEST_F(ImportTest, ACheckedRequestIsAnsweredAsItWouldBeAndUndone) {
  const auto form = ParseCsv(Referrals({{}}));
  const auto columns = ImportColumns::Make(ImportKind::kReferrals, form->header);
  ImportRow row;
  columns->Fill(form->rows[0].fields, row);
  const ApiRequest check{"POST", "/v1/messages", {{"check", "1"}}, row.body.dump()};
  const auto reply = home_.api_->Handle(check);
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["checked"], true);
  EXPECT_EQ(Queued(), 0U);
}

TEST_F(ImportTest, AGroupOfWritesIsKeptOrUndoneTogetherAndAFailedOneAlone) {
  const auto put = [&](const char* name, bool good) {
    return home_.store_->Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.PutMeta(name, "1"));
      return good ? Result<void>() : Fail(Errc::kConflict, "no");
    });
  };
  const auto get = [&](const char* name) {
    return home_.store_->Read([&](Tables& tables) { return tables.GetMeta(name); }).value();
  };
  EXPECT_TRUE(home_.store_
                  ->Group([&]() -> Result<void> {
                    RETURN_IF_ERROR(put("a", true));
                    EXPECT_FALSE(put("b", false).has_value());
                    return put("c", true);
                  })
                  .has_value());
  EXPECT_EQ(get("a") + get("b") + get("c"), "11");
  EXPECT_FALSE(home_.store_
                   ->Group([&]() -> Result<void> {
                     RETURN_IF_ERROR(put("d", true));
                     return Fail(Errc::kUnavailable, "stop");
                   })
                   .has_value());
  EXPECT_EQ(get("d"), "");
  EXPECT_TRUE(put("e", true).has_value());
  EXPECT_EQ(get("e"), "1");
}

}  // namespace
}  // namespace rujukan::agency
