// Goal: a leg is found by any part of what is known of it, and by a name only where a name is.
#include "agents/agency/leg_search.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using C = v1::ClockClass;
using D = v1::Deadline;
using S = v1::LegState;

WorkLeg Leg() {
  WorkLeg leg;
  leg.id = *LegId::FromBytes(*ParseUuid("019a7c1e-0000-7000-8000-0000000000aa"));
  leg.peer = "dinsos.18.71@lampung.example";
  leg.state = S::DITERIMA;
  leg.record.set_clock_class(C::TINGGI);
  leg.record.set_opened_at_ms(1000);
  leg.record.add_deadlines()->set_deadline(D::KONTAK);
  return leg;
}

LegFilter Filter(void (*set)(LegFilter&)) {
  LegFilter filter;
  set(filter);
  return filter;
}

TEST(LegFilter, EveryPartAloneFindsAndMisses) {
  const std::vector<std::pair<LegFilter, bool>> cases = {
      {LegFilter{}, true},
      {Filter([](LegFilter& f) { f.leg = "019A7C1E-0000"; }), true},
      {Filter([](LegFilter& f) { f.leg = "00000000"; }), false},
      {Filter([](LegFilter& f) { f.peer = "Dinsos.18"; }), true},
      {Filter([](LegFilter& f) { f.peer = "uppa"; }), false},
      {Filter([](LegFilter& f) { f.state = S::DITERIMA; }), true},
      {Filter([](LegFilter& f) { f.state = S::DITOLAK; }), false},
      {Filter([](LegFilter& f) { f.deadline = D::KONTAK; }), true},
      {Filter([](LegFilter& f) { f.deadline = D::KEMAJUAN; }), false},
      {Filter([](LegFilter& f) { f.classes = ClassesNamed("AMAT_SEGERA"); }), true},
      {Filter([](LegFilter& f) { f.classes = ClassesNamed("BIASA"); }), false},
      {Filter([](LegFilter& f) { f.from = 1000; }), true},
      {Filter([](LegFilter& f) { f.from = 1001; }), false},
      {Filter([](LegFilter& f) { f.until = 1001; }), true},
      {Filter([](LegFilter& f) { f.until = 1000; }), false}};
  for (size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(Fits(Leg(), cases[i].first), cases[i].second) << i;
  }
}

TEST(LegFilter, AllPartsMustFit) {
  LegFilter filter;
  filter.state = S::DITERIMA;
  filter.peer = "uppa";
  EXPECT_FALSE(Fits(Leg(), filter));
}

TEST(ClassesNamed, KnowsUrgenciesAndClasses) {
  EXPECT_EQ(ClassesNamed("DARURAT"), std::vector{C::DARURAT});
  EXPECT_EQ(ClassesNamed("SEGERA"), std::vector{C::SEDANG});
  EXPECT_TRUE(ClassesNamed("UNSPECIFIED").empty());
  EXPECT_TRUE(ClassesNamed("segera sekali").empty());
}

TEST(HasName, LooksAtTheChildAndItsCaregiversWhateverTheCase) {
  v1::Content content;
  auto* t2 = content.mutable_rincian()->mutable_t2();
  t2->set_nama("Bunga Contoh");
  t2->set_nama_panggilan("Uni");
  t2->add_pengasuh()->set_nama("Sari Contoh");
  t2->set_alamat("Jalan Melati");
  for (const char* part : {"bunga", "UNI", "sari c"}) {
    EXPECT_TRUE(HasName(content, part)) << part;
  }
  EXPECT_FALSE(HasName(content, "melati"));
}

TEST(HasName, AnEmergencyCarriesItsNamesInTheReferral) {
  v1::Content content;
  content.mutable_rujukan()->mutable_t2()->set_nama("Bunga Contoh");
  EXPECT_TRUE(HasName(content, "contoh"));
}

TEST(HasChildRef, IsTheWholePseudonym) {
  v1::Content content;
  content.mutable_rujukan()->mutable_t1()->set_ref_anak("LS-7Q2");
  EXPECT_TRUE(HasChildRef(content, "ls-7q2"));
  EXPECT_FALSE(HasChildRef(content, "LS-7"));
  EXPECT_FALSE(HasChildRef(v1::Content(), ""));
}

}  // namespace
}  // namespace rujukan::agency
