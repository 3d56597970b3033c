// Goal: a directory record says what its agency and its steward said, within their limits. Method:
// records at each limit and one past it; who may write them is tested in rights_test.cc.
#include "base/limits.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::R;
using testing::World;

class FoldProfileTest : public ActTest {
 protected:
  v1::ProfileRecord Profile() const {
    return ReadProfile(world.view(), World::Address("dinsos.18.01"))->value_or(v1::ProfileRecord());
  }
  v1::Act WithCapacity(UnixMillis until) const {
    v1::Act act = Describe("dinsos.18.01");
    v1::Capacity& capacity = *act.mutable_describe()->mutable_profile()->mutable_kapasitas();
    capacity.set_status(v1::CapacityStatus::TERSEDIA);
    capacity.set_berlaku_sampai_ms(until);
    return act;
  }
};

TEST_F(FoldProfileTest, TheLastDescriptionReplacesTheOneBeforeAndSaysWhoseItIs) {
  ASSERT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Profile().by(), World::Address("dinsos.18.01"));
  EXPECT_EQ(Profile().changed_at_index(), world.size() - 1);
  v1::Act other = Describe("dinsos.18.01");
  other.mutable_describe()->mutable_profile()->Clear();
  other.mutable_describe()->mutable_profile()->add_bahasa("lampung");
  ASSERT_EQ(Admin(other), R::UNSPECIFIED);
  EXPECT_EQ(Profile().profile().kontak_24jam(), "");
  EXPECT_EQ(Profile().profile().bahasa(0), "lampung");
  EXPECT_EQ(Profile().by(), World::Address("admin.01"));
}

TEST_F(FoldProfileTest, AProfileIsTakenUpToItsLimit) {
  v1::Act act = Describe("dinsos.18.01");
  v1::AgencyProfile& profile = *act.mutable_describe()->mutable_profile();
  const size_t base = profile.ByteSizeLong();
  profile.set_jadwal(std::string(limits::kProfileBytesMax - base - 1 - 3, 'j'));
  while (profile.ByteSizeLong() < limits::kProfileBytesMax) {
    profile.mutable_jadwal()->push_back('j');
  }
  ASSERT_EQ(profile.ByteSizeLong(), limits::kProfileBytesMax);
  v1::Act past = act;
  past.mutable_describe()->mutable_profile()->mutable_jadwal()->push_back('j');
  EXPECT_EQ(Admin(past), R::MALFORMED);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldProfileTest, AStandingIsTakenUpToItsLimit) {
  v1::Act act = SetStanding("dinsos.18.01");
  v1::AgencyStanding& standing = *act.mutable_set_standing()->mutable_standing();
  standing.set_verifikator(std::string(limits::kStandingBytesMax - 3, 'v'));
  ASSERT_EQ(standing.ByteSizeLong(), limits::kStandingBytesMax);
  v1::Act past = act;
  past.mutable_set_standing()->mutable_standing()->mutable_verifikator()->push_back('v');
  EXPECT_EQ(Admin(past), R::MALFORMED);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldProfileTest, ACapacityHoldsForADayAndNotAMillisecondLonger) {
  EXPECT_EQ(Admin(WithCapacity(world.now() + limits::kCapacityLifeMsMax + 1)), R::ACT_INVALID);
  EXPECT_EQ(Admin(WithCapacity(0)), R::ACT_INVALID) << "for ever";
  EXPECT_EQ(Admin(WithCapacity(world.now() + limits::kCapacityLifeMsMax)), R::UNSPECIFIED);
}

TEST_F(FoldProfileTest, NoMorePlacesAreTakenThanThereAre) {
  v1::Act act = WithCapacity(world.now() + kHour);
  v1::Beds& beds =
      *act.mutable_describe()->mutable_profile()->mutable_kapasitas()->add_tempat_tidur();
  beds.set_jumlah(4);
  beds.set_terisi(5);
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  beds.set_terisi(4);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldProfileTest, ARegionWithoutItsSchemeIsRefused) {
  v1::Act act = Describe("dinsos.18.01");
  act.mutable_describe()->mutable_profile()->add_wilayah_kerja("18.01");
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  act.mutable_describe()->mutable_profile()->set_wilayah_kerja(0, "bps:1801");
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  act.mutable_describe()->mutable_profile()->set_wilayah_kerja(0, "kemendagri:18.01");
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldProfileTest, OnlyAgenciesThatAreMembersHaveARecord) {
  EXPECT_EQ(Admin(Describe("admin.01")), R::ACT_INVALID);
  EXPECT_EQ(Admin(SetStanding("admin.01")), R::ACT_INVALID);
  EXPECT_EQ(Admin(Describe("rs.99.01")), R::ACT_INVALID);
  ASSERT_EQ(Admin(Revoke("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Describe("dinsos.18.01")), R::ACT_INVALID);
}

TEST_F(FoldProfileTest, AStewardIsNamedKeptAndTakenAway) {
  v1::Act act = SetStanding("dinsos.18.01");
  act.mutable_set_standing()->set_steward(World::Address("lpa.18.01"));
  act.mutable_set_standing()->set_official_name("Dinas Sosial (CONTOH)");
  ASSERT_EQ(Admin(act), R::UNSPECIFIED);
  ASSERT_EQ(Admin(SetStanding("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(RecordOf("dinsos.18.01").steward(), World::Address("lpa.18.01")) << "as it was";
  EXPECT_EQ(RecordOf("dinsos.18.01").official_name(), "Dinas Sosial (CONTOH)");
  act = SetStanding("dinsos.18.01");
  act.mutable_set_standing()->set_steward("-");
  ASSERT_EQ(Admin(act), R::UNSPECIFIED);
  EXPECT_EQ(RecordOf("dinsos.18.01").steward(), "");
}

}  // namespace
}  // namespace rujukan::ledger
