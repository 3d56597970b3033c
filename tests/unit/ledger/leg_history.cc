#include "tests/unit/ledger/leg_history.h"

#include <algorithm>

#include "certs/hash.h"
#include "ledger/leg_machine.h"

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
using S = v1::LegState;

constexpr const char* kNames[LegHistory::kAgencies] = {
    "uppa.18.01", "uptdppa.18.01", "dinsos.18.01", "dinsos.18", "lksa.18.01.001"};
constexpr int64_t kHourMs = 3'600'000;
constexpr size_t kLegsMax = 6;

// Kinds that answer something: their cause is a message of this kind from the other side.
K::Code Answers(K::Code kind) {
  switch (kind) {
    case K::SERAH_TERIMA:
      return K::SERAH_TERIMA;
    case K::TANGGAPAN_PERINGATAN:
      return K::PERINGATAN_DARURAT;
    case K::TANGGAPAN_PENARIKAN:
      return K::PENARIKAN_PERSETUJUAN;
    case K::ATESTASI_HAPUS:
    case K::KEBERATAN_HAPUS:
      return K::PERINTAH_HAPUS;
    default:
      return K::UNSPECIFIED;
  }
}

v1::Urgency::Code UrgencyFor(v1::ClockClass::Code clock_class) {
  switch (clock_class) {
    case v1::ClockClass::SEDANG:
      return v1::Urgency::SEGERA;
    case v1::ClockClass::RENDAH:
      return v1::Urgency::BIASA;
    default:
      return v1::Urgency::AMAT_SEGERA;
  }
}

// What depends on when and in which entry something happened.
void ForgetPlaces(v1::LegRecord& leg) {
  leg.clear_opened_at_index();
  leg.clear_changed_at_index();
  leg.clear_opened_at_ms();
  leg.clear_changed_at_ms();
  leg.clear_paused_at_ms();
  leg.clear_deadlines();
}

}  // namespace

void LegHistory::Populate(testing::World& world) {
  for (const char* name : kNames) {
    world.AddAgency(name);
  }
}

LegHistory::LegHistory(const testing::World& world, uint64_t seed, Habit habit, Fault fault)
    : world_(world), random_(seed), habit_(habit), fault_(fault), view_(world.view()) {
  for (const char* name : kNames) {
    agencies_.push_back(testing::World::Address(name));
  }
  root_ = AnyAgency();
}

const std::string& LegHistory::AnyAgency() {
  return agencies_[random_.Below(agencies_.size())];
}

v1::Header LegHistory::NewHeader(const std::string& from,
                                 const std::string& to,
                                 v1::Kind::Code kind) {
  const UnixMillis now = world_.now();
  const auto id = MakeUuid7(now, random_.TenBytes());
  v1::Header header;
  header.set_version(1);
  header.set_message_id(id.data(), id.size());
  header.set_kind(kind);
  header.set_from(from);
  header.add_to(to);
  header.set_urgency(v1::Urgency::SEGERA);
  header.set_classification(v1::Classification::R);
  header.set_created_at_ms(now);
  header.set_expires_at_ms(now + 24 * kHourMs);
  header.set_content_size(100);
  header.set_content_digest(std::string(32, 'd'));
  header.set_content_commitment(std::string(32, 'c'));
  const std::string name = to.substr(0, to.find('@'));
  header.add_recipient_keys(world_.member(name).encryption_certificate.key_id().str());
  return header;
}

// The fold does not look at signatures, only at whose key it is.
LegHistory::Submission LegHistory::MessageOf(v1::Header header) const {
  Submission submission;
  submission.what = LegEvent::What::kMessage;
  submission.leg_id = header.leg_id();
  const std::string name = header.from().substr(0, header.from().find('@'));
  auto& accepted = *submission.entry.mutable_accepted();
  accepted.set_header(header.SerializeAsString());
  accepted.mutable_signature()->set_signer_key(
      world_.member(name).signing_certificate.key_id().str());
  submission.header = std::move(header);
  return submission;
}

std::map<std::string, int> LegHistory::Claims() const {
  std::map<std::string, int> claims;
  claims[root_] = 1;
  for (const std::string& id : legs_) {
    const v1::LegRecord leg = LegOf(id);
    if (leg.receiver_responsible()) {
      --claims[leg.sender()];
      ++claims[leg.receiver()];
    }
  }
  return claims;
}

// Who has the child, and is not handing it over already.
bool LegHistory::MayHandOn(const std::string& from) const {
  auto claims = Claims();
  if (claims[from] != 1) {
    return false;
  }
  return std::none_of(legs_.begin(), legs_.end(), [&](const std::string& id) {
    const v1::LegRecord leg = LegOf(id);
    return leg.moves_responsibility() && leg.sender() == from && IsOpen(leg.state()) &&
           !leg.receiver_responsible();
  });
}

// The receiver of this leg has the child no more: it has handed it on.
bool LegHistory::HasHandedOn(const v1::LegRecord& leg, const std::string& leg_id) const {
  if (!leg.receiver_responsible()) {
    return false;
  }
  return std::any_of(legs_.begin(), legs_.end(), [&](const std::string& id) {
    const v1::LegRecord other = LegOf(id);
    return id != leg_id && other.sender() == leg.receiver() && other.receiver_responsible();
  });
}

// What an agent does not let its officers do: a child that was handed on is first taken back.
bool LegHistory::Forbidden(const v1::Header& header, const v1::LegRecord& leg) const {
  const bool moves = header.kind() == K::GAGAL || header.kind() == K::SERAH_TERIMA ||
                     header.kind() == K::SETUJU_BATAL;
  if (habit_ == Habit::kCareless || !moves || !leg.moves_responsibility()) {
    return false;
  }
  if (HasHandedOn(leg, header.leg_id())) {
    return true;
  }
  // Handing over what one has not (any more).
  auto claims = Claims();
  return header.kind() == K::SERAH_TERIMA && !leg.receiver_responsible() &&
         claims[leg.sender()] != 1;
}

std::optional<LegHistory::Submission> LegHistory::DrawOpening() {
  if (legs_.size() >= kLegsMax) {
    return std::nullopt;
  }
  const std::string from = AnyAgency();
  const std::string to = AnyAgency();
  if (from == to) {
    return std::nullopt;
  }
  v1::Header header = NewHeader(from, to, K::RUJUKAN);
  const auto id = MakeUuid7(world_.now(), random_.TenBytes());
  header.set_leg_id(id.data(), id.size());
  header.set_sequence(1);
  header.set_moves_responsibility(random_.Chance(500));
  if (habit_ == Habit::kHonest && header.moves_responsibility() && !MayHandOn(from)) {
    header.set_moves_responsibility(false);
  }
  header.set_contact_takes_over(header.moves_responsibility() && random_.Chance(300));
  const auto clock_class = static_cast<v1::ClockClass::Code>(1 + random_.Below(4));
  header.set_clock_class(clock_class);
  header.set_urgency(UrgencyFor(clock_class));
  header.set_signed_off(random_.Chance(500));
  if (!legs_.empty() && random_.Chance(500)) {
    header.set_continues_leg(legs_[random_.Below(legs_.size())]);
  }
  return MessageOf(std::move(header));
}

void LegHistory::FillStep(v1::Header& header, const v1::LegRecord& leg, bool by_sender) {
  const uint64_t last = by_sender ? leg.last_sequence_sender() : leg.last_sequence_receiver();
  header.set_sequence(random_.Chance(30) ? last : last + 1);
  const auto clock_class = static_cast<v1::ClockClass::Code>(1 + random_.Below(4));
  if (header.kind() == K::PERUBAHAN_RISIKO) {
    header.set_clock_class(clock_class);
    header.set_urgency(UrgencyFor(clock_class));
    header.set_signed_off(random_.Chance(500));
  }
  if (header.kind() == K::TUNDA) {
    header.set_due_ms(header.created_at_ms() + 24 * kHourMs);
  }
  const K::Code answered = Answers(header.kind());
  for (const v1::Header& earlier : messages_[header.leg_id()]) {
    const bool own = header.kind() == K::KOREKSI && earlier.from() == header.from();
    const bool other = earlier.kind() == answered && earlier.from() != header.from();
    if ((own || other) && !random_.Chance(100)) {
      header.set_cause(earlier.message_id());
    }
  }
}

std::optional<LegHistory::Submission> LegHistory::DrawStep() {
  if (legs_.empty()) {
    return std::nullopt;
  }
  const std::string& id = legs_[random_.Below(legs_.size())];
  const v1::LegRecord leg = LegOf(id);
  const bool by_sender = random_.Chance(500);
  std::string from = by_sender ? leg.sender() : leg.receiver();
  std::string to = by_sender ? leg.receiver() : leg.sender();
  if (random_.Chance(50)) {  // whoever is no party, or writes past the other side
    (random_.Chance(500) ? from : to) = AnyAgency();
  }
  const auto rows = Transitions();
  K::Code kind = rows[random_.Below(rows.size())].kind;
  for (int tries = 0;
       tries < 6 && !MaySend(leg.state(), kind, by_sender ? Side::kSender : Side::kReceiver);
       ++tries) {
    kind = rows[random_.Below(rows.size())].kind;
  }
  if (from == to || kind == K::LAMPIRAN || kind == K::RUJUKAN) {
    return std::nullopt;
  }
  v1::Header header = NewHeader(from, to, kind);
  header.set_leg_id(id);
  FillStep(header, leg, by_sender);
  if (Forbidden(header, leg)) {
    return std::nullopt;
  }
  return MessageOf(std::move(header));
}

std::optional<LegHistory::Submission> LegHistory::DrawReceipt() {
  if (waiting_.empty()) {
    return std::nullopt;
  }
  const v1::Header header = waiting_[random_.Below(waiting_.size())];
  v1::DeliveryReceipt receipt;
  receipt.set_version(1);
  receipt.set_message_id(header.message_id());
  receipt.set_header_digest(certs::Sha256(header.SerializeAsString()).str());
  receipt.set_recipient(header.to(0));
  receipt.set_received_at_ms(world_.now());
  receipt.set_outcome(v1::DeliveryOutcome::DELIVERED);
  Submission submission;
  submission.what = LegEvent::What::kReceipt;
  submission.header = header;
  submission.leg_id = header.leg_id();
  const std::string name = header.to(0).substr(0, header.to(0).find('@'));
  auto& delivery = *submission.entry.mutable_delivery();
  delivery.set_receipt(receipt.SerializeAsString());
  delivery.mutable_signature()->set_signer_key(
      world_.member(name).signing_certificate.key_id().str());
  return submission;
}

std::optional<LegHistory::Submission> LegHistory::Draw() {
  const uint64_t what = random_.Below(100);
  if (what < 12) {
    return DrawOpening();
  }
  if (what < 30) {
    return DrawReceipt();
  }
  if (what < 37 && !accepted_.empty()) {
    ++duplicates_;
    return accepted_[random_.Below(accepted_.size())];
  }
  return DrawStep();
}

bool LegHistory::Apply(const Submission& submission, Overlay& view) const {
  const auto head = ReadHead(view);
  CHECK(head.has_value());
  v1::Entry entry = submission.entry;
  entry.set_time_ms(world_.now());
  entry.set_directory_previous(head->directory_head());
  const auto verdict = ledger::Apply(entry, head->size(), view);
  CHECK(verdict.has_value());
  return verdict->has_value();
}

std::optional<LegEvent> LegHistory::Step() {
  std::optional<Submission> drawn = Draw();
  for (int tries = 0; tries < 8 && !drawn; ++tries) {
    drawn = Draw();
  }
  if (!drawn) {
    return std::nullopt;
  }
  LegEvent event;
  event.what = drawn->what;
  event.header = drawn->header;
  event.leg_id = drawn->leg_id;
  event.before = ReadLeg(view_, drawn->leg_id).value();
  const bool accepted = Apply(*drawn, view_);
  Break(*drawn, event.before);
  const auto after = ReadLeg(view_, drawn->leg_id).value();
  const bool moved =
      after && event.before && after->SerializeAsString() != event.before->SerializeAsString();
  if (!accepted) {
    ++refused_;
    if (!moved) {
      return std::nullopt;
    }
  }
  if (accepted) {
    if (drawn->what == LegEvent::What::kReceipt) {
      waiting_.erase(std::find_if(waiting_.begin(), waiting_.end(), [&](const v1::Header& one) {
        return one.message_id() == drawn->header.message_id();
      }));
    } else {
      messages_[drawn->leg_id].push_back(drawn->header);
      if (drawn->header.kind() == K::RUJUKAN) {
        legs_.push_back(drawn->leg_id);
        waiting_.push_back(drawn->header);
      }
    }
    accepted_.push_back(*drawn);
  }
  event.after = *after;
  return event;
}

// Changes the leg as a machine with this fault would have.
void LegHistory::Break(const Submission& submission, const std::optional<v1::LegRecord>& before) {
  if (fault_ == Fault::kNone || submission.what != LegEvent::What::kMessage || !before) {
    return;
  }
  v1::LegRecord leg = LegOf(submission.leg_id);
  const K::Code kind = submission.header.kind();
  const bool changed = leg.SerializeAsString() != before->SerializeAsString();
  if (fault_ == Fault::kOneSignature && kind == K::SERAH_TERIMA && leg.has_handover()) {
    leg.set_receiver_responsible(true);
  } else if (fault_ == Fault::kDeclineTakes && changed && leg.state() == S::DITOLAK) {
    leg.set_receiver_responsible(true);
  } else if (fault_ == Fault::kShortcut && changed && kind == K::LAPORAN_KEMAJUAN) {
    leg.set_state(S::DITUTUP);
  } else if (fault_ == Fault::kStrangerMoves && kind == K::BATAL &&
             submission.header.from() != leg.sender()) {
    leg.set_state(S::DIBATALKAN);
  } else if (fault_ == Fault::kReplayCounts && !changed && kind == K::TIDAK_HADIR) {
    leg.set_absences(leg.absences() + 1);
  } else {
    return;
  }
  view_.Put(Table::kLeg, submission.leg_id, leg.SerializeAsString());
}

std::map<std::string, v1::LegRecord> LegHistory::LegsIn(const Overlay& view) const {
  std::map<std::string, v1::LegRecord> legs;
  for (const std::string& id : legs_) {
    const auto leg = ReadLeg(view, id).value();
    if (leg) {
      legs[id] = *leg;
      ForgetPlaces(legs[id]);
    }
  }
  return legs;
}

// A leg's own order stays; a leg that continues another is opened between the same steps of it.
// Everything else is free.
bool LegHistory::DependsOn(const Submission& later, const Submission& earlier) {
  const auto continues = [](const Submission& opening, const Submission& other) {
    return opening.header.kind() == K::RUJUKAN && !opening.header.continues_leg().empty() &&
           opening.header.continues_leg() == other.leg_id;
  };
  return later.leg_id == earlier.leg_id || continues(later, earlier) || continues(earlier, later);
}

std::map<std::string, v1::LegRecord> LegHistory::ReplayShuffled(uint64_t seed) const {
  sim::Random random(seed);
  Overlay view(world_.view());
  std::vector<const Submission*> left;
  std::vector<const Submission*> sent;
  for (const Submission& submission : accepted_) {
    left.push_back(&submission);
  }
  while (!left.empty()) {
    std::vector<size_t> ready;
    for (size_t i = 0; i < left.size(); ++i) {
      const bool waits = std::any_of(
          left.begin(), left.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto* earlier) {
            return DependsOn(*left[i], *earlier);
          });
      if (!waits) {
        ready.push_back(i);
      }
    }
    const size_t chosen = ready[random.Below(ready.size())];
    CHECK(Apply(*left[chosen], view));
    sent.push_back(left[chosen]);
    left.erase(left.begin() + static_cast<std::ptrdiff_t>(chosen));
    if (random.Chance(400)) {  // it, or something older, comes again
      CHECK(!Apply(*sent[random.Below(sent.size())], view));
    }
  }
  return LegsIn(view);
}

}  // namespace rujukan::ledger
