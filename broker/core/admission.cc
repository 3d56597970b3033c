#include "broker/core/admission.h"

#include <string>
#include <utility>

#include "base/limits.h"
#include "broker/core/chunk_desk.h"
#include "certs/ed25519.h"
#include "certs/hash.h"
#include "ledger/authenticate.h"
#include "ledger/header.h"
#include "ledger/rights.h"
#include "ledger/statement.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;
using Check = tl::expected<void, ledger::Refusal>;

// Batches of bulk senders in flight at once; a claim costs about 100 bytes here.
constexpr size_t kVerifiedClaimsMax = 1024;

tl::unexpected<ledger::Refusal> Refuse(Reason::Code reason) {
  return tl::unexpected<ledger::Refusal>(ledger::MakeRefusal(reason));
}
tl::unexpected<ledger::Refusal> Refuse(Reason::Code reason, std::string advice) {
  return tl::unexpected<ledger::Refusal>(ledger::MakeRefusal(reason, std::move(advice)));
}

#define REFUSE_UNLESS(expr)                                   \
  do {                                                        \
    if (auto check_ = (expr); !check_) {                      \
      return tl::unexpected<ledger::Refusal>(check_.error()); \
    }                                                         \
  } while (false)

// One frame under examination: what the steps below share.
struct Examination {
  const Examiner::Context& context;
  certs::VerifiedClaims& verified;
  Submission& submission;

  const std::string& user() const { return submission.peer.user; }
};

Check CheckAllowance(Allowance allowance) {
  switch (allowance) {
    case Allowance::kGranted:
      return {};
    case Allowance::kRateLimited:
      return Refuse(Reason::RATE_LIMITED);
    case Allowance::kWindowExceeded:
      return Refuse(Reason::WINDOW_EXCEEDED,
                    "over " + std::to_string(limits::kSendWindowMax) +
                        " messages are unanswered; wait for answers before sending more");
  }
  return {};
}

Check CheckUser(const DirectorySnapshot& directory, const std::string& user) {
  const AgencyFacts* agency = directory.FindAgency(user);
  if (agency == nullptr) {
    return Refuse(Reason::UNKNOWN_SENDER);
  }
  if (agency->status != v1::AgencyStatus::AKTIF) {
    return Refuse(Reason::SENDER_NOT_ACTIVE);
  }
  return {};
}

tl::expected<const KeyFacts*, ledger::Refusal> FindSigningKey(const Examination& e,
                                                              std::string_view key_id) {
  const KeyFacts* key = e.context.directory.FindKey(key_id);
  if (key == nullptr || key->usage != v1::KeyUsage::SIGNING || key->address != e.user()) {
    return Refuse(Reason::KEY_UNKNOWN);
  }
  if (key->revoked) {
    return Refuse(Reason::KEY_REVOKED);
  }
  if (e.context.now < key->not_before_ms || e.context.now > key->not_after_ms) {
    return Refuse(Reason::KEY_EXPIRED);
  }
  return key;
}

// A statement and its batch signature, ready for the one costly step.
struct SignedStatement {
  const KeyFacts* key = nullptr;
  certs::BatchClaim claim;
  uint32_t batch_size = 0;
};

tl::expected<SignedStatement, ledger::Refusal> ClaimFor(const Examination& e,
                                                        std::string_view context,
                                                        std::string_view statement,
                                                        v1::BatchSignature& signature) {
  signature.DiscardUnknownFields();  // an entry holds what the format names and nothing else
  if (signature.batch_size() > limits::kBatchStatementsMax) {
    return Refuse(Reason::BATCH_TOO_LARGE,
                  "the batch has " + std::to_string(signature.batch_size()) +
                      " statements; sign at most " + std::to_string(limits::kBatchStatementsMax));
  }
  const auto key = FindSigningKey(e, signature.signer_key());
  REFUSE_UNLESS(key);
  auto claim = certs::ClaimOf(context, statement, signature);
  if (!claim) {
    return Refuse(Reason::MALFORMED, claim.error().context);
  }
  return SignedStatement{*key, std::move(*claim), signature.batch_size()};
}

Check VerifyStatement(const Examination& e, const SignedStatement& statement) {
  if (!certs::VerifyClaim(statement.key->key, statement.claim, statement.batch_size, e.verified)) {
    return Refuse(Reason::BAD_SIGNATURE);
  }
  return {};
}

Check CheckEntrySize(const Submission& submission) {
  // Time, directory link and directory root are still to come: at most 56 bytes.
  constexpr size_t kReserved = 64;
  if (submission.entry.ByteSizeLong() + kReserved > limits::kEntryBytesMax) {
    return Refuse(Reason::MALFORMED,
                  "the submission does not fit an entry of " +
                      std::to_string(limits::kEntryBytesMax) + " bytes; make it smaller");
  }
  return {};
}

Check ExamineMessage(Examination& e, v1::Envelope& envelope) {
  auto header = ledger::ParseHeader(envelope.header());
  REFUSE_UNLESS(header);
  e.submission.subject = header->message_id();
  if (header->from() != e.user()) {
    return Refuse(Reason::SENDER_MISMATCH);
  }
  const auto statement =
      ClaimFor(e, certs::kHeaderContext, envelope.header(), *envelope.mutable_signature());
  REFUSE_UNLESS(statement);
  REFUSE_UNLESS(ledger::CheckContent(*header, envelope.content()));
  REFUSE_UNLESS(VerifyStatement(e, *statement));
  e.submission.statement = certs::Sha256(envelope.header());
  for (std::string& recipient : *header->mutable_to()) {
    e.submission.recipients.push_back(std::move(recipient));
  }
  v1::MessageAccepted& accepted = *e.submission.entry.mutable_accepted();
  accepted.set_header(std::move(*envelope.mutable_header()));
  *accepted.mutable_signature() = std::move(*envelope.mutable_signature());
  e.submission.content = std::move(*envelope.mutable_content());
  return {};
}

Check ExamineDelivery(Examination& e, v1::SubmitDelivery& delivery) {
  const auto receipt = ledger::ParseDeliveryReceipt(delivery.receipt());
  REFUSE_UNLESS(receipt);
  e.submission.subject = receipt->message_id();
  if (receipt->recipient() != e.user()) {
    return Refuse(Reason::SENDER_MISMATCH);
  }
  const auto statement =
      ClaimFor(e, certs::kDeliveryContext, delivery.receipt(), *delivery.mutable_signature());
  REFUSE_UNLESS(statement);
  REFUSE_UNLESS(VerifyStatement(e, *statement));
  e.submission.statement = certs::Sha256(delivery.receipt());
  v1::DeliveryRecorded& recorded = *e.submission.entry.mutable_delivery();
  recorded.set_receipt(std::move(*delivery.mutable_receipt()));
  *recorded.mutable_signature() = std::move(*delivery.mutable_signature());
  return {};
}

Check ExamineAct(Examination& e, v1::SubmitAct& submitted) {
  v1::Act act;
  if (submitted.act().size() > limits::kEntryBytesMax || !act.ParseFromString(submitted.act()) ||
      act.act_id().size() != MessageId::kSize) {
    return Refuse(Reason::MALFORMED);
  }
  e.submission.subject = act.act_id();
  if (act.actor() != e.user()) {
    return Refuse(Reason::SENDER_MISMATCH);
  }
  if (ledger::RightFor(act.act_case()) == nullptr) {
    return Refuse(Reason::MALFORMED, "the act says nothing that this version knows");
  }
  const auto statement =
      ClaimFor(e, certs::kActContext, submitted.act(), *submitted.mutable_signature());
  REFUSE_UNLESS(statement);
  REFUSE_UNLESS(VerifyStatement(e, *statement));
  e.submission.statement = certs::Sha256(submitted.act());
  v1::ActRecorded& recorded = *e.submission.entry.mutable_act();
  recorded.set_act(std::move(*submitted.mutable_act()));
  *recorded.mutable_signature() = std::move(*submitted.mutable_signature());
  return CheckEntrySize(e.submission);
}

// A statement that is no act: checked like one, its form first.
Check ExamineRead(Examination& e, v1::SubmitStatement& submitted) {
  const auto read = ledger::ParseAuditRead(submitted.statement());
  REFUSE_UNLESS(read);
  e.submission.subject = read->read_id();
  if (read->auditor() != e.user()) {
    return Refuse(Reason::SENDER_MISMATCH);
  }
  const auto statement =
      ClaimFor(e, certs::kAuditReadContext, submitted.statement(), *submitted.mutable_signature());
  REFUSE_UNLESS(statement);
  REFUSE_UNLESS(VerifyStatement(e, *statement));
  e.submission.statement = certs::Sha256(submitted.statement());
  v1::AuditReadRecorded& recorded = *e.submission.entry.mutable_audit_read();
  recorded.set_read(std::move(*submitted.mutable_statement()));
  *recorded.mutable_signature() = std::move(*submitted.mutable_signature());
  return {};
}

Check ExamineReadTrail(Examination& e, v1::SubmitStatement& submitted) {
  const auto anchor = ledger::ParseReadTrailAnchor(submitted.statement());
  REFUSE_UNLESS(anchor);
  e.submission.subject = anchor->root();
  if (anchor->agency() != e.user()) {
    return Refuse(Reason::SENDER_MISMATCH);
  }
  const auto statement =
      ClaimFor(e, certs::kReadTrailContext, submitted.statement(), *submitted.mutable_signature());
  REFUSE_UNLESS(statement);
  REFUSE_UNLESS(VerifyStatement(e, *statement));
  e.submission.statement = certs::Sha256(submitted.statement());
  v1::ReadTrailRecorded& recorded = *e.submission.entry.mutable_read_trail();
  recorded.set_anchor(std::move(*submitted.mutable_statement()));
  *recorded.mutable_signature() = std::move(*submitted.mutable_signature());
  return {};
}

// The signature is Ed25519 by the invitation's key, which the request itself names; whether that
// invitation exists is the fold's to say.
Check ExamineEnrolment(Examination& e, v1::SubmitEnrolment& submitted) {
  v1::EnrolmentRequest request;
  if (submitted.request().size() > limits::kEnrolmentFrameBytesMax ||
      !request.ParseFromString(submitted.request())) {
    return Refuse(Reason::MALFORMED);
  }
  e.submission.subject = ledger::EnrolmentId(submitted.request());
  if (request.signing_csr().size() > limits::kCsrBytesMax ||
      request.encryption_csr().size() > limits::kCsrBytesMax) {
    return Refuse(Reason::MALFORMED,
                  "a certificate request is over " + std::to_string(limits::kCsrBytesMax) +
                      " bytes; make it smaller");
  }
  std::string message(certs::kEnrolmentContext);
  message += submitted.request();
  if (!certs::Ed25519Verify(request.invitation_key(), message, submitted.signature())) {
    return Refuse(Reason::BAD_SIGNATURE);
  }
  e.submission.statement = certs::Sha256(submitted.request());
  v1::EnrolmentRecorded& recorded = *e.submission.entry.mutable_enrolment();
  recorded.set_request(std::move(*submitted.mutable_request()));
  recorded.set_signature(std::move(*submitted.mutable_signature()));
  return CheckEntrySize(e.submission);
}

// Signed with the root key alone: whoever sends it may have lost every admitted key. The signature
// is verified here, by many threads, because every stranger may send one; the rest of it in order.
Check ExamineRootAct(Examination& e, v1::SubmitRootAct& submitted) {
  v1::RootAct act;
  if (submitted.act().size() > limits::kEnrolmentFrameBytesMax ||
      !act.ParseFromString(submitted.act()) || act.act_id().size() != MessageId::kSize) {
    return Refuse(Reason::MALFORMED);
  }
  e.submission.subject = act.act_id();
  const certs::PublicKey* root = e.context.directory.root_key();
  const std::string message = std::string(certs::kRootActContext) + submitted.act();
  if (root == nullptr || !root->Verify(message, submitted.signature())) {
    return Refuse(Reason::BAD_SIGNATURE, "the act is not signed by the domain's root key");
  }
  e.submission.statement = certs::Sha256(submitted.act());
  v1::RootActRecorded& recorded = *e.submission.entry.mutable_root_act();
  recorded.set_act(std::move(*submitted.mutable_act()));
  recorded.set_signature(std::move(*submitted.mutable_signature()));
  return CheckEntrySize(e.submission);
}

v1::Subject::Code SubjectOf(const v1::ClientFrame& frame) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSubmit:
      return v1::Subject::MESSAGE;
    case v1::ClientFrame::kDelivery:
      return v1::Subject::DELIVERY;
    case v1::ClientFrame::kAct:
    case v1::ClientFrame::kRootAct:
      return v1::Subject::ACT;
    case v1::ClientFrame::kEnrol:
      return v1::Subject::ENROLMENT;
    case v1::ClientFrame::kAuditRead:
      return v1::Subject::AUDIT_READ;
    case v1::ClientFrame::kReadTrail:
      return v1::Subject::READ_TRAIL;
    default:
      return v1::Subject::UNSPECIFIED;  // a query
  }
}

// The enrolment door is for those who are nobody yet: it takes what they need and nothing else.
Check CheckDoor(const v1::ClientFrame& frame, Door door) {
  const auto body = frame.body_case();
  const bool for_strangers = body == v1::ClientFrame::kEnrol ||
                             body == v1::ClientFrame::kEnrolStatus ||
                             body == v1::ClientFrame::kRootAct || body == v1::ClientFrame::kPing;
  const bool fits = body == v1::ClientFrame::kPing || for_strangers == (door == Door::kEnrolment);
  if (body == v1::ClientFrame::BODY_NOT_SET || !fits) {
    return Refuse(Reason::MALFORMED, "this frame does not belong at this door of the broker");
  }
  return {};
}

Check ExamineSubmission(Examination& e, v1::ClientFrame& frame) {
  switch (frame.body_case()) {
    case v1::ClientFrame::kSubmit:
      return ExamineMessage(e, *frame.mutable_submit());
    case v1::ClientFrame::kDelivery:
      return ExamineDelivery(e, *frame.mutable_delivery());
    case v1::ClientFrame::kAct:
      return ExamineAct(e, *frame.mutable_act());
    case v1::ClientFrame::kEnrol:
      return ExamineEnrolment(e, *frame.mutable_enrol());
    case v1::ClientFrame::kRootAct:
      return ExamineRootAct(e, *frame.mutable_root_act());
    case v1::ClientFrame::kAuditRead:
      return ExamineRead(e, *frame.mutable_audit_read());
    case v1::ClientFrame::kReadTrail:
      return ExamineReadTrail(e, *frame.mutable_read_trail());
    default:
      return {};  // queries: the courier answers them; chunks: the porter
  }
}

// Enough of a frame to name its subject in the refusal, when the full examination is not made.
std::string PeekSubject(const v1::ClientFrame& frame) {
  if (frame.body_case() == v1::ClientFrame::kSubmit) {
    v1::Header header;
    if (frame.submit().header().size() <= limits::kHeaderBytesMax &&
        header.ParseFromString(frame.submit().header()) &&
        header.message_id().size() == MessageId::kSize) {
      return header.message_id();
    }
  } else if (frame.body_case() == v1::ClientFrame::kDelivery) {
    v1::DeliveryReceipt receipt;
    if (frame.delivery().receipt().size() <= limits::kHeaderBytesMax &&
        receipt.ParseFromString(frame.delivery().receipt()) &&
        receipt.message_id().size() == MessageId::kSize) {
      return receipt.message_id();
    }
  }
  return {};
}

Check ExamineFrame(Examination& e, std::string_view bytes, v1::ClientFrame& frame) {
  const size_t most = e.submission.peer.door == Door::kMain ? limits::kFrameBytesMax
                                                            : limits::kEnrolmentFrameBytesMax;
  if (bytes.size() > most || !frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Refuse(Reason::MALFORMED);
  }
  e.submission.kind = SubjectOf(frame);
  // A frame is one thing: a second body behind the first would escape its window.
  if (ClassOf(frame.body_case()) != e.submission.frame_class) {
    return Refuse(Reason::MALFORMED, "a frame carries exactly one request");
  }
  REFUSE_UNLESS(CheckDoor(frame, e.submission.peer.door));
  REFUSE_UNLESS(CheckAllowance(e.context.allowance));
  if (e.submission.peer.door == Door::kMain) {
    REFUSE_UNLESS(CheckUser(e.context.directory, e.user()));
  }
  if (IsChunkFrame(frame.body_case())) {
    return CheckChunkForm(frame);
  }
  return ExamineSubmission(e, frame);
}

ChunkFrame ChunkFrameOf(Submission submission, v1::ClientFrame frame, const Check& checked) {
  ChunkFrame chunk{std::move(submission.peer), std::move(frame), submission.counted, {}};
  if (!checked) {
    chunk.refusal = checked.error();
    if (chunk.frame.has_put_chunk()) {
      chunk.frame.mutable_put_chunk()->clear_data();
    }
  }
  return chunk;
}

}  // namespace

Examiner::Examiner() : verified_(kVerifiedClaimsMax) {}

Examined Examiner::Examine(Inbound inbound, const Context& context) {
  Submission submission;
  submission.peer = std::move(inbound.peer);
  submission.frame_class = ClassOf(inbound.frame);
  // Here and not when it is refused: this is done by many threads, and the frame need not be kept.
  // A chunk becomes no entry that could name it.
  if (submission.frame_class != FrameClass::kChunk) {
    submission.frame_digest = SubmissionDigest(inbound.frame);
  }
  submission.counted =
      context.allowance == Allowance::kGranted && submission.peer.door == Door::kMain;
  v1::ClientFrame frame;
  Examination examination{context, verified_, submission};
  Check checked = ExamineFrame(examination, inbound.frame, frame);
  if (submission.frame_class == FrameClass::kChunk && IsChunkFrame(frame.body_case())) {
    return ChunkFrameOf(std::move(submission), std::move(frame), checked);
  }
  if (!checked) {
    if (submission.subject.empty()) {
      submission.subject = PeekSubject(frame);
    }
    submission.refusal = std::move(checked.error());
    return submission;
  }
  // Whoever answers frees the place in the window: the courier a query's, the porter a chunk's, the
  // committer all others.
  if (submission.kind == v1::Subject::UNSPECIFIED) {
    return Query{std::move(submission.peer), std::move(frame), submission.counted};
  }
  return submission;
}

#undef REFUSE_UNLESS

}  // namespace rujukan::broker
