// complete.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/completeness.h"
#include "agents/audit/progress.h"
#include "agents/link/durable_file.h"
#include "base/bytes.h"
#include "base/printable.h"
#include "certs/keyfile.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKeyLabel = "rujukan auditor key";

struct CompleteOptions {
  std::string subject;
  std::string from;
  std::string to;
  std::string key;   // file; made when it is not there
  std::string name;  // of the key
  std::string out;
};

// The auditor's own key for statements, made at its first use; its public half lies beside it, for
// who is to believe them.
Result<ledger::NoteSigner> SignerOf(const CompleteOptions& options) {
  if (!std::filesystem::exists(options.key)) {
    const auto fresh = certs::Ed25519Key::Generate();
    RETURN_IF_ERROR(certs::WriteRawKeyFile(options.key, kKeyLabel, fresh.seed()));
  }
  ASSIGN_OR_RETURN(const std::string seed, certs::ReadRawKeyFile(options.key, kKeyLabel));
  ASSIGN_OR_RETURN(certs::Ed25519Key key, certs::Ed25519Key::FromSeed(seed));
  ASSIGN_OR_RETURN(ledger::NoteSigner signer,
                   ledger::NoteSigner::Make(options.name, std::move(key)));
  RETURN_IF_ERROR(link::WriteDurably(options.key + ".vkey", signer.verifier().ToVkey() + "\n"));
  return signer;
}

struct Made {
  CompletenessResult result;
  std::string vkey;  // "" when it was not signed
};

Result<Made> Complete(Source& source, const CommonOptions& common, const CompleteOptions& options) {
  ASSIGN_OR_RETURN(const Span span, ParseSpan(options.from, options.to));
  ProgressBar bar("Replaying");
  Made made;
  ASSIGN_OR_RETURN(
      made.result,
      ProveComplete(
          source, common.vkey, options.subject, span, [&bar](uint64_t done, uint64_t total) {
            bar.Show(done, total);
          }));
  if (options.out.empty()) {
    return made;
  }
  ASSIGN_OR_RETURN(const ledger::NoteSigner signer, SignerOf(options));
  RETURN_IF_ERROR(link::WriteDurably(options.out, signer.Sign(made.result.statement.Text())));
  made.vkey = signer.verifier().ToVkey();
  return made;
}

std::string AsText(const Made& made, const CompleteOptions& options) {
  const Completeness& said = made.result.statement;
  std::string text = fmt::format(
      "COMPLETE: {} has {} messages, {} refusals and {} receipts{}\n"
      "among the {} entries that {} signed, the last of {}.\n"
      "  root            {}\n  state root      {}\n  on record       {}\n  entries sha256  {}\n\n",
      Printable(said.subject),
      said.listing.messages,
      said.listing.refusals,
      said.listing.receipts,
      said.span.from == 0 && said.span.to == 0 ? "" : " in that span",
      said.checkpoint.size,
      Printable(said.checkpoint.origin),
      FormatTime(said.as_of),
      ToBase64(said.checkpoint.root.view()),
      said.state_root,
      said.state_entry ? "the broker's entry #" + std::to_string(*said.state_entry) +
                             " says what the entries before it come to"
                       : "the broker has put no state on record yet",
      said.listing.digest);
  for (const ListedEntry& entry : made.result.entries) {
    text += fmt::format("  #{:<8} {}  {}\n", entry.index, FormatTime(entry.time), entry.what);
  }
  if (!made.vkey.empty()) {
    text += "\nWrote " + options.out + ", signed with " + made.vkey + "\n";
  }
  return text;
}

Json AsJson(const Made& made, const CompleteOptions& options) {
  const Completeness& said = made.result.statement;
  Json json;
  json["subject"] = said.subject;
  json["origin"] = said.checkpoint.origin;
  json["size"] = said.checkpoint.size;
  json["root"] = ToBase64(said.checkpoint.root.view());
  json["state_root"] = said.state_root;
  json["state_recorded_in"] = said.state_entry ? Json(*said.state_entry) : Json(nullptr);
  json["messages"] = said.listing.messages;
  json["refusals"] = said.listing.refusals;
  json["receipts"] = said.listing.receipts;
  json["entries_sha256"] = said.listing.digest;
  json["entries"] = Json::array();
  for (const ListedEntry& entry : made.result.entries) {
    json["entries"].push_back(
        {{"index", entry.index}, {"time", FormatTime(entry.time)}, {"what", entry.what}});
  }
  json["out"] = made.vkey.empty() ? Json(nullptr) : Json(options.out);
  json["vkey"] = made.vkey.empty() ? Json(nullptr) : Json(made.vkey);
  return json;
}

Output RunComplete(const CommonOptions& common, const CompleteOptions& options) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto made = Complete(source, common, options);
    if (!made) {
      return FailedWith(made.error());
    }
    return {kExitOk, common.json ? Dump(AsJson(*made, options)) : AsText(*made, options), ""};
  });
}

}  // namespace

void AddCompleteCommands(CommandSet& set) {
  auto options = std::make_shared<CompleteOptions>();
  CLI::App* command =
      set.Add("complete",
              "Prove that these are all messages of a leg or an agency, and sign that",
              [options](const CommonOptions& common) { return RunComplete(common, *options); });
  CommandSet::AddSubject(command, options->subject);
  set.AddLedger(command);
  set.AddKey(command);
  command->add_option("--from", options->from, "Only from this time on");
  command->add_option("--to", options->to, "Only up to this time, itself included");
  CLI::Option* out = command->add_option("--out", options->out, "File for the signed statement");
  CLI::Option* key = command->add_option(
      "--key",
      options->key,
      "Your key for statements; made when the file is not there, with KEY.vkey beside it");
  CLI::Option* name = command->add_option("--name", options->name, "Name of that key: who you are");
  out->needs(key);
  key->needs(name);
  name->needs(out);
}

}  // namespace rujukan::audit
