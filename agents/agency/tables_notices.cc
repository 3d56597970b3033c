// Notices about legs: missed deadlines and closings that the broker put on record, each with its
// proof, of this agency's own legs and of others that it is told of.
#include "agents/agency/tables.h"
#include "base/bytes.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kCursorName = "notices_cursor";
constexpr const char* kColumns =
    "SELECT entry_index,entry_size,entry,proof FROM notices WHERE entry_index>=? AND"
    " (?=x'' OR leg=?) ORDER BY entry_index LIMIT ?";

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(value);
}

const std::string& LegIn(const v1::Entry& entry) {
  return entry.has_leg_closed() ? entry.leg_closed().leg_id() : entry.deadline_missed().leg_id();
}

Result<NoticeRow> NoticeOf(const Row& row) {
  NoticeRow notice;
  notice.evidence = Evidence{static_cast<LogIndex>(row.Int(0)),
                             static_cast<TreeSize>(row.Int(1)),
                             row.Bytes(2),
                             row.Bytes(3)};
  if (!notice.entry.ParseFromString(notice.evidence.entry)) {
    return Fail(Errc::kCorrupt, "a notice in the agent's database does not parse");
  }
  ASSIGN_OR_RETURN(notice.leg, LegId::FromBytes(LegIn(notice.entry)));
  return notice;
}

}  // namespace

Result<LegId> Tables::PutNotice(const link::Proven& proven) {
  ASSIGN_OR_RETURN(const LegId leg, LegId::FromBytes(LegIn(proven.entry)));
  RETURN_IF_ERROR(database_->Run(
      "INSERT OR IGNORE INTO notices(entry_index,entry_size,leg,entry,proof) VALUES(?,?,?,?,?)",
      {Signed(proven.index),
       Signed(proven.size),
       Blob{leg.view()},
       Blob{proven.entry_bytes},
       Blob{proven.proof}}));
  if (database_->Changes() > 0 && proven.entry.has_deadline_missed()) {
    Event event;
    event.type = EventType::kDeadlineMissed;
    event.time = proven.entry.time_ms();
    event.leg = leg.str();
    event.code = v1::Deadline::Code_Name(proven.entry.deadline_missed().deadline());
    RETURN_IF_ERROR(PutEvent(event));
  }
  return leg;
}

Result<std::vector<NoticeRow>> Tables::ReadNotices(std::string_view leg,
                                                   LogIndex from,
                                                   size_t max) {
  std::vector<NoticeRow> notices;
  Result<void> read;
  RETURN_IF_ERROR(database_->Query(
      kColumns, {Signed(from), Blob{leg}, Blob{leg}, Signed(max)}, [&](const Row& row) {
        auto notice = NoticeOf(row);
        if (!notice) {
          read = Fail(notice.error());
          return false;
        }
        notices.push_back(std::move(*notice));
        return true;
      }));
  RETURN_IF_ERROR(read);
  return notices;
}

Result<std::vector<NoticeRow>> Tables::ListNotices(LogIndex from, size_t max) {
  return ReadNotices("", from, max);
}

Result<std::vector<NoticeRow>> Tables::NoticesOfLeg(const LegId& leg) {
  constexpr size_t kOfOneLegMax = 10'000;
  return ReadNotices(leg.view(), 0, kOfOneLegMax);
}

Result<LogIndex> Tables::NoticesCursor() {
  ASSIGN_OR_RETURN(const std::string value, GetMeta(kCursorName));
  if (value.empty()) {
    return LogIndex{0};
  }
  return ParseDecimal(value);
}

Result<void> Tables::PutNoticesCursor(LogIndex next) {
  return PutMeta(kCursorName, std::to_string(next));
}

}  // namespace rujukan::agency
