// A submission: one frame to the broker that asks for a durable entry, and what proves that it got
// it. Value types; any thread.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/checkpoint.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::link {

// What the broker answers by: (kind, subject) names one submission. A delivery receipt has the
// message id it speaks of, so it and the message itself differ in kind only.
struct Submission {
  v1::Subject::Code kind = v1::Subject::UNSPECIFIED;
  std::string subject;    // message id, act id, enrolment id, read id or root of a read trail
  std::string statement;  // the exact signed bytes; the receipt's entry must hold these very bytes
  std::string frame;      // serialised ClientFrame, sent again unchanged until answered
};

// The envelope, receipt and act are as signed; the subject is read from them. kInvalid: they do not
// parse, so they cannot have come from this program's own builders.
Result<Submission> SubmitMessage(const v1::Envelope& envelope);
Result<Submission> SubmitReceipt(const v1::SubmitDelivery& delivery);
Result<Submission> SubmitAct(const v1::SubmitAct& act);
Submission SubmitEnrolment(const v1::SubmitEnrolment& enrolment);
Result<Submission> SubmitRootAct(const v1::SubmitRootAct& act);
Result<Submission> SubmitAuditRead(const v1::SubmitStatement& read);
Result<Submission> SubmitReadTrail(
    const v1::SubmitStatement& statement);  // its root is the subject

// An entry that is in the ledger: its path leads to a checkpoint with the log's signature.
struct Proven {
  LogIndex index = 0;
  TreeSize size = 0;  // of the checkpoint in the proof
  v1::Entry entry;
  std::string entry_bytes;
  std::string proof;  // tlog-proof@v1: keep it, it is the evidence
};

// The signed bytes an entry records for submissions of `kind`; empty when it is an entry of another
// kind.
const std::string& StatementIn(const v1::Entry& entry, v1::Subject::Code kind);

}  // namespace rujukan::link
