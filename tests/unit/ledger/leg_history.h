// Random histories of one child's legs through the real fold: messages of every kind by every party
// and by strangers, with duplicates. What was accepted is remembered with the legs before and
// after. One seed, one history. Thread: one owner.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/fold.h"
#include "ledger/records.h"
#include "tests/sim/random.h"
#include "tests/support/world.h"

namespace rujukan::ledger {

// How the parties behave.
enum class Habit {
  kHonest,    // as agents do: only who is responsible hands the child on, and to one at a time
  kCareless,  // no such rule: what the blind broker alone would let happen
};

// A broken machine, to show that a property can fail: the leg is changed after the real fold.
enum class Fault {
  kNone,
  kOneSignature,   // a single SERAH_TERIMA moves the child
  kDeclineTakes,   // a TOLAK leaves the receiver responsible
  kShortcut,       // a LAPORAN_KEMAJUAN ends the leg
  kStrangerMoves,  // whoever is no party may cancel
  kReplayCounts,   // a message that comes again counts again
};

struct LegEvent {
  enum class What { kMessage, kReceipt };
  What what = What::kMessage;
  v1::Header header;  // of the message, or the one that was received
  std::string leg_id;
  std::optional<v1::LegRecord> before;
  v1::LegRecord after;
};

class LegHistory {
 public:
  static constexpr size_t kAgencies = 5;
  // Agencies whose names LegHistory knows; make it once.
  static void Populate(testing::World& world);

  LegHistory(const testing::World& world, uint64_t seed, Habit habit, Fault fault = Fault::kNone);

  // One random submission; nullopt: it was refused.
  std::optional<LegEvent> Step();

  // Replays what was accepted, in another order of the legs and with duplicates, into a fresh view.
  std::map<std::string, v1::LegRecord> ReplayShuffled(uint64_t seed) const;
  // Of every leg, without the numbers of entries and times.
  std::map<std::string, v1::LegRecord> Legs() const { return LegsIn(view_); }

  // Claims to responsibility: who opened the episode has one; a leg handed over takes the sender's
  // and gives it to the receiver. Exactly one agency has one, everybody else none.
  std::map<std::string, int> Claims() const;
  const std::string& root() const { return root_; }
  size_t accepted() const { return accepted_.size(); }
  size_t refused() const { return refused_; }
  size_t duplicates() const { return duplicates_; }

 private:
  struct Submission {
    v1::Entry entry;
    LegEvent::What what;
    v1::Header header;
    std::string leg_id;
  };

  const std::string& AnyAgency();
  v1::Header NewHeader(const std::string& from, const std::string& to, v1::Kind::Code kind);
  std::optional<Submission> Draw();
  std::optional<Submission> DrawOpening();
  std::optional<Submission> DrawStep();
  std::optional<Submission> DrawReceipt();
  void FillStep(v1::Header& header, const v1::LegRecord& leg, bool by_sender);
  bool MayHandOn(const std::string& from) const;
  bool HasHandedOn(const v1::LegRecord& leg, const std::string& leg_id) const;
  bool Forbidden(const v1::Header& header, const v1::LegRecord& leg) const;
  static bool DependsOn(const Submission& later, const Submission& earlier);
  Submission MessageOf(v1::Header header) const;
  bool Apply(const Submission& submission, Overlay& view) const;
  void Break(const Submission& submission, const std::optional<v1::LegRecord>& before);
  std::map<std::string, v1::LegRecord> LegsIn(const Overlay& view) const;
  v1::LegRecord LegOf(const std::string& id) const { return *ReadLeg(view_, id).value(); }

  const testing::World& world_;
  sim::Random random_;
  const Habit habit_;
  const Fault fault_;
  Overlay view_;
  std::vector<std::string> agencies_;
  std::string root_;
  std::vector<std::string> legs_;
  std::vector<Submission> accepted_;
  std::vector<v1::Header> waiting_;                          // RUJUKAN not received yet
  std::map<std::string, std::vector<v1::Header>> messages_;  // accepted, by leg
  size_t refused_ = 0;
  size_t duplicates_ = 0;
};

}  // namespace rujukan::ledger
