#include "agents/agency/sending_rules.h"

#include <algorithm>
#include <optional>

#include "agents/agency/beside.h"
#include "agents/agency/custody.h"
#include "agents/agency/disclosure.h"
#include "agents/agency/redirect.h"
#include "agents/agency/silence.h"
#include "agents/agency/tables_view.h"
#include "agents/agency/validate_basis.h"

namespace rujukan::agency {
namespace {

Result<void> Settle(const Findings& findings) {
  return findings.empty() ? Result<void>() : Result<void>(FailWith(findings));
}

// Consent that names its recipients covers nobody else; another basis covers who it must.
void CheckConsentCovers(const NewMessage& message, Findings& findings) {
  const v1::StageOne& t1 = message.content.rujukan().t1();
  const auto& covered = t1.persetujuan().penerima();
  if (covered.empty() || HasOtherBasis(t1.dasar_pemrosesan())) {
    return;
  }
  for (const auto& to : message.to) {
    if (std::find(covered.begin(), covered.end(), to) == covered.end()) {
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
  ASSIGN_OR_RETURN(Silence silence, SilenceOf(tables, message.content.id_episode()));
  AddSilence(message.content, silence);
  AddSilence(message.held, silence);
  RETURN_IF_ERROR(CheckRecipients(directory, message, silence, findings));
  if (message.kind == v1::Kind::RUJUKAN) {
    CheckConsentCovers(message, findings);
    RETURN_IF_ERROR(CheckContinuation(tables, sender, message, findings));
  } else {
    RETURN_IF_ERROR(CheckBesideLegs(tables, sender, message, findings));
  }
  return Settle(findings);
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
