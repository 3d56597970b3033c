// A leg as this agency knows it: folded from the messages it holds proof of, in the ledger's order,
// by the ledger's own machine (ledger/leg_machine.h), so that the agent, the broker and the auditor
// come to the same. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/leg_clocks.h"
#include "ledger/refusal.h"
#include "ledger/transition.h"
#include "rujukan/v1/codes.pb.h"
#include "rujukan/v1/content.pb.h"
#include "rujukan/v1/header.pb.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::agency {

// One thing that happened in a leg, in order: proven ones by entry index, then queued messages as
// they were queued.
struct LegStep {
  enum class What {
    kMessage,
    kArrived,  // the receiver's machine has opened the RUJUKAN
    kBounced,  // nobody got it, and nobody will
    kClosed,   // by the broker, after its time
    kMissed,   // a deadline, as the broker put it on record
  };
  What what = What::kMessage;
  v1::Header header;  // of a message
  ledger::Side side = ledger::Side::kSender;
  LogIndex index = 0;  // 0: queued, not in the ledger yet
  UnixMillis time = 0;
  v1::Deadline::Code deadline = v1::Deadline::UNSPECIFIED;  // of kMissed
};

struct FoldedLeg {
  v1::LegRecord record;      // its state is UNSPECIFIED before the RUJUKAN
  LogIndex handed_over = 0;  // entry by which responsibility last moved; 0: it never did
};

// Where the steps lead. A step that is not legal in its place changes nothing: the broker refused
// it, or will. `hops`: redirects before this leg, as far as this agency knows them.
// `clocks`: by which its deadlines run, as they do in the ledger; nullptr: none run.
FoldedLeg FoldLeg(const std::vector<LegStep>& steps,
                  uint32_t hops = 0,
                  const ledger::ClockSetting* clocks = nullptr);

// What a caller may do with a leg, and the kind of message it sends.
struct Action {
  std::string_view name;  // as in the API and on the command line
  v1::Kind::Code kind;
};
std::span<const Action> Actions();
// nullptr: no such action.
const Action* FindAction(std::string_view name);

// Fills what the header of a step says beside its kind: the message it answers (`cause`, unless one
// is given already), the class of clocks, the date of a pause, the supervisor's word.
void FillStep(v1::Header& header,
              const v1::LegRecord& leg,
              ledger::Side side,
              const v1::Content& content);

// Whether the step is legal now, by table and guards; the refusal is the broker's.
tl::expected<void, ledger::Refusal> MayStep(const v1::LegRecord& leg,
                                            ledger::Side side,
                                            const v1::Header& header,
                                            UnixMillis now);

// Names of the actions `side` may take, comma separated: for advice. "-": none.
std::string ActionsFor(const v1::LegRecord& leg, ledger::Side side);

// What a leg asks of `side` now, as codes (docs/glossary.md): nobody should have to find out by
// reading. Empty: nothing.
std::vector<std::string_view> NeedsOf(const v1::LegRecord& leg, ledger::Side side);

}  // namespace rujukan::agency
