#include "broker/core/queries.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "broker/core/answers.h"
#include "ledger/fold.h"

namespace rujukan::broker {
namespace {

using Frames = std::vector<std::string>;
using ledger::Table;

std::string Serialise(const v1::ServerFrame& frame) {
  std::string bytes;
  CHECK(frame.SerializeToString(&bytes));
  return bytes;
}

Frames RefuseQuery(v1::RefusalReason::Code reason) {
  return {RefusedFrame(Answer(), ledger::MakeRefusal(reason), "", "")};
}

// The newest cosigned checkpoint and how the newest of all continues it: the client sees that what
// it is shown is what the witnesses were shown.
Result<void> AddCosigned(const QueryContext& context,
                         const TileMemo& tiles,
                         WelcomeParts& welcome) {
  if (context.cosigned == nullptr || context.cosigned->size == 0 ||
      context.cosigned->size > context.checkpoint.size) {
    return {};
  }
  welcome.cosigned = context.cosigned->note;
  if (context.cosigned->size < context.checkpoint.size) {
    ASSIGN_OR_RETURN(
        welcome.cosigned_consistency,
        ledger::ConsistencyProof(context.cosigned->size, context.checkpoint.size, tiles));
  }
  return {};
}

// A client that claims to know a larger ledger than ours gets our checkpoint as it is, without a
// proof: it must see for itself that we have gone back, and say so loudly.
Result<Frames> AnswerHello(const v1::Hello& hello, const QueryContext& context) {
  WelcomeParts welcome;
  welcome.checkpoint = context.checkpoint.note;
  const TreeSize size = context.checkpoint.size;
  const TileMemo tiles(context.store);
  if (hello.tree_size() > 0 && hello.tree_size() < size) {
    ASSIGN_OR_RETURN(welcome.consistency, ledger::ConsistencyProof(hello.tree_size(), size, tiles));
  }
  RETURN_IF_ERROR(AddCosigned(context, tiles, welcome));
  return Frames{WelcomeFrame(welcome, context.now)};
}

// Directory entries from an index, those a signed checkpoint covers, as many as one page holds.
struct DirectoryIndexes {
  std::vector<LogIndex> indexes;
  bool more = false;
};
Result<DirectoryIndexes> ListDirectory(const v1::DirectoryRequest& request,
                                       const QueryContext& context) {
  DirectoryIndexes listed;
  const size_t most =
      request.entries_max() == 0
          ? limits::kDirectoryPageEntriesMax
          : std::min<size_t>(request.entries_max(), limits::kDirectoryPageEntriesMax);
  const auto visit = [&](std::string_view key, std::string_view) {
    const LogIndex index = ReadBigEndian64(key);
    if (index >= context.checkpoint.size) {
      return false;
    }
    listed.more = listed.indexes.size() == most;
    if (!listed.more) {
      listed.indexes.push_back(index);
    }
    return !listed.more;
  };
  RETURN_IF_ERROR(
      context.store.Scan(Table::kDirectory, "", ledger::IndexKey(request.from_index()), visit));
  return listed;
}

// The end of the ledger as the checkpoint has it: it names the last directory entry, so that the
// client sees for itself that nothing was left out.
Result<void> AddNewest(const QueryContext& context,
                       const TileMemo& tiles,
                       v1::DirectoryPage& page) {
  if (page.more() || context.checkpoint.size == 0) {
    return {};
  }
  ASSIGN_OR_RETURN(
      Proven newest,
      ReadProvenAt(context.store, tiles, context.checkpoint.size - 1, context.checkpoint));
  page.mutable_newest()->set_entry(std::move(newest.entry));
  page.mutable_newest()->set_proof(std::move(newest.receipt));
  return {};
}

Result<Frames> AnswerDirectory(const v1::DirectoryRequest& request, const QueryContext& context) {
  ASSIGN_OR_RETURN(const DirectoryIndexes listed, ListDirectory(request, context));
  const TileMemo tiles(context.store);
  v1::ServerFrame frame;
  v1::DirectoryPage& page = *frame.mutable_directory();
  page.set_more(listed.more);
  page.set_next_index(request.from_index());
  size_t bytes = 0;
  for (const LogIndex index : listed.indexes) {
    ASSIGN_OR_RETURN(Proven proven, ReadProvenAt(context.store, tiles, index, context.checkpoint));
    bytes += proven.entry.size() + proven.receipt.size();
    if (bytes > limits::kDirectoryPageBytesMax && page.entries_size() > 0) {
      page.set_more(true);
      break;
    }
    v1::ProvenEntry& added = *page.add_entries();
    added.set_entry(std::move(proven.entry));
    added.set_proof(std::move(proven.receipt));
    page.set_next_index(index + 1);
  }
  RETURN_IF_ERROR(AddNewest(context, tiles, page));
  return Frames{Serialise(frame)};
}

Result<void> AddNotices(const std::string& message_id,
                        const std::string& asker,
                        const QueryContext& context,
                        const TileMemo& tiles,
                        Frames& frames) {
  ASSIGN_OR_RETURN(const auto record, ledger::ReadMessage(context.store, message_id));
  if (!record.has_value() || record->from() != asker) {
    return {};  // not its message: answered like one that does not exist
  }
  for (const v1::DeliveryState& delivery : record->deliveries()) {
    if (delivery.index() == 0 || delivery.index() >= context.checkpoint.size) {
      continue;
    }
    if (frames.size() == limits::kStatusNoticesMax) {
      return {};
    }
    const auto proven = ReadProven(context.store, tiles, delivery.index());
    if (!proven && proven.error().code == Errc::kNotFound) {
      continue;  // in the archive: the proof is there, for an auditor to make
    }
    RETURN_IF_ERROR(proven);
    frames.push_back(NoticeFrame(message_id, proven->entry, proven->receipt));
  }
  return {};
}

Result<Frames> AnswerStatus(const v1::StatusRequest& request,
                            const std::string& asker,
                            const QueryContext& context) {
  if (static_cast<size_t>(request.message_ids_size()) > limits::kStatusIdsMax) {
    return RefuseQuery(v1::RefusalReason::MALFORMED);
  }
  Frames frames;
  const TileMemo tiles(context.store);
  // The same id twice is the same answer: nobody makes us read it again.
  const std::set<std::string> ids(request.message_ids().begin(), request.message_ids().end());
  for (const std::string& id : ids) {
    RETURN_IF_ERROR(AddNotices(id, asker, context, tiles, frames));
  }
  return frames;
}

// Entries that tell this agency something about legs, those a signed checkpoint covers.
Result<std::vector<LogIndex>> ListLegNotices(const std::string& asker,
                                             LogIndex from,
                                             const QueryContext& context) {
  std::vector<LogIndex> indexes;
  const std::string prefix = ledger::MailboxPrefix(asker);
  const auto visit = [&](std::string_view key, std::string_view) {
    const LogIndex index = ReadBigEndian64(key.substr(prefix.size()));
    if (index < context.checkpoint.size) {
      indexes.push_back(index);
    }
    return index < context.checkpoint.size && indexes.size() <= limits::kLegNoticesPageMax;
  };
  RETURN_IF_ERROR(
      context.store.Scan(Table::kLegNotice, prefix, ledger::MailboxKey(asker, from), visit));
  return indexes;  // one more than a page holds: then there is more
}

Result<Frames> AnswerLegNotices(const v1::LegNoticesRequest& request,
                                const std::string& asker,
                                const QueryContext& context) {
  ASSIGN_OR_RETURN(const auto indexes, ListLegNotices(asker, request.from_index(), context));
  const TileMemo tiles(context.store);
  v1::ServerFrame frame;
  v1::LegNoticesPage& page = *frame.mutable_leg_notices();
  page.set_from_index(request.from_index());
  page.set_next_index(request.from_index());
  size_t bytes = 0;
  for (const LogIndex index : indexes) {
    if (static_cast<size_t>(page.entries_size()) == limits::kLegNoticesPageMax ||
        bytes > limits::kDirectoryPageBytesMax) {
      page.set_more(true);
      break;
    }
    page.set_next_index(index + 1);
    auto proven = ReadProven(context.store, tiles, index);
    if (!proven && proven.error().code == Errc::kNotFound) {
      continue;  // in the archive: whoever was away so long asks an auditor
    }
    RETURN_IF_ERROR(proven);
    bytes += proven->entry.size() + proven->receipt.size();
    v1::ProvenEntry& added = *page.add_entries();
    added.set_entry(std::move(proven->entry));
    added.set_proof(std::move(proven->receipt));
  }
  return Frames{Serialise(frame)};
}

// Known gap: the page has no continuation, so a domain with more than one frame of agencies sees
// all its pending requests here and the rest of its agencies only through the directory.
Result<Frames> AnswerEnrolments(const std::string& asker, const QueryContext& context) {
  const AgencyFacts* agency = context.directory.FindAgency(asker);
  if (agency == nullptr || agency->role != v1::Role::ADMIN) {
    return RefuseQuery(v1::RefusalReason::NO_RIGHT);
  }
  v1::ServerFrame frame;
  v1::EnrolmentsPage& page = *frame.mutable_enrolments();
  size_t bytes = 0;
  const auto add_pending = [&](std::string_view, std::string_view value) {
    v1::EnrolmentRecord record;
    if (record.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
        record.state() == v1::EnrolmentState::PENDING) {
      bytes += value.size();
      *page.add_pending() = std::move(record);
    }
    return bytes < limits::kDirectoryPageBytesMax;
  };
  const auto add_agency = [&](std::string_view, std::string_view value) {
    v1::AgencyRecord record;
    if (record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
      bytes += value.size();
      *page.add_agencies() = std::move(record);
    }
    return bytes < limits::kDirectoryPageBytesMax;
  };
  RETURN_IF_ERROR(context.store.Scan(Table::kEnrolment, "", "", add_pending));
  RETURN_IF_ERROR(context.store.Scan(Table::kAgency, "", "", add_agency));
  return Frames{Serialise(frame)};
}

// Whoever knows the id may ask: it is the digest of a request that only its maker has seen.
Result<Frames> AnswerEnrolmentStatus(const v1::EnrolmentStatusRequest& request,
                                     const QueryContext& context) {
  v1::ServerFrame frame;
  v1::EnrolmentStatus& status = *frame.mutable_enrol_status();
  status.set_enrolment_id(request.enrolment_id());
  ASSIGN_OR_RETURN(const auto record, ledger::ReadEnrolment(context.store, request.enrolment_id()));
  if (record.has_value()) {
    status.set_state(record->state());
    status.set_note(record->note());
  }
  return Frames{Serialise(frame)};
}

}  // namespace

Result<std::vector<std::string>> AnswerQuery(const Query& query, const QueryContext& context) {
  switch (query.frame.body_case()) {
    case v1::ClientFrame::kHello:
      return AnswerHello(query.frame.hello(), context);
    case v1::ClientFrame::kDirectory:
      return AnswerDirectory(query.frame.directory(), context);
    case v1::ClientFrame::kLegNotices:
      return AnswerLegNotices(query.frame.leg_notices(), query.peer.user, context);
    case v1::ClientFrame::kStatus:
      return AnswerStatus(query.frame.status(), query.peer.user, context);
    case v1::ClientFrame::kEnrolments:
      return AnswerEnrolments(query.peer.user, context);
    case v1::ClientFrame::kEnrolStatus:
      return AnswerEnrolmentStatus(query.frame.enrol_status(), context);
    case v1::ClientFrame::kPing:
      return Frames{PongFrame(context.now)};
    default:
      return Frames{};
  }
}

}  // namespace rujukan::broker
