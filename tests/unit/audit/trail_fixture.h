// A referral with deadlines among other things, and the trail of it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "agents/audit/trail.h"
#include "certs/hash.h"
#include "tests/support/world.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit::testing {

inline constexpr int64_t kMinute = 60'000;
inline constexpr int64_t kHour = 60 * kMinute;

class TrailTest : public ::testing::Test {
 protected:
  TrailTest() {
    world.AddAgency("uppa.18.01");
    world.AddAgency("dinsos.18");
    world.AddAgency("lpa.31");
    world.Advance(kMinute);
    opening = world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    opening.set_confirm_by_ms(world.now() + kHour);
    opening.set_decide_by_ms(world.now() + 3 * kHour);
  }

  void Open() {
    world.Append(world.MessageEntry(opening));
    world.Append(world.DeliveryEntry(opening, v1::DeliveryOutcome::DELIVERED));
  }
  v1::Header InLeg(std::string_view from,
                   std::string_view to,
                   v1::Kind::Code kind,
                   uint64_t sequence) {
    v1::Header header = world.HeaderTo(from, to, kind);
    header.set_leg_id(opening.leg_id());
    header.set_sequence(sequence);
    return header;
  }
  void Answer(v1::Kind::Code kind, uint64_t sequence) {
    world.Append(world.MessageEntry(InLeg("dinsos.18", "uppa.18.01", kind, sequence)));
  }
  void Refuse(const v1::Header& header, v1::RefusalReason::Code reason) {
    v1::Entry message = world.MessageEntry(header);
    v1::Entry entry;
    entry.mutable_refused()->set_sender(header.from());
    entry.mutable_refused()->set_reason(reason);
    entry.mutable_refused()->set_submission_digest(certs::Sha256("envelope").str());
    entry.mutable_refused()->set_header(message.accepted().header());
    *entry.mutable_refused()->mutable_signature() = message.accepted().signature();
    entry.mutable_refused()->set_unlogged_before(2);
    world.Append(std::move(entry));
  }
  void Act(v1::Act act) { world.Append(world.ActEntry(std::move(act))); }
  // Something else happens later: the ledger has gone past a deadline only then.
  void LaterBy(int64_t ms) {
    world.Advance(ms);
    world.Append(
        world.MessageEntry(world.HeaderTo("lpa.31", "dinsos.18", v1::Kind::PEMBERITAHUAN)));
  }

  Result<Trail> Read(TrailRequest request) const {
    MemorySource source(MakeLog(world.entries(), world.log()));
    return ReadTrail(source, "", request);
  }
  Trail OfLeg(Span span = {}) const {
    auto trail = Read({FormatUuid(opening.leg_id()), span});
    EXPECT_TRUE(trail) << trail.error().ToString();
    return trail ? std::move(*trail) : Trail();
  }
  static std::vector<std::string> KindsOf(const Trail& trail) {
    std::vector<std::string> kinds;
    for (const TrailEvent& event : trail.events) {
      kinds.push_back(event.kind);
    }
    return kinds;
  }
  static const TrailEvent& Only(const Trail& trail, const std::string& kind) {
    static const TrailEvent kNone;
    const auto found =
        std::find_if(trail.events.begin(), trail.events.end(), [&kind](const TrailEvent& event) {
          return event.kind == kind;
        });
    EXPECT_NE(found, trail.events.end()) << kind;
    return found == trail.events.end() ? kNone : *found;
  }

  rujukan::testing::World world;
  v1::Header opening;
};

}  // namespace rujukan::audit::testing
