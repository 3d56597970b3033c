// Goal: docs/rights.md is what the fold does. Method: the document's table is compared with the
// code's row by row; then every act is done by everybody, and the fold says no exactly where the
// table does.
#include "ledger/rights.h"

#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "certs/random.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::Member;
using testing::R;
using testing::World;

std::string Cell(bool yes) {
  return yes ? "yes" : "-";
}

// The rows of the document: act -> the five cells.
std::map<std::string, std::vector<std::string>> ReadTable() {
  std::ifstream file(RUJUKAN_SOURCE_DIR "/docs/rights.md");
  EXPECT_TRUE(file.good());
  std::map<std::string, std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(line.empty() ? 0 : 1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      cells.push_back(cell.size() < 2 ? cell : cell.substr(1, cell.size() - 2));
    }
    if (line.starts_with("| ") && cells.size() == 6 && cells[0] != "act") {
      rows[cells[0]] = {cells.begin() + 1, cells.end()};
    }
  }
  return rows;
}

TEST(RightsTest, TheDocumentAndTheCodeHaveTheSameRows) {
  auto rows = ReadTable();
  EXPECT_EQ(rows.size(), Rights().size());
  for (const Right& right : Rights()) {
    const std::string name = ActName(right.act);
    const bool by_role = right.act == v1::Act::kAdmit || right.act == v1::Act::kResume;
    const std::string root_act = by_role ? "of an admin or a registrar" : Cell(right.root_act);
    const std::vector<std::string> expected = {Cell(right.admin),
                                               Cell(right.steward),
                                               Cell(right.itself),
                                               Cell(right.registrar),
                                               root_act};
    EXPECT_EQ(rows[name], expected) << name;
  }
}

TEST(RightsTest, EveryActOfTheSchemaHasItsRow) {
  const auto* acts = v1::Act::descriptor()->FindOneofByName("act");
  ASSERT_NE(acts, nullptr);
  EXPECT_EQ(static_cast<size_t>(acts->field_count()), Rights().size());
  for (int i = 0; i < acts->field_count(); ++i) {
    EXPECT_NE(RightFor(static_cast<v1::Act::ActCase>(acts->field(i)->number())), nullptr)
        << acts->field(i)->name();
  }
  EXPECT_EQ(RightFor(v1::Act::ACT_NOT_SET), nullptr);
}

TEST(RightsTest, ARegionCoversItselfAndWhatLiesBelowItOnly) {
  EXPECT_TRUE(RegionCovers("kemendagri:18", "kemendagri:18"));
  EXPECT_TRUE(RegionCovers("kemendagri:18", "kemendagri:18.71"));
  EXPECT_FALSE(RegionCovers("kemendagri:18.71", "kemendagri:18"));
  EXPECT_FALSE(RegionCovers("kemendagri:1", "kemendagri:18"));
  EXPECT_FALSE(RegionCovers("kemendagri:18.7", "kemendagri:18.71"));
  EXPECT_FALSE(RegionCovers("", "kemendagri:18"));
}

TEST(RightsTest, AScopeCountsInItsTimeFromTheFirstToTheLastMillisecond) {
  v1::AgencyRecord agency;
  agency.set_address("dinsos.18.01@lampung.example");
  agency.set_region("kemendagri:18.01");
  v1::Scope scope;
  scope.set_from_ms(10);
  scope.set_until_ms(20);
  EXPECT_FALSE(InScope(scope, agency, 9));
  EXPECT_TRUE(InScope(scope, agency, 10));
  EXPECT_TRUE(InScope(scope, agency, 20));
  EXPECT_FALSE(InScope(scope, agency, 21));
  scope.add_agencies("lpa.18.01@lampung.example");
  EXPECT_FALSE(InScope(scope, agency, 15));
  scope.add_regions("kemendagri:18");
  EXPECT_TRUE(InScope(scope, agency, 15));
}

// Everybody who could try an act about dinsos.18.01.
class RightsFoldTest : public ActTest {
 protected:
  RightsFoldTest() {
    v1::Scope near;
    near.add_regions("kemendagri:18.01");
    v1::Scope far;
    far.add_regions("kemendagri:31");
    world.AddMember("steward.18", v1::Role::STEWARD, near);
    world.AddMember("steward.31", v1::Role::STEWARD, far);
    world.AddMember("auditor.01", v1::Role::AUDITOR);
    world.AddMember("registrar.01", v1::Role::REGISTRAR);
    v1::Act standing = SetStanding("dinsos.18.01");
    standing.mutable_set_standing()->set_steward(World::Address("lpa.18.01"));
    EXPECT_EQ(Admin(standing), R::UNSPECIFIED);
    next = std::make_unique<Member>(world.NewKeys("dinsos.18.01"));
    request = world.ActEntry(World::RequestKeysAct(*next));
    EXPECT_EQ(Whole(request), R::UNSPECIFIED);
  }

  // Whether the table gives `name` the right to an act about dinsos.18.01.
  static bool TableSays(const Right& right, std::string_view name) {
    const bool steward = name == "steward.18" || name == "lpa.18.01";
    return (right.admin && name == "admin.01") || (right.steward && steward) ||
           (right.itself && name == "dinsos.18.01") || (right.registrar && name == "registrar.01");
  }

  // One of each kind, about dinsos.18.01 where it is about anybody.
  v1::Act Example(v1::Act::ActCase kind) {
    static const std::string kSubject = World::Address("dinsos.18.01");
    v1::Act act;
    const auto* field = v1::Act::descriptor()->FindFieldByNumber(static_cast<int>(kind));
    google::protobuf::Message* body = act.GetReflection()->MutableMessage(&act, field);
    const auto* address = body->GetDescriptor()->FindFieldByName("address");
    if (address != nullptr) {
      body->GetReflection()->SetString(body, address, kSubject);
    }
    if (kind == v1::Act::kPermit) {
      act = Permit("dinsos.18.01", "lpa.18.01");
    } else if (kind == v1::Act::kGrantKeys) {
      act = world.GrantKeysAct(*next, request);
    }
    return act;
  }

  std::unique_ptr<Member> next;
  v1::Entry request;
};

// An act may be illegal for another reason; NO_RIGHT is what the table is about.
TEST_F(RightsFoldTest, TheFoldRefusesTheRightExactlyWhereTheTableDoes) {
  constexpr std::string_view kEverybody[] = {"admin.01",
                                             "steward.18",
                                             "steward.31",
                                             "auditor.01",
                                             "registrar.01",
                                             "lpa.18.01",
                                             "uppa.18.01",
                                             "dinsos.18.01"};
  size_t allowed = 0;
  for (const Right& right : Rights()) {
    for (const std::string_view name : kEverybody) {
      if (right.act == v1::Act::kRequestKeys) {
        continue;  // always about whoever signs: see below
      }
      Overlay overlay(world.view());
      const v1::Entry entry = world.Placed(world.ActEntryBy(name, Example(right.act)));
      const auto verdict = Apply(entry, world.size(), overlay);
      ASSERT_TRUE(verdict.has_value());
      const bool refused = !*verdict && verdict->error().reason == R::NO_RIGHT;
      EXPECT_EQ(!refused, TableSays(right, name)) << ActName(right.act) << " by " << name;
      allowed += refused ? 0 : 1;
    }
  }
  EXPECT_GT(allowed, Rights().size());
}

TEST_F(RightsFoldTest, EverybodyMayAskForItsOwnKeysAndNobodyForAnothers) {
  for (const std::string_view name : {"steward.18", "auditor.01", "uppa.18.01"}) {
    EXPECT_EQ(By(name, World::RequestKeysAct(world.NewKeys(name))), R::UNSPECIFIED) << name;
  }
  const Member stolen = world.NewKeys("dinsos.18.01");
  EXPECT_EQ(By("uppa.18.01", World::RequestKeysAct(stolen)), R::CERTIFICATE_INVALID);
}

TEST_F(RightsFoldTest, AnAgencyThatIsNamedItsOwnStewardDoesNotJudgeItself) {
  v1::Act standing = SetStanding("uppa.18.01");
  standing.mutable_set_standing()->set_steward(World::Address("uppa.18.01"));
  standing.mutable_set_standing()->mutable_standing()->set_pengawas(World::Address("uppa.18.01"));
  ASSERT_EQ(Admin(standing), R::UNSPECIFIED);
  v1::Act clearance = SetStanding("uppa.18.01");
  clearance.mutable_set_standing()->mutable_standing()->set_izin_sangat_rahasia(true);
  EXPECT_EQ(By("uppa.18.01", clearance), R::NO_RIGHT);
  EXPECT_EQ(By("uppa.18.01", Permit("uppa.18.01", "lpa.18.01")), R::NO_RIGHT);
}

TEST_F(RightsFoldTest, ASupervisorPermitsAndDoesNothingElse) {
  v1::Act standing = SetStanding("uppa.18.01");
  standing.mutable_set_standing()->mutable_standing()->set_pengawas(World::Address("lpa.18.01"));
  ASSERT_EQ(Admin(standing), R::UNSPECIFIED);
  EXPECT_EQ(By("lpa.18.01", Permit("uppa.18.01", "dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(By("lpa.18.01", Permit("lpa.18.01", "uppa.18.01")), R::NO_RIGHT) << "of its own";
  EXPECT_EQ(By("lpa.18.01", SetStanding("uppa.18.01")), R::NO_RIGHT);
  EXPECT_EQ(By("lpa.18.01", Describe("uppa.18.01")), R::NO_RIGHT);
}

TEST_F(RightsFoldTest, SuspendedAndRevokedMembersLoseEveryRight) {
  ASSERT_EQ(Admin(Suspend("steward.18")), R::UNSPECIFIED);
  EXPECT_EQ(By("steward.18", Describe("dinsos.18.01")), R::NO_RIGHT);
  ASSERT_EQ(Admin(Resume("steward.18")), R::UNSPECIFIED);
  EXPECT_EQ(By("steward.18", Describe("dinsos.18.01")), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Revoke("steward.18")), R::UNSPECIFIED);
  EXPECT_EQ(By("steward.18", Describe("dinsos.18.01")), R::NO_RIGHT);
}

TEST_F(RightsFoldTest, AnActHeldAgainstAnotherActorThanItsSignerIsRefused) {
  v1::Entry forged = world.ActEntryBy("uppa.18.01", Revoke("dinsos.18.01"));
  EXPECT_EQ(Whole(forged), R::NO_RIGHT);
  v1::Act act;
  ASSERT_TRUE(act.ParseFromString(forged.act().act()));
  act.set_actor(World::Address("admin.01"));
  forged.mutable_act()->set_act(act.SerializeAsString());
  EXPECT_EQ(Whole(forged), R::BAD_SIGNATURE);
  Member thief = world.member("uppa.18.01");
  thief.address = World::Address("admin.01");
  EXPECT_EQ(Whole(world.ActEntryBy(thief, Revoke("dinsos.18.01"))), R::KEY_UNKNOWN)
      << "signed with its own key in the admin's name";
}

}  // namespace
}  // namespace rujukan::ledger
