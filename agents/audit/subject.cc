#include "agents/audit/subject.h"

#include <algorithm>

#include "agents/audit/signed_entries.h"
#include "base/address.h"

namespace rujukan::audit {
namespace {

bool IsAddressee(const v1::Header& header, const std::string& address) {
  return std::find(header.to().begin(), header.to().end(), address) != header.to().end();
}

// The header of an accepted or refused message.
std::optional<v1::Header> HeaderOf(const v1::Entry& entry) {
  v1::Header header;
  const bool parsed = entry.has_accepted()  ? header.ParseFromString(entry.accepted().header())
                      : entry.has_refused() ? header.ParseFromString(entry.refused().header())
                                            : false;
  return parsed && !header.message_id().empty() ? std::optional<v1::Header>(std::move(header))
                                                : std::nullopt;
}

Result<Subject> FindThread(const LogFiles& files,
                           const ledger::Checkpoint& checkpoint,
                           const std::string& id) {
  std::optional<Subject> found;
  const auto look = [&](LogIndex, const ledger::GivenLeaf& leaf) -> Result<void> {
    v1::Entry entry;
    if (found || leaf.withheld || !entry.ParseFromString(leaf.entry)) {
      return {};
    }
    const auto header = HeaderOf(entry);
    if (header && (header->leg_id() == id || header->message_id() == id)) {
      found = header->leg_id().empty() ? Subject{"", header->message_id(), ""}
                                       : Subject{header->leg_id(), "", ""};
    }
    return {};
  };
  ASSIGN_OR_RETURN(const uint64_t withheld, ForEachSignedLeaf(files, checkpoint, look));
  if (!found) {
    return Fail(Errc::kNotFound,
                "neither a leg nor a message of this ledger: " + FormatUuid(id) +
                    (withheld == 0 ? ""
                                   : "; " + std::to_string(withheld) +
                                         " of its entries are withheld from you"));
  }
  return std::move(*found);
}

}  // namespace

std::string UuidOrNothing(std::string_view id) {
  return id.size() == MessageId::kSize ? FormatUuid(id) : std::string();
}

std::string Subject::Text() const {
  if (!agency.empty()) {
    return "agency " + agency;
  }
  return leg.empty() ? "message " + UuidOrNothing(message) : "leg " + UuidOrNothing(leg);
}

bool SubjectFilter::Concerns(const v1::Header& header) const {
  if (!subject_.agency.empty()) {
    return header.from() == subject_.agency || IsAddressee(header, subject_.agency);
  }
  return subject_.leg.empty() ? header.message_id() == subject_.message
                              : header.leg_id() == subject_.leg;
}

std::optional<Part> SubjectFilter::OfHeader(const std::string& bytes, Part::Kind kind) const {
  Part part;
  part.kind = kind;
  if (bytes.empty() || !part.header.ParseFromString(bytes) || !Concerns(part.header)) {
    return std::nullopt;
  }
  part.leg_id = part.header.leg_id();
  part.message_id = part.header.message_id();
  return part;
}

// An agency is also told of legs that it takes no part in: that belongs to its trail.
std::optional<Part> SubjectFilter::OfBroker(const v1::Entry& entry) const {
  Part part;
  part.kind = Part::Kind::kClock;
  part.leg_id =
      entry.has_leg_closed() ? entry.leg_closed().leg_id() : entry.deadline_missed().leg_id();
  const auto& told = entry.deadline_missed().told();
  const bool is_told = !subject_.agency.empty() &&
                       std::find(told.begin(), told.end(), subject_.agency) != told.end();
  return followed_.contains(part.leg_id) || is_told ? std::optional<Part>(std::move(part))
                                                    : std::nullopt;
}

std::optional<Part> SubjectFilter::PartOf(const v1::Entry& entry) {
  if (entry.has_accepted()) {
    auto part = OfHeader(entry.accepted().header(), Part::Kind::kMessage);
    if (part) {
      legs_.emplace(part->message_id, part->leg_id);
      if (!part->leg_id.empty()) {
        followed_.insert(part->leg_id);
      }
    }
    return part;
  }
  if (entry.has_refused()) {
    auto part = OfHeader(entry.refused().header(), Part::Kind::kRefusal);
    if (!part && !subject_.agency.empty() && entry.refused().sender() == subject_.agency) {
      part = Part{Part::Kind::kRefusal, {}, {}, "", ""};
    }
    return part;
  }
  if (entry.has_deadline_missed() || entry.has_leg_closed()) {
    return OfBroker(entry);
  }
  Part part;
  part.kind = Part::Kind::kDelivery;
  if (!entry.has_delivery() || !part.receipt.ParseFromString(entry.delivery().receipt())) {
    return std::nullopt;
  }
  const auto message = legs_.find(part.receipt.message_id());
  if (message == legs_.end()) {
    return std::nullopt;
  }
  part.message_id = message->first;
  part.leg_id = message->second;
  return part;
}

Result<Subject> FindSubject(const LogFiles& files,
                            const ledger::Checkpoint& checkpoint,
                            const std::string& text) {
  if (text.find('@') != std::string::npos) {
    ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(text));
    return Subject{"", "", address.text()};
  }
  ASSIGN_OR_RETURN(const std::string id, ParseUuid(text));
  return FindThread(files, checkpoint, id);
}

}  // namespace rujukan::audit
