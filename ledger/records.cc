#include "ledger/records.h"

#include "base/bytes.h"

namespace rujukan::ledger {
namespace {

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

// All zero when there is none: for counters and the like.
template <class T>
Result<T> ReadOrZero(const View& view, Table table, std::string_view key) {
  ASSIGN_OR_RETURN(std::optional<T> record, Read<T>(view, table, key));
  return record ? std::move(*record) : T();
}

}  // namespace

Result<v1::FoldHead> ReadHead(const View& view) {
  return ReadOrZero<v1::FoldHead>(view, Table::kHead, kHeadKey);
}

Result<v1::DomainRecord> ReadDomain(const View& view) {
  ASSIGN_OR_RETURN(std::optional<v1::DomainRecord> domain,
                   Read<v1::DomainRecord>(view, Table::kHead, kDomainKey));
  if (!domain) {
    return Fail(Errc::kNotFound, "the ledger has no genesis entry yet");
  }
  return std::move(*domain);
}

Result<std::optional<v1::PolicyRecord>> ReadPolicyRecord(const View& view) {
  return Read<v1::PolicyRecord>(view, Table::kHead, kPolicyKey);
}

Result<std::string> ReadPolicyText(const View& view) {
  ASSIGN_OR_RETURN(std::optional<std::string> text, view.Get(Table::kHead, kPolicyTextKey));
  return text ? std::move(*text) : std::string();
}

Result<std::optional<v1::ClocksRecord>> ReadClocksRecord(const View& view) {
  return Read<v1::ClocksRecord>(view, Table::kHead, kClocksKey);
}

Result<std::string> ReadClocksText(const View& view) {
  ASSIGN_OR_RETURN(std::optional<std::string> text, view.Get(Table::kHead, kClocksTextKey));
  return text ? std::move(*text) : std::string();
}

Result<std::optional<v1::AgencyRecord>> ReadAgency(const View& view, std::string_view address) {
  return Read<v1::AgencyRecord>(view, Table::kAgency, address);
}

Result<std::optional<v1::ProfileRecord>> ReadProfile(const View& view, std::string_view address) {
  return Read<v1::ProfileRecord>(view, Table::kProfile, address);
}

Result<std::optional<v1::RotationRecord>> ReadRotation(const View& view, std::string_view address) {
  return Read<v1::RotationRecord>(view, Table::kRotation, address);
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

Result<std::optional<v1::ProposalRecord>> ReadProposal(const View& view, std::string_view act_id) {
  return Read<v1::ProposalRecord>(view, Table::kProposal, act_id);
}

Result<std::optional<v1::AnchorRecord>> ReadAnchor(const View& view, std::string_view anchor) {
  return Read<v1::AnchorRecord>(view, Table::kAnchor, anchor);
}

Result<std::optional<v1::CrlRecord>> ReadCrl(const View& view, std::string_view issuer) {
  return Read<v1::CrlRecord>(view, Table::kCrl, issuer);
}

Result<std::optional<v1::PermitRecord>> ReadPermit(const View& view,
                                                   std::string_view from,
                                                   std::string_view to) {
  return Read<v1::PermitRecord>(view, Table::kPermit, PairKey(from, to));
}

Result<v1::CounterRecord> ReadCounter(const View& view, std::string_view address) {
  return ReadOrZero<v1::CounterRecord>(view, Table::kCounter, address);
}

Result<v1::ShareRecord> ReadShare(const View& view,
                                  std::string_view recipient,
                                  std::string_view sender) {
  return ReadOrZero<v1::ShareRecord>(view, Table::kShare, PairKey(recipient, sender));
}

Result<v1::DutyRecord> ReadDuties(const View& view) {
  return ReadOrZero<v1::DutyRecord>(view, Table::kHead, kDutiesKey);
}

Result<std::optional<v1::AuditReadRecord>> ReadAuditRead(const View& view,
                                                         std::string_view token_digest) {
  return Read<v1::AuditReadRecord>(view, Table::kAuditRead, token_digest);
}

Result<std::optional<v1::ReadTrailRecord>> ReadReadTrail(const View& view,
                                                         std::string_view address) {
  return Read<v1::ReadTrailRecord>(view, Table::kReadTrail, address);
}

Result<std::optional<v1::HoldRecord>> ReadHold(const View& view, std::string_view leg_id) {
  return Read<v1::HoldRecord>(view, Table::kHold, leg_id);
}

Result<std::optional<v1::ErasureRecord>> ReadErasure(const View& view,
                                                     std::string_view leg_id,
                                                     std::string_view request) {
  return Read<v1::ErasureRecord>(view, Table::kErasure, PairKey(leg_id, request));
}

Result<std::vector<LegErasure>> ListErasures(const View& view, std::string_view leg_id) {
  std::vector<LegErasure> erasures;
  const std::string prefix = PairKey(leg_id, "");
  bool parsed = true;
  const auto visit = [&](std::string_view key, std::string_view value) {
    LegErasure& erasure = erasures.emplace_back();
    erasure.request = key.substr(prefix.size());
    parsed = erasure.record.ParseFromArray(value.data(), static_cast<int>(value.size()));
    return parsed;
  };
  RETURN_IF_ERROR(view.Scan(Table::kErasure, prefix, "", visit));
  if (!parsed) {
    return Fail(Errc::kCorrupt, "a record of table erasure does not parse");
  }
  return erasures;
}

Result<std::vector<v1::AgencyRecord>> ListAgencies(const View& view) {
  std::vector<v1::AgencyRecord> agencies;
  bool parsed = true;
  RETURN_IF_ERROR(view.Scan(Table::kAgency, "", "", [&](std::string_view, std::string_view value) {
    parsed = agencies.emplace_back().ParseFromArray(value.data(), static_cast<int>(value.size()));
    return parsed;
  }));
  if (!parsed) {
    return Fail(Errc::kCorrupt, "a record of table agency does not parse");
  }
  return agencies;
}

Result<std::vector<LogIndex>> ListHistory(const View& view, std::string_view address) {
  std::vector<LogIndex> indexes;
  const std::string prefix = MailboxPrefix(address);
  RETURN_IF_ERROR(
      view.Scan(Table::kHistory, prefix, "", [&](std::string_view key, std::string_view) {
        indexes.push_back(ReadBigEndian64(key.substr(prefix.size())));
        return true;
      }));
  return indexes;
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

std::string HistoryKey(std::string_view address, LogIndex index) {
  return MailboxKey(address, index);
}

std::string ClockKey(UnixMillis due, std::string_view leg_id) {
  std::string key;
  AppendBigEndian64(static_cast<uint64_t>(due), key);
  return key.append(leg_id);
}

std::string PairKey(std::string_view first, std::string_view second) {
  return MailboxPrefix(first).append(second);
}

}  // namespace rujukan::ledger
