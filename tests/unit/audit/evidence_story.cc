#include "tests/unit/audit/evidence_story.h"

#include <fstream>
#include <iterator>

#include "agents/audit/completeness.h"
#include "agents/audit/evidence_files.h"
#include "base/check.h"
#include "base/clock.h"
#include "certs/hash.h"
#include "certs/padme.h"
#include "ledger/checkpoint.h"
#include "ledger/records.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::audit::testing {
namespace {

using K = v1::Kind;
using rujukan::testing::World;

ledger::Cosigner MakeWitness() {
  return *ledger::Cosigner::Make("saksi.contoh.test", certs::Ed25519Key::Generate());
}

// What the referral says: T1, without a name.
std::string Framed() {
  v1::Content content;
  content.set_id_episode("episode-contoh");
  content.mutable_petugas()->set_peran("penyidik (CONTOH)");
  content.mutable_rujukan()->set_jenis_rujukan(v1::ReferralType::RUJUKAN_LAYANAN);
  return certs::FrameContent(std::string(certs::kSaltSize, 's'), content.SerializeAsString());
}

v1::Header InLeg(const World& world,
                 const v1::Header& referral,
                 std::string_view from,
                 std::string_view to,
                 K::Code kind,
                 uint64_t sequence) {
  v1::Header header = world.HeaderTo(from, to, kind);
  header.set_leg_id(referral.leg_id());
  header.set_sequence(sequence);
  return header;
}

}  // namespace

const EvidenceStory& EvidenceStory::Get() {
  static const EvidenceStory kStory;
  return kStory;
}

EvidenceStory::EvidenceStory() : witness_(MakeWitness()) {
  const rujukan::testing::Tsa tsa;
  Tell();
  Stamp(tsa);
  Publish();
  std::ifstream pem(tsa.ca_pem_path());
  tsa_file_ = {std::istreambuf_iterator<char>(pem), {}};
  anchors_.tsa = {tsa.ca_der()};
  container_ = Container(FormatUuid(referral_.leg_id()));
}

void EvidenceStory::Tell() {
  world_.AddAgency("uppa.18.01");
  world_.AddAgency("dinsos.18");
  world_.AddAgency("lpa.31");
  world_.Advance(60'000);
  referral_ = world_.HeaderTo("uppa.18.01", "dinsos.18", K::RUJUKAN);
  referral_.set_content_commitment(certs::Sha256(Framed()).str());
  Refuse(referral_);
  referral_index_ = world_.Append(world_.MessageEntry(referral_));
  world_.Append(world_.MessageEntry(world_.HeaderTo("lpa.31", "uppa.18.01", K::PEMBERITAHUAN)));
  receipt_index_ = world_.Append(world_.DeliveryEntry(referral_, v1::DeliveryOutcome::DELIVERED));
  world_.Rotate("dinsos.18");  // it answers with another key
  world_.Append(
      world_.MessageEntry(InLeg(world_, referral_, "dinsos.18", "uppa.18.01", K::KONFIRMASI, 1)));
  acceptance_index_ = world_.Append(
      world_.MessageEntry(InLeg(world_, referral_, "dinsos.18", "uppa.18.01", K::TERIMA, 2)));

  v1::OpenedContent opened;
  opened.set_version(1);
  opened.set_message_id(referral_.message_id());
  opened.set_opening(Framed());
  opened.set_given_by(World::Address("dinsos.18"));
  opened.set_given_to("auditor (CONTOH)");
  opened.set_reason("pemeriksaan (CONTOH)");
  opened.set_opened_at_ms(world_.now());
  opened_ = opened.SerializeAsString();
}

void EvidenceStory::Refuse(const v1::Header& header) {
  const v1::Entry message = world_.MessageEntry(header);
  v1::Entry entry;
  entry.mutable_refused()->set_sender(header.from());
  entry.mutable_refused()->set_reason(v1::RefusalReason::MAILBOX_FULL);
  entry.mutable_refused()->set_submission_digest(certs::Sha256("envelope").str());
  entry.mutable_refused()->set_header(message.accepted().header());
  *entry.mutable_refused()->mutable_signature() = message.accepted().signature();
  refusal_index_ = world_.Append(std::move(entry));
}

// The authority sees what the broker has signed so far; then life goes on.
void EvidenceStory::Stamp(const rujukan::testing::Tsa& tsa) {
  const std::string checkpoint = MakeLog(world_.entries(), world_.log()).at("checkpoint");
  v1::Entry stamp;
  stamp.mutable_timestamp()->set_checkpoint(checkpoint);
  stamp.mutable_timestamp()->set_token(tsa.Token(certs::Sha256(checkpoint)));
  world_.Append(std::move(stamp));
  v1::Entry state;
  state.mutable_state()->set_state_root(ledger::ReadHead(world_.view())->state_root());
  world_.Append(std::move(state));
  for (int i = 0; i < 3; ++i) {
    world_.Append(world_.MessageEntry(world_.HeaderTo("lpa.31", "uppa.18.01", K::PEMBERITAHUAN)));
  }
}

void EvidenceStory::Publish() {
  log_ = MakeLog(world_.entries(), world_.log());
  const std::vector<ledger::NoteVerifier> known = {witness_.verifier()};
  const std::string text = SplitNote(log_.at("checkpoint"), "").text;
  log_["checkpoint"] = *ledger::MergeCosignatures(
      log_.at("checkpoint"), witness_.Cosign(text, world_.now() / 1000), known);

  MemorySource source(log_);
  const auto signer =
      ledger::NoteSigner::Make("auditor.contoh.test", certs::Ed25519Key::Generate());
  const auto complete =
      ProveComplete(source, "", FormatUuid(referral_.leg_id()), {}, [](uint64_t, uint64_t) {});
  CHECK(complete.has_value());
  statement_ = signer->Sign(complete->statement.Text());
  anchors_.vkey = world_.log().verifier().ToVkey();
  anchors_.witnesses = {witness_.verifier().ToVkey()};
  anchors_.auditors = {signer->verifier().ToVkey()};
}

std::string EvidenceStory::Container(const std::string& subject) const {
  EvidenceRequest request{subject, {}, std::nullopt};
  if (subject == FormatUuid(referral_.leg_id())) {
    request.opened = {opened_};
    request.statement = EvidenceStatement{statement_, auditor_vkey(), {}};
  }
  MemorySource source(log_);
  const auto evidence = CollectEvidence(source, "", request);
  CHECK(evidence.has_value());
  EvidenceReport unread;
  const auto facts = WalkEvidence(*evidence, unread);
  return *PackContainer(RenderEvidence(*evidence, *facts));
}

std::string EvidenceStory::Forged(const std::function<void(FileMap&)>& change) const {
  FileMap files = UnpackContainer(container_)->files;
  change(files);
  files["MANIFEST.sha256"] = DigestList(files);
  files["META-INF/ASiCManifest.xml"] = AsicManifest(files);
  return *PackContainer(files);
}

}  // namespace rujukan::audit::testing
