#include "broker/engine/contents_chore.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "broker/core/retention.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

constexpr int64_t kRecordEveryMs = 3600 * 1000;  // at most one ContentsRemoved in this time
constexpr int64_t kSoonMs = 1'000;
// A record that is not in the ledger after this was lost (a stop, a full disk).
constexpr int64_t kRecordLostMs = 60'000;
// Disk space is given back this often at the latest, when something was removed at all.
constexpr int64_t kReclaimEveryMs = 24LL * 3600 * 1000;
constexpr size_t kPlacesAtOnce = 1024;

class ContentsChore : public Chore {
 public:
  ContentsChore(Store& store, Epoch epoch, Recorder recorder, Metrics& metrics, int64_t grace_ms)
      : store_(store),
        epoch_(epoch),
        recorder_(std::move(recorder)),
        metrics_(metrics),
        grace_ms_(grace_ms),
        every_ms_(std::clamp<int64_t>(grace_ms, kSoonMs, kRecordEveryMs)) {}

  std::string_view name() const override { return "contents"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    ASSIGN_OR_RETURN(const v1::DutyRecord duties, ledger::ReadDuties(store_));
    Pass pass;
    pass.recorded_ms = duties.removed_before_ms();
    pass.wanted_ms = now - grace_ms_;
    ASSIGN_OR_RETURN(pass.erasures, Erasures::Load(store_));
    RETURN_IF_ERROR(Remove(pass, stopping));
    RETURN_IF_ERROR(ReclaimIfDue(pass, now));
    if (!pass.more_due || pass.wanted_ms - pass.recorded_ms < every_ms_) {
      return now + every_ms_;
    }
    if (asked_ms_ == 0 || now >= asked_ms_ + kRecordLostMs || now < asked_ms_) {
      v1::Entry entry;
      entry.mutable_contents_removed()->set_settled_before_ms(pass.wanted_ms);
      recorder_(std::move(entry));
      asked_ms_ = now;
    }
    return now + kSoonMs;  // by then it is durable, and what it speaks of goes
  }

 private:
  struct Pass {
    UnixMillis recorded_ms = 0;  // what was settled before is announced as gone
    UnixMillis wanted_ms = 0;    // what was settled before could be announced
    Erasures erasures;
    bool more_due = false;  // something is over its grace and not announced
    bool erased = false;    // something went because a party asked for it
  };
  enum class Fate { kStays, kGoes, kErased };

  Result<Fate> FateOf(const Journal::ContentPlace& place, Pass& pass) const {
    ASSIGN_OR_RETURN(const auto message, ledger::ReadMessage(store_, place.id.view()));
    if (!message) {
      return Fail(Errc::kCorrupt, "a ciphertext is kept that no entry accepted");
    }
    const std::optional<UnixMillis> settled = SettledAt(*message);
    if (!settled) {
      return Fate::kStays;
    }
    if (*settled < pass.recorded_ms) {
      return Fate::kGoes;
    }
    pass.more_due = pass.more_due || *settled < pass.wanted_ms;
    return pass.erasures.Mean(place.id, *message) ? Fate::kErased : Fate::kStays;
  }

  // In order of age, all that are kept: some hundred thousand rows in a week of the busiest domain.
  Result<void> Remove(Pass& pass, const std::atomic<bool>& stopping) {
    std::vector<Journal::ContentPlace> places;
    for (LogIndex from = 0; !stopping; from = places.back().index + 1) {
      ASSIGN_OR_RETURN(places, store_.ListContents(from, kPlacesAtOnce));
      if (places.empty()) {
        break;
      }
      std::vector<Journal::ContentPlace> going;
      for (const Journal::ContentPlace& place : places) {
        ASSIGN_OR_RETURN(const Fate fate, FateOf(place, pass));
        pass.erased = pass.erased || fate == Fate::kErased;
        if (fate != Fate::kStays) {
          going.push_back(place);
        }
      }
      RETURN_IF_ERROR(Remove(going));
    }
    return {};
  }

  // Crash before or half way: the rows are there or gone one by one; the next run takes the rest.
  Result<void> Remove(const std::vector<Journal::ContentPlace>& going) {
    if (going.empty()) {
      return {};
    }
    RETURN_IF_ERROR(store_.RemoveContents(epoch_, going));
    for (const Journal::ContentPlace& place : going) {
      metrics_.contents_removed += 1;
      metrics_.content_bytes_removed += place.bytes;
    }
    asked_ms_ = 0;
    return {};
  }

  // At once for an erasure. Otherwise when as much was removed as is kept, so that the rewriting
  // costs no more than the writing did; daily in any case.
  Result<void> ReclaimIfDue(const Pass& pass, UnixMillis now) {
    erased_ = erased_ || pass.erased;
    const Journal::ContentTotals kept = store_.Contents();
    const bool enough = kept.removed_bytes >= kept.bytes;
    const bool daily = now >= reclaimed_ms_ + kReclaimEveryMs || now < reclaimed_ms_;
    if (kept.removed_bytes == 0 || !(erased_ || enough || daily)) {
      return {};
    }
    RETURN_IF_ERROR(store_.Reclaim());
    spdlog::info("{} bytes of delivered ciphertexts are gone from the disk", kept.removed_bytes);
    erased_ = false;
    reclaimed_ms_ = now;
    return {};
  }

  Store& store_;
  const Epoch epoch_;
  const Recorder recorder_;
  Metrics& metrics_;
  const int64_t grace_ms_;
  const int64_t every_ms_;
  UnixMillis asked_ms_ = 0;      // when ContentsRemoved was handed over; 0: none under way
  bool erased_ = false;          // something went at a party's request since the last Reclaim
  UnixMillis reclaimed_ms_ = 0;  // 0: not since the start, so what was left over is done first
};

}  // namespace

std::unique_ptr<Chore> MakeContentsChore(
    Store& store, Epoch epoch, Recorder recorder, Metrics& metrics, int64_t grace_ms) {
  return std::make_unique<ContentsChore>(store, epoch, std::move(recorder), metrics, grace_ms);
}

}  // namespace rujukan::broker
