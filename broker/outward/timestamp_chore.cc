#include "broker/outward/timestamp_chore.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/printable.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "certs/timestamp.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

constexpr long kOk = 200;
constexpr size_t kNonceBytes = 8;
constexpr size_t kPageEntries = 256;
constexpr int64_t kLookForGrowthMs = 60'000;

// Entries the broker makes of itself.
bool IsDuty(const std::string& bytes) {
  v1::Entry entry;
  return entry.ParseFromString(bytes) &&
         (entry.has_state() || entry.has_contents_removed() || entry.has_timestamp());
}

class TimestampChore : public Chore {
 public:
  TimestampChore(TimestampPorts ports, TimestampOptions options)
      : ports_(std::move(ports)), options_(std::move(options)) {
    ports_.status.AddAuthority();
  }

  std::string_view name() const override { return "time-stamp"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    ASSIGN_OR_RETURN(const v1::DutyRecord duties, ledger::ReadDuties(ports_.store));
    ports_.status.Stamped(duties.stamped_size(), duties.stamped_at_ms());
    ASSIGN_OR_RETURN(const UnixMillis due, Due(duties));
    if (now < due) {
      return due;
    }
    ASSIGN_OR_RETURN(const auto chosen, Choose(duties));
    if (!chosen.has_value()) {
      return now + std::min(kLookForGrowthMs, options_.every_ms);
    }
    if (auto stamped = Stamp(*chosen, now, stopping); !stamped) {
      if (!stopping) {
        ports_.status.AuthorityFailed(now);
        spdlog::warn("time-stamp: {}", Printable(stamped.error().context));
      }
      retry_at_ = now + RetryMs();
      return retry_at_;
    }
    recorded_at_ = now;
    return now + RetryMs();
  }

 private:
  int64_t RetryMs() const { return std::min(Housekeeper::kRetryMs, options_.every_ms); }

  // What was handed to the sequencer and is not in the ledger after a while was lost.
  Result<UnixMillis> Due(const v1::DutyRecord& duties) {
    ASSIGN_OR_RETURN(const UnixMillis last, LastRecorded(duties));
    const UnixMillis next = last == 0 ? 0 : last + options_.every_ms;
    const UnixMillis settled = recorded_at_ == 0 ? 0 : recorded_at_ + RetryMs();
    return std::max({next, settled, retry_at_});
  }

  // By our own clock: an authority whose clock is ahead must not end all stamping. 0: never, or it
  // is in the archive.
  Result<UnixMillis> LastRecorded(const v1::DutyRecord& duties) {
    if (duties.stamped_index() == 0 || duties.stamped_index() == last_index_) {
      return last_recorded_;
    }
    const auto entries = ports_.store.ReadEntries(duties.stamped_index(), 1);
    if (!entries && entries.error().code != Errc::kNotFound) {
      return Fail(entries.error());
    }
    v1::Entry entry;
    const bool found = entries && !entries->empty() && entry.ParseFromString(entries->front());
    last_recorded_ = found ? entry.time_ms() : 0;
    last_index_ = duties.stamped_index();
    return last_recorded_;
  }

  Result<std::optional<Journal::KeptCheckpoint>> Choose(const v1::DutyRecord& duties) const {
    ASSIGN_OR_RETURN(auto chosen, ports_.store.LatestCosigned());
    if (!chosen.has_value() || chosen->size <= duties.stamped_size()) {
      ASSIGN_OR_RETURN(chosen, ports_.store.LatestCheckpoint());
    }
    if (!chosen.has_value() || chosen->size <= duties.stamped_size()) {
      return std::optional<Journal::KeptCheckpoint>();
    }
    ASSIGN_OR_RETURN(const bool grown, HasGrown(duties.stamped_size(), chosen->size));
    return grown ? std::move(chosen) : std::nullopt;
  }

  // Beyond our own entries.
  Result<bool> HasGrown(LogIndex from, TreeSize size) const {
    while (from < size) {
      const auto entries = ports_.store.ReadEntries(from, std::min(size - from, kPageEntries));
      if (!entries) {
        // In the archive, so there was more than we would look through.
        return entries.error().code == Errc::kNotFound ? Result<bool>(true) : Fail(entries.error());
      }
      if (entries->empty()) {
        return false;
      }
      if (!std::all_of(entries->begin(), entries->end(), IsDuty)) {
        return true;
      }
      from += entries->size();
    }
    return false;
  }

  Result<void> Stamp(const Journal::KeptCheckpoint& checkpoint,
                     UnixMillis now,
                     const std::atomic<bool>& stopping) {
    const Digest imprint = certs::Sha256(checkpoint.note);
    const std::string nonce = certs::RandomBytes(kNonceBytes);
    const HttpCall call{options_.url,
                        "",
                        "application/timestamp-query",
                        certs::MakeTimestampRequest(imprint, nonce),
                        limits::kTimestampTokenBytesMax};
    const Result<PostAnswer> answer = std::move(ports_.http.Post({call}, stopping).front());
    if (!answer) {
      return Fail(answer.error());
    }
    if (answer->status != kOk) {
      return Fail(Errc::kUnavailable,
                  "the authority answers with status " + std::to_string(answer->status));
    }
    ASSIGN_OR_RETURN(std::string token, certs::TokenOfResponse(answer->body, imprint, nonce));
    RETURN_IF_ERROR(Check(token, imprint, now));
    v1::Entry entry;
    entry.mutable_timestamp()->set_checkpoint(checkpoint.note);
    entry.mutable_timestamp()->set_token(std::move(token));
    ports_.record(std::move(entry));
    return {};
  }

  Result<void> Check(const std::string& token, const Digest& imprint, UnixMillis now) const {
    ASSIGN_OR_RETURN(const certs::TimestampToken said,
                     options_.anchors.empty()
                         ? certs::ParseTimestampToken(token)
                         : certs::VerifyTimestamp(token, imprint, options_.anchors));
    if (std::abs(said.time - now) > limits::kClockSkewMsMax) {
      spdlog::warn("time-stamp: the authority says {}, our clock {}; the stamp is recorded",
                   FormatTime(said.time),
                   FormatTime(now));
    }
    return {};
  }

  const TimestampPorts ports_;
  const TimestampOptions options_;
  LogIndex last_index_ = 0;  // of the last stamp's entry
  UnixMillis last_recorded_ = 0;
  UnixMillis recorded_at_ = 0;  // the last token was handed on
  UnixMillis retry_at_ = 0;
};

}  // namespace

std::unique_ptr<Chore> MakeTimestampChore(TimestampPorts ports, TimestampOptions options) {
  return std::make_unique<TimestampChore>(std::move(ports), std::move(options));
}

}  // namespace rujukan::broker
