// Parties that exchange referrals over a ledger in memory, for tests of rules: what one queues is
// carried to the other by hand, receipts included.
#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "agents/agency/erasure.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {

inline Json RequestVector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class Exchange : public ::testing::Test {
 protected:
  // A referral of high risk without immediate danger, its second stage held back.
  static Json HighRisk() { return RequestVector("abandoned_toddler_without_identity.json"); }
  static Json Emergency() { return RequestVector("emergency_with_t2_inside.json"); }
  static Json WithT1(Json body, const Json& fields) {
    body["isi"]["rujukan"]["t1"].update(fields);
    return body;
  }
  static Json Acceptance() {
    return {{"pekerja", {{"peran", "peksos"}, {"nama", "Wulan"}}}, {"rencana_kontak", "kini"}};
  }
  static Json Handover() {
    return {{"tempat", "kantor"},
            {"waktu", "2026-11-22T14:00:00+07:00"},
            {"petugas_menyerahkan", "Sekar"},
            {"petugas_menerima", "Wulan"},
            {"keadaan_anak", "sehat, tenang"},
            {"barang", {"tas"}}};
  }
  static Json Withdrawal() {
    return {{"oleh", "ibu"}, {"waktu", "2026-11-22T09:00:00+07:00"}, {"cakupan", "seluruhnya"}};
  }

  // The leg of a referral that was taken; "" and a failure otherwise.
  std::string Refer(Party& from, const Json& body) {
    const auto reply = from.Call("POST", "/v1/messages", body.dump());
    EXPECT_EQ(reply.status, 202) << reply.body;
    return reply.status == 202 ? Json::parse(reply.body)["leg_id"].get<std::string>() : "";
  }
  ApiReply Post(Party& party, const std::string& path, const Json& body) {
    return party.Call("POST", path, body.dump());
  }
  ApiReply Step(Party& party,
                const std::string& leg,
                const std::string& action,
                const Json& isi = Json::object()) {
    return Post(party, "/v1/legs/" + leg + "/" + action, {{"isi", isi}});
  }
  void Do(Party& party,
          const std::string& leg,
          const std::string& action,
          const Json& isi = Json::object()) {
    const auto reply = Step(party, leg, action, isi);
    EXPECT_EQ(reply.status, 202) << action << "\n" << reply.body;
  }
  // The first field that a refused request names.
  static std::string FieldOf(const ApiReply& reply) {
    EXPECT_EQ(reply.status, 422) << reply.body;
    const Json json = Json::parse(reply.body, nullptr, false);
    return json.contains("errors") ? json["errors"][0].value("field", "") : "";
  }

  // Everything in `from`'s outbox becomes entries and arrives where it is addressed to.
  void Carry(Party& from, std::initializer_list<Party*> others) {
    for (int round = 0; round < 8; ++round) {  // a leg's messages go one at a time
      const auto submissions = from.TakeOutbox();
      for (const auto& submission : submissions) {
        CarryOne(from, submission, others);
      }
      if (submissions.empty()) {
        return;
      }
    }
  }
  void CarryOne(Party& from,
                const link::Submission& submission,
                std::initializer_list<Party*> others) {
    v1::Header header;
    header.ParseFromString(submission.statement);
    const LogIndex index = from.Accept(submission);
    for (Party* to : others) {
      const auto& list = header.to();
      if (std::find(list.begin(), list.end(), to->config_.address) == list.end()) {
        continue;
      }
      for (const auto& receipt : to->Take(from.DeliveryOf(submission, index)).receipts) {
        const LogIndex recorded = to->Accept(receipt);
        const link::Noticed notice{submission.subject, from.ProvenAt(recorded)};
        EXPECT_TRUE(from.inbox_->TakeNotice(notice, world_.now()).value());
      }
    }
  }

  Json LegAt(Party& party, const std::string& leg) { return party.Get("/v1/legs/" + leg); }
  std::string StateAt(Party& party, const std::string& leg) { return LegAt(party, leg)["state"]; }
  static v1::Header HeaderOf(const link::Submission& submission) {
    v1::Header header;
    header.ParseFromString(submission.statement);
    return header;
  }
  // What the fold, the judge of all of them, has of a leg.
  v1::LegRecord FoldOf(const std::string& leg) {
    const auto value = world_.view().Get(ledger::Table::kLeg, *ParseUuid(leg));
    v1::LegRecord record;
    record.ParseFromString(value->value_or(""));
    return record;
  }
  // Says of an agency what its steward may: supervisor, clearance.
  void Describe(const std::string& name, const v1::AgencyStanding& standing) {
    v1::Act act;
    act.mutable_set_standing()->set_address(testing::World::Address(name));
    *act.mutable_set_standing()->mutable_standing() = standing;
    world_.Append(world_.ActEntry(act));
  }
  Erasures::Reviewed Review(Party& party) {
    Erasures erasures(*party.store_, party.config_.officer, /*automatic=*/false);
    auto reviewed = erasures.Review(party.config_.address, world_.now());
    CHECK(reviewed.has_value());
    return *reviewed;
  }

  testing::World world_;
};

}  // namespace rujukan::agency
