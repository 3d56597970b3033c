#include "ledger/leg_clocks.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "ledger/leg_machine.h"
#include "ledger/transition.h"

namespace rujukan::ledger {
namespace {

using Class = v1::ClockClass;
using D = v1::Deadline;
using K = v1::Kind;
using S = v1::LegState;

constexpr StateSet kUndecided{S::TERKIRIM, S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO};
constexpr StateSet kBeforeEnd{
    S::TERKIRIM, S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO, S::DITERIMA, S::BERJALAN, S::DITUNDA};
constexpr StateSet kOpen = kBeforeEnd | StateSet{S::SELESAI};
// An alert is answered whatever has become of the leg.
constexpr StateSet kAnswered =
    kOpen | StateSet{S::DITUTUP, S::DITOLAK, S::DIBATALKAN, S::GAGAL, S::DIALIHKAN};

// In which states each deadline runs on once it has begun.
struct Running {
  D::Code deadline;
  StateSet in;
};
constexpr auto kRunning = std::to_array<Running>({
    {D::PENERIMAAN, {S::TERKIRIM}},
    {D::KONFIRMASI, {S::TERKIRIM, S::SAMPAI}},
    {D::KEPUTUSAN, kUndecided},
    {D::KONTAK, {S::TERKIRIM, S::SAMPAI, S::DIKAJI, S::MENUNGGU_INFO, S::DITERIMA}},
    {D::KEMAJUAN, {S::BERJALAN, S::DITUNDA}},
    {D::TINJAUAN, {S::DITUNDA}},
    {D::PENUTUPAN, {S::SELESAI}},
    {D::PERINGATAN, kAnswered},
    {D::PENGESAHAN, kOpen},
    {D::LAYANAN, kBeforeEnd},
});

bool RunsIn(D::Code deadline, S::Code state) {
  const auto* const row = std::find_if(kRunning.begin(), kRunning.end(), [&](const Running& one) {
    return one.deadline == deadline;
  });
  return row != kRunning.end() && row->in.Has(state);
}

// A question stops the clock of who was asked for less urgent things.
bool MayPause(Class::Code clock_class) {
  return clock_class == Class::SEDANG || clock_class == Class::RENDAH;
}

bool StopsForQuestions(D::Code deadline) {
  return deadline == D::KEPUTUSAN || deadline == D::KONTAK;
}

v1::RunningDeadline* Find(v1::LegRecord& leg, D::Code deadline) {
  for (v1::RunningDeadline& one : *leg.mutable_deadlines()) {
    if (one.deadline() == deadline) {
      return &one;
    }
  }
  return nullptr;
}

void End(v1::LegRecord& leg, D::Code deadline) {
  auto& all = *leg.mutable_deadlines();
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (one->deadline() == deadline) {
      all.erase(one);
      return;
    }
  }
}

// In order of the code, in the place of the one that ran.
void StartAt(v1::LegRecord& leg, D::Code deadline, UnixMillis started, UnixMillis due) {
  End(leg, deadline);
  v1::RunningDeadline& added = *leg.add_deadlines();
  added.set_deadline(deadline);
  added.set_started_ms(started);
  added.set_due_ms(due);
  added.set_next_ms(due);
  auto& all = *leg.mutable_deadlines();
  for (int at = all.size() - 1; at > 0 && all.Get(at).deadline() < all.Get(at - 1).deadline();
       --at) {
    all.SwapElements(at, at - 1);
  }
}

// One change, with all that it is counted by.
class Change {
 public:
  Change(const LegChange& change, const ClockSetting& setting, v1::LegRecord& leg)
      : before_(change.before),
        header_(change.header),
        time_(change.time),
        setting_(setting),
        leg_(leg) {}

  void Open();
  void Move();

 private:
  bool By(K::Code kind) const { return header_ != nullptr && header_->kind() == kind; }
  bool Entered(S::Code state) const { return before_->state() != state && leg_.state() == state; }
  const Limit* LimitOf(D::Code deadline, UnixMillis at, Class::Code clock_class) const {
    return setting_.clocks->LimitFor(clock_class, deadline, at, setting_.zone);
  }
  UnixMillis After(UnixMillis from, const Span& span) const {
    return setting_.clocks->After(from, span, setting_.zone);
  }
  void Start(D::Code deadline, UnixMillis no_later_than = 0);
  void StartNextReport();
  void StopReports();
  void ResumeReports();
  void EndWhatRunsNoMore();
  void StartWhatBegins();
  void Pause();
  void Resume();
  UnixMillis Resumed(const v1::RunningDeadline& one, UnixMillis stopped) const;
  UnixMillis StoppedUntil(const v1::RunningDeadline& one) const;
  void Recount();
  void RecountOne(v1::RunningDeadline& one, bool tighter);
  UnixMillis DueUnder(const v1::RunningDeadline& one, Class::Code clock_class) const;
  void HurryTiers(v1::RunningDeadline& one);
  void RunAlerts();

  const v1::LegRecord* before_;
  const v1::Header* header_;
  const UnixMillis time_;
  const ClockSetting& setting_;
  v1::LegRecord& leg_;
};

// `no_later_than`: what the sender's header asks for; 0: nothing. What was over before the leg
// opened asks for nothing: its sender was away, and nobody has missed anything.
void Change::Start(D::Code deadline, UnixMillis no_later_than) {
  const Limit* limit = LimitOf(deadline, time_, leg_.clock_class());
  if (limit == nullptr) {
    return;
  }
  const UnixMillis due = After(time_, limit->within);
  StartAt(leg_, deadline, time_, no_later_than > time_ ? std::min(due, no_later_than) : due);
}

void Change::StartNextReport() {
  const Limit* limit = LimitOf(D::KEMAJUAN, time_, leg_.clock_class());
  if (limit == nullptr) {
    return;
  }
  StartAt(leg_, D::KEMAJUAN, time_, After(time_, limit->then.value_or(limit->within)));
}

// A pause gives no new time: what is left of the report's is left after it, and one that is late
// stays late.
void Change::StopReports() {
  v1::RunningDeadline* report = Find(leg_, D::KEMAJUAN);
  if (report != nullptr && report->missed() == 0 && report->due_ms() > time_) {
    report->set_next_ms(0);
  }
}

void Change::ResumeReports() {
  v1::RunningDeadline* report = Find(leg_, D::KEMAJUAN);
  if (report == nullptr) {
    return StartNextReport();
  }
  if (report->missed() == 0 && report->next_ms() == 0) {
    report->set_due_ms(Resumed(*report, before_->changed_at_ms()));
    report->set_next_ms(report->due_ms());
    report->set_started_ms(report->started_ms() + (time_ - before_->changed_at_ms()));
  }
}

void Change::Open() {
  Start(D::PENERIMAAN);
  Start(D::KONFIRMASI, header_->confirm_by_ms());
  Start(D::KEPUTUSAN, header_->decide_by_ms());
  Start(D::KONTAK);
  if (leg_.clock_class() == Class::DARURAT && !leg_.signed_off()) {
    Start(D::PENGESAHAN);
  }
  if (header_->due_ms() > time_) {
    StartAt(leg_, D::LAYANAN, time_, header_->due_ms());
  }
}

void Change::Move() {
  const bool tightened =
      leg_.clock_class() != before_->clock_class() && !MayPause(leg_.clock_class());
  if (before_->paused_at_ms() != 0 && (leg_.state() != S::MENUNGGU_INFO || tightened)) {
    Resume();
  }
  EndWhatRunsNoMore();
  if (leg_.clock_class() != before_->clock_class()) {
    Recount();
  }
  StartWhatBegins();
  RunAlerts();
}

void Change::EndWhatRunsNoMore() {
  auto& all = *leg_.mutable_deadlines();
  // In a transfer the handover is what is waited for.
  const bool met = By(K::KONTAK_PERTAMA) && !MovesByHandover(leg_);
  const auto over = [&](const v1::RunningDeadline& one) {
    return !RunsIn(one.deadline(), leg_.state()) || (met && one.deadline() == D::KONTAK) ||
           (leg_.signed_off() && one.deadline() == D::PENGESAHAN);
  };
  all.erase(std::remove_if(all.begin(), all.end(), over), all.end());
}

void Change::StartWhatBegins() {
  if (Entered(S::MENUNGGU_INFO)) {
    Pause();
  }
  if (Entered(S::BERJALAN) && before_->state() == S::DITERIMA) {
    Start(D::KEMAJUAN);
  } else if (Entered(S::BERJALAN) && before_->state() == S::DITUNDA) {
    ResumeReports();
  } else if (Entered(S::BERJALAN) || (leg_.state() == S::BERJALAN && By(K::LAPORAN_KEMAJUAN))) {
    StartNextReport();
  }
  if (Entered(S::DITUNDA) && header_ != nullptr) {
    StartAt(leg_, D::TINJAUAN, time_, header_->due_ms());
    StopReports();
  }
  // An emergency is not paused: it is looked at again at once.
  if (leg_.state() == S::DITUNDA && leg_.clock_class() == Class::DARURAT &&
      before_->clock_class() != Class::DARURAT) {
    StartAt(leg_, D::TINJAUAN, time_, time_);
  }
  if (Entered(S::SELESAI)) {
    Start(D::PENUTUPAN);
  }
}

// A question stops a clock at most for as long as the clock has.
UnixMillis Change::StoppedUntil(const v1::RunningDeadline& one) const {
  const Limit* limit = LimitOf(one.deadline(), one.started_ms(), leg_.clock_class());
  return limit == nullptr ? one.due_ms() : After(one.due_ms(), limit->within);
}

// What has passed already is not stopped by asking.
void Change::Pause() {
  const v1::RunningDeadline* decision = Find(leg_, D::KEPUTUSAN);
  if (!MayPause(leg_.clock_class()) || decision == nullptr || decision->missed() != 0 ||
      decision->due_ms() <= time_) {
    return;
  }
  leg_.set_paused_at_ms(time_);
  for (v1::RunningDeadline& one : *leg_.mutable_deadlines()) {
    if (StopsForQuestions(one.deadline()) && one.missed() == 0) {
      one.set_next_ms(StoppedUntil(one));
    }
  }
}

void Change::Resume() {
  for (v1::RunningDeadline& one : *leg_.mutable_deadlines()) {
    if (StopsForQuestions(one.deadline()) && one.missed() == 0) {
      one.set_due_ms(Resumed(one, leg_.paused_at_ms()));
      one.set_started_ms(one.started_ms() + (time_ - leg_.paused_at_ms()));
      one.set_next_ms(one.due_ms());
    }
  }
  leg_.clear_paused_at_ms();
}

// As much time is left as there was when it stopped; working time, where it counts that.
UnixMillis Change::Resumed(const v1::RunningDeadline& one, UnixMillis stopped) const {
  const Limit* limit = LimitOf(one.deadline(), one.started_ms(), before_->clock_class());
  const Calendar& calendar = setting_.clocks->calendar();
  if (limit != nullptr && limit->within.unit != Unit::kTime) {
    return calendar.AddWork(
        time_, calendar.WorkBetween(stopped, one.due_ms(), setting_.zone), setting_.zone);
  }
  const UnixMillis due = one.due_ms() + (time_ - stopped);
  return limit != nullptr && limit->within.to_work ? calendar.NextWork(due, setting_.zone) : due;
}

// Under another class the same deadline would be due then; 0: it would not run.
UnixMillis Change::DueUnder(const v1::RunningDeadline& one, Class::Code clock_class) const {
  const Limit* limit = LimitOf(one.deadline(), one.started_ms(), clock_class);
  const Limit* former = LimitOf(one.deadline(), one.started_ms(), before_->clock_class());
  if (limit == nullptr || former == nullptr) {
    return 0;
  }
  const bool first = one.due_ms() == After(one.started_ms(), former->within);
  const bool next_report = one.deadline() == D::KEMAJUAN && !first && limit->then.has_value();
  return After(one.started_ms(), next_report ? *limit->then : limit->within);
}

// What was missed under the class before reaches its next tier no later than it would under this.
void Change::HurryTiers(v1::RunningDeadline& one) {
  if (one.next_ms() == 0) {
    return;
  }
  const Escalation& tiers =
      setting_.clocks->EscalationFor(leg_.clock_class(), time_, setting_.zone);
  const Span rest = one.missed() == 1 ? tiers.second : Difference(tiers.third, tiers.second);
  one.set_next_ms(std::min(one.next_ms(), After(time_, rest)));
}

void Change::RecountOne(v1::RunningDeadline& one, bool tighter) {
  const UnixMillis due = DueUnder(one, leg_.clock_class());
  if (due == 0) {
    return;
  }
  if (one.deadline() == D::PENUTUPAN) {  // a notice is no miss, and a miss no notice
    one.set_missed(0);
  } else if (one.missed() != 0) {
    return tighter ? HurryTiers(one) : void();
  }
  one.set_due_ms(tighter ? std::min(one.due_ms(), due) : due);
  if (one.deadline() == D::KEMAJUAN && leg_.state() == S::DITUNDA) {
    return;  // stopped
  }
  const bool paused = leg_.paused_at_ms() != 0 && StopsForQuestions(one.deadline());
  one.set_next_ms(paused ? StoppedUntil(one) : one.due_ms());
}

void Change::Recount() {
  const bool tighter = leg_.clock_class() < before_->clock_class();  // DARURAT is the first
  for (v1::RunningDeadline& one : *leg_.mutable_deadlines()) {
    RecountOne(one, tighter);
  }
}

// One clock for all open alerts of the leg, from the first: early for the others, late for none.
void Change::RunAlerts() {
  if (leg_.alerts().empty()) {
    return End(leg_, D::PERINGATAN);
  }
  // The last tier was told of those before: what is new begins again.
  const v1::RunningDeadline* running = Find(leg_, D::PERINGATAN);
  const bool more = leg_.alerts_size() > before_->alerts_size();
  if (RunsIn(D::PERINGATAN, leg_.state()) &&
      (running == nullptr || (more && running->next_ms() == 0))) {
    Start(D::PERINGATAN);
  }
}

}  // namespace

bool TouchesClocks(const LegChange& change, const v1::LegRecord& leg) {
  if (change.before == nullptr) {
    return true;
  }
  const v1::LegRecord& before = *change.before;
  const K::Code kind = change.header == nullptr ? K::UNSPECIFIED : change.header->kind();
  return before.state() != leg.state() || before.clock_class() != leg.clock_class() ||
         before.signed_off() != leg.signed_off() || before.alerts_size() != leg.alerts_size() ||
         kind == K::LAPORAN_KEMAJUAN || kind == K::KONTAK_PERTAMA;
}

void RunClocks(const LegChange& change, const ClockSetting& setting, v1::LegRecord& leg) {
  Change run(change, setting, leg);
  if (change.before != nullptr) {
    return run.Move();
  }
  CHECK(change.header != nullptr);  // a leg is opened by a message
  run.Open();
}

std::optional<UnixMillis> NextDue(const v1::LegRecord& leg) {
  std::optional<UnixMillis> next;
  for (const v1::RunningDeadline& one : leg.deadlines()) {
    if (one.next_ms() != 0) {
      next = std::min(next.value_or(one.next_ms()), one.next_ms());
    }
  }
  return next;
}

const v1::RunningDeadline* FindDue(const v1::LegRecord& leg, UnixMillis time) {
  const v1::RunningDeadline* due = nullptr;
  for (const v1::RunningDeadline& one : leg.deadlines()) {
    if (one.next_ms() != 0 && one.next_ms() <= time &&
        (due == nullptr || one.next_ms() < due->next_ms())) {
      due = &one;
    }
  }
  return due;
}

const v1::RunningDeadline* FindDeadline(const v1::LegRecord& leg, v1::Deadline::Code deadline) {
  for (const v1::RunningDeadline& one : leg.deadlines()) {
    if (one.deadline() == deadline) {
      return &one;
    }
  }
  return nullptr;
}

Consequence ConsequenceOf(const v1::LegRecord& leg,
                          const v1::RunningDeadline& due,
                          const ClockSetting& setting) {
  if (due.deadline() == D::PENERIMAAN) {
    return Consequence::kTold;
  }
  if (due.deadline() != D::PENUTUPAN) {
    return Consequence::kRises;
  }
  const Limit* limit =
      setting.clocks->LimitFor(leg.clock_class(), D::PENUTUPAN, due.started_ms(), setting.zone);
  if (limit == nullptr || !limit->closes) {
    return Consequence::kRises;
  }
  return due.missed() == 0 ? Consequence::kTold : Consequence::kCloses;
}

uint32_t LevelOf(const v1::LegRecord& leg, const v1::RunningDeadline& due, Consequence miss) {
  return miss == Consequence::kRises ? std::max(leg.escalation(), due.missed() + 1) : 0;
}

namespace {

// When the next tier is told, after `missed` records; 0: there is none above.
UnixMillis NextTier(uint32_t missed,
                    UnixMillis time,
                    const ClockSetting& setting,
                    const v1::LegRecord& leg) {
  const Escalation& tiers = setting.clocks->EscalationFor(leg.clock_class(), time, setting.zone);
  const Span second = setting.covered_early ? Halved(tiers.second) : tiers.second;
  if (missed == 1) {
    return setting.clocks->After(time, second, setting.zone);
  }
  return missed == 2 ? setting.clocks->After(time, Difference(tiers.third, second), setting.zone)
                     : 0;
}

}  // namespace

void RecordMiss(v1::Deadline::Code deadline,
                UnixMillis time,
                const ClockSetting& setting,
                v1::LegRecord& leg) {
  v1::RunningDeadline* one = Find(leg, deadline);
  CHECK(one != nullptr);
  const Consequence miss = ConsequenceOf(leg, *one, setting);
  CHECK(miss != Consequence::kCloses);
  leg.set_escalation(std::max(leg.escalation(), LevelOf(leg, *one, miss)));
  one->set_missed(one->missed() + 1);
  if (miss == Consequence::kRises) {
    one->set_next_ms(NextTier(one->missed(), time, setting, leg));
    return;
  }
  const Limit* limit =
      setting.clocks->LimitFor(leg.clock_class(), deadline, one->started_ms(), setting.zone);
  const bool closes = deadline == D::PENUTUPAN && limit != nullptr && limit->closes;
  one->set_next_ms(closes ? setting.clocks->After(time, *limit->closes, setting.zone) : 0);
}

}  // namespace rujukan::ledger
