// Reading the fold's view: typed records by their key. nullopt: there is none. kCorrupt: the stored
// value does not parse. kFatal: the store cannot be read. Pure; any thread the view allows.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/ledger.pb.h"
#include "rujukan/v1/membership.pb.h"

namespace rujukan::ledger {

Result<v1::FoldHead> ReadHead(const View& view);        // all zero before the genesis entry
Result<v1::DomainRecord> ReadDomain(const View& view);  // kNotFound before the genesis entry
Result<std::optional<v1::PolicyRecord>> ReadPolicyRecord(const View& view);
Result<std::string> ReadPolicyText(const View& view);  // "" when there is no policy
Result<std::optional<v1::ClocksRecord>> ReadClocksRecord(const View& view);
Result<std::string> ReadClocksText(const View& view);  // "" when the built-in clocks count

Result<std::optional<v1::AgencyRecord>> ReadAgency(const View& view, std::string_view address);
Result<std::optional<v1::ProfileRecord>> ReadProfile(const View& view, std::string_view address);
Result<std::optional<v1::RotationRecord>> ReadRotation(const View& view, std::string_view address);
Result<std::optional<v1::KeyRecord>> ReadKey(const View& view, std::string_view key_id);
Result<std::optional<v1::MessageRecord>> ReadMessage(const View& view, std::string_view message_id);
Result<std::optional<v1::LegRecord>> ReadLeg(const View& view, std::string_view leg_id);
Result<std::optional<v1::InvitationRecord>> ReadInvitation(const View& view, std::string_view key);
Result<std::optional<v1::EnrolmentRecord>> ReadEnrolment(const View& view,
                                                         std::string_view enrolment_id);
Result<std::optional<v1::ProposalRecord>> ReadProposal(const View& view, std::string_view act_id);
Result<std::optional<v1::AnchorRecord>> ReadAnchor(const View& view, std::string_view anchor);
Result<std::optional<v1::CrlRecord>> ReadCrl(const View& view, std::string_view issuer);
Result<std::optional<v1::PermitRecord>> ReadPermit(const View& view,
                                                   std::string_view from,
                                                   std::string_view to);
Result<v1::CounterRecord> ReadCounter(const View& view, std::string_view address);
Result<v1::ShareRecord> ReadShare(const View& view,
                                  std::string_view recipient,
                                  std::string_view sender);

// Every record of a table, in the order of its keys.
Result<std::vector<v1::AgencyRecord>> ListAgencies(const View& view);
Result<v1::DutyRecord> ReadDuties(const View& view);  // all zero before the first
Result<std::optional<v1::AuditReadRecord>> ReadAuditRead(const View& view,
                                                         std::string_view token_digest);
Result<std::optional<v1::ReadTrailRecord>> ReadReadTrail(const View& view,
                                                         std::string_view address);
Result<std::optional<v1::HoldRecord>> ReadHold(const View& view, std::string_view leg_id);
Result<std::optional<v1::ErasureRecord>> ReadErasure(const View& view,
                                                     std::string_view leg_id,
                                                     std::string_view request);
// Erasures of a leg, each with the id of its request.
struct LegErasure {
  std::string request;
  v1::ErasureRecord record;
};
Result<std::vector<LegErasure>> ListErasures(const View& view, std::string_view leg_id);
// Indexes of the acts about an address ("" for the domain itself), in order.
Result<std::vector<LogIndex>> ListHistory(const View& view, std::string_view address);

// --- Keys of rows ---
inline constexpr std::string_view kHeadKey = "";
inline constexpr std::string_view kDomainKey = "domain";
inline constexpr std::string_view kPolicyKey = "policy";
inline constexpr std::string_view kPolicyTextKey = "policy-text";
inline constexpr std::string_view kDutiesKey = "duties";
inline constexpr std::string_view kClocksKey = "clocks";
inline constexpr std::string_view kClocksTextKey = "clocks-text";
std::string IndexKey(LogIndex index);  // big-endian u64
std::string MailboxKey(std::string_view address, LogIndex index);
std::string MailboxPrefix(std::string_view address);
std::string HistoryKey(std::string_view address, LogIndex index);
std::string ClockKey(UnixMillis due, std::string_view leg_id);
// first 0x00 second: permits by from and to, shares by recipient and sender, erasures by leg and
// request.
std::string PairKey(std::string_view first, std::string_view second);

}  // namespace rujukan::ledger
