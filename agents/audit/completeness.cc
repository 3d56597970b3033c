#include "agents/audit/completeness.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <thread>

#include "agents/audit/anchor.h"
#include "agents/audit/claim_pool.h"
#include "agents/audit/replay.h"
#include "agents/audit/signed_entries.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/fold.h"
#include "ledger/transition.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSuffix = "/completeness";

tl::unexpected<Error> NoStatement(const std::string& why) {
  return Fail(Errc::kInvalid, "not a statement of completeness: " + why);
}

// Reads members of a JSON object, remembering whether any was missing or of another type.
class Members {
 public:
  explicit Members(const Json& json) : json_(json) {}

  template <class T>
  T Get(const char* name, bool (Json::*is)() const noexcept) {
    const auto found = json_.find(name);
    if (found == json_.end() || !((*found).*is)()) {
      good_ = false;
      return T();
    }
    return found->get<T>();
  }
  std::string Text(const char* name) { return Get<std::string>(name, &Json::is_string); }
  uint64_t Number(const char* name) { return Get<uint64_t>(name, &Json::is_number_unsigned); }
  std::optional<uint64_t> NumberOrNull(const char* name) {
    const auto found = json_.find(name);
    return found != json_.end() && found->is_null() ? std::nullopt
                                                    : std::optional<uint64_t>(Number(name));
  }
  bool good() const { return good_; }

 private:
  const Json& json_;
  bool good_ = true;
};

Result<Completeness> FromJson(const Json& json) {
  Members members(json);
  Completeness said;
  said.subject = members.Text("subject");
  said.span.from = static_cast<UnixMillis>(members.Number("from_ms"));
  said.span.to = static_cast<UnixMillis>(members.Number("to_ms"));
  said.checkpoint.origin = members.Text("origin");
  said.checkpoint.size = members.Number("size");
  const std::string root = members.Text("root");
  said.as_of = static_cast<UnixMillis>(members.Number("as_of_ms"));
  said.state_root = members.Text("state_root");
  said.state_entry = members.NumberOrNull("state_recorded_in");
  said.listing = {members.Number("messages"),
                  members.Number("refusals"),
                  members.Number("receipts"),
                  members.Text("entries_sha256")};
  if (!members.good()) {
    return NoStatement("a member is missing or of another type");
  }
  ASSIGN_OR_RETURN(const std::string bytes, FromBase64(root));
  ASSIGN_OR_RETURN(said.checkpoint.root, Digest::FromBytes(bytes));
  return said;
}

std::string WhatIs(const v1::Entry& entry) {
  v1::Header header;
  if (entry.has_delivery()) {
    return "TANDA_TERIMA";
  }
  const bool parsed = header.ParseFromString(entry.has_accepted() ? entry.accepted().header()
                                                                  : entry.refused().header());
  const std::string kind = parsed ? std::string(ledger::KindName(header.kind())) : "?";
  return entry.has_refused()
             ? kind + " refused: " + v1::RefusalReason::Code_Name(entry.refused().reason())
             : kind;
}

// The whole replay, with every signature verified meanwhile.
class Proof {
 public:
  Proof(const Subject& subject, Span span)
      : listing_(subject, span),
        replay_(report_),
        pool_(std::max<size_t>(1, std::thread::hardware_concurrency()) - 1) {
    result_.statement.subject = subject.Text();
    result_.statement.span = span;
  }

  Result<void> Visit(LogIndex index, const std::string& bytes) {
    ASSIGN_OR_RETURN(auto claim, replay_.Step(index, bytes));
    if (claim) {
      pool_.Add(std::move(*claim));
    }
    v1::Entry entry;
    if (!entry.ParseFromString(bytes)) {
      return {};  // the report has it
    }
    Completeness& statement = result_.statement;
    statement.as_of = entry.time_ms();
    statement.state_entry = entry.has_state() ? index : statement.state_entry;
    if (!listing_.Visit(entry, bytes)) {
      return {};
    }
    if (result_.entries.size() >= limits::kTrailEventsMax) {
      return Fail(Errc::kLimit,
                  "over " + std::to_string(limits::kTrailEventsMax) +
                      " entries: state it for parts of the time, with --from and --to");
    }
    result_.entries.push_back({index, entry.time_ms(), WhatIs(entry)});
    return {};
  }

  Result<CompletenessResult> Finish(const ledger::Checkpoint& checkpoint) {
    const auto verified = pool_.Finish();
    if (report_.findings_total() > 0 || !verified.bad.empty()) {
      return Fail(Errc::kCorrupt,
                  "this ledger does not verify, so nothing is stated about it; see what is wrong "
                  "with rujukan-audit verify");
    }
    ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(replay_.view()));
    Completeness& statement = result_.statement;
    statement.checkpoint = checkpoint;
    statement.state_root = ToHex(head.state_root());
    statement.listing = listing_.Finish();
    return std::move(result_);
  }

  const ledger::View& view() const { return replay_.view(); }

 private:
  Listing listing_;
  Report report_;
  Replay replay_;
  ClaimPool pool_;
  CompletenessResult result_;
};

}  // namespace

bool Listing::Visit(const v1::Entry& entry, const std::string& bytes) {
  const auto part = filter_.PartOf(entry);
  if (!part || !span_.Holds(entry.time_ms())) {
    return false;
  }
  switch (part->kind) {
    case Part::Kind::kClock:
      return false;  // of the broker, not of the subject: its legs' clocks show in the trail
    case Part::Kind::kMessage:
      ++summary_.messages;
      break;
    case Part::Kind::kRefusal:
      ++summary_.refusals;
      break;
    case Part::Kind::kDelivery:
      ++summary_.receipts;
      break;
  }
  hashes_.Update(ledger::LeafHash(bytes).view());
  return true;
}

ListingSummary Listing::Finish() {
  summary_.digest = ToHex(hashes_.Finish().view());
  return summary_;
}

std::string Completeness::Text() const {
  Json json;
  json["statement"] = "these are all entries of the subject up to the checkpoint";
  json["subject"] = subject;
  json["from_ms"] = span.from;
  json["to_ms"] = span.to;
  json["origin"] = checkpoint.origin;
  json["size"] = checkpoint.size;
  json["root"] = ToBase64(checkpoint.root.view());
  json["as_of_ms"] = as_of;
  json["state_root"] = state_root;
  json["state_recorded_in"] = state_entry ? Json(*state_entry) : Json(nullptr);
  json["messages"] = listing.messages;
  json["refusals"] = listing.refusals;
  json["receipts"] = listing.receipts;
  json["entries_sha256"] = listing.digest;
  return checkpoint.origin + std::string(kSuffix) + "\n" + json.dump(2) + "\n";
}

Result<Completeness> ParseCompleteness(std::string_view note) {
  ASSIGN_OR_RETURN(const ledger::Note parsed, ledger::ParseNote(note));
  const size_t line = parsed.text.find('\n');
  const Json json = Json::parse(
      parsed.text.begin() + static_cast<std::ptrdiff_t>(line), parsed.text.end(), nullptr, false);
  if (!json.is_object()) {
    return NoStatement("its text is not one line and a JSON object");
  }
  ASSIGN_OR_RETURN(Completeness said, FromJson(json));
  // Written again it is the same text, so nothing else was said in it.
  if (said.Text() != parsed.text) {
    return NoStatement("it says more, or says it in another way");
  }
  return said;
}

Result<CompletenessResult> ProveComplete(Source& source,
                                         const std::string& vkey,
                                         const std::string& subject_text,
                                         Span span,
                                         const Progress& progress) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  ASSIGN_OR_RETURN(const Subject subject, FindSubject(files, anchor.checkpoint, subject_text));
  Proof proof(subject, span);
  const auto visit = [&](LogIndex index, const ledger::GivenLeaf& leaf) -> Result<void> {
    progress(index + 1, anchor.checkpoint.size);
    if (leaf.withheld) {
      return Fail(
          Errc::kDenied,
          "entry " + std::to_string(index) +
              " is withheld from you: who states that nothing is missing has read all of it");
    }
    return proof.Visit(index, leaf.entry);
  };
  RETURN_IF_ERROR(ForEachSignedLeaf(files, anchor.checkpoint, visit));
  if (!subject.agency.empty()) {
    ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(proof.view(), subject.agency));
    if (!agency) {
      return Fail(Errc::kNotFound, "no such agency in this ledger: " + subject.agency);
    }
  }
  return proof.Finish(anchor.checkpoint);
}

}  // namespace rujukan::audit
