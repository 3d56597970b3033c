#include "ledger/fold.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;

constexpr std::string_view kHeadKey = "";
constexpr std::string_view kDomainKey = "domain";

template <class T>
Result<std::optional<T>> Read(const View& view, Table table, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, view.Get(table, key));
  if (!bytes) {
    return std::optional<T>();
  }
  T record;
  if (!record.ParseFromString(*bytes)) {
    return Fail(Errc::kCorrupt,
                "a record of table " + std::string(TableName(table)) + " does not parse");
  }
  return std::optional<T>(std::move(record));
}

bool IsDirectoryEntry(const v1::Entry& entry) {
  return entry.has_genesis() || entry.has_act() || entry.has_enrolment();
}

// What holds for an entry of any kind, given where the ledger stands.
Result<void> CheckPlace(const v1::Entry& entry, LogIndex index, const v1::FoldHead& head) {
  if (entry.ByteSizeLong() > limits::kEntryBytesMax) {
    return Refuse(R::MALFORMED, "the entry is over 65535 bytes");
  }
  if (entry.time_ms() < head.time_ms()) {
    return Refuse(R::MALFORMED, "the entry is dated before the one ahead of it");
  }
  if ((index == 0) != entry.has_genesis()) {
    return Refuse(R::ACT_INVALID, "the genesis entry is entry 0, and only entry 0");
  }
  const uint64_t previous = IsDirectoryEntry(entry) ? head.directory_head() : 0;
  if (entry.directory_previous() != previous) {
    return Refuse(R::ACT_INVALID, "directory_previous does not name the directory entry before");
  }
  return {};
}

Result<void> Dispatch(const v1::Entry& entry, const rules::Context& at) {
  switch (entry.body_case()) {
    case v1::Entry::kGenesis:
      return rules::ApplyGenesis(entry.genesis(), at);
    case v1::Entry::kAct:
      return rules::ApplyAct(entry.act(), at);
    case v1::Entry::kEnrolment:
      return rules::ApplyEnrolment(entry.enrolment(), at);
    case v1::Entry::kAccepted:
      return rules::ApplyAccepted(entry.accepted(), at);
    case v1::Entry::kRefused:
      return rules::ApplyRefused(entry.refused(), at);
    case v1::Entry::kDelivery:
      return rules::ApplyDelivery(entry.delivery(), at);
    case v1::Entry::BODY_NOT_SET:
      break;
  }
  return Refuse(R::MALFORMED, "the entry has no body that this version knows");
}

Result<void> ApplyInPlace(const v1::Entry& entry,
                          LogIndex index,
                          v1::FoldHead head,
                          Overlay& view) {
  RETURN_IF_ERROR(CheckPlace(entry, index, head));
  RETURN_IF_ERROR(Dispatch(entry, rules::Context{index, entry.time_ms(), view}));
  head.set_size(index + 1);
  head.set_time_ms(entry.time_ms());
  if (IsDirectoryEntry(entry)) {
    head.set_directory_head(index + 1);
    view.Put(Table::kDirectory, IndexKey(index), "");
  }
  rules::Write(view, Table::kHead, kHeadKey, head);
  return {};
}

Result<void> ApplyNext(const v1::Entry& entry, LogIndex index, Overlay& view) {
  ASSIGN_OR_RETURN(const v1::FoldHead head, ReadHead(view));
  if (index != head.size()) {
    return Refuse(R::MALFORMED,
                  "entry " + std::to_string(index) + " does not follow " +
                      std::to_string(head.size()) + " entries");
  }
  return ApplyInPlace(entry, index, head, view);
}

Result<void> ApplyNextDirectory(const v1::Entry& entry, LogIndex index, Overlay& view) {
  if (!IsDirectoryEntry(entry)) {
    return Refuse(R::MALFORMED, "not a directory entry");
  }
  ASSIGN_OR_RETURN(const v1::FoldHead head, ReadHead(view));
  if (index < head.size()) {
    return Refuse(R::MALFORMED, "this directory entry lies behind what is already known");
  }
  return ApplyInPlace(entry, index, head, view);
}

}  // namespace

Verdict<void> Apply(const v1::Entry& entry, LogIndex index, Overlay& view) {
  return ToVerdict(ApplyNext(entry, index, view));
}

Verdict<void> ApplyDirectory(const v1::Entry& entry, LogIndex index, Overlay& view) {
  return ToVerdict(ApplyNextDirectory(entry, index, view));
}

Result<v1::FoldHead> ReadHead(const View& view) {
  ASSIGN_OR_RETURN(std::optional<v1::FoldHead> head,
                   Read<v1::FoldHead>(view, Table::kHead, kHeadKey));
  return head ? std::move(*head) : v1::FoldHead();
}

Result<v1::DomainRecord> ReadDomain(const View& view) {
  ASSIGN_OR_RETURN(std::optional<v1::DomainRecord> domain,
                   Read<v1::DomainRecord>(view, Table::kHead, kDomainKey));
  if (!domain) {
    return Fail(Errc::kNotFound, "the ledger has no genesis entry yet");
  }
  return std::move(*domain);
}

Result<std::optional<v1::AgencyRecord>> ReadAgency(const View& view, std::string_view address) {
  return Read<v1::AgencyRecord>(view, Table::kAgency, address);
}

Result<std::optional<v1::KeyRecord>> ReadKey(const View& view, std::string_view key_id) {
  return Read<v1::KeyRecord>(view, Table::kKey, key_id);
}

Result<std::optional<v1::MessageRecord>> ReadMessage(const View& view,
                                                     std::string_view message_id) {
  return Read<v1::MessageRecord>(view, Table::kMessage, message_id);
}

Result<std::optional<v1::LegRecord>> ReadLeg(const View& view, std::string_view leg_id) {
  return Read<v1::LegRecord>(view, Table::kLeg, leg_id);
}

Result<std::optional<v1::InvitationRecord>> ReadInvitation(const View& view, std::string_view key) {
  return Read<v1::InvitationRecord>(view, Table::kInvitation, key);
}

Result<std::optional<v1::EnrolmentRecord>> ReadEnrolment(const View& view,
                                                         std::string_view enrolment_id) {
  return Read<v1::EnrolmentRecord>(view, Table::kEnrolment, enrolment_id);
}

Result<v1::CounterRecord> ReadCounter(const View& view, std::string_view address) {
  ASSIGN_OR_RETURN(std::optional<v1::CounterRecord> counter,
                   Read<v1::CounterRecord>(view, Table::kCounter, address));
  return counter ? std::move(*counter) : v1::CounterRecord();
}

std::string IndexKey(LogIndex index) {
  std::string key;
  AppendBigEndian64(index, key);
  return key;
}

std::string MailboxPrefix(std::string_view address) {
  std::string prefix(address);
  prefix.push_back('\0');
  return prefix;
}

std::string MailboxKey(std::string_view address, LogIndex index) {
  std::string key = MailboxPrefix(address);
  AppendBigEndian64(index, key);
  return key;
}

namespace rules {

Result<v1::AgencyRecord> RequireActive(const View& view,
                                       std::string_view address,
                                       const AgencyRule& rule) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> agency, ReadAgency(view, address));
  if (!agency) {
    return Refuse(rule.unknown);
  }
  if (agency->status() != v1::AgencyStatus::AKTIF) {
    return Refuse(rule.inactive);
  }
  return std::move(*agency);
}

Result<void> RequireSigningKey(const View& view,
                               std::string_view key_id,
                               std::string_view address,
                               UnixMillis time) {
  ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> key, ReadKey(view, key_id));
  if (!key || key->address() != address || key->usage() != v1::KeyUsage::SIGNING) {
    return Refuse(R::KEY_UNKNOWN);
  }
  if (key->revoked_at_index() != 0) {
    return Refuse(R::KEY_REVOKED);
  }
  if (time < key->not_before_ms() || time > key->not_after_ms()) {
    return Refuse(R::KEY_EXPIRED);
  }
  return {};
}

Result<void> RequireNotFromFuture(UnixMillis created, UnixMillis now) {
  if (created > now + limits::kClockSkewMsMax) {
    return Refuse(R::CLOCK_SKEW,
                  "it is dated " + std::to_string((created - now) / 1000) +
                      " s in the future; at most 300 s are allowed: set this machine's clock");
  }
  return {};
}

}  // namespace rules
}  // namespace rujukan::ledger
