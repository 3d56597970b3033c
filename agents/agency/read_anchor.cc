#include "agents/agency/read_anchor.h"

#include "ledger/refusal.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kPendingName = "read_anchor_pending";
constexpr std::string_view kAlarmName = "read_trail_alarm";
constexpr int64_t kAfterRefusalMs = 3600LL * 1000;

constexpr const char* kRewritten =
    "jejak baca di komputer ini tidak melanjutkan yang tercatat di buku besar: agent.db diganti "
    "salinan lama atau diubah; pulihkan yang terbaru dan hubungi auditor / the read trail here "
    "does "
    "not continue the one in the ledger: agent.db was replaced by an older copy or changed; "
    "restore "
    "the newest, call the auditor";

Result<link::Submission> FromStored(const std::string& bytes) {
  v1::SubmitStatement statement;
  if (!statement.ParseFromString(bytes)) {
    return Fail(Errc::kCorrupt, "a stored anchor of the read trail does not parse");
  }
  return link::SubmitReadTrail(statement);
}

}  // namespace

Result<ReadTrailStatus> ReadTrailStatusOf(Tables& tables) {
  ReadTrailStatus status;
  ASSIGN_OR_RETURN(status.logged, tables.CountReads());
  ASSIGN_OR_RETURN(const ReadAnchorRow anchor, tables.LastReadAnchor());
  status.anchored = anchor.size;
  status.anchored_at = anchor.anchored_at;
  status.index = anchor.evidence.index;
  ASSIGN_OR_RETURN(status.alarm, tables.GetMeta(kAlarmName));
  return status;
}

Result<ReadAnchor> ReadAnchor::Open(Store& store) {
  ReadAnchor anchor(store);
  std::string pending;
  const auto read = store.Read([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(pending, tables.GetMeta(kPendingName));
    ASSIGN_OR_RETURN(anchor.alarm_, tables.GetMeta(kAlarmName));
    ASSIGN_OR_RETURN(const ReadAnchorRow last, tables.LastReadAnchor());
    anchor.due_ = last.anchored_at == 0 ? 0 : last.anchored_at + kAnchorEveryMs;
    return {};
  });
  RETURN_IF_ERROR(read);
  if (!pending.empty()) {
    ASSIGN_OR_RETURN(anchor.pending_, FromStored(pending));
  }
  return anchor;
}

// nullopt: nothing was read since the last one.
Result<std::optional<v1::ReadTrailAnchor>> ReadAnchor::Draft(const Identity& identity,
                                                             UnixMillis now) {
  return store_->Read([&](Tables& tables) -> Result<std::optional<v1::ReadTrailAnchor>> {
    ASSIGN_OR_RETURN(const TreeSize size, tables.CountReads());
    ASSIGN_OR_RETURN(const ReadAnchorRow last, tables.LastReadAnchor());
    if (size <= last.size) {
      return std::optional<v1::ReadTrailAnchor>();
    }
    v1::ReadTrailAnchor anchor;
    anchor.set_version(1);
    anchor.set_agency(identity.address);
    anchor.set_created_at_ms(now);
    anchor.set_size(size);
    ASSIGN_OR_RETURN(const Digest root, tables.ReadsRoot(size));
    anchor.set_root(root.str());
    ASSIGN_OR_RETURN(const auto proof, tables.ReadsConsistency(last.size, size));
    for (const Digest& hash : proof) {
      anchor.add_consistency(hash.str());
    }
    return std::optional<v1::ReadTrailAnchor>(std::move(anchor));
  });
}

Result<std::optional<link::Submission>> ReadAnchor::Next(const Identity& identity, UnixMillis now) {
  if (!alarm_.empty()) {
    return std::optional<link::Submission>();
  }
  if (pending_) {
    return std::exchange(submitted_, true) ? std::optional<link::Submission>() : pending_;
  }
  if (!wanted_ && now < due_) {
    return std::optional<link::Submission>();
  }
  wanted_ = false;
  due_ = now + kAnchorEveryMs;
  ASSIGN_OR_RETURN(const auto anchor, Draft(identity, now));
  if (!anchor) {
    return std::optional<link::Submission>();
  }
  const v1::SubmitStatement statement = link::SignReadTrail(identity.signing_key(), *anchor);
  ASSIGN_OR_RETURN(pending_, link::SubmitReadTrail(statement));
  RETURN_IF_ERROR(store_->Write(
      [&](Tables& tables) { return tables.PutMeta(kPendingName, statement.SerializeAsString()); }));
  submitted_ = true;
  return pending_;
}

Result<void> ReadAnchor::TakeReceipt(const link::Receipted& receipted, UnixMillis now) {
  if (receipted.kind != v1::Subject::READ_TRAIL) {
    return {};
  }
  v1::ReadTrailAnchor anchor;
  if (!anchor.ParseFromString(receipted.proven.entry.read_trail().anchor())) {
    return Fail(Errc::kCorrupt, "an anchor of the read trail does not parse");
  }
  ReadAnchorRow row;
  row.size = anchor.size();
  ASSIGN_OR_RETURN(row.root, Digest::FromBytes(anchor.root()));
  row.anchored_at = now;
  const link::Proven& proven = receipted.proven;
  row.evidence = Evidence{proven.index, proven.size, proven.entry_bytes, proven.proof};
  pending_.reset();
  submitted_ = false;
  due_ = now + kAnchorEveryMs;
  return store_->Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PutReadAnchor(row));
    return tables.PutMeta(kPendingName, "");
  });
}

Result<void> ReadAnchor::TakeRefusal(const link::Refusal& refusal, UnixMillis now) {
  if (refusal.kind != v1::Subject::READ_TRAIL || !refusal.final) {
    return {};
  }
  pending_.reset();
  submitted_ = false;
  due_ = now + kAfterRefusalMs;  // a clock that was set, a key that was renewed: made anew then
  if (refusal.reason == v1::RefusalReason::TRAIL_REWRITTEN) {
    alarm_ = kRewritten;
  }
  return store_->Write([&](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PutMeta(kPendingName, ""));
    return alarm_.empty() ? Result<void>() : tables.PutMeta(kAlarmName, alarm_);
  });
}

}  // namespace rujukan::agency
