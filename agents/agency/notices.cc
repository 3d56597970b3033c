#include "agents/agency/notices.h"

#include <set>

namespace rujukan::agency {

Result<std::optional<v1::ClientFrame>> Notices::Next() {
  if (current_ || asked_) {
    return std::optional<v1::ClientFrame>();
  }
  ASSIGN_OR_RETURN(const LogIndex from,
                   store_.Read([](Tables& tables) { return tables.NoticesCursor(); }));
  asked_ = from;
  v1::ClientFrame frame;
  frame.mutable_leg_notices()->set_from_index(from);
  return std::optional<v1::ClientFrame>(std::move(frame));
}

void Notices::Lost() {
  asked_.reset();
  current_ = false;
}

Result<void> Notices::Take(const link::LegNoticed& page, UnixMillis now) {
  const bool answers = asked_ == page.from_index;
  const bool moves = answers || current_;
  const auto kept = store_.Write([&](Tables& tables) -> Result<void> {
    std::set<LegId> legs;
    for (const link::Proven& proven : page.entries) {
      ASSIGN_OR_RETURN(const LegId leg, tables.PutNotice(proven));
      legs.insert(leg);
    }
    for (const LegId& leg : legs) {
      RETURN_IF_ERROR(tables.RefoldLeg(leg, now));  // nothing happens to a leg of others
    }
    return moves ? tables.PutNoticesCursor(page.next_index) : Result<void>();
  });
  RETURN_IF_ERROR(kept);
  if (answers) {
    asked_.reset();
    current_ = !page.more;
  }
  return {};
}

}  // namespace rujukan::agency
