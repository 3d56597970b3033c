// check-reads, open: what an agency hands to an auditor, checked against the ledger.

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/proof.h"
#include "agents/audit/reads_check.h"
#include "agents/link/content_fits.h"
#include "agents/link/envelope.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/printable.h"
#include "ledger/opened.h"
#include "ledger/receipt.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

// What fails here was shown by somebody: the exit code says that it does not verify.
Output NotVerified(const CommonOptions& common, const Error& error) {
  const bool refuted =
      error.code == Errc::kDenied || error.code == Errc::kCorrupt || error.code == Errc::kInvalid;
  Output output = FailedWith(error, refuted ? kExitNotVerified : ExitCodeOf(error.code));
  if (common.json && refuted) {
    output.text = Dump(Json{{"verdict", "fail"}, {"problem", error.context}});
  }
  return output;
}

// --- check-reads ---

Output RunCheckReads(const CommonOptions& common, const std::string& file) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto text = ReadFile(file, limits::kEvidenceBytesMax);
    const auto parsed =
        text ? ledger::ParseReadsFile(*text) : Result<ledger::ReadsFile>(Fail(text.error()));
    const auto report = parsed ? CheckReads(source, common.vkey, *parsed)
                               : Result<ReadsReport>(Fail(parsed.error()));
    if (!report) {
      return NotVerified(common, report.error());
    }
    const UnixMillis now = SystemClock().Now();
    return {report->holds() ? kExitOk : kExitNotVerified,
            common.json ? ReadsAsJson(*report, now) : ReadsAsText(*report, now),
            ""};
  });
}

// --- open ---

struct Opening {
  LogIndex index = 0;
  v1::Header header;
  v1::OpenedContent opened;
  v1::Content content;
};

Result<Opening> CheckOpened(Source& source, const std::string& vkey, const std::string& file) {
  Opening opening;
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, limits::kOpenedContentBytesMax));
  ASSIGN_OR_RETURN(opening.opened, ledger::ParseOpened(bytes));
  ASSIGN_OR_RETURN(const MessageId id, MessageId::FromBytes(opening.opened.message_id()));
  ASSIGN_OR_RETURN(const std::string proof, MakeProof(source, vkey, id));
  ASSIGN_OR_RETURN(const ledger::Receipt receipt, ledger::Receipt::Parse(proof));
  v1::Entry entry;
  if (!entry.ParseFromString(receipt.extra.value_or("")) ||
      !opening.header.ParseFromString(entry.accepted().header())) {
    return Fail(Errc::kCorrupt, "the entry of this message does not parse");
  }
  opening.index = receipt.index;
  ASSIGN_OR_RETURN(const std::string plaintext,
                   ledger::ProveOpened(opening.opened, opening.header));
  if (!opening.content.ParseFromString(plaintext) ||
      !link::ContentFits(opening.header.kind(), opening.content)) {
    return Fail(Errc::kInvalid, "it is what was sent, but it is no content of the header's kind");
  }
  return opening;
}

bool IsParty(const Opening& opening) {
  const auto& to = opening.header.to();
  return opening.opened.given_by() == opening.header.from() ||
         std::find(to.begin(), to.end(), opening.opened.given_by()) != to.end();
}

Json OpeningJson(const Opening& opening) {
  std::string content;
  google::protobuf::util::JsonPrintOptions print;
  print.preserve_proto_field_names = true;
  const auto printed =
      google::protobuf::util::MessageToJsonString(opening.content, &content, print);
  return {{"verdict", "pass"},
          {"message_id", FormatUuid(opening.header.message_id())},
          {"entry", opening.index},
          {"kind", v1::Kind::Code_Name(opening.header.kind())},
          {"from", opening.header.from()},
          {"given_by", opening.opened.given_by()},
          {"given_by_a_party", IsParty(opening)},
          {"given_to", opening.opened.given_to()},
          {"reason", opening.opened.reason()},
          {"content", printed.ok() ? Json::parse(content, nullptr, false) : Json(nullptr)}};
}

void AppendFields(const Json& json,  // NOLINT(misc-no-recursion): as deep as the schema
                  const std::string& path,
                  std::string& text) {
  if (!json.is_structured()) {
    text += "  " + path + ": " +
            (json.is_string() ? Printable(json.get<std::string>()) : json.dump()) + "\n";
    return;
  }
  size_t number = 0;
  for (const auto& [name, value] : json.items()) {
    const std::string step =
        json.is_array() ? "[" + std::to_string(number++) + "]" : (path.empty() ? "" : ".") + name;
    AppendFields(value, path + step, text);
  }
}

std::string OpeningText(const Opening& opening) {
  std::string text = fmt::format(
      "VERIFIED: this is what {} sent as message {} ({}), entry {}:\n"
      "the header that it signed commits to exactly this text.\n"
      "opened by {}{} for {}: {}\n",
      Printable(opening.header.from()),
      FormatUuid(opening.header.message_id()),
      v1::Kind::Code_Name(opening.header.kind()),
      opening.index,
      Printable(opening.opened.given_by()),
      IsParty(opening) ? "" : " (NOT a party of this message)",
      Printable(opening.opened.given_to()),
      Printable(opening.opened.reason()));
  AppendFields(OpeningJson(opening)["content"], "", text);
  return text;
}

Output RunOpen(const CommonOptions& common, const std::string& file) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto opening = CheckOpened(source, common.vkey, file);
    if (!opening) {
      return NotVerified(common, opening.error());
    }
    return {kExitOk, common.json ? Dump(OpeningJson(*opening)) : OpeningText(*opening), ""};
  });
}

}  // namespace

void AddReadsCommands(CommandSet& set) {
  auto reads = std::make_shared<std::string>();
  CLI::App* check =
      set.Add("check-reads",
              "Check an agency's read trail against the ledger",
              [reads](const CommonOptions& common) { return RunCheckReads(common, *reads); });
  check->add_option("FILE", *reads, "From rujukan-agent reads --export")->required();
  set.AddLedger(check);
  set.AddKey(check);

  auto opened = std::make_shared<std::string>();
  CLI::App* open =
      set.Add("open",
              "Show content that a party opened to you, if it is what was sent",
              [opened](const CommonOptions& common) { return RunOpen(common, *opened); });
  open->add_option("FILE", *opened, "From rujukan-agent disclose")->required();
  set.AddLedger(open);
  set.AddKey(open);
}

}  // namespace rujukan::audit
