#include "agents/agency/beside.h"

#include <algorithm>
#include <array>

#include "agents/agency/escalation_targets.h"
#include "agents/agency/known_names.h"
#include "agents/agency/silence.h"
#include "agents/agency/tables_view.h"
#include "base/address.h"

namespace rujukan::agency {
namespace {

using K = v1::Kind;

// Bodies that oversee whom they like: a complaint may always go there.
constexpr auto kOversight =
    std::to_array<std::string_view>({"kpai", "kpad", "ombudsman", "kemensos", "kemenpppa"});

bool Contains(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

bool IsOversight(const std::string& address) {
  const auto parsed = AgencyAddress::Parse(address);
  return parsed &&
         std::find(kOversight.begin(), kOversight.end(), parsed->type()) != kOversight.end();
}

Result<void> CheckComplaintRoute(const ledger::View& directory,
                                 const NewMessage& message,
                                 Findings& findings) {
  const std::string& about = message.content.keluhan_layanan().lembaga();
  ASSIGN_OR_RETURN(const auto supervisors, SupervisorsOf(directory, about));
  for (const auto& to : message.to) {
    const bool above = Contains(supervisors, to) || (IsOversight(to) && to != about);
    if (!above) {
      findings.push_back(
          {"kepada",
           "keluhan hanya kepada pengawas lembaga itu, tidak pernah kepada lembaga itu "
           "sendiri / a complaint goes to who supervises that agency, never to the "
           "agency itself"});
    }
  }
  return {};
}

void CheckInvitees(const Sender& sender, const NewMessage& message, Findings& findings) {
  const auto invited = RecipientsIn(message.content, sender.address);
  const bool same =
      std::is_permutation(invited.begin(), invited.end(), message.to.begin(), message.to.end());
  if (!same) {
    findings.push_back({"kepada",
                        "harus tepat lembaga dalam undangan, atau kosongkan / exactly the agencies "
                        "invited, or leave it out"});
  }
}

Result<void> CheckTasks(const ledger::View& directory,
                        const Sender& sender,
                        const NewMessage& message,
                        const Silence& silence,
                        Findings& findings) {
  const auto& tasks = message.content.notula().tugas();
  for (int i = 0; i < tasks.size(); ++i) {
    const std::string& who = tasks[i].penanggung_jawab();
    const std::string field = "isi.notula.tugas[" + std::to_string(i) + "].penanggung_jawab";
    RETURN_IF_ERROR(CheckSilence(silence, directory, field, who, findings));
    if (who != sender.address && !Contains(message.to, who)) {
      findings.push_back({field,
                          "yang bertugas harus menerima notula ini / whoever has a task gets these "
                          "minutes: add it to kepada"});
    }
  }
  return {};
}

// An answer goes to who asked, and to nobody else: in a complaint that is what keeps it hidden.
Result<void> CheckAnswered(Tables& tables, const NewMessage& message, Findings& findings) {
  const auto id = MessageId::FromBytes(message.cause);
  ASSIGN_OR_RETURN(const auto asked,
                   id ? tables.Find(*id) : Result<std::optional<MessageRow>>(std::nullopt));
  v1::Header header;
  if (!asked || asked->outgoing || !asked->leg.empty() || !header.ParseFromString(asked->header)) {
    findings.push_back(
        {"pesan",
         "id pesan tanpa rujukan yang diterima di sini / the id of a message without "
         "a leg that came here"});
    return {};
  }
  if (message.to != std::vector<std::string>{header.from()}) {
    findings.push_back(
        {"kepada", "hanya kepada pengirim pesan itu / only to who sent that message"});
  }
  return {};
}

// A conference is about a child that this agency has something to do with.
Result<void> CheckEpisode(Tables& tables, const NewMessage& message, Findings& findings) {
  ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(message.content.id_episode()));
  if (legs.empty()) {
    findings.push_back({"isi.id_episode", "tidak ada episode ini di sini / no such episode here"});
  }
  return {};
}

// Legs named in words: their children's lists of who must not be told count, too.
Result<Silence> SilenceOfLegs(Tables& tables, const v1::Content& content) {
  std::vector<std::string> legs(content.insiden_data().id_rujukan().begin(),
                                content.insiden_data().id_rujukan().end());
  if (!content.keluhan_layanan().id_rujukan().empty()) {
    legs.push_back(content.keluhan_layanan().id_rujukan());
  }
  Silence silence;
  for (const auto& text : legs) {
    ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
    ASSIGN_OR_RETURN(const auto leg, LegId::FromBytes(bytes));
    ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg));
    ASSIGN_OR_RETURN(const Silence one, SilenceOf(tables, episode));
    silence.addresses.insert(one.addresses.begin(), one.addresses.end());
    silence.words.insert(silence.words.end(), one.words.begin(), one.words.end());
  }
  return silence;
}

}  // namespace

std::vector<std::string> RecipientsIn(const v1::Content& content, const std::string& own) {
  std::vector<std::string> to;
  for (const auto& invitee : content.undangan_konferensi_kasus().undangan()) {
    const std::string& address = invitee.alamat();
    if (!address.empty() && address != own && !Contains(to, address)) {
      to.push_back(address);
    }
  }
  return to;
}

Result<void> CheckBesideLegs(Tables& tables,
                             const Sender& sender,
                             const NewMessage& message,
                             Findings& findings) {
  const TablesView directory(tables);
  const v1::Content& content = message.content;
  ASSIGN_OR_RETURN(Silence silence, SilenceOfLegs(tables, content));
  for (const auto& to : message.to) {
    RETURN_IF_ERROR(CheckSilence(silence, directory, "kepada", to, findings));
  }
  switch (message.kind) {
    case K::KELUHAN_LAYANAN:
      return CheckComplaintRoute(directory, message, findings);
    case K::UNDANGAN_KONFERENSI_KASUS:
      CheckInvitees(sender, message, findings);
      return CheckEpisode(tables, message, findings);
    case K::NOTULA: {
      RETURN_IF_ERROR(CheckEpisode(tables, message, findings));
      ASSIGN_OR_RETURN(silence, SilenceOf(tables, content.id_episode()));
      return CheckTasks(directory, sender, message, silence, findings);
    }
    case K::KONSULTASI_AHLI:
      return CheckNoKnownName(tables,
                              content.konsultasi_ahli().pertanyaan(),
                              "isi.konsultasi_ahli.pertanyaan",
                              findings);
    case K::TANGGAPAN:
      return CheckAnswered(tables, message, findings);
    default:
      return {};
  }
}

}  // namespace rujukan::agency
