// Lists with filters. What is in a header or in sealed content is looked at row by row, after what
// the database can choose by itself.
#include <algorithm>

#include "agents/agency/list_filter.h"
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

constexpr size_t kRowsPerLook = 200;

bool IsOfPeer(const MessageRow& row, const std::string& peer) {
  v1::Header header;
  if (peer.empty() || !header.ParseFromString(row.header)) {
    return peer.empty();
  }
  return row.outgoing ? std::find(header.to().begin(), header.to().end(), peer) != header.to().end()
                      : header.from() == peer;
}

}  // namespace

// What the opening of a leg says: its urgency and, opened for this look alone, episode and
// pseudonym.
Result<bool> Tables::OpeningFits(std::string_view leg, const ListFilter& filter) {
  std::string id;
  int64_t urgency = 0;
  RETURN_IF_ERROR(
      database_->Query("SELECT id,urgency FROM messages WHERE leg=? AND leg!=x'' AND"
                       " kind=? AND stage!=3 ORDER BY local LIMIT 1",
                       {Blob{leg}, int64_t{v1::Kind::RUJUKAN}},
                       [&](const Row& row) {
                         id = row.Bytes(0);
                         urgency = row.Int(1);
                         return false;
                       }));
  if (filter.urgency != v1::Urgency::UNSPECIFIED && urgency != int64_t{filter.urgency}) {
    return false;
  }
  if (filter.episode.empty() && filter.ref.empty()) {
    return true;
  }
  const auto opening = MessageId::FromBytes(id);
  ASSIGN_OR_RETURN(const auto row, opening ? Find(*opening) : Result<std::optional<MessageRow>>());
  v1::Content content;
  return row && content.ParseFromString(row->content) &&
         (filter.episode.empty() || content.id_episode() == filter.episode) &&
         (filter.ref.empty() || content.rujukan().t1().ref_anak() == filter.ref);
}

Result<bool> Tables::MessageFits(const MessageRow& row, const ListFilter& filter) {
  const bool in_stage =
      filter.states.empty() || filter.states.count(static_cast<int>(row.stage)) != 0;
  if (!in_stage || !IsOfPeer(row, filter.peer)) {
    return false;
  }
  if (!filter.ref.empty()) {
    ListFilter of_leg;
    of_leg.ref = filter.ref;
    ASSIGN_OR_RETURN(const bool fits, OpeningFits(row.leg, of_leg));
    if (!fits) {
      return false;
    }
  }
  if (filter.episode.empty()) {
    return true;
  }
  ASSIGN_OR_RETURN(const auto whole, Find(row.id));
  v1::Content content;
  return whole && content.ParseFromString(whole->content) && content.id_episode() == filter.episode;
}

Result<Tables::MessagePage> Tables::List(const ListRequest& request, const ListFilter& filter) {
  MessagePage page{{}, request.after, false};
  while (true) {
    ASSIGN_OR_RETURN(auto rows, ListSome(request.outgoing, page.cursor, kRowsPerLook, filter));
    for (auto& row : rows) {
      if (page.rows.size() == request.max) {
        page.more = true;
        return page;
      }
      page.cursor = row.local;
      ASSIGN_OR_RETURN(const bool fits, MessageFits(row, filter));
      if (fits) {
        page.rows.push_back(std::move(row));
      }
    }
    if (rows.size() < kRowsPerLook) {
      return page;
    }
  }
}

Result<Tables::LegPage> Tables::ListLegs(const LegPosition& after,
                                         size_t max,
                                         const ListFilter& filter) {
  std::vector<LegPosition> places;
  RETURN_IF_ERROR(database_->Query(
      "SELECT opened_ms,id FROM legs WHERE (opened_ms<?1 OR (opened_ms=?1 AND id>?2))"
      " AND (?3='' OR peer=?3) AND (?4<0 OR side=?4) AND opened_ms>=?5 AND opened_ms<?6"
      " AND changed_ms>=?7 ORDER BY opened_ms DESC, id",
      {after.opened_at,
       Blob{after.id},
       Text{filter.peer},
       int64_t{filter.side},
       filter.since,
       filter.until,
       filter.changed_since},
      [&](const Row& row) {
        places.push_back({row.Int(0), row.Bytes(1)});
        return true;
      }));
  LegPage page{{}, after, false};
  for (const auto& place : places) {
    if (page.legs.size() == max) {
      page.more = true;
      break;
    }
    page.position = place;
    ASSIGN_OR_RETURN(const auto id, LegId::FromBytes(place.id));
    ASSIGN_OR_RETURN(auto leg, FindLeg(id));
    const bool in_state =
        leg && (filter.states.empty() || filter.states.count(static_cast<int>(leg->state)) != 0);
    ASSIGN_OR_RETURN(const bool fits,
                     in_state ? OpeningFits(place.id, filter) : Result<bool>(false));
    if (fits) {
      page.legs.push_back(std::move(*leg));
    }
  }
  return page;
}

}  // namespace rujukan::agency
