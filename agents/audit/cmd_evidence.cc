// evidence, check.

#include <memory>

#include "agents/audit/anchor.h"
#include "agents/audit/commands.h"
#include "agents/audit/evidence_check.h"
#include "agents/audit/evidence_files.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"
#include "certs/keyfile.h"
#include "certs/pem.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kPemBytesMax = 64 * 1024;

struct EvidenceOptions {
  std::string subject;
  std::string out;
  std::vector<std::string> opened;  // files
  std::string statement;            // file of a completeness note
  std::string auditor;              // vkey or its file, of who signed it
};

Result<EvidenceRequest> RequestOf(const EvidenceOptions& options) {
  EvidenceRequest request;
  request.subject = options.subject;
  for (const std::string& file : options.opened) {
    ASSIGN_OR_RETURN(request.opened.emplace_back(), ReadFile(file, limits::kOpenedContentBytesMax));
  }
  if (options.statement.empty()) {
    return request;
  }
  EvidenceStatement statement;
  ASSIGN_OR_RETURN(statement.note, ReadFile(options.statement, limits::kCheckpointBytesMax));
  ASSIGN_OR_RETURN(const ledger::NoteVerifier auditor, ParseVkeyOrFile(options.auditor));
  statement.vkey = auditor.ToVkey();
  request.statement = std::move(statement);
  return request;
}

// Opened content is a secret of the child's: the file is its holder's alone.
Result<void> WriteEvidence(const std::string& path, const std::string& bytes, bool secret) {
  return secret ? certs::WriteSecretFile(path, bytes) : link::WriteDurably(path, bytes);
}

Result<EvidenceReport> MakeEvidence(Source& source,
                                    const CommonOptions& common,
                                    const EvidenceOptions& options) {
  ASSIGN_OR_RETURN(const EvidenceRequest request, RequestOf(options));
  ASSIGN_OR_RETURN(const Evidence evidence, CollectEvidence(source, common.vkey, request));
  EvidenceReport unread;
  ASSIGN_OR_RETURN(const EvidenceFacts facts, WalkEvidence(evidence, unread));
  ASSIGN_OR_RETURN(const std::string container, PackContainer(RenderEvidence(evidence, facts)));
  TrustAnchors anchors;
  anchors.vkey = evidence.vkey;
  ASSIGN_OR_RETURN(EvidenceReport report, CheckEvidence(container, anchors));
  // What the ledger itself has wrong belongs into the file, too; what does not come from there is
  // ours.
  RETURN_IF_ERROR(WriteEvidence(options.out, container, !evidence.opened.empty()));
  return report;
}

Output RunEvidence(const CommonOptions& common, const EvidenceOptions& options) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto report = MakeEvidence(source, common, options);
    if (!report) {
      return FailedWith(report.error());
    }
    Output output;
    if (report->outcome() == Outcome::kFail) {
      output.exit_code = kExitNotVerified;
      output.error = EvidenceReportAsText(*report, options.out);
    }
    output.text =
        common.json ? Dump(Json{{"out", options.out},
                                {"subject", report->subject},
                                {"entries", report->entries},
                                {"verdict", report->outcome() == Outcome::kFail ? "fail" : "pass"}})
                    : "Wrote " + options.out + ", evidence of " + report->subject + ".\n" +
                          "Anybody checks it, offline:\n  rujukan-audit check " + options.out +
                          " --vkey VKEY\n";
    return output;
  });
}

struct CheckOptions {
  std::string file;
  std::string root;
  std::vector<std::string> tsa;
  std::vector<std::string> witnesses;
  std::vector<std::string> auditors;
  std::string html;
};

// A vkey of this type, or the first line of a file that holds one.
Result<std::string> VkeyOf(const std::string& vkey_or_path, uint8_t type) {
  if (const auto parsed = ledger::NoteVerifier::Parse(vkey_or_path, type)) {
    return parsed->ToVkey();
  }
  const auto text = ReadFile(vkey_or_path, kPemBytesMax);
  if (!text) {
    return Fail(Errc::kInvalid, "neither a key nor a file that holds one: " + vkey_or_path);
  }
  ASSIGN_OR_RETURN(const auto verifier,
                   ledger::NoteVerifier::Parse(text->substr(0, text->find_first_of("\r\n")), type));
  return verifier.ToVkey();
}

Result<TrustAnchors> AnchorsOf(const CommonOptions& common, const CheckOptions& options) {
  TrustAnchors anchors;
  anchors.root_fingerprint = options.root;
  if (!common.vkey.empty()) {
    ASSIGN_OR_RETURN(anchors.vkey, VkeyOf(common.vkey, ledger::kNoteEd25519));
  }
  for (const std::string& witness : options.witnesses) {
    ASSIGN_OR_RETURN(anchors.witnesses.emplace_back(), VkeyOf(witness, ledger::kNoteCosignature));
  }
  for (const std::string& auditor : options.auditors) {
    ASSIGN_OR_RETURN(anchors.auditors.emplace_back(), VkeyOf(auditor, ledger::kNoteEd25519));
  }
  for (const std::string& file : options.tsa) {
    ASSIGN_OR_RETURN(const std::string pem, ReadFile(file, kPemBytesMax));
    ASSIGN_OR_RETURN(const auto certificates, certs::CertificatesIn(pem, file));
    anchors.tsa.insert(anchors.tsa.end(), certificates.begin(), certificates.end());
  }
  return anchors;
}

Result<EvidenceReport> CheckFile(const CommonOptions& common, const CheckOptions& options) {
  ASSIGN_OR_RETURN(const TrustAnchors anchors, AnchorsOf(common, options));
  ASSIGN_OR_RETURN(const std::string container,
                   ReadFile(options.file, 2 * limits::kEvidenceBytesMax));
  ASSIGN_OR_RETURN(EvidenceReport report, CheckEvidence(container, anchors));
  if (!options.html.empty()) {
    RETURN_IF_ERROR(link::WriteDurably(options.html, EvidenceReportAsHtml(report, options.file)));
  }
  return report;
}

Output RunCheck(const CommonOptions& common, const CheckOptions& options) {
  const auto report = CheckFile(common, options);
  if (!report) {
    return FailedWith(report.error());
  }
  return {report->outcome() == Outcome::kPass ? kExitOk : kExitNotVerified,
          common.json ? EvidenceReportAsJson(*report, options.file)
                      : EvidenceReportAsText(*report, options.file),
          ""};
}

void AddEvidence(CommandSet& set) {
  auto options = std::make_shared<EvidenceOptions>();
  CLI::App* command =
      set.Add("evidence",
              "Write all that proves a referral into one file that stands alone",
              [options](const CommonOptions& common) { return RunEvidence(common, *options); });
  CommandSet::AddSubject(command, options->subject);
  set.AddLedger(command);
  set.AddKey(command);
  command->add_option("--out", options->out, "File to write, by custom *.asice")->required();
  command->add_option(
      "--opened", options->opened, "Content that you were given, as disclose wrote it");
  CLI::Option* statement =
      command->add_option("--statement",
                          options->statement,
                          "Statement of completeness to put in, as complete wrote it");
  command->add_option("--auditor", options->auditor, "Key (or its file) that signed the statement")
      ->needs(statement);
}

void AddCheck(CommandSet& set) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      set.Add("check", "Check such a file, offline", [options](const CommonOptions& common) {
        return RunCheck(common, *options);
      });
  command->add_option("FILE", options->file, "The evidence file")->required();
  set.AddKey(command);
  command->add_option("--root", options->root, "Root certificate's SHA-256 (hex) you expect");
  command->add_option("--tsa", options->tsa, "PEM file of a time-stamping authority you trust");
  command->add_option("--witness", options->witnesses, "Key (or its file) of a witness you trust");
  command->add_option("--auditor", options->auditors, "Key (or its file) of an auditor you trust");
  command->add_option("--html", options->html, "Also write the report as a page");
}

}  // namespace

void AddEvidenceCommands(CommandSet& set) {
  AddEvidence(set);
  AddCheck(set);
}

}  // namespace rujukan::audit
