// `policy show|set|check|diff|test`: under which document the domain decides who may refer to whom.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/input_file.h"
#include "agents/admin/policy_diff.h"
#include "agents/admin/policy_question.h"
#include "agents/admin/submit_act.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/policy_example.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

struct PolicyOptions {
  std::string file;
  bool text = false;
  bool rules = false;
  bool skip_examples = false;
  bool explain = false;
  Question question;
};
using Options = std::shared_ptr<PolicyOptions>;

struct Draft {
  std::string document;
  ledger::Policy policy;
};

Result<Draft> ReadDraft(const std::string& path) {
  ASSIGN_OR_RETURN(std::string document, ReadInput(path, limits::kPolicyBytesMax));
  auto policy = ledger::ParsePolicy(document);
  if (!policy) {
    return Fail(policy.error().code, path + ": " + policy.error().context);
  }
  return Draft{std::move(document), std::move(*policy)};
}

std::vector<std::string> FailuresOf(const ledger::Policy& policy) {
  std::vector<std::string> failures;
  for (const ledger::ExampleFailure& failure : ledger::CheckExamples(policy)) {
    failures.push_back(failure.ToString());
  }
  return failures;
}

std::string Lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text += "  " + line + "\n";
  }
  return text;
}

Result<v1::PolicyRecord> RequirePolicy(const ledger::View& directory) {
  ASSIGN_OR_RETURN(auto record, ledger::ReadPolicyRecord(directory));
  if (!record) {
    return Fail(Errc::kNotFound,
                "no policy is in force: every agency may refer to every other. Set one with "
                "rujukan-admin policy set FILE");
  }
  return std::move(*record);
}

// --- show ---

// The statement of each rule, as the document has it.
std::vector<std::string> RuleLines(const std::string& document, const ledger::Policy& policy) {
  std::vector<std::string> lines;
  for (const ledger::PolicyRule& rule : policy.rules()) {
    size_t from = 0;
    for (size_t line = 1; line < rule.line; ++line) {
      from = document.find('\n', from) + 1;
    }
    lines.push_back(document.substr(from, document.find('\n', from) - from));
  }
  return lines;
}

Result<Answer> ShowPolicy(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const v1::PolicyRecord record, RequirePolicy(desk.directory));
  ASSIGN_OR_RETURN(const std::string document, ledger::ReadPolicyText(desk.directory));
  if (options.text && !office.json()) {
    return document;
  }
  ASSIGN_OR_RETURN(const ledger::Policy policy, ledger::ParsePolicy(document));
  const std::vector<std::string> rules = RuleLines(document, policy);
  if (office.json()) {
    Json answer{{"version", record.version()},
                {"digest", ToHex(record.digest())},
                {"by", record.by()},
                {"index", record.index()},
                {"name", policy.name()},
                {"examples", policy.examples().size()},
                {"document", document}};
    answer["rules"] = rules;
    return ToText(answer);
  }
  if (options.rules) {
    return Lines(rules);
  }
  return fmt::format(
      "Policy {} \"{}\": {} rules, {} examples\n"
      "  set by {}, entry {} of the ledger\n"
      "  SHA-256 {}\n"
      "The document: rujukan-admin policy show --text; its rules alone: --rules\n",
      record.version(),
      policy.name(),
      policy.rules().size(),
      policy.examples().size(),
      record.by(),
      record.index(),
      ToHex(record.digest()));
}

// --- check, set ---

tl::unexpected<Error> ExamplesFail(const std::string& file,
                                   const std::vector<std::string>& failures) {
  return Fail(Errc::kInvalid,
              fmt::format("{}: {} of its examples do not hold, so it says something else than its "
                          "author meant. Correct the rule or the example:\n{}",
                          file,
                          failures.size(),
                          Lines(failures)));
}

Result<Answer> CheckPolicy(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  const std::vector<std::string> failures = FailuresOf(draft.policy);
  if (office.json()) {
    Json answer{{"name", draft.policy.name()},
                {"rules", draft.policy.rules().size()},
                {"examples", draft.policy.examples().size()},
                {"bytes", draft.document.size()}};
    answer["failures"] = failures;
    return Answer(ToText(answer), failures.empty() ? kExitOk : kExitFailed);
  }
  if (!failures.empty()) {
    return ExamplesFail(options.file, failures);
  }
  return fmt::format("{} is sound: {} rules, and all {} examples hold.\n",
                     options.file,
                     draft.policy.rules().size(),
                     draft.policy.examples().size());
}

Result<Answer> SetPolicy(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  const std::vector<std::string> failures = FailuresOf(draft.policy);
  if (!failures.empty() && !options.skip_examples) {
    return ExamplesFail(options.file, failures);
  }
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto present, ledger::ReadPolicyRecord(desk.directory));
  v1::Act act;
  act.mutable_set_policy()->set_document(draft.document);
  act.mutable_set_policy()->set_version(present ? present->version() + 1 : 1);
  return SubmitAndSay(
      office,
      desk,
      act,
      fmt::format("policy {} \"{}\" is in force", act.set_policy().version(), draft.policy.name()));
}

// --- diff ---

Json ToJson(const std::vector<PolicyChange>& changes) {
  Json list = Json::array();
  for (const PolicyChange& change : changes) {
    constexpr const char* kNames[] = {"added", "removed", "changed"};
    list.push_back(Json{{"change", kNames[static_cast<size_t>(change.kind)]},
                        {"what", change.what},
                        {"before", change.before},
                        {"after", change.after}});
  }
  return list;
}

std::string InWords(const std::vector<PolicyChange>& changes) {
  std::string text;
  for (const PolicyChange& change : changes) {
    text += change.before.empty() ? "" : "- " + change.before + "\n";
    text += change.after.empty() ? "" : "+ " + change.after + "\n";
  }
  return text.empty() ? "No statement changes.\n" : text;
}

Result<Answer> DiffPolicy(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  RETURN_IF_ERROR(RequirePolicy(desk.directory));
  ASSIGN_OR_RETURN(const std::string document, ledger::ReadPolicyText(desk.directory));
  ASSIGN_OR_RETURN(const ledger::Policy present, ledger::ParsePolicy(document));
  const auto changes = DiffPolicies(document, draft.document);
  const auto examples = ChangedExamples(present, draft.policy);
  Json decided = Json::array();
  std::string text = InWords(changes);
  for (const ChangedExample& example : examples) {
    decided.push_back(
        Json{{"question", example.question}, {"before", example.before}, {"after", example.after}});
    text +=
        fmt::format("! {}: was {}, would be {}\n", example.question, example.before, example.after);
  }
  return office.json() ? ToText(Json{{"changes", ToJson(changes)}, {"examples", decided}}) : text;
}

// --- test ---

std::string ExplainInWords(const PolicyAnswer& answer) {
  std::vector<std::vector<std::string>> rows = {{"RULE", "WHY"}};
  for (const ledger::PolicyStep& step : answer.steps) {
    rows.push_back({step.rule, std::string(ledger::MissText(step.miss))});
  }
  return Columns(rows);
}

Result<Answer> SayDecision(const PolicyAnswer& answer, bool explain, bool json) {
  const ledger::PolicyDecision& decision = answer.decision;
  const int code = decision.effect == ledger::Effect::kAllowed ? kExitOk : kExitFailed;
  if (!json) {
    const std::string said = fmt::format(
        "{} by {}: {}\n", ledger::EffectName(decision.effect), decision.rule, decision.because);
    return Answer((explain ? ExplainInWords(answer) : "") + said, code);
  }
  Json steps = Json::array();
  for (const ledger::PolicyStep& step : answer.steps) {
    steps.push_back(
        Json{{"rule", step.rule}, {"why", ledger::MissText(step.miss)}, {"because", step.because}});
  }
  return Answer(ToText(Json{{"decision", ledger::EffectName(decision.effect)},
                            {"rule", decision.rule},
                            {"because", decision.because},
                            {"steps", steps}}),
                code);
}

Result<Answer> TestInForce(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const std::string document, ledger::ReadPolicyText(desk.directory));
  RETURN_IF_ERROR(RequirePolicy(desk.directory));
  ASSIGN_OR_RETURN(const ledger::Policy policy, ledger::ParsePolicy(document));
  ASSIGN_OR_RETURN(const PolicyAnswer answer,
                   AskPolicy(policy, options.question, &desk.directory, office.Now()));
  return SayDecision(answer, options.explain, office.json());
}

// An unsigned draft: about names without a home, about members with one.
Result<Answer> TestDraft(const Office& office, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Draft draft, ReadDraft(options.file));
  std::optional<Desk> desk;
  if (!office.options().home.empty()) {
    ASSIGN_OR_RETURN(Desk open, office.Open());
    desk.emplace(std::move(open));
  }
  ASSIGN_OR_RETURN(
      const PolicyAnswer answer,
      AskPolicy(draft.policy, options.question, desk ? &desk->directory : nullptr, office.Now()));
  return SayDecision(answer, options.explain, office.json());
}

Result<Answer> TestPolicy(const Office& office, const PolicyOptions& options) {
  if (!options.file.empty()) {
    return TestDraft(office, options);
  }
  if (office.options().home.empty()) {
    return Fail(Errc::kInvalid,
                "which policy? --home DIR for the one in force, --policy FILE for a draft");
  }
  return TestInForce(office, options);
}

void AddTest(CommandSet& set, CLI::App* group) {
  const auto options = std::make_shared<PolicyOptions>();
  CLI::App* test = set.AddOnlineTo(
      group,
      "test",
      "May FROM send TO a referral of this kind, and by which rule\n"
      "  rujukan-admin policy test dinsos.18.71 lksa.18.71.003 PENITIPAN --explain --home admin",
      [options](const Office& office) { return TestPolicy(office, *options); });
  test->get_option("--home")->required(false);
  test->add_option("FROM", options->question.from, "An agency's address, or a name: dinsos.18.71")
      ->required();
  test->add_option("TO", options->question.to, "The same of the recipient")->required();
  test->add_option("KIND", options->question.kind, "PENITIPAN, PEMBERITAHUAN, ...")->required();
  test->add_option("FACT", options->question.facts, "emergency, secret, photo-of-child, ...");
  test->add_flag("--explain", options->explain, "Why each rule before it did not decide");
  test->add_option("--policy", options->file, "Ask this draft, not the policy in force");
}

}  // namespace

void AddPolicyCommands(CommandSet& set) {
  CLI::App* group = set.Group("policy", "Who may refer what to whom: show, set, check, diff, test");
  const auto options = std::make_shared<PolicyOptions>();
  CLI::App* show =
      set.AddOnlineTo(group,
                      "show",
                      "The policy in force\n  rujukan-admin policy show --text --home admin",
                      [options](const Office& office) { return ShowPolicy(office, *options); });
  show->add_flag("--text", options->text, "The document alone, as it was signed");
  show->add_flag("--rules", options->rules, "Its rules alone, in their order");

  CLI::App* put = set.AddOnlineTo(
      group,
      "set",
      "Put a document in force\n  rujukan-admin policy set lampung.policy --home admin",
      [options](const Office& office) { return SetPolicy(office, *options); });
  put->add_option("FILE", options->file, "docs/formats/policy.md has the format")->required();
  put->add_flag("--skip-examples", options->skip_examples, "Though its tested examples fail");

  CLI::App* check = set.AddOfflineTo(
      group,
      "check",
      "Read a document and its examples, offline\n  rujukan-admin policy check lampung.policy",
      [options](const Office& office) { return CheckPolicy(office, *options); });
  check->get_option("--home")->required(false);
  check->add_option("FILE", options->file, "The document")->required();

  CLI::App* diff = set.AddOnlineTo(
      group,
      "diff",
      "What a document would change\n  rujukan-admin policy diff lampung.policy --home admin",
      [options](const Office& office) { return DiffPolicy(office, *options); });
  diff->add_option("FILE", options->file, "The document")->required();
  AddTest(set, group);
}

}  // namespace rujukan::admin
