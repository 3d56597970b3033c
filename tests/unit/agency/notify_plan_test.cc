// Goal: a target is told at once, then at most once a minute for each kind, and of nothing never;
// what failed is tried again, but not for ever. Method: a time that is given.
#include "agents/agency/notify_plan.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace rujukan::agency {
namespace {

using K = NotifyKind;
constexpr int64_t kMinute = limits::kNotifyEveryMsMin;

TEST(NotifyPlan, TheFirstIsToldAtOnceAndTheNextAMinuteLater) {
  NotifyPlan plan;
  EXPECT_EQ(plan.NextAt(), INT64_MAX);
  plan.Want(K::kNewReferral);
  ASSERT_EQ(plan.Take(1000), K::kNewReferral);
  plan.Done(K::kNewReferral, 1000, /*told=*/true);
  EXPECT_EQ(plan.NextAt(), INT64_MAX);
  plan.Want(K::kNewReferral);
  EXPECT_EQ(plan.NextAt(), 1000 + kMinute);
  EXPECT_EQ(plan.Take(1000 + kMinute - 1), std::nullopt);
  EXPECT_EQ(plan.Take(1000 + kMinute), K::kNewReferral);
}

TEST(NotifyPlan, TenAtOnceAreOne) {
  NotifyPlan plan;
  for (int i = 0; i < 10; ++i) {
    plan.Want(K::kNewReferral);
  }
  EXPECT_EQ(plan.Take(0), K::kNewReferral);
  plan.Done(K::kNewReferral, 0, true);
  EXPECT_EQ(plan.Take(10 * kMinute), std::nullopt);
}

TEST(NotifyPlan, WhatComesWhileOneIsUnderWayIsToldAfterIt) {
  NotifyPlan plan;
  plan.Want(K::kNewReferral);
  plan.Take(0);
  plan.Want(K::kNewReferral);
  plan.Done(K::kNewReferral, 500, true);
  EXPECT_EQ(plan.Take(500 + kMinute - 1), std::nullopt);
  EXPECT_EQ(plan.Take(500 + kMinute), K::kNewReferral);
}

TEST(NotifyPlan, AnAlertGoesFirstAndWaitsForNoOtherKind) {
  NotifyPlan plan;
  plan.Want(K::kNewReferral);
  EXPECT_EQ(plan.Take(0), K::kNewReferral);
  plan.Done(K::kNewReferral, 0, true);
  plan.Want(K::kDeadlineNear);
  plan.Want(K::kAlert);
  EXPECT_EQ(plan.Take(1), K::kAlert);
  EXPECT_EQ(plan.Take(1), K::kDeadlineNear);
}

TEST(NotifyPlan, WhatFailsIsTriedEachMinuteAndGivenUpAtLast) {
  NotifyPlan plan;
  plan.Want(K::kAlert);
  int64_t now = 0;
  for (int i = 0; i < limits::kNotifyTriesMax; ++i) {
    ASSERT_EQ(plan.Take(now), K::kAlert) << i;
    plan.Done(K::kAlert, now, /*told=*/false);
    EXPECT_EQ(plan.Take(now + kMinute - 1), std::nullopt) << i;
    now += kMinute;
  }
  EXPECT_EQ(plan.Take(now), std::nullopt);
  plan.Want(K::kAlert);  // news begins anew
  EXPECT_EQ(plan.Take(now), K::kAlert);
}

TEST(NotifyText, SaysNothingButThatSomethingWaits) {
  for (const K kind : {K::kAlert, K::kUnsent, K::kNewReferral, K::kEscalation, K::kDeadlineNear}) {
    EXPECT_NE(NotifyText(kind).find(" / "), std::string_view::npos);
    EXPECT_FALSE(NotifyName(kind).empty());
  }
}

}  // namespace
}  // namespace rujukan::agency
