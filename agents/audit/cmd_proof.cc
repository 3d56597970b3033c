// proof, check-proof.

#include <fmt/format.h>

#include <memory>

#include "agents/audit/anchor.h"
#include "agents/audit/commands.h"
#include "agents/audit/proof.h"
#include "agents/link/durable_file.h"
#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

// Larger than any proof: an entry in base64, 63 hashes, a checkpoint with its cosignatures.
constexpr size_t kProofBytesMax = 2 * limits::kEntryBytesMax + 2 * limits::kCheckpointBytesMax;

struct ProofOptions {
  std::string message;  // UUID
  std::string file;
};

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

Result<MessageId> ParseMessageId(const std::string& uuid) {
  ASSIGN_OR_RETURN(const std::string raw, ParseUuid(uuid));
  return MessageId::FromBytes(raw);
}

Result<ProvenMessage> CheckProofFile(const CommonOptions& common, const ProofOptions& options) {
  ASSIGN_OR_RETURN(const ledger::NoteVerifier log, ParseVkeyOrFile(common.vkey));
  std::optional<MessageId> expected;
  if (!options.message.empty()) {
    ASSIGN_OR_RETURN(expected, ParseMessageId(options.message));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file, kProofBytesMax));
  return CheckProof(text, log, expected);
}

Result<void> WriteProof(Source& source, const std::string& vkey, const ProofOptions& options) {
  ASSIGN_OR_RETURN(const MessageId message, ParseMessageId(options.message));
  ASSIGN_OR_RETURN(const std::string proof, MakeProof(source, vkey, message));
  return link::WriteDurably(options.file, proof);
}

Output RunProof(const CommonOptions& common, const ProofOptions& options) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto written = WriteProof(source, common.vkey, options);
    if (!written) {
      return FailedWith(written.error());
    }
    if (common.json) {
      return {kExitOk, Dump(Json{{"message_id", options.message}, {"out", options.file}}), ""};
    }
    return {kExitOk,
            "Wrote " + options.file + ". Anybody checks it with the ledger's key alone:\n" +
                "  rujukan-audit check-proof " + options.file + " --vkey VKEY\n",
            ""};
  });
}

Output RunCheckProof(const CommonOptions& common, const ProofOptions& options) {
  const auto proven = CheckProofFile(common, options);
  if (proven) {
    return {kExitOk, common.json ? Dump(ProvenJson(*proven)) : ProvenText(*proven), ""};
  }
  const Errc code = proven.error().code;
  const bool refuted = code == Errc::kDenied || code == Errc::kInvalid || code == Errc::kConflict;
  Output output = FailedWith(proven.error(), refuted ? kExitNotVerified : ExitCodeOf(code));
  if (common.json && output.exit_code == kExitNotVerified) {
    output.text = Dump(Json{{"verdict", "fail"}, {"problem", proven.error().context}});
  }
  return output;
}

}  // namespace

void AddProofCommands(CommandSet& set) {
  auto options = std::make_shared<ProofOptions>();
  CLI::App* make =
      set.Add("proof",
              "Write a proof that one message is in the ledger",
              [options](const CommonOptions& common) { return RunProof(common, *options); });
  make->add_option("MESSAGE_ID", options->message, "Its UUID")->required();
  set.AddLedger(make);
  set.AddKey(make);
  make->add_option("--out", options->file, "File to write, by custom *.tlog-proof")->required();

  CLI::App* check =
      set.Add("check-proof", "Check such a proof, offline", [options](const CommonOptions& common) {
        return RunCheckProof(common, *options);
      });
  check->add_option("FILE", options->file, "The proof")->required();
  set.AddKey(check);
  check->get_option("--vkey")->required();
  check->add_option("--message", options->message, "UUID it must be about");
}

}  // namespace rujukan::audit
