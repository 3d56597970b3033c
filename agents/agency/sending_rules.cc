#include "agents/agency/sending_rules.h"

#include <algorithm>
#include <optional>

#include "agents/agency/beside.h"
#include "agents/agency/custody.h"
#include "agents/agency/disclosure.h"
#include "agents/agency/gate_facts.h"
#include "agents/agency/redirect.h"
#include "agents/agency/role_address.h"
#include "agents/agency/silence.h"
#include "agents/agency/tables_view.h"
#include "agents/agency/validate_basis.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

Result<void> Settle(const Findings& findings) {
  return findings.empty() ? Result<void>() : Result<void>(FailWith(findings));
}

// Consent that names its recipients covers nobody else; another basis covers who it must.
bool ConsentCovers(const v1::StageOne& t1, const std::string& address) {
  const auto& covered = t1.persetujuan().penerima();
  return covered.empty() || HasOtherBasis(t1.dasar_pemrosesan()) ||
         std::find(covered.begin(), covered.end(), address) != covered.end();
}

void CheckConsentCovers(const NewMessage& message, Findings& findings) {
  for (const auto& to : message.to) {
    if (!ConsentCovers(message.content.rujukan().t1(), to)) {
      findings.push_back(
          {"kepada",
           "persetujuan tidak mencakup lembaga ini: minta yang baru, atau pakai dasar "
           "lain / the consent does not cover this agency"});
    }
  }
}

Result<void> CheckRecipients(const ledger::View& directory,
                             const NewMessage& message,
                             const Silence& silence,
                             Findings& findings) {
  const bool secret = std::max(ClassOf(message.kind, message.content), message.classification) ==
                      v1::Classification::SR;
  for (const auto& to : message.to) {
    RETURN_IF_ERROR(CheckSilence(silence, directory, "kepada", to, findings));
    if (secret) {
      RETURN_IF_ERROR(CheckClearance(directory, to, "kepada", findings));
    }
  }
  return {};
}

// Its staff is suspected of what the child went through.
Result<bool> IsSuspect(const ledger::View& directory,
                       const NewMessage& message,
                       const std::string& address) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, address));
  Intent intent;
  intent.content = &message.content;
  intent.held = &message.held;
  return agency && FactsOf(intent, *agency, profile ? profile->profile() : v1::AgencyProfile())
                       .target_must_not_know.value_or(false);
}

}  // namespace

tl::unexpected<Error> FailWith(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += (text.empty() ? "" : "\n") + finding.field + ": " + finding.message;
  }
  return Fail(Errc::kInvalid, std::move(text));
}

Findings FindingsOf(const Error& error) {
  Findings findings;
  size_t start = 0;
  while (error.code == Errc::kInvalid && start < error.context.size()) {
    const size_t end = std::min(error.context.find('\n', start), error.context.size());
    const std::string line = error.context.substr(start, end - start);
    const size_t colon = line.find(": ");
    if (colon == std::string::npos || line.find(' ') < colon) {
      return {};  // some other sentence
    }
    findings.push_back({line.substr(0, colon), line.substr(colon + 2)});
    start = end + 1;
  }
  return findings;
}

Result<void> CheckNewMessage(Tables& tables, const Sender& sender, const NewMessage& message) {
  Findings findings;
  const TablesView directory(tables);
  ASSIGN_OR_RETURN(
      const Silence silence,
      SilenceAround(tables, message.content.id_episode(), message.content, message.held));
  RETURN_IF_ERROR(CheckRecipients(directory, message, silence, findings));
  if (message.kind == v1::Kind::RUJUKAN) {
    CheckConsentCovers(message, findings);
    RETURN_IF_ERROR(CheckConsentOfReferral(
        tables, message.content.id_episode(), message.content.rujukan(), findings));
    RETURN_IF_ERROR(CheckContinuation(tables, sender, message, findings));
    RETURN_IF_ERROR(CheckReporter(tables, message, findings));
  } else {
    RETURN_IF_ERROR(CheckBesideLegs(tables, sender, message, findings));
  }
  return Settle(findings);
}

Result<void> NameOffices(Tables& tables, const Sender& sender, NewMessage& message) {
  const TablesView directory(tables);
  ASSIGN_OR_RETURN(const auto before, ContinuedLeg(tables, message.content.rujukan()));
  std::string episode = message.content.id_episode();
  if (episode.empty() && before) {
    ASSIGN_OR_RETURN(episode, tables.EpisodeOf(before->id));
  }
  ASSIGN_OR_RETURN(const Silence silence,
                   SilenceAround(tables, episode, message.content, message.held));
  const RuledOut ruled_out = [&](const std::string& address) -> Result<bool> {
    Findings had;
    if (before) {
      RETURN_IF_ERROR(CheckRedirectTarget(tables, *before, address, "kepada", had));
    }
    ASSIGN_OR_RETURN(const bool silent, MustNotKnow(silence, directory, address));
    ASSIGN_OR_RETURN(const bool suspect, IsSuspect(directory, message, address));
    const bool named = std::find(message.to.begin(), message.to.end(), address) != message.to.end();
    return silent || suspect || named || address == sender.address || !had.empty() ||
           !ConsentCovers(message.content.rujukan().t1(), address);
  };
  for (std::string& to : message.to) {
    if (!IsRoleAddress(to)) {
      continue;
    }
    const auto role = RoleAddress::Parse(to);
    auto named = role ? ResolveRole(directory, *role, ruled_out, sender.now)
                      : Result<std::string>(Fail(role.error()));
    if (!named && (named.error().code == Errc::kNotFound || named.error().code == Errc::kInvalid)) {
      return FailWith({{"kepada", named.error().context}});
    }
    ASSIGN_OR_RETURN(to, std::move(named));
  }
  return {};
}

Result<bool> IsSilenced(Tables& tables, const LegRow& leg) {
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg.id));
  ASSIGN_OR_RETURN(const Silence silence, SilenceOf(tables, episode));
  return MustNotKnow(silence, TablesView(tables), leg.peer);
}

Result<void> CheckNewStep(Tables& tables, const LegRow& leg, const NewStep& step) {
  Findings findings;
  const TablesView directory(tables);
  ASSIGN_OR_RETURN(const auto episode, tables.EpisodeOf(leg.id));
  ASSIGN_OR_RETURN(Silence silence, SilenceOf(tables, episode));
  AddSilence(step.content, silence);
  if (!TakesBack(step.kind)) {
    RETURN_IF_ERROR(CheckSilence(silence, directory, "kepada", leg.peer, findings));
  }
  RETURN_IF_ERROR(CheckMayDisclose(tables, directory, leg, step.content, findings));
  if (step.content.has_alihkan()) {
    const std::string& to = step.content.alihkan().tujuan();
    RETURN_IF_ERROR(CheckSilence(silence, directory, "isi.alihkan.tujuan", to, findings));
    RETURN_IF_ERROR(CheckRedirectTarget(tables, leg, to, "isi.alihkan.tujuan", findings));
  }
  RETURN_IF_ERROR(CheckCustody(tables, leg, step.kind, findings));
  RETURN_IF_ERROR(CheckPlace(tables, leg, step.content, findings));
  return Settle(findings);
}

}  // namespace rujukan::agency
