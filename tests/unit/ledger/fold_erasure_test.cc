// Goal: content is erased on request of a party, with an answer on record, never under a legal
// hold, and never in a way that moves the leg. Method: a World with one leg; each rule met and
// broken.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/records.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::K;
using testing::R;
using testing::World;

class FoldErasureTest : public testing::ActTest {
 protected:
  FoldErasureTest() {
    referral = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
    EXPECT_EQ(Send(referral), R::UNSPECIFIED);
    world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
  }

  v1::Header In(std::string_view from, std::string_view to, K::Code kind, std::string cause = "") {
    v1::Header header = world.HeaderTo(from, to, kind);
    header.set_leg_id(referral.leg_id());
    header.set_sequence(++sequence_);
    header.set_cause(std::move(cause));
    return header;
  }
  v1::Header Order(std::string cause = "") {
    return In("uppa.18.01", "dinsos.18.01", K::PERINTAH_HAPUS, std::move(cause));
  }
  v1::Header AnswerTo(const v1::Header& order, K::Code kind) {
    return In("dinsos.18.01", "uppa.18.01", kind, order.message_id());
  }
  v1::ErasureRecord RecordOf(const v1::Header& order) const {
    return ReadErasure(world.view(), order.leg_id(), order.message_id())->value();
  }
  v1::Act Hold(std::string note = "perkara 12/Pid.Sus/2026 (CONTOH)") const {
    v1::Act act;
    act.mutable_place_hold()->set_leg_id(referral.leg_id());
    act.mutable_place_hold()->set_note(std::move(note));
    return act;
  }
  v1::Act Lift() const {
    v1::Act act;
    act.mutable_lift_hold()->set_leg_id(referral.leg_id());
    return act;
  }

  v1::Header referral;

 private:
  uint64_t sequence_ = 1;
};

TEST_F(FoldErasureTest, ARequestToEraseWaitsForItsAnswerAndLeavesTheLegWhereItIs) {
  const v1::Header order = Order();
  ASSERT_EQ(Send(order), R::UNSPECIFIED) << advice;
  EXPECT_EQ(RecordOf(order).asked(), World::Address("dinsos.18.01"));
  EXPECT_EQ(RecordOf(order).answered_at_index(), 0U);
  EXPECT_EQ((*ReadLeg(world.view(), referral.leg_id()))->state(), v1::LegState::SAMPAI);

  ASSERT_EQ(Send(AnswerTo(order, K::ATESTASI_HAPUS)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(RecordOf(order).answered_at_index(), world.size() - 1);
  EXPECT_TRUE(RecordOf(order).carried_out());
  EXPECT_EQ((*ReadLeg(world.view(), referral.leg_id()))->state(), v1::LegState::SAMPAI);
}

TEST_F(FoldErasureTest, WhoIsAskedMayObject) {
  const v1::Header order = Order(referral.message_id());
  ASSERT_EQ(Send(order), R::UNSPECIFIED);
  ASSERT_EQ(Send(AnswerTo(order, K::KEBERATAN_HAPUS)), R::UNSPECIFIED);
  EXPECT_FALSE(RecordOf(order).carried_out());
  EXPECT_EQ(RecordOf(order).target(), referral.message_id());
  EXPECT_EQ(Send(AnswerTo(order, K::ATESTASI_HAPUS)), R::ILLEGAL_TRANSITION) << "answered once";
}

TEST_F(FoldErasureTest, EitherPartyAsksAndOnlyTheOtherAnswers) {
  const v1::Header back = In("dinsos.18.01", "uppa.18.01", K::PERINTAH_HAPUS);
  ASSERT_EQ(Send(back), R::UNSPECIFIED);
  EXPECT_EQ(Send(In("dinsos.18.01", "uppa.18.01", K::ATESTASI_HAPUS, back.message_id())),
            R::UNKNOWN_MESSAGE)
      << "its own request";
  EXPECT_EQ(Send(In("uppa.18.01", "dinsos.18.01", K::ATESTASI_HAPUS, back.message_id())),
            R::UNSPECIFIED);
  EXPECT_EQ(Send(In("lpa.18.01", "dinsos.18.01", K::PERINTAH_HAPUS)), R::NOT_A_PARTY);
}

TEST_F(FoldErasureTest, WhatIsToBeErasedIsOfTheSameLeg) {
  const v1::Header other = world.HeaderTo("uppa.18.01", "lpa.18.01", K::RUJUKAN);
  ASSERT_EQ(Send(other), R::UNSPECIFIED);
  EXPECT_EQ(Send(Order(other.message_id())), R::UNKNOWN_MESSAGE);
  EXPECT_EQ(Send(Order(std::string(16, 'x'))), R::UNKNOWN_MESSAGE);
}

TEST_F(FoldErasureTest, AnAnswerNamesItsRequest) {
  EXPECT_EQ(Send(In("dinsos.18.01", "uppa.18.01", K::ATESTASI_HAPUS)), R::MALFORMED);
  EXPECT_EQ(Send(In("dinsos.18.01", "uppa.18.01", K::KEBERATAN_HAPUS, referral.message_id())),
            R::UNKNOWN_MESSAGE);
}

TEST_F(FoldErasureTest, AnOldSequenceDoesNotEraseTwice) {
  const v1::Header order = Order();
  ASSERT_EQ(Send(order), R::UNSPECIFIED);
  v1::Header again = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::PERINTAH_HAPUS);
  again.set_leg_id(order.leg_id());
  again.set_sequence(order.sequence());
  EXPECT_EQ(Send(again), R::OUT_OF_SEQUENCE);
}

TEST_F(FoldErasureTest, UnderALegalHoldNothingIsAskedForAndTheReasonIsTold) {
  ASSERT_EQ(Admin(Hold()), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Send(Order()), R::LEGAL_HOLD);
  EXPECT_NE(advice.find("12/Pid.Sus/2026"), std::string::npos) << advice;
  ASSERT_EQ(Admin(Lift()), R::UNSPECIFIED);
  EXPECT_EQ(Send(Order()), R::UNSPECIFIED);
}

TEST_F(FoldErasureTest, AHoldSaysWhyAndIsPlacedOnceByAnAdmin) {
  EXPECT_EQ(By("dinsos.18.01", Hold()), R::NO_RIGHT);
  EXPECT_EQ(Admin(Hold("")), R::MALFORMED);
  EXPECT_EQ(Admin(Hold(std::string(limits::kNoteBytesMax + 1, 'x'))), R::MALFORMED);
  EXPECT_EQ(Admin(Lift()), R::ACT_INVALID) << "there is none";
  ASSERT_EQ(Admin(Hold(std::string(limits::kNoteBytesMax, 'x'))), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Hold()), R::ACT_INVALID) << "there is one";
  v1::Act nothing = Hold();
  nothing.mutable_place_hold()->set_leg_id("short");
  EXPECT_EQ(Admin(nothing), R::MALFORMED);
}

TEST_F(FoldErasureTest, UnderTheTwoAdminRuleAHoldIsPlacedByOneAndLiftedByTwo) {
  world.AddMember("admin.02", v1::Role::ADMIN);
  ASSERT_EQ(Admin(SetRules(true)), R::UNSPECIFIED) << advice;
  ASSERT_EQ(Admin(Hold()), R::UNSPECIFIED);
  v1::Act lift = Lift();
  lift.set_act_id(std::string(16, 'l'));
  ASSERT_EQ(Admin(lift), R::UNSPECIFIED);
  EXPECT_EQ(Send(Order()), R::LEGAL_HOLD) << "it waits for another admin";
  ASSERT_EQ(By("admin.02", Confirm(lift.act_id())), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Send(Order()), R::UNSPECIFIED);
}

TEST_F(FoldErasureTest, RequestsThatWaitAreFew) {
  std::vector<v1::Header> orders;
  for (size_t i = 0; i < limits::kErasuresPerLegMax; ++i) {
    orders.push_back(Order());
    ASSERT_EQ(Send(orders.back()), R::UNSPECIFIED) << i;
  }
  EXPECT_EQ(Send(Order()), R::RATE_LIMITED);
  ASSERT_EQ(Send(AnswerTo(orders.front(), K::ATESTASI_HAPUS)), R::UNSPECIFIED);
  EXPECT_EQ(Send(Order()), R::UNSPECIFIED);
}

}  // namespace
}  // namespace rujukan::ledger
