#include "agents/link/submission.h"

#include "certs/hash.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::link {

Result<Submission> SubmitMessage(const v1::Envelope& envelope) {
  v1::Header header;
  if (!header.ParseFromString(envelope.header()) || header.message_id().empty()) {
    return Fail(Errc::kInvalid, "the envelope's header does not parse; build it with SealMessage");
  }
  v1::ClientFrame frame;
  *frame.mutable_submit() = envelope;
  return Submission{
      v1::Subject::MESSAGE, header.message_id(), envelope.header(), frame.SerializeAsString()};
}

Result<Submission> SubmitReceipt(const v1::SubmitDelivery& delivery) {
  v1::DeliveryReceipt receipt;
  if (!receipt.ParseFromString(delivery.receipt()) || receipt.message_id().empty()) {
    return Fail(Errc::kInvalid, "the delivery receipt does not parse; build it with SignReceipts");
  }
  v1::ClientFrame frame;
  *frame.mutable_delivery() = delivery;
  return Submission{
      v1::Subject::DELIVERY, receipt.message_id(), delivery.receipt(), frame.SerializeAsString()};
}

Result<Submission> SubmitAct(const v1::SubmitAct& act) {
  v1::Act parsed;
  if (!parsed.ParseFromString(act.act()) || parsed.act_id().empty()) {
    return Fail(Errc::kInvalid, "the act does not parse or has no act_id");
  }
  v1::ClientFrame frame;
  *frame.mutable_act() = act;
  return Submission{v1::Subject::ACT, parsed.act_id(), act.act(), frame.SerializeAsString()};
}

Submission SubmitEnrolment(const v1::SubmitEnrolment& enrolment) {
  v1::ClientFrame frame;
  *frame.mutable_enrol() = enrolment;
  return Submission{v1::Subject::ENROLMENT,
                    certs::Sha256(enrolment.request()).str(),
                    enrolment.request(),
                    frame.SerializeAsString()};
}

Result<Submission> SubmitRootAct(const v1::SubmitRootAct& act) {
  v1::RootAct parsed;
  if (!parsed.ParseFromString(act.act()) || parsed.act_id().empty()) {
    return Fail(Errc::kInvalid, "the root act does not parse or has no act_id");
  }
  v1::ClientFrame frame;
  *frame.mutable_root_act() = act;
  return Submission{v1::Subject::ACT, parsed.act_id(), act.act(), frame.SerializeAsString()};
}

Result<Submission> SubmitAuditRead(const v1::SubmitStatement& read) {
  v1::AuditRead parsed;
  if (!parsed.ParseFromString(read.statement()) || parsed.read_id().empty()) {
    return Fail(Errc::kInvalid, "the reading does not parse or has no read_id");
  }
  v1::ClientFrame frame;
  *frame.mutable_audit_read() = read;
  return Submission{
      v1::Subject::AUDIT_READ, parsed.read_id(), read.statement(), frame.SerializeAsString()};
}

Result<Submission> SubmitReadTrail(const v1::SubmitStatement& statement) {
  v1::ReadTrailAnchor anchor;
  if (!anchor.ParseFromString(statement.statement()) || anchor.root().empty()) {
    return Fail(Errc::kInvalid, "the anchor does not parse; build it with SignReadTrail");
  }
  v1::ClientFrame frame;
  *frame.mutable_read_trail() = statement;
  return Submission{
      v1::Subject::READ_TRAIL, anchor.root(), statement.statement(), frame.SerializeAsString()};
}

const std::string& StatementIn(const v1::Entry& entry, v1::Subject::Code kind) {
  switch (kind) {
    case v1::Subject::MESSAGE:
      return entry.accepted().header();
    case v1::Subject::DELIVERY:
      return entry.delivery().receipt();
    case v1::Subject::ACT:
      return entry.has_root_act() ? entry.root_act().act() : entry.act().act();
    case v1::Subject::ENROLMENT:
      return entry.enrolment().request();
    case v1::Subject::AUDIT_READ:
      return entry.audit_read().read();
    case v1::Subject::READ_TRAIL:
      return entry.read_trail().anchor();
    default:
      return v1::MessageAccepted::default_instance().header();  // empty
  }
}

}  // namespace rujukan::link
