// What a trail, an evidence file or a statement of completeness is about, and which entries are
// part of it. Pure apart from FindSubject, which reads the ledger.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "agents/audit/log_files.h"
#include "ledger/checkpoint.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::audit {

// One of the three is set.
struct Subject {
  std::string leg;      // 16 bytes
  std::string message;  // 16 bytes: a notification, which has no leg
  std::string agency;   // address

  // "leg 01931c3e-...", "message ...", "agency dinsos.18@...".
  std::string Text() const;
};

// One entry as a part of the subject.
struct Part {
  enum class Kind { kMessage, kRefusal, kDelivery, kClock };  // kClock: by the broker, about a leg
  Kind kind = Kind::kMessage;
  v1::Header header;            // of a message or a refusal; of a refusal without one: empty
  v1::DeliveryReceipt receipt;  // of a delivery
  std::string leg_id;           // 16 bytes or ""
  std::string message_id;       // 16 bytes or ""
};

// Which entries belong to a subject: its messages, what was refused of it, the receipts for its
// messages, and what the broker put on record about its legs. Entries must be shown in the order of
// the ledger. Thread: one owner.
class SubjectFilter {
 public:
  explicit SubjectFilter(Subject subject) : subject_(std::move(subject)) {}

  std::optional<Part> PartOf(const v1::Entry& entry);
  const Subject& subject() const { return subject_; }

 private:
  std::optional<Part> OfBroker(const v1::Entry& entry) const;
  std::optional<Part> OfHeader(const std::string& bytes, Part::Kind kind) const;
  bool Concerns(const v1::Header& header) const;

  const Subject subject_;
  std::map<std::string, std::string> legs_;  // of accepted messages: id to leg id
  std::set<std::string> followed_;           // these legs
};

// `text`: an address, or the UUID of a leg or of any message in it. kInvalid: neither. kNotFound:
// no such leg or message in the ledger, not even refused, or none that this reader may see (whether
// an agency is known is not looked up). kCorrupt: the entries are not those the checkpoint signs.
Result<Subject> FindSubject(const LogFiles& files,
                            const ledger::Checkpoint& checkpoint,
                            const std::string& text);

// "" when `id` is not 16 bytes long.
std::string UuidOrNothing(std::string_view id);

}  // namespace rujukan::audit
