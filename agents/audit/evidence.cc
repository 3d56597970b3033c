#include "agents/audit/evidence.h"

#include <algorithm>
#include <set>

#include "agents/audit/anchor.h"
#include "agents/audit/completeness.h"
#include "agents/audit/signed_entries.h"
#include "base/limits.h"
#include "ledger/directory_root.h"
#include "ledger/note.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::audit {
namespace {

// Tiles as they are now and, being their beginning, as they were at any earlier size. Each is read
// once: proofs of neighbouring entries need the same ones.
class RecentTiles : public ledger::TileReader {
 public:
  RecentTiles(const LogFiles& files, TreeSize now) : files_(files), now_(now) {}

  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    ledger::TileId wide = id;
    wide.width = std::max(id.width, ledger::TileWidthAt(id.level, id.number, now_));
    auto known = tiles_.find(wide);
    if (known == tiles_.end()) {
      ASSIGN_OR_RETURN(std::string bytes, files_.ReadTile(wide));
      if (tiles_.size() >= kTilesMax) {
        tiles_.clear();
      }
      known = tiles_.emplace(wide, std::move(bytes)).first;
    }
    return known->second.substr(0, id.width * Digest::kSize);
  }

 private:
  static constexpr size_t kTilesMax = 256;  // 2 MiB

  const LogFiles& files_;
  const TreeSize now_;
  mutable std::map<ledger::TileId, std::string> tiles_;
};

std::optional<TreeSize> StampedSize(const v1::Entry& entry) {
  const auto note = ledger::ParseNote(entry.timestamp().checkpoint());
  if (!entry.has_timestamp() || !note) {
    return std::nullopt;
  }
  const auto checkpoint = ledger::Checkpoint::Parse(note->text);
  return checkpoint ? std::optional<TreeSize>(checkpoint->size) : std::nullopt;
}

// Picks out of all entries what the evidence needs.
class Collector {
 public:
  explicit Collector(Subject subject) : filter_(subject) { evidence.subject = std::move(subject); }

  Result<void> Visit(LogIndex index, const std::string& bytes) {
    v1::Entry entry;
    if (!entry.ParseFromString(bytes)) {
      return {};
    }
    if (filter_.PartOf(entry)) {
      first_part_ = first_part_.value_or(index);
      last_part_ = index;
      covers_all_ = false;  // a stamp so far is older than this
      evidence.entries[index] = bytes;
    } else if (ledger::IsDirectoryEntry(entry)) {
      evidence.entries[index] = bytes;
    } else if (entry.has_state()) {
      state_ = {index, bytes};
    } else {
      ConsiderStamp(entry, index, bytes);
    }
    if (evidence.entries.size() > limits::kEvidenceFilesMax) {
      return Fail(Errc::kLimit, "the evidence would hold too many entries");
    }
    return {};
  }

  void Finish() {
    if (state_) {
      evidence.entries.insert(*state_);
    }
    if (stamp_) {
      evidence.entries.insert(*stamp_);
      evidence.stamp = EvidenceStamp{stamp_->first, {}};
    }
  }

  Evidence evidence;

 private:
  // The first that covers every entry of the subject says most about when they existed; failing
  // that, the last that covers some.
  void ConsiderStamp(const v1::Entry& entry, LogIndex index, const std::string& bytes) {
    const auto size = StampedSize(entry);
    if (!size || !first_part_ || covers_all_ || *size <= *first_part_) {
      return;
    }
    covers_all_ = *size > *last_part_;
    stamp_ = {index, bytes};
  }

  SubjectFilter filter_;
  std::optional<LogIndex> first_part_;
  std::optional<LogIndex> last_part_;
  std::optional<std::pair<LogIndex, std::string>> state_;  // the newest
  std::optional<std::pair<LogIndex, std::string>> stamp_;
  bool covers_all_ = false;
};

Result<void> Prove(Evidence& evidence, TreeSize size, const ledger::TileReader& tiles) {
  for (const auto& [index, entry] : evidence.entries) {
    ASSIGN_OR_RETURN(evidence.proofs[index], ledger::InclusionProof(index, size, tiles));
  }
  return {};
}

Result<void> ProveStamped(Evidence& evidence, const ledger::TileReader& tiles) {
  if (!evidence.stamp) {
    return {};
  }
  v1::Entry stamp;
  stamp.ParseFromString(evidence.entries.at(evidence.stamp->entry));
  const TreeSize size = StampedSize(stamp).value_or(0);
  SubjectFilter filter(evidence.subject);
  for (const auto& [index, bytes] : evidence.entries) {
    v1::Entry entry;
    if (entry.ParseFromString(bytes) && filter.PartOf(entry) && index < size) {
      ASSIGN_OR_RETURN(evidence.stamp->proofs[index], ledger::InclusionProof(index, size, tiles));
    }
  }
  return {};
}

Result<void> TakeOpened(Evidence& evidence, const std::vector<std::string>& opened) {
  SubjectFilter filter(evidence.subject);
  std::set<std::string> messages;
  for (const auto& [index, bytes] : evidence.entries) {
    v1::Entry entry;
    if (entry.ParseFromString(bytes) && entry.has_accepted()) {
      if (const auto part = filter.PartOf(entry)) {
        messages.insert(part->message_id);
      }
    }
  }
  for (const std::string& bytes : opened) {
    v1::OpenedContent content;
    if (!content.ParseFromString(bytes) || messages.count(content.message_id()) == 0) {
      return Fail(Errc::kInvalid,
                  "an opened content is not of a message of this " + evidence.subject.Text());
    }
    evidence.opened[UuidOrNothing(content.message_id())] = bytes;
  }
  return {};
}

Result<void> TakeStatement(Evidence& evidence,
                           const EvidenceRequest& request,
                           TreeSize size,
                           const ledger::TileReader& tiles) {
  if (!request.statement) {
    return {};
  }
  evidence.statement = request.statement;
  ASSIGN_OR_RETURN(const Completeness said, ParseCompleteness(request.statement->note));
  if (said.subject != evidence.subject.Text()) {
    return Fail(Errc::kInvalid, "the statement of completeness is about " + said.subject);
  }
  if (said.checkpoint.size == 0 || said.checkpoint.size > size) {
    return Fail(Errc::kInvalid,
                "the statement is of " + std::to_string(said.checkpoint.size) +
                    " entries, this ledger has " + std::to_string(size));
  }
  if (said.checkpoint.size < size) {
    ASSIGN_OR_RETURN(evidence.statement->consistency,
                     ledger::ConsistencyProof(said.checkpoint.size, size, tiles));
  }
  return {};
}

}  // namespace

Result<Evidence> CollectEvidence(Source& source,
                                 const std::string& vkey,
                                 const EvidenceRequest& request) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  ASSIGN_OR_RETURN(Subject subject, FindSubject(files, anchor.checkpoint, request.subject));
  Collector collector(std::move(subject));
  RETURN_IF_ERROR(ForEachSignedLeaf(
      files, anchor.checkpoint, [&collector](LogIndex index, const ledger::GivenLeaf& leaf) {
        return leaf.withheld ? Result<void>() : collector.Visit(index, leaf.entry);
      }));
  collector.Finish();
  Evidence evidence = std::move(collector.evidence);
  evidence.vkey = anchor.log.ToVkey();
  evidence.checkpoint = anchor.note;
  const RecentTiles tiles(files, anchor.checkpoint.size);
  RETURN_IF_ERROR(Prove(evidence, anchor.checkpoint.size, tiles));
  RETURN_IF_ERROR(ProveStamped(evidence, tiles));
  RETURN_IF_ERROR(TakeOpened(evidence, request.opened));
  RETURN_IF_ERROR(TakeStatement(evidence, request, anchor.checkpoint.size, tiles));
  return evidence;
}

}  // namespace rujukan::audit
