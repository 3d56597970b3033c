// The view: the small key-value state that the fold reads and writes. In the broker it is RocksDB
// column families written in the same synced batch as the entries; in an agent SQLite; in the
// auditor and in tests memory.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::ledger {

// What is kept, and the key of each (values are messages of directory.proto, profile.proto,
// membership.proto, audit.proto and ledger.proto).
enum class Table : uint8_t {
  kHead,       // "" -> FoldHead; "domain" -> DomainRecord; "policy" -> PolicyRecord; "policy-text";
               // "duties" -> DutyRecord; "clocks" -> ClocksRecord; "clocks-text"
  kAgency,     // address -> AgencyRecord
  kKey,        // key id -> KeyRecord
  kTransport,  // CURVE public key -> address
  kInvitation,  // Ed25519 public key -> InvitationRecord
  kEnrolment,   // enrolment id -> EnrolmentRecord
  kAct,         // act id -> big-endian u64 index
  kDirectory,   // big-endian u64 index -> "" : the directory entries, in order
  kMessage,     // message id -> MessageRecord
  kLeg,         // leg id -> LegRecord
  kMailbox,     // address 0x00 big-endian u64 index -> message id
  kCounter,     // address -> CounterRecord
  kProfile,     // address -> ProfileRecord
  kRotation,    // address -> RotationRecord
  kProposal,    // act id -> ProposalRecord
  kAnchor,      // SHA-256 of its DER -> AnchorRecord
  kCrl,         // SHA-256 of the issuer's DER -> CrlRecord
  kSerial,      // SHA-256 of the issuer's DER || serial number -> key id
  kPermit,      // from 0x00 to -> PermitRecord
  kHistory,    // address 0x00 big-endian u64 index -> "" : acts about it ("" for the domain itself)
  kShare,      // recipient 0x00 sender -> ShareRecord
  kReadTrail,  // address -> ReadTrailRecord
  kAuditRead,  // token digest -> AuditReadRecord
  kHold,       // leg id -> HoldRecord
  kErasure,    // leg id 0x00 message id of the request -> ErasureRecord
  kClock,      // big-endian u64 ms || leg id -> "" : when a leg's next deadline is to be looked at
  kLegNotice,  // address 0x00 big-endian u64 index -> leg id : what the broker has told whom
};
inline constexpr size_t kTableCount = 27;
std::string_view TableName(Table table);

class View {
 public:
  virtual ~View() = default;
  // nullopt: no such key. An error is kFatal: the store cannot be read, stop.
  virtual Result<std::optional<std::string>> Get(Table table, std::string_view key) const = 0;
  // Calls `visit` for keys >= `from` that start with `prefix`, in byte order, until it returns
  // false.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Result<void> Scan(Table table,
                            std::string_view prefix,
                            std::string_view from,
                            const Visitor& visit) const = 0;
};

// Something that is costly to derive from the view, under the digest of what it was derived from.
// Decides nothing: it may be empty at any time and is then derived again.
struct Memo {
  std::string of;
  std::shared_ptr<const void> value;
};

// Writes on top of another view; nullopt is a deletion. The base must outlive it. One owner thread.
class Overlay : public View {
 public:
  using Writes = std::map<std::pair<Table, std::string>, std::optional<std::string>, std::less<>>;

  explicit Overlay(const View& base) : base_(base) {}
  // An overlay over an overlay is written as one over a View: a copy would hold its writes too.
  Overlay(const Overlay&) = delete;
  Overlay& operator=(const Overlay&) = delete;
  Result<std::optional<std::string>> Get(Table table, std::string_view key) const override;
  Result<void> Scan(Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;
  void Put(Table table, std::string_view key, std::string value);
  void Delete(Table table, std::string_view key);
  void Merge(Writes writes);  // these win over what was written before

  const Writes& writes() const { return writes_; }
  Writes TakeWrites() {
    touched_.clear();
    return std::exchange(writes_, {});
  }
  // What was written since this or TakeWrites was last called, in order of table and key, each
  // place once, with its present value. Valid until the next write.
  using Touched = std::vector<const Writes::value_type*>;
  Touched TakeTouched();
  Memo& policy_memo() const { return policy_memo_; }
  Memo& clocks_memo() const { return clocks_memo_; }

 private:
  void Set(std::pair<Table, std::string> place, std::optional<std::string> value);

  const View& base_;
  Writes writes_;
  Touched touched_;  // with repetitions, in order of writing
  mutable Memo policy_memo_;
  mutable Memo clocks_memo_;
};

// A view in memory: auditor and tests.
class MemoryView : public View {
 public:
  Result<std::optional<std::string>> Get(Table table, std::string_view key) const override;
  Result<void> Scan(Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;
  void Apply(const Overlay::Writes& writes);

 private:
  std::map<std::pair<Table, std::string>, std::string, std::less<>> values_;
};

}  // namespace rujukan::ledger
