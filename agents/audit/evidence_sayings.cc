// What agencies and auditors have added: opened content, a statement of completeness.

#include <algorithm>

#include "agents/audit/completeness.h"
#include "agents/audit/evidence_claims.h"
#include "agents/audit/evidence_render.h"
#include "ledger/opened.h"
#include "ledger/tree.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::audit {
namespace {

using C = EvidenceCheck;

class StatementChecker {
 public:
  StatementChecker(const EvidenceCase& about, const std::optional<ledger::Checkpoint>& checkpoint)
      : evidence_(about.evidence),
        anchors_(about.anchors),
        report_(about.report),
        checkpoint_(checkpoint) {}

  void CheckStatement() {
    if (!evidence_.statement) {
      report_.Skip(C::kCompleteness,
                   "no auditor's statement is in it: entries may be missing at the end");
      return;
    }
    const EvidenceStatement& statement = *evidence_.statement;
    const std::string file = "completeness/note";
    const auto auditor = ledger::NoteVerifier::Parse(statement.vkey);
    const auto said = ParseCompleteness(statement.note);
    if (!auditor || !said) {
      report_.Fail(
          C::kCompleteness, file, auditor ? said.error().context : auditor.error().context);
      return;
    }
    const std::vector<ledger::NoteVerifier> known = {*auditor};
    if (!ledger::OpenNote(statement.note, known)) {
      report_.Fail(C::kCompleteness, file, "is not signed with completeness/vkey");
      return;
    }
    CompareStatement(*said, file);
    const auto& trusted = anchors_.auditors;
    if (trusted.empty()) {
      report_.Skip(C::kCompleteness, "whose word it is: no --auditor was given");
    } else if (std::find(trusted.begin(), trusted.end(), statement.vkey) == trusted.end()) {
      report_.Fail(C::kCompleteness, "completeness/vkey", "is none of the auditors that you trust");
    }
  }

 private:
  void CompareStatement(const Completeness& said, const std::string& file) {
    if (said.subject != evidence_.subject.Text()) {
      report_.Fail(C::kCompleteness, file, "is about " + said.subject);
      return;
    }
    if (!checkpoint_ || !IsSameHistory(said.checkpoint)) {
      report_.Fail(C::kCompleteness, file, "is of another ledger or history than this checkpoint");
      return;
    }
    Listing listing(evidence_.subject, said.span);
    for (const auto& [index, bytes] : evidence_.entries) {
      v1::Entry entry;
      if (index < said.checkpoint.size && entry.ParseFromString(bytes)) {
        listing.Visit(entry, bytes);
      }
    }
    if (listing.Finish() != said.listing) {
      report_.Fail(C::kCompleteness,
                   file,
                   "lists other entries than are here: " + std::to_string(said.listing.messages) +
                       " messages, " + std::to_string(said.listing.refusals) + " refusals, " +
                       std::to_string(said.listing.receipts) + " receipts");
      return;
    }
    report_.Pass(C::kCompleteness);
    CompareState(said, file);
  }

  bool IsSameHistory(const ledger::Checkpoint& said) const {
    if (said.origin != checkpoint_->origin) {
      return false;
    }
    if (said.size == checkpoint_->size) {
      return said.root == checkpoint_->root && evidence_.statement->consistency.empty();
    }
    return ledger::VerifyConsistency(said.size,
                                     said.root,
                                     checkpoint_->size,
                                     checkpoint_->root,
                                     evidence_.statement->consistency)
        .has_value();
  }

  // The broker's own word on its state, where it is here, is at the entry that the auditor names.
  void CompareState(const Completeness& said, const std::string& file) {
    if (!said.state_entry) {
      return;
    }
    const auto found = evidence_.entries.find(*said.state_entry);
    v1::Entry entry;
    if (found != evidence_.entries.end() &&
        (!entry.ParseFromString(found->second) || !entry.has_state())) {
      report_.Fail(C::kCompleteness,
                   file,
                   "entry " + std::to_string(*said.state_entry) +
                       " is not the broker's record of its state");
    }
  }

  const Evidence& evidence_;
  const TrustAnchors& anchors_;
  EvidenceReport& report_;
  const std::optional<ledger::Checkpoint>& checkpoint_;
};

// Of one message: what is wrong with what was opened; "" when it is what was sent.
std::string FaultOfOpened(const EvidenceCase& about,
                          const std::string& message,
                          const std::string& bytes) {
  const auto opened = ledger::ParseOpened(bytes);
  const auto id = ParseUuid(message);
  const auto place = id ? about.facts.messages.find(*id) : about.facts.messages.end();
  if (!opened || place == about.facts.messages.end()) {
    return opened ? "is not the content of a message of this subject" : opened.error().context;
  }
  v1::Entry entry;
  v1::Header header;
  entry.ParseFromString(about.evidence.entries.at(place->second));
  header.ParseFromString(entry.accepted().header());
  const auto proven = ledger::ProveOpened(*opened, header);
  if (!proven) {
    return "is not what was sent in entry " + std::to_string(place->second) + ": " +
           proven.error().context;
  }
  return OpenedAsJson(bytes).empty() ? "was sent like this, but is no content that can be read"
                                     : "";
}

}  // namespace

void CheckOpenedContent(const EvidenceCase& about) {
  if (about.evidence.opened.empty()) {
    about.report.Skip(C::kContent, "no content was opened");
  }
  for (const auto& [message, bytes] : about.evidence.opened) {
    const std::string fault = FaultOfOpened(about, message, bytes);
    if (fault.empty()) {
      about.report.Pass(C::kContent);
    } else {
      about.report.Fail(C::kContent, "opened/" + message + ".pb", fault);
    }
  }
}

void CheckCompletenessStatement(const EvidenceCase& about,
                                const std::optional<ledger::Checkpoint>& checkpoint) {
  StatementChecker(about, checkpoint).CheckStatement();
}

}  // namespace rujukan::audit
