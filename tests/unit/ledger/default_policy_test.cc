// Goal: the default policy says what docs/formats/policy.md promises: no urgency opens what is
// forbidden, and every row of the matrix holds. Method: its own examples, a table of our own beside
// them, and random questions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "base/limits.h"
#include "tests/unit/ledger/policy_support.h"

namespace rujukan::ledger {
namespace {

using testing::Ask;
using testing::MustParse;

const Policy& Default() {
  static const Policy kPolicy = MustParse(DefaultPolicyText());
  return kPolicy;
}

std::string_view EffectOf(const std::string& question) {
  return EffectName(Default().Evaluate(Ask(question)).effect);
}

TEST(DefaultPolicy, ItsOwnExamplesHold) {
  ASSERT_GE(Default().examples().size(), 40U);
  for (const ExampleFailure& failure : CheckExamples(Default())) {
    ADD_FAILURE() << failure.ToString();
  }
}

TEST(DefaultPolicy, EveryRuleHasAnExampleAndAnExplanationInBothLanguages) {
  std::set<std::string> shown;
  for (const PolicyExample& example : Default().examples()) {
    shown.insert(example.rule);
  }
  ASSERT_FALSE(Default().rules().empty());
  for (const PolicyRule& rule : Default().rules()) {
    EXPECT_TRUE(shown.contains(rule.id)) << rule.id;
    EXPECT_NE(rule.because.find(" / "), std::string::npos) << rule.id;
  }
}

TEST(DefaultPolicy, LeavesRoomToGrow) {
  EXPECT_LT(DefaultPolicyText().size(), limits::kPolicyBytesMax * 3 / 4);
}

struct Row {
  const char* from;
  std::vector<const char*> allowed;     // "TO KIND"
  std::vector<const char*> supervised;  // the nearest that are not
};

void ExpectRow(const Row& row) {
  for (const char* rest : row.allowed) {
    EXPECT_EQ("allowed", EffectOf(std::string(row.from) + " " + rest)) << row.from << " " << rest;
  }
  for (const char* rest : row.supervised) {
    EXPECT_EQ("supervisor", EffectOf(std::string(row.from) + " " + rest))
        << row.from << " " << rest;
  }
}

TEST(DefaultPolicy, ReportersOnlyReportAndNotToHomes) {
  for (const char* from :
       {"hotline", "patbm.18.71.01", "psks.18.71", "sekolah.18.71", "sparta.31.71"}) {
    ExpectRow({from,
               {"dinsos.18.71 LAPORAN_AWAL",
                "uptdppa.18.71 LAPORAN_AWAL",
                "dpppa.18.71 LAPORAN_AWAL",
                "uppa.18.71 LAPORAN_AWAL",
                "sapa129 LAPORAN_AWAL"},
               {"lksa.18.71.001 LAPORAN_AWAL",
                "sentra.31.75.001 LAPORAN_AWAL",
                "dinsos.18.71 RUJUKAN_LAYANAN",
                "dinsos.18.71 PEMBERITAHUAN",
                "sentra.31.75.001 LAPORAN_AWAL emergency"}});
  }
}

TEST(DefaultPolicy, HomesGoThroughTheirOwnOffice) {
  for (const char* from :
       {"lksa.18.71.001", "upt_panti.18.71.001", "rumah_singgah.18.71.002", "tas.18.71.001"}) {
    ExpectRow({from,
               {"dinsos.18.71 LAPORAN_AWAL",
                "dinsos.18.71 RUJUKAN_LAYANAN",
                "uptdppa.18.71 RUJUKAN_LAYANAN",
                "uppa.18.71 RUJUKAN_LAYANAN emergency",
                "rs.18.71.001 RUJUKAN_LAYANAN emergency",
                "dinsos.18.72 RUJUKAN_LAYANAN emergency"},
               {"dinsos.18.72 RUJUKAN_LAYANAN",
                "lksa.18.71.002 PENITIPAN",
                "lksa.18.71.002 RUJUKAN_LAYANAN emergency",
                "dinsos.18.71 PELIMPAHAN_KASUS",
                "rs.18.71.001 RUJUKAN_LAYANAN"}});
  }
}

TEST(DefaultPolicy, InstitutesHandCasesToStateBodiesOnly) {
  ExpectRow({"lpa.18.09",
             {"dinsos.18.09 PELIMPAHAN_KASUS",
              "uptdppa.18.09 PELIMPAHAN_KASUS",
              "uppa.18.09 RUJUKAN_LAYANAN",
              "puspaga.18.09 RUJUKAN_LAYANAN",
              "rs.18.09.001 LAPORAN_AWAL",
              "lbh.18.09.001 RUJUKAN_LAYANAN",
              "lpsk RUJUKAN_LAYANAN",
              "lpa.31.75 RUJUKAN_LAYANAN",
              "lpai RUJUKAN_LAYANAN"},
             {"lpa.31.75 PELIMPAHAN_KASUS",
              "lpsk PELIMPAHAN_KASUS",
              "rs.18.09.001 PELIMPAHAN_KASUS",
              "dinsos.18 RUJUKAN_LAYANAN",
              "lksa.18.09.001 RUJUKAN_LAYANAN"}});
  ExpectRow({"lpa.18", {"dinsos.18 RUJUKAN_LAYANAN"}, {"dinsos.18.09 RUJUKAN_LAYANAN"}});
}

TEST(DefaultPolicy, ALocalSocialOfficeLeadsWithinItsProvince) {
  ExpectRow({"dinsos.18.71",
             {"lksa.18.71.001 PENITIPAN",
              "upt_rpsa.18.001 PENITIPAN",
              "pksai.18.71 RUJUKAN_LAYANAN",
              "puspaga.18.71 RUJUKAN_LAYANAN",
              "rs.18.71.001 RUJUKAN_LAYANAN",
              "dukcapil.18.71 PERMINTAAN_LAPORAN",
              "disdik.18.71 RUJUKAN_LAYANAN",
              "uppa.18.71 LAPORAN_AWAL",
              "uptdppa.18.71 PELIMPAHAN_KASUS",
              "lpks.18.71.001 PENITIPAN",
              "dinsos.18 PELIMPAHAN_KASUS",
              "dinsos.18.08 PEMULANGAN",
              "dinsos.31.75 PEMULANGAN emergency",
              "dinsos.31.75 PEMULANGAN agreement"},
             {"dinsos.31.75 PEMULANGAN",
              "dinsos.31 PELIMPAHAN_KASUS",
              "lksa.31.75.001 PENITIPAN",
              "sentra.31.75.001 RUJUKAN_LAYANAN"}});
}

TEST(DefaultPolicy, AProvincialSocialOfficeOwnsTheLegsThatLeaveTheProvince) {
  ExpectRow({"dinsos.18",
             {"dinsos.18.13 PELIMPAHAN_KASUS",
              "dinsos.31 PELIMPAHAN_KASUS",
              "sentra.31.75.001 RUJUKAN_LAYANAN catchment",
              "sentra.31.75.001 RUJUKAN_LAYANAN emergency",
              "upt_rpsa.18.001 PENITIPAN",
              "lpa.31 RUJUKAN_LAYANAN"},
             {"sentra.31.75.001 RUJUKAN_LAYANAN",
              "dinsos.31.75 PELIMPAHAN_KASUS",
              "upt_rpsa.31.001 PENITIPAN",
              "lpa.31.75 RUJUKAN_LAYANAN"}});
}

TEST(DefaultPolicy, ProtectionUnitsGoThroughTheirProvince) {
  ExpectRow({"uptdppa.18.01",
             {"rs.18.01.001 RUJUKAN_LAYANAN",
              "uppa.18.01 LAPORAN_AWAL",
              "uppa.18.01 RUJUKAN_LAYANAN",
              "dinsos.18.01 PELIMPAHAN_KASUS",
              "puspaga.18.01 RUJUKAN_LAYANAN",
              "lbh.18.01.001 RUJUKAN_LAYANAN",
              "lpsk RUJUKAN_LAYANAN",
              "uptdppa.18 PELIMPAHAN_KASUS",
              "uptdppa.18.02 PELIMPAHAN_KASUS agreement",
              "uptdppa.31.75 PELIMPAHAN_KASUS emergency"},
             {"uptdppa.18.02 PELIMPAHAN_KASUS",
              "uptdppa.31 PELIMPAHAN_KASUS",
              "dinsos.18.02 PELIMPAHAN_KASUS",
              "lksa.18.01.001 PENITIPAN"}});
  ExpectRow({"uptdppa.18",
             {"uptdppa.31 PELIMPAHAN_KASUS",
              "kemenpppa PELIMPAHAN_KASUS",
              "sentra.31.75.001 RUJUKAN_LAYANAN catchment",
              "polda.18 RUJUKAN_LAYANAN"},
             {"polda.31 RUJUKAN_LAYANAN", "uptdppa.31.75 PELIMPAHAN_KASUS"}});
}

TEST(DefaultPolicy, PoliceSkipTiersOnlyInAnEmergency) {
  ExpectRow({"uppa.18.72",
             {"uptdppa.18.72 RUJUKAN_LAYANAN",
              "dinsos.18.72 PERMINTAAN_LAPORAN",
              "bapas.18.71 PERMINTAAN_LAPORAN",
              "lpks.18.71.001 PENITIPAN",
              "rs.18.72.001 RUJUKAN_LAYANAN",
              "lpsk RUJUKAN_LAYANAN",
              "lbh.18.72.001 RUJUKAN_LAYANAN",
              "kejari.18.72 RUJUKAN_LAYANAN",
              "sentra.31.75.001 RUJUKAN_LAYANAN catchment",
              "sentra.31.75.001 RUJUKAN_LAYANAN emergency",
              "dinsos.31 RUJUKAN_LAYANAN emergency"},
             {"sentra.31.75.001 RUJUKAN_LAYANAN",
              "dinsos.31 RUJUKAN_LAYANAN",
              "uptdppa.18.01 RUJUKAN_LAYANAN",
              "dinsos.18.72 PELIMPAHAN_KASUS",
              "lksa.18.72.001 PENITIPAN"}});
}

TEST(DefaultPolicy, JusticeAsksForReports) {
  for (const char* from : {"bapas.18.71", "kejari.18.71", "pn.18.71", "lpka.18.71"}) {
    ExpectRow({from,
               {"dinsos.18.71 PERMINTAAN_LAPORAN",
                "lpks.18.71.001 RUJUKAN_LAYANAN",
                "sentra.31.75.001 RUJUKAN_LAYANAN catchment",
                "uptdppa.18.71 RUJUKAN_LAYANAN",
                "bapas.18.72 PERMINTAAN_LAPORAN",
                "pn.18.71 RUJUKAN_LAYANAN"},
               {"dinsos.18.71 PENITIPAN", "lksa.18.71.001 RUJUKAN_LAYANAN"}});
  }
}

TEST(DefaultPolicy, HealthFacilitiesReportAndRefer) {
  for (const char* from : {"rs.18.71.001", "puskesmas.18.71.01"}) {
    ExpectRow({from,
               {"uppa.18.71 LAPORAN_AWAL",
                "uptdppa.18.71 RUJUKAN_LAYANAN",
                "dinsos.18.71 RUJUKAN_LAYANAN"},
               {"dinsos.18.71 PELIMPAHAN_KASUS", "lksa.18.71.001 RUJUKAN_LAYANAN"}});
  }
}

TEST(DefaultPolicy, ASentraReachesHomesThroughTheSocialOfficeOnly) {
  ExpectRow({"sentra.31.75.001",
             {"dinsos.18 RUJUKAN_LAYANAN",
              "dinsos.18.09 PEMULANGAN",
              "sentra.33.71.001 PELIMPAHAN_KASUS",
              "lpa.18.09 RUJUKAN_LAYANAN"},
             {"lksa.18.71.001 PENITIPAN", "lksa.31.75.001 RUJUKAN_LAYANAN emergency"}});
}

TEST(DefaultPolicy, MinistriesReachEverybody) {
  for (const char* from : {"kemenpppa", "kemensos", "sapa129"}) {
    ExpectRow(
        {from,
         {"lksa.95.01.001 RUJUKAN_LAYANAN", "forum.18 PEMBERITAHUAN", "kpad.18 PEMBERITAHUAN"},
         {"dinsos.18 PELIMPAHAN_KASUS"}});
  }
}

// A question about anybody, anywhere, by a generator that is the same on every machine.
class Questions {
 public:
  explicit Questions(uint64_t seed) : random_(seed) {}

  PolicyQuery Next() {
    PolicyQuery query;
    query.from = SomeParty();
    query.to = SomeParty();
    query.notification = OneIn(6);
    if (!OneIn(5)) {
      query.jenis = static_cast<v1::ReferralType::Code>(Below(v1::ReferralType::Code_ARRAYSIZE));
    }
    query.classification =
        static_cast<v1::Classification::Code>(Below(v1::Classification::Code_ARRAYSIZE));
    query.now = 10;
    for (auto* fact : {&query.facts.target_must_not_know,
                       &query.facts.no_basis,
                       &query.facts.photo_of_child,
                       &query.facts.detention_placement,
                       &query.facts.placement_without_gatekeeping,
                       &query.facts.key_not_valid}) {
      if (!OneIn(3)) {
        *fact = OneIn(20);
      }
    }
    return query;
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t bound) { return Below(bound) == 0; }

  Party SomeParty() {
    static const std::vector<const char*> kTypes = {"dinsos",
                                                    "uptdppa",
                                                    "uppa",
                                                    "lksa",
                                                    "sentra",
                                                    "lpa",
                                                    "bapas",
                                                    "rs",
                                                    "forum",
                                                    "lpks",
                                                    "mitra",
                                                    "hotline",
                                                    "kemensos",
                                                    "polres"};
    static const std::vector<const char*> kAreas = {"", "18", "18.71", "18.01", "31", "31.75"};
    Party party;
    party.type = kTypes.at(Below(kTypes.size()));
    party.area = OneIn(20) ? Area() : *Area::Parse(kAreas.at(Below(kAreas.size())));
    party.suspended = OneIn(10);
    party.sr_clearance = OneIn(2);
    if (OneIn(3)) {
      party.agreements = {{"pks", static_cast<UnixMillis>(Below(20))}};
    }
    if (OneIn(3)) {
      party.catchment = {*Area::Parse(kAreas.at(Below(kAreas.size())))};
    }
    return party;
  }

  std::mt19937_64 random_;
};

TEST(DefaultPolicy, UrgencyOpensButNeverOverridesADenyRuleNorForbids) {
  const char* given = std::getenv("RUJUKAN_POLICY_SEED");
  const uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 20261121;
  SCOPED_TRACE("replay with RUJUKAN_POLICY_SEED=" + std::to_string(seed));
  Questions questions(seed);
  std::set<std::string> denying;
  size_t opened = 0;
  for (int i = 0; i < 200'000; ++i) {
    PolicyQuery query = questions.Next();
    const PolicyDecision calm = Default().Evaluate(query);
    query.emergency = true;
    const PolicyDecision urgent = Default().Evaluate(query);
    ASSERT_EQ(calm.effect == Effect::kDenied, calm.rule.starts_with('D')) << calm.rule;
    ASSERT_EQ(calm.effect == Effect::kNeedsSupervisor, calm.rule == "P0") << calm.rule;
    if (calm.effect == Effect::kDenied) {
      ASSERT_EQ(urgent.effect, Effect::kDenied) << calm.rule << " " << urgent.rule;
      ASSERT_EQ(urgent.rule, calm.rule);
      denying.insert(calm.rule);
    } else {
      ASSERT_NE(urgent.effect, Effect::kDenied) << calm.rule << " " << urgent.rule;
      ASSERT_TRUE(calm.effect != Effect::kAllowed || urgent.effect == Effect::kAllowed);
      opened += urgent.effect != calm.effect ? 1 : 0;
    }
  }
  EXPECT_EQ(denying.size(), 10U) << "each of D1 to D10 was met";
  EXPECT_GT(opened, 100U) << "and urgency did something";
}

TEST(DefaultPolicy, AnUnseenKindIsTheBestOfAllKinds) {
  Questions questions(7);
  for (int i = 0; i < 20'000; ++i) {
    PolicyQuery query = questions.Next();
    query.notification = false;
    std::set<Effect> effects;
    for (int code = 1; code <= v1::ReferralType::Code_MAX; ++code) {
      query.jenis = static_cast<v1::ReferralType::Code>(code);
      effects.insert(Default().Evaluate(query).effect);
    }
    query.jenis.reset();
    const Effect best = effects.contains(Effect::kAllowed)           ? Effect::kAllowed
                        : effects.contains(Effect::kNeedsSupervisor) ? Effect::kNeedsSupervisor
                                                                     : Effect::kDenied;
    ASSERT_EQ(Default().Evaluate(query).effect, best)
        << query.from.type << " " << query.to.type << " question " << i;
  }
}

TEST(DefaultPolicy, ItsExplanationEndsWithItsDecision) {
  Questions questions(8);
  for (int i = 0; i < 5'000; ++i) {
    const PolicyQuery query = questions.Next();
    const std::vector<PolicyStep> steps = Default().Explain(query);
    ASSERT_FALSE(steps.empty());
    ASSERT_EQ(steps.back().rule, Default().Evaluate(query).rule);
    ASSERT_EQ(steps.back().miss, Miss::kNone);
    for (size_t step = 0; step + 1 < steps.size(); ++step) {
      ASSERT_NE(steps[step].miss, Miss::kNone) << steps[step].rule;
    }
  }
}

}  // namespace
}  // namespace rujukan::ledger
