#include "agents/agency/silence.h"

#include <algorithm>

#include "agents/agency/gate_facts.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

template <class List>
void AddList(const List& list, Silence& silence) {
  for (const v1::DoNotInform& one : list) {
    silence.addresses.insert(one.alamat().begin(), one.alamat().end());
    if (!one.siapa().empty()) {
      silence.words.push_back(one.siapa());
    }
  }
}

}  // namespace

void AddSilence(const v1::StageTwo& t2, Silence& silence) {
  AddList(t2.jangan_beritahu(), silence);
}

void AddSilence(const v1::Content& content, Silence& silence) {
  AddList(content.rujukan().t1().jangan_beritahu(), silence);
  AddSilence(content.rujukan().t2(), silence);
  AddSilence(content.rincian().t2(), silence);
}

Result<Silence> SilenceOf(Tables& tables, const std::string& episode) {
  Silence silence;
  ASSIGN_OR_RETURN(const auto legs, tables.LegsOfEpisode(episode));
  for (const LegRow& leg : legs) {
    ASSIGN_OR_RETURN(const auto held, tables.FindHeld(leg.id));
    v1::Content content;
    if (!held.empty() && content.ParseFromString(held)) {
      AddSilence(content, silence);
    }
    ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg.id));
    for (const auto& listed : messages) {
      if (listed.kind != v1::Kind::RUJUKAN && listed.kind != v1::Kind::RINCIAN) {
        continue;
      }
      ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
      if (row && content.ParseFromString(row->content)) {
        AddSilence(content, silence);
      }
    }
  }
  return silence;
}

Result<Silence> SilenceAround(Tables& tables,
                              const std::string& episode,
                              const v1::Content& content,
                              const v1::StageTwo& held) {
  ASSIGN_OR_RETURN(Silence silence, SilenceOf(tables, episode));
  AddSilence(content, silence);
  AddSilence(held, silence);
  return silence;
}

Result<bool> MustNotKnow(const Silence& silence,
                         const ledger::View& directory,
                         const std::string& address) {
  if (silence.addresses.count(address) != 0) {
    return true;
  }
  if (silence.words.empty()) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  if (!agency) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, address));
  const auto& named = profile ? profile->profile() : v1::AgencyProfile::default_instance();
  return std::any_of(silence.words.begin(), silence.words.end(), [&](const std::string& words) {
    return MeansAgency(words, *agency, named);
  });
}

Result<void> CheckSilence(const Silence& silence,
                          const ledger::View& directory,
                          const std::string& field,
                          const std::string& address,
                          Findings& findings) {
  ASSIGN_OR_RETURN(const bool silent, MustNotKnow(silence, directory, address));
  if (silent) {
    findings.push_back({field,
                        "lembaga ini termasuk jangan_beritahu dalam episode ini: pilih yang lain / "
                        "this agency must "
                        "not be told of this child (jangan_beritahu): choose another"});
  }
  return {};
}

bool TakesBack(v1::Kind::Code kind) {
  using K = v1::Kind;
  switch (kind) {
    case K::SALAH_INPUT:
    case K::PERINTAH_HAPUS:
    case K::ATESTASI_HAPUS:
    case K::BATAL:
    case K::PERMINTAAN_BATAL:
    case K::SETUJU_BATAL:
    case K::TOLAK_BATAL:
    case K::TOLAK:
    case K::GAGAL:
    case K::PENARIKAN_PERSETUJUAN:
    case K::TANGGAPAN_PENARIKAN:
    case K::TANGGAPAN_PERINGATAN:
      return true;
    default:
      return false;
  }
}

}  // namespace rujukan::agency
