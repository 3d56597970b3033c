// Which legs belong to one child's handling, and what is restricted or waits in them.
#include "agents/agency/tables.h"
#include "agents/agency/tables_places.h"

namespace rujukan::agency {
namespace {

std::string EpisodeIdPlace(const LegId& leg) {
  return "episodes/id/" + FormatUuid(leg.view());
}

}  // namespace

Result<void> Tables::PutEpisode(const LegId& leg, const std::string& episode) {
  return database_->Run("INSERT OR REPLACE INTO episodes(leg,mark,id) VALUES(?,?,?)",
                        {Blob{leg.view()},
                         Blob{episode.empty() ? "" : key_.Mark(episode, kEpisodePlace)},
                         Blob{episode.empty() ? "" : key_.Seal(episode, EpisodeIdPlace(leg))}});
}

Result<std::string> Tables::EpisodeOf(const LegId& leg) {
  std::string sealed;
  RETURN_IF_ERROR(database_->Query(
      "SELECT id FROM episodes WHERE leg=?", {Blob{leg.view()}}, [&](const Row& row) {
        sealed = row.Bytes(0);
        return false;
      }));
  return sealed.empty() ? Result<std::string>(std::string())
                        : key_.Open(sealed, EpisodeIdPlace(leg));
}

Result<std::vector<std::string>> Tables::ListEpisodes() {
  std::vector<LegId> legs;  // the latest of each
  RETURN_IF_ERROR(database_->Query(
      "SELECT e.leg,max(l.opened_ms) AS opened FROM episodes e JOIN legs l ON l.id=e.leg"
      " WHERE e.mark!=x'' GROUP BY e.mark ORDER BY opened DESC LIMIT 1000",
      {},
      [&](const Row& row) {
        if (auto leg = LegId::FromBytes(row.Bytes(0)); leg) {
          legs.push_back(*leg);
        }
        return true;
      }));
  std::vector<std::string> episodes;
  for (const LegId& leg : legs) {
    ASSIGN_OR_RETURN(episodes.emplace_back(), EpisodeOf(leg));
  }
  return episodes;
}

// Legs of a database that is older than this table.
Result<void> Tables::FillEpisodes() {
  std::vector<std::pair<LegId, MessageId>> unknown;
  RETURN_IF_ERROR(
      database_->Query("SELECT l.id,m.id FROM legs l JOIN messages m ON m.leg=l.id AND m.kind=?"
                       " WHERE NOT EXISTS(SELECT 1 FROM episodes WHERE leg=l.id)",
                       {int64_t{v1::Kind::RUJUKAN}},
                       [&](const Row& row) {
                         const auto leg = LegId::FromBytes(row.Bytes(0));
                         const auto opening = MessageId::FromBytes(row.Bytes(1));
                         if (leg && opening) {
                           unknown.emplace_back(*leg, *opening);
                         }
                         return true;
                       }));
  for (const auto& [leg, opening] : unknown) {
    ASSIGN_OR_RETURN(const auto row, Find(opening));
    v1::Content content;
    if (row) {
      content.ParseFromString(row->content);
    }
    RETURN_IF_ERROR(PutEpisode(leg, content.id_episode()));
    RETURN_IF_ERROR(RefoldLeg(leg, row ? row->stored_at : 0));
  }
  return {};
}

Result<void> Tables::RestrictLeg(const LegId& leg, const MessageId& by, UnixMillis now) {
  return database_->Run("INSERT OR IGNORE INTO restrictions(leg,message,since_ms) VALUES(?,?,?)",
                        {Blob{leg.view()}, Blob{by.view()}, now});
}

Result<void> Tables::PutWait(const MessageId& message, const LegId& leg) {
  return database_->Run("INSERT OR REPLACE INTO waits(message,leg) VALUES(?,?)",
                        {Blob{message.view()}, Blob{leg.view()}});
}

}  // namespace rujukan::agency
