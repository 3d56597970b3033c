#include "agents/audit/commands.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agents/audit/anchor.h"
#include "agents/audit/export.h"
#include "agents/audit/progress.h"
#include "agents/audit/proof.h"
#include "agents/audit/trail.h"
#include "agents/audit/verify.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"
#include "base/printable.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

// Larger than any proof: an entry in base64, 63 hashes, a checkpoint with its cosignatures.
constexpr size_t kProofBytesMax = 2 * limits::kEntryBytesMax + 2 * limits::kCheckpointBytesMax;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

Output FailedWith(const Error& error, int exit_code) {
  return {exit_code, "", "rujukan-audit: " + Printable(error.ToString()) + "\n"};
}
Output FailedWith(const Error& error) {
  return FailedWith(error, ExitCodeOf(error.code));
}

Result<std::string> ReadToken(const std::string& path) {
  if (path.empty()) {
    return std::string();
  }
  ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(path));
  return text.substr(0, text.find_first_of(" \r\n"));
}

// Opens the source named by the options and runs `command` on it.
template <class Command>
Output WithSource(const Options& options, const Command& command) {
  const auto token = ReadToken(options.token_file);
  if (!token) {
    const bool too_open = token.error().code == Errc::kDenied;
    return FailedWith(token.error(), too_open ? kExitPermission : ExitCodeOf(token.error().code));
  }
  auto source = OpenSource(options.from, *token);
  if (!source) {
    return FailedWith(source.error());
  }
  return command(**source);
}

Progress ShowOn(ProgressBar& bar) {
  return [&bar](uint64_t done, uint64_t total) { bar.Show(done, total); };
}

std::string SummaryText(const ExportSummary& summary, const std::string& directory) {
  return fmt::format(
      "Exported {} to {}: {} entries ({} new) in {} bundles, {} tiles, {} certificates.\n"
      "Now verify the copy:  rujukan-audit verify {}\n",
      Printable(summary.origin),
      directory,
      summary.size,
      summary.size - summary.old_size,
      summary.bundles,
      summary.tiles,
      summary.certificates,
      directory);
}

Json SummaryJson(const ExportSummary& summary, const std::string& directory) {
  return Json{{"origin", summary.origin},
              {"out", directory},
              {"size", summary.size},
              {"new_entries", summary.size - summary.old_size},
              {"bundles", summary.bundles},
              {"tiles", summary.tiles},
              {"certificates", summary.certificates}};
}

Json ProvenJson(const ProvenMessage& proven) {
  return Json{{"verdict", "pass"},
              {"origin", proven.origin},
              {"index", proven.index},
              {"size", proven.size},
              {"time", FormatTime(proven.time)},
              {"message_id", proven.message_id},
              {"leg_id", proven.leg_id},
              {"from", proven.from},
              {"to", proven.to},
              {"kind", proven.kind}};
}

std::string ProvenText(const ProvenMessage& proven) {
  const std::string to = fmt::format("{}", fmt::join(proven.to, ", "));
  return fmt::format(
      "VERIFIED: message {} ({}) from {} to {}\n"
      "was entry {} of {} at {}, as its key signed over {} entries.\n",
      proven.message_id,
      proven.kind,
      Printable(proven.from),
      Printable(to),
      proven.index,
      Printable(proven.origin),
      FormatTime(proven.time),
      proven.size);
}

Result<ProvenMessage> CheckProofFile(const Options& options) {
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, ParseVkeyOrFile(options.vkey));
  std::optional<MessageId> expected;
  if (!options.message.empty()) {
    ASSIGN_OR_RETURN(const std::string raw, ParseUuid(options.message));
    ASSIGN_OR_RETURN(expected, MessageId::FromBytes(raw));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.subject, kProofBytesMax));
  return CheckProof(text, log, expected);
}

Result<void> WriteProof(Source& source, const Options& options) {
  ASSIGN_OR_RETURN(const std::string raw, ParseUuid(options.subject));
  ASSIGN_OR_RETURN(const MessageId message, MessageId::FromBytes(raw));
  ASSIGN_OR_RETURN(const std::string proof, MakeProof(source, options.vkey, message));
  return link::WriteDurably(options.out, proof);
}

Result<Trail> TrailOf(Source& source, const Options& options) {
  ASSIGN_OR_RETURN(const std::string raw, ParseUuid(options.subject));
  return ReadTrail(source, options.vkey, raw);
}

}  // namespace

Output RunExport(const Options& options) {
  return WithSource(options, [&](Source& source) -> Output {
    ProgressBar bar("Exporting");
    const auto summary = Export(source, options.out, options.vkey, ShowOn(bar));
    if (!summary) {
      return FailedWith(summary.error());
    }
    return {kExitOk,
            options.json ? Dump(SummaryJson(*summary, options.out))
                         : SummaryText(*summary, options.out),
            ""};
  });
}

Output RunVerify(const Options& options) {
  return WithSource(options, [&](Source& source) -> Output {
    ProgressBar bar("Verifying");
    const auto report = Verify(source, {options.vkey, options.root, options.threads}, ShowOn(bar));
    if (!report) {
      const bool malformed = report.error().code == Errc::kInvalid;
      return FailedWith(report.error(),
                        malformed ? kExitNotVerified : ExitCodeOf(report.error().code));
    }
    return {
        report->outcome() == Outcome::kPass ? kExitOk : kExitNotVerified,
        options.json ? ReportAsJson(*report, source.name()) : ReportAsText(*report, source.name()),
        ""};
  });
}

Output RunProof(const Options& options) {
  return WithSource(options, [&](Source& source) -> Output {
    const auto written = WriteProof(source, options);
    if (!written) {
      return FailedWith(written.error());
    }
    if (options.json) {
      return {kExitOk, Dump(Json{{"message_id", options.subject}, {"out", options.out}}), ""};
    }
    return {kExitOk,
            "Wrote " + options.out + ". Anybody checks it with the ledger's key alone:\n" +
                "  rujukan-audit check-proof " + options.out + " --vkey VKEY\n",
            ""};
  });
}

Output RunCheckProof(const Options& options) {
  const auto proven = CheckProofFile(options);
  if (proven) {
    return {kExitOk, options.json ? Dump(ProvenJson(*proven)) : ProvenText(*proven), ""};
  }
  const Errc code = proven.error().code;
  const bool refuted = code == Errc::kDenied || code == Errc::kInvalid || code == Errc::kConflict;
  Output output = FailedWith(proven.error(), refuted ? kExitNotVerified : ExitCodeOf(code));
  if (options.json && output.exit_code == kExitNotVerified) {
    output.text = Dump(Json{{"verdict", "fail"}, {"problem", proven.error().context}});
  }
  return output;
}

Output RunTrail(const Options& options) {
  return WithSource(options, [&](Source& source) -> Output {
    const auto trail = TrailOf(source, options);
    if (!trail) {
      return FailedWith(trail.error());
    }
    return {kExitOk, options.json ? TrailAsJson(*trail) : TrailAsText(*trail), ""};
  });
}

}  // namespace rujukan::audit
