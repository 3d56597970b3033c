#include "agents/audit/commands.h"

#include <sstream>

namespace rujukan::audit {
namespace {

constexpr char kAbout[] =
    "rujukan-audit: check a Rujukan ledger from outside.\n\n"
    "A ledger is every referral message, receipt and admin act of a domain, in order, signed.\n"
    "You see who sent what kind of message to whom and when; never what it said.\n\n"
    "A first audit, with the invitation that an admin of the domain made for you:\n"
    "  rujukan-audit join auditor.invite --home auditor --wait\n"
    "  rujukan-audit export --ledger http://127.0.0.1:7402 --home auditor \\\n"
    "    --purpose \"audit berkala 2026\" --out copy\n"
    "  rujukan-audit verify copy\n"
    "  rujukan-audit trail LEG_ID --ledger copy\n"
    "  rujukan-audit evidence LEG_ID --ledger copy --out referral.asice\n"
    "  rujukan-audit check referral.asice --vkey copy/vkey\n"
    "  rujukan-audit proof MESSAGE_ID --ledger copy --out one.tlog-proof\n"
    "  rujukan-audit check-proof one.tlog-proof --vkey copy/vkey\n\n"
    "Exit codes: 0 good; 1 could not be done; 2 usage; 3 NOT VERIFIED; 69 unreachable; 77 a "
    "secret\n"
    "file that others can read. Every command takes --json.";

}  // namespace

Output RunLine(int argc, const char* const* argv) {
  CLI::App app(kAbout, "rujukan-audit");
  app.require_subcommand(1);
  CommonOptions common;
  CommandSet set(app, common);
  AddMemberCommands(set);
  AddCopyCommands(set);
  AddTrailCommands(set);
  AddProofCommands(set);
  AddServeCommands(set);
  AddReadersCommands(set);
  AddArchiveCommands(set);
  AddReadsCommands(set);
  AddEvidenceCommands(set);
  AddCompleteCommands(set);
  AddStampCommands(set);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    std::ostringstream problem;
    const int code = app.exit(error, text, problem);
    return {code == 0 ? kExitOk : kExitUsage, text.str(), problem.str()};
  }
  return set.RunChosen();
}

}  // namespace rujukan::audit
