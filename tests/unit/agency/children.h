// Children in care, by the hundred: legs put into an agency's database as they are after acceptance
// and first contact, without the exchange that led there. For what works on many legs at once.
#pragma once

#include <string>

#include "certs/random.h"
#include "rujukan/v1/content.pb.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {

struct SeedChild {
  std::string ref;
  std::string peer = "dinsos.18.01@lampung.example";
  std::string place = "kemendagri:18.01";
  std::string name{};  // "": no second stage is here
  v1::Sex::Code sex = v1::Sex::P;
  v1::AgeGroup::Code age = v1::AgeGroup::USIA_6_12;
  v1::AmpkCategory::Code category = v1::AmpkCategory::M;
  v1::Service::Code service = v1::Service::PENGASUHAN;
  v1::ProcessingBasis::Code basis = v1::ProcessingBasis::TUGAS_PUBLIK;
  std::string episode{};  // "": one of its own
};

inline v1::Content OpeningOf(const SeedChild& child, const LegId& leg) {
  v1::Content content;
  content.set_id_episode(child.episode.empty() ? FormatUuid(leg.view()) : child.episode);
  content.mutable_rujukan()->set_jenis_rujukan(v1::ReferralType::RUJUKAN_LAYANAN);
  auto& t1 = *content.mutable_rujukan()->mutable_t1();
  t1.set_ref_anak(child.ref);
  t1.set_kelompok_usia(child.age);
  t1.set_jenis_kelamin(child.sex);
  t1.add_kategori(child.category);
  t1.set_kategori_utama(child.category);
  t1.set_tingkat_risiko(v1::RiskLevel::RENDAH);
  t1.add_layanan_diminta()->set_kode(child.service);
  t1.set_wilayah_kejadian(child.place);
  t1.set_wilayah_asal(child.place);
  t1.set_wilayah_berada(child.place);
  t1.add_dasar_pemrosesan()->set_kode(child.basis);
  return content;
}

inline v1::Content IdentityOf(const SeedChild& child) {
  v1::Content content;
  auto& t2 = *content.mutable_rincian()->mutable_t2();
  t2.set_nama(child.name);
  t2.set_tanggal_lahir("2016-05-14");
  t2.set_tanggal_lahir_perkiraan(true);
  t2.set_nik("9900000000000015");
  t2.set_alamat("Desa Contohrejo RT 99");
  auto& caregiver = *t2.add_pengasuh();
  caregiver.set_nama("Kenari (CONTOH)");
  caregiver.set_hubungan("bibi");
  return content;
}

// Messages of one leg that we received, proven as far as the database is concerned.
class LegSeed {
 public:
  LegSeed(Tables& tables, const Party& party, const SeedChild& child)
      : tables_(tables), party_(party), child_(child), leg_(certs::NewLegId(party.world_.now())) {}

  Result<LegId> Put() {
    LegRow row;
    row.id = leg_;
    row.side = ledger::Side::kReceiver;
    row.peer = child_.peer;
    row.next_sequence = 1;
    row.opened_at = row.changed_at = party_.world_.now();
    RETURN_IF_ERROR(tables_.OpenLeg(row));
    RETURN_IF_ERROR(Message(v1::Kind::RUJUKAN, /*outgoing=*/false, OpeningOf(child_, leg_)));
    RETURN_IF_ERROR(Message(v1::Kind::TERIMA, /*outgoing=*/true, {}));
    if (!child_.name.empty()) {
      RETURN_IF_ERROR(Message(v1::Kind::RINCIAN, /*outgoing=*/false, IdentityOf(child_)));
    }
    RETURN_IF_ERROR(Message(v1::Kind::KONTAK_PERTAMA, /*outgoing=*/true, {}));
    RETURN_IF_ERROR(tables_.RefoldLeg(leg_, party_.world_.now()));
    return leg_;
  }

 private:
  Result<void> Message(v1::Kind::Code kind, bool outgoing, const v1::Content& content) {
    const std::string& own = party_.config_.address;
    v1::Header header;
    MessageRow row;
    row.id = certs::NewMessageId(party_.world_.now());
    header.set_version(1);
    header.set_message_id(row.id.str());
    header.set_kind(kind);
    header.set_from(outgoing ? own : child_.peer);
    header.add_to(outgoing ? child_.peer : own);
    header.set_leg_id(leg_.str());
    header.set_sequence(outgoing ? ++sent_ : ++received_);
    header.set_urgency(v1::Urgency::BIASA);
    header.set_created_at_ms(party_.world_.now());
    header.set_due_ms(party_.world_.now() + 1);
    row.outgoing = outgoing;
    row.leg = leg_.str();
    row.kind = kind;
    row.stage = outgoing ? Stage::kAccepted : Stage::kRecorded;
    row.header = header.SerializeAsString();
    row.content = content.SerializeAsString();
    row.outcome = outgoing ? v1::DeliveryOutcome::UNSPECIFIED : v1::DeliveryOutcome::DELIVERED;
    row.stored_at = party_.world_.now();
    row.accepted = Evidence{++index_, index_ + 1, "entry", "proof"};
    return tables_.Insert(row);
  }

  Tables& tables_;
  const Party& party_;
  const SeedChild& child_;
  const LegId leg_;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  LogIndex index_ = 0;
};

// The leg's id as text.
inline std::string Seed(Party& party, const SeedChild& child) {
  const auto leg =
      party.store_->Write([&](Tables& tables) { return LegSeed(tables, party, child).Put(); });
  CHECK(leg.has_value());
  return FormatUuid(leg->view());
}

}  // namespace rujukan::agency
