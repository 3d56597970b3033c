// Goal: of a child exactly one agency is responsible, whatever officers ask for over several legs
// of its episode; and a bed has one child. Method: three parties over a ledger in memory.
#include "agents/agency/custody.h"

#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class CustodyTest : public Exchange {
 protected:
  CustodyTest()
      : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18"), home_(world_, "lksa.18.001") {
    for (Party* party : {&police_, &office_, &home_}) {
      party->FollowDirectory();
    }
  }
  void Everyone() {
    for (int round = 0; round < 2; ++round) {
      for (Party* from : {&police_, &office_, &home_}) {
        Carry(*from, {&police_, &office_, &home_});
      }
    }
  }
  static Json TransferTo(const Party& to) {
    Json body = HighRisk();
    body["kepada"] = to.config_.address;
    body["isi"]["rujukan"]["jenis_rujukan"] = "PELIMPAHAN_KASUS";
    body["isi"]["id_episode"] = "ep-1";
    return body;
  }
  // Accepted, not handed over yet.
  std::string Accepted(Party& from, Party& to) {
    const std::string leg = Refer(from, TransferTo(to));
    Everyone();
    Do(to, leg, "accept", Acceptance());
    Everyone();
    return leg;
  }
  std::string HandedOver(Party& from, Party& to) {
    const std::string leg = Accepted(from, to);
    Do(from, leg, "handover", Handover());
    Everyone();
    Do(to, leg, "handover", Handover());
    Everyone();
    EXPECT_TRUE(FoldOf(leg).receiver_responsible());
    return leg;
  }

  Party police_;
  Party office_;
  Party home_;
};

TEST_F(CustodyTest, OnlyWhoHasTheChildHandsItOver) {
  const std::string on = Accepted(police_, office_);  // not handed over: the police has the child
  const std::string further = Accepted(office_, home_);
  EXPECT_EQ(Step(office_, further, "handover", Handover()).status, 422);
  Do(police_, on, "handover", Handover());
  Everyone();
  Do(office_, on, "handover", Handover());
  Everyone();
  Do(office_, further, "handover", Handover());  // now it has
}

TEST_F(CustodyTest, AChildIsHandedToOneAgencyAtATime) {
  const std::string one = Accepted(police_, office_);
  const std::string other = Accepted(police_, home_);
  Do(police_, one, "handover", Handover());  // half of it
  EXPECT_EQ(Step(police_, other, "handover", Handover()).status, 422);
  Everyone();
  Do(office_, one, "handover", Handover());
  Everyone();
  EXPECT_EQ(Step(police_, other, "handover", Handover()).status, 422);
}

TEST_F(CustodyTest, WhoHasHandedItOnTakesItBackBeforeItGivesUp) {
  const std::string first = HandedOver(police_, office_);
  const std::string second = HandedOver(office_, home_);
  const Json failure = {{"alasan", "MENOLAK_LAYANAN"}};
  EXPECT_EQ(Step(office_, first, "fail", failure).status, 422);
  EXPECT_EQ(Step(office_, first, "handover", Handover()).status, 422);  // back, to the police
  Do(home_, second, "fail", failure);  // it falls back to the office
  Everyone();
  Do(office_, first, "fail", failure);
  Everyone();
  EXPECT_FALSE(FoldOf(first).receiver_responsible());
}

TEST_F(CustodyTest, ABedHasOneChildUntilItsLegEnds) {
  const std::string one = Refer(police_, TransferTo(office_));
  Json next = TransferTo(office_);
  next["isi"]["id_episode"] = "ep-2";
  const std::string two = Refer(police_, next);
  Everyone();
  Json bed = Acceptance();
  bed["tempat"] = "Ranjang 9";
  Do(office_, one, "accept", bed);
  bed["tempat"] = "ranjang  9";
  EXPECT_EQ(FieldOf(Step(office_, two, "accept", bed)), "isi.terima.tempat");
  Everyone();
  EXPECT_EQ(FieldOf(Step(office_, two, "accept", bed)), "isi.terima.tempat");
  Do(office_, one, "fail", {{"alasan", "MENOLAK_LAYANAN"}});
  Everyone();
  Do(office_, two, "accept", bed);
}

}  // namespace
}  // namespace rujukan::agency
