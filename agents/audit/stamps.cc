#include "agents/audit/stamps.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "certs/hash.h"
#include "certs/timestamp.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

constexpr size_t kStampIndexBytesMax = 1 << 20;
constexpr size_t kAuthoritiesMax = 8;
// Tag of Entry.timestamp: an entry without these bytes is no stamp. (21 << 3 | 2, as a varint.)
constexpr std::string_view kStampTag = "\xAA\x01";

std::optional<TreeSize> ParseSize(std::string_view line) {
  TreeSize size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size);
  const bool whole = error == std::errc() && end == line.data() + line.size();
  return whole ? std::optional<TreeSize>(size) : std::nullopt;
}

}  // namespace

std::string StampFile(TreeSize size, std::string_view extension) {
  return "timestamps/" + std::to_string(size) + "." + std::string(extension);
}

void StampCheck::See(LogIndex index, std::string_view entry_bytes) {
  if (entry_bytes.find(kStampTag) == std::string_view::npos) {
    return;
  }
  v1::Entry entry;
  if (!entry.ParseFromArray(entry_bytes.data(), static_cast<int>(entry_bytes.size())) ||
      !entry.has_timestamp()) {
    return;
  }
  Judge({index, ""}, entry.timestamp().checkpoint(), entry.timestamp().token(), entry.time_ms());
}

void StampCheck::Judge(const Place& place,
                       const std::string& checkpoint,
                       const std::string& token,
                       std::optional<UnixMillis> recorded) {
  const auto time = Check(checkpoint, token);
  if (!time) {
    Complain(place, time.error().context);
    return;
  }
  if (recorded && std::abs(*time - *recorded) > limits::kClockSkewMsMax) {
    Complain(place,
             "the authority says " + FormatTime(*time) + ", the entry " + FormatTime(*recorded) +
                 ": the broker's clock or the authority's was wrong, or the stamp was held back");
    return;
  }
  report_.Pass(Check::kStamps);
  if (tsa_anchors_.empty()) {
    report_.LeaveOut(Check::kStamps, "whose word they are: no --tsa");
  }
  TakeTime(*time, place.entry);
}

// The time, when the stamped checkpoint is of this ledger as it is, and the token is about it.
Result<UnixMillis> StampCheck::Check(const std::string& note, const std::string& token) {
  const auto stamped = ledger::OpenCheckpoint(note, log_);
  if (!stamped) {
    return Fail(stamped.error().code,
                "stamped is no checkpoint of this ledger: " + stamped.error().context);
  }
  if (stamped->size > size_) {
    return Fail(Errc::kCorrupt,
                "stamped are " + std::to_string(stamped->size) + " entries, the ledger has only " +
                    std::to_string(size_));
  }
  const auto root = ledger::RootAt(stamped->size, PresentTiles(files_, size_));
  if (!root) {
    return Fail(root.error().code,
                "the root it stamps cannot be recomputed: " + root.error().context);
  }
  if (*root != stamped->root) {
    return Fail(Errc::kCorrupt,
                "the first " + std::to_string(stamped->size) +
                    " entries had another root when they were stamped: history was rewritten");
  }
  const Digest imprint = certs::Sha256(note);
  ASSIGN_OR_RETURN(const certs::TimestampToken said,
                   tsa_anchors_.empty() ? certs::ParseTimestampToken(token)
                                        : certs::VerifyTimestamp(token, imprint, tsa_anchors_));
  if (said.imprint != imprint) {
    return Fail(Errc::kDenied, "the token stamps something else than the checkpoint beside it");
  }
  std::vector<std::string>& names = report_.stamps.authorities;
  const std::string name = said.authority.empty() ? "(unnamed)" : said.authority;
  if (names.size() < kAuthoritiesMax &&
      std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
  return said.time;
}

void StampCheck::TakeTime(UnixMillis time, std::optional<LogIndex> entry) {
  StampSummary& stamps = report_.stamps;
  ++stamps.count;
  if (!entry) {
    return;  // an auditor's own: no sign of how the broker kept its hours
  }
  if (stamps.last_ms != 0 && time - stamps.last_ms > stamps.largest_gap_ms) {
    stamps.largest_gap_ms = time - stamps.last_ms;
    stamps.gap_before = entry;
  }
  stamps.first_ms = stamps.first_ms == 0 ? time : stamps.first_ms;
  stamps.last_ms = time;
}

void StampCheck::Finish(UnixMillis newest) {
  StampSummary& stamps = report_.stamps;
  if (stamps.last_ms != 0 && newest - stamps.last_ms > stamps.largest_gap_ms) {
    stamps.largest_gap_ms = newest - stamps.last_ms;
    stamps.gap_before = std::nullopt;
  }
  const auto index = files_.source().Read(std::string(kStampIndex), kStampIndexBytesMax);
  if (!index) {
    return;  // nobody has stamped this copy
  }
  for (size_t begin = 0; begin < index->size();) {
    const size_t end = std::min(index->find('\n', begin), index->size());
    const auto size = ParseSize(std::string_view(*index).substr(begin, end - begin));
    if (size) {
      CheckOwn(*size);
    } else {
      Complain({std::nullopt, std::string(kStampIndex)}, "a line of it is no size");
    }
    begin = end + 1;
  }
}

void StampCheck::CheckOwn(TreeSize size) {
  const Place place{std::nullopt, StampFile(size, "tsr")};
  const auto response = files_.source().Read(place.file, limits::kTimestampTokenBytesMax);
  const std::string checkpoint_file = StampFile(size, "checkpoint");
  const auto checkpoint = files_.source().Read(checkpoint_file, limits::kCheckpointBytesMax);
  if (!response || !checkpoint) {
    const Error& error = response ? checkpoint.error() : response.error();
    Complain({std::nullopt, response ? checkpoint_file : place.file}, error.context);
    return;
  }
  const auto token = certs::TokenInResponse(*response);
  if (!token) {
    Complain(place, token.error().context);
    return;
  }
  Judge(place, *checkpoint, *token, std::nullopt);
}

void StampCheck::Complain(const Place& place, std::string problem) {
  report_.Fail({Check::kStamps, place.entry, place.file, std::move(problem)});
}

}  // namespace rujukan::audit
