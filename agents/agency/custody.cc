#include "agents/agency/custody.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using ledger::Side;

// By what is proven and by what is queued: whichever is further on.
bool HandedOver(const LegRow& leg) {
  return leg.record.receiver_responsible() || leg.plan.receiver_responsible();
}

bool SignedByUs(const LegRow& leg) {
  return leg.plan.has_handover() && leg.plan.handover().by_sender() == (leg.side == Side::kSender);
}

// A report gives the child to whoever meets it, at a moment that the sender does not choose.
bool IsReportUnderWay(const LegRow& leg) {
  return leg.plan.contact_takes_over() &&
         (ledger::IsOpen(leg.plan.state()) || ledger::IsOpen(leg.record.state()));
}

// Gone, or about to be: handed on, reported, or half handed back to whom it came from.
bool IsGivingOn(const LegRow& leg) {
  if (!leg.plan.moves_responsibility()) {
    return false;
  }
  return leg.side == Side::kSender ? HandedOver(leg) || SignedByUs(leg) || IsReportUnderWay(leg)
                                   : HandedOver(leg) && SignedByUs(leg);
}

// We began the episode, or got the child in one of its legs, and have not given it on.
bool HaveChild(const std::vector<LegRow>& legs) {
  const auto first =
      std::min_element(legs.begin(), legs.end(), [](const LegRow& one, const LegRow& other) {
        return one.opened_at < other.opened_at;
      });
  int claims = first != legs.end() && first->side == Side::kSender ? 1 : 0;
  for (const LegRow& leg : legs) {
    if (leg.record.receiver_responsible() && leg.plan.receiver_responsible()) {
      claims += leg.side == Side::kReceiver ? 1 : -1;
    }
  }
  return claims == 1;
}

bool GivesUp(K::Code kind) {
  return kind == K::GAGAL || kind == K::SETUJU_BATAL || kind == K::SERAH_TERIMA;
}

// "Ranjang 9" and "ranjang  9" are one bed.
std::string Plain(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0) {
      plain.push_back(static_cast<char>(std::tolower(byte)));
    }
  }
  return plain;
}

Result<std::string> PlaceIn(Tables& tables, const LegRow& leg) {
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg.id));
  std::string place;
  for (const MessageRow& listed : messages) {
    v1::Content content;
    if (listed.kind != K::TERIMA || listed.stage == Stage::kRefused) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
    if (row && content.ParseFromString(row->content)) {
      place = Plain(content.terima().tempat());
    }
  }
  return place;
}

}  // namespace

Result<void> CheckCustody(Tables& tables,
                          const LegRow& leg,
                          v1::Kind::Code kind,
                          Findings& findings) {
  if (!GivesUp(kind) || !leg.plan.moves_responsibility()) {
    return {};
  }
  ASSIGN_OR_RETURN(const std::string episode, tables.EpisodeOf(leg.id));
  ASSIGN_OR_RETURN(auto legs, tables.LegsOfEpisode(episode));
  const bool given_on = std::any_of(legs.begin(), legs.end(), [&](const LegRow& other) {
    return other.id != leg.id && IsGivingOn(other);
  });
  if (leg.side == Side::kReceiver && HandedOver(leg) && given_on) {
    findings.push_back({"isi",
                        "anak sudah diserahkan kepada lembaga lain; terima kembali lebih dulu, "
                        "dengan serah terima dalam rujukan itu / the child was handed on: take it "
                        "back first, by a handover in that leg"});
  }
  if (kind == K::SERAH_TERIMA && leg.side == Side::kSender && !HandedOver(leg) &&
      (given_on || !HaveChild(legs))) {
    findings.push_back(
        {"isi",
         "anak tidak ada pada lembaga ini atau sedang diserahkan dalam rujukan lain; "
         "hanya penanggung jawab yang menyerahkan / the child is not with this "
         "agency, or is being handed over in another leg: only who is responsible "
         "hands it over"});
  }
  return {};
}

Result<void> CheckReporter(Tables& tables, const NewMessage& message, Findings& findings) {
  if (!message.content.rujukan().pelapor_saja()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(message.content.id_episode()));
  if (!legs.empty() && (!HaveChild(legs) || std::any_of(legs.begin(), legs.end(), IsGivingOn))) {
    findings.push_back({"isi.rujukan.pelapor_saja",
                        "anak sudah dilaporkan atau diserahkan kepada lembaga lain dalam episode "
                        "ini: laporkan tanpa ini / the child was reported or handed to another "
                        "agency in this episode: report without it"});
  }
  return {};
}

Result<void> CheckPlace(Tables& tables,
                        const LegRow& leg,
                        const v1::Content& content,
                        Findings& findings) {
  const std::string place = Plain(content.terima().tempat());
  if (place.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto legs, tables.LegsHere());
  for (const LegRow& other : legs) {
    if (other.id == leg.id) {
      continue;
    }
    ASSIGN_OR_RETURN(const std::string taken, PlaceIn(tables, other));
    if (taken == place) {
      findings.push_back(
          {"isi.terima.tempat",
           "tempat ini sudah dipakai anak lain; pilih tempat lain, atau tolak dengan "
           "KAPASITAS_PENUH / another child has this place: choose another one, or "
           "decline"});
      return {};
    }
  }
  return {};
}

}  // namespace rujukan::agency
