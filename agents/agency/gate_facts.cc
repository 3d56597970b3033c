#include "agents/agency/gate_facts.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "ledger/party.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

// Shorter names occur inside other words.
constexpr size_t kNameBytesMin = 5;

// Residential care: a child placed there needs a gatekeeping decision first.
constexpr auto kHomes = std::to_array<std::string_view>(
    {"upt_rpsa", "upt_panti", "lksa", "psaa", "rumah_singgah", "tas", "lks", "rptc"});

// Lower case, one space between words, for comparing what people wrote.
std::string Plain(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool space = std::isspace(byte) != 0;
    if (space && (plain.empty() || plain.back() == ' ')) {
      continue;
    }
    plain.push_back(space ? ' ' : static_cast<char>(std::tolower(byte)));
  }
  while (!plain.empty() && plain.back() == ' ') {
    plain.pop_back();
  }
  return plain;
}

bool Names(const std::string& text, std::string_view name) {
  const std::string plain = Plain(name);
  return plain.size() >= kNameBytesMin && text.find(plain) != std::string::npos;
}

template <class List>
bool AnyMeans(const List& list, const v1::AgencyRecord& agency, const v1::AgencyProfile& profile) {
  return std::any_of(list.begin(), list.end(), [&](const v1::DoNotInform& item) {
    return MeansAgency(item.siapa(), agency, profile);
  });
}

bool StageTwoForbids(const v1::StageTwo& t2,
                     const v1::AgencyRecord& agency,
                     const v1::AgencyProfile& profile) {
  return AnyMeans(t2.jangan_beritahu(), agency, profile) ||
         std::any_of(t2.pengasuh().begin(), t2.pengasuh().end(), [&](const v1::Caregiver& person) {
           return person.terduga_pelaku() && (MeansAgency(person.nama(), agency, profile) ||
                                              MeansAgency(person.kontak(), agency, profile) ||
                                              MeansAgency(person.hubungan(), agency, profile));
         });
}

bool IsPlacement(const v1::Referral& referral) {
  const auto& services = referral.t1().layanan_diminta();
  return referral.jenis_rujukan() == v1::ReferralType::PENITIPAN ||
         std::any_of(services.begin(), services.end(), [](const v1::RequestedService& service) {
           return service.kode() == v1::Service::PENGASUHAN;
         });
}

// In an emergency a shelter of up to 72 hours comes first and the decision after it.
bool LacksGatekeeping(const Intent& intent, const v1::AgencyRecord& recipient) {
  const v1::Referral& referral = intent.content->rujukan();
  const std::string type = ledger::PartyOf(recipient).type;
  const bool home = std::find(kHomes.begin(), kHomes.end(), type) != kHomes.end();
  const auto& decision = referral.t1().keputusan_kepentingan_terbaik();
  return home && IsPlacement(referral) && !intent.emergency &&
         (decision.oleh().empty() || decision.alasan().empty());
}

Result<bool> KeyEnded(const ledger::View& directory, const std::string& key_id, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto key, ledger::ReadKey(directory, key_id));
  return !key || key->revoked_at_index() != 0 || key->not_after_ms() <= now;
}

}  // namespace

bool MeansAgency(std::string_view siapa,
                 const v1::AgencyRecord& agency,
                 const v1::AgencyProfile& profile) {
  const std::string text = Plain(siapa);
  const std::string name = agency.address().substr(0, agency.address().find('@'));
  if (text == name || text.find(agency.address()) != std::string::npos) {
    return true;
  }
  const auto& others = profile.nama_alternatif();
  return Names(text, agency.official_name()) ||
         std::any_of(others.begin(), others.end(), [&](const std::string& other) {
           return Names(text, other);
         });
}

ledger::ContentFacts FactsOf(const Intent& intent,
                             const v1::AgencyRecord& recipient,
                             const v1::AgencyProfile& profile) {
  ledger::ContentFacts facts;
  if (intent.content == nullptr || !intent.content->has_rujukan()) {
    return facts;
  }
  const v1::Referral& referral = intent.content->rujukan();
  facts.target_must_not_know =
      AnyMeans(referral.t1().jangan_beritahu(), recipient, profile) ||
      StageTwoForbids(referral.t2(), recipient, profile) ||
      (intent.held != nullptr && StageTwoForbids(*intent.held, recipient, profile));
  facts.no_basis = referral.t1().dasar_pemrosesan().empty();
  facts.placement_without_gatekeeping = LacksGatekeeping(intent, recipient);
  return facts;
}

Result<bool> KeysEnded(const ledger::View& directory,
                       const v1::AgencyRecord& sender,
                       const v1::AgencyRecord& recipient,
                       UnixMillis now) {
  ASSIGN_OR_RETURN(const bool signing, KeyEnded(directory, sender.signing_key(), now));
  if (signing || recipient.encryption_key().empty()) {
    return signing;
  }
  return KeyEnded(directory, recipient.encryption_key(), now);
}

}  // namespace rujukan::agency
