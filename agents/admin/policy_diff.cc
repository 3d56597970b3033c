#include "agents/admin/policy_diff.h"

#include <algorithm>
#include <utility>

namespace rujukan::admin {
namespace {

using Statements = std::vector<std::pair<std::string, std::string>>;  // key, whole line

std::string FirstWords(std::string_view line, int count) {
  size_t end = 0;
  for (int i = 0; i < count && end != std::string_view::npos; ++i) {
    end = line.find(' ', end == 0 ? 0 : end + 1);
  }
  return std::string(line.substr(0, end));
}

// Rules and groups have a name; of types, tests and the document's name the line itself is one.
std::string KeyOf(std::string_view line) {
  const std::string word = FirstWords(line, 1);
  const bool named = word == "deny" || word == "duty" || word == "allow" || word == "group";
  if (word == "name") {
    return word;
  }
  return named ? FirstWords(line, 2) : std::string(line);
}

Statements StatementsOf(std::string_view document) {
  Statements statements;
  while (!document.empty()) {
    const size_t end = std::min(document.find('\n'), document.size());
    const std::string_view line = document.substr(0, end);
    if (!line.empty() && line.front() != '#') {
      statements.emplace_back(KeyOf(line), std::string(line));
    }
    document.remove_prefix(std::min(end + 1, document.size()));
  }
  return statements;
}

const std::string* Find(const Statements& statements, const std::string& key) {
  const auto found = std::find_if(
      statements.begin(), statements.end(), [&](const auto& item) { return item.first == key; });
  return found == statements.end() ? nullptr : &found->second;
}

// "deny D1", but only "test" for a line that is its own key.
std::string NameOf(const std::string& key, const std::string& line) {
  return key == line ? FirstWords(line, 1) : key;
}

std::string Decision(ledger::Effect effect, const std::string& rule) {
  return std::string(ledger::EffectName(effect)) + " by " + rule;
}

}  // namespace

std::vector<PolicyChange> DiffPolicies(std::string_view before, std::string_view after) {
  const Statements old_ones = StatementsOf(before);
  const Statements new_ones = StatementsOf(after);
  std::vector<PolicyChange> changes;
  for (const auto& [key, line] : old_ones) {
    const std::string* now = Find(new_ones, key);
    if (now == nullptr) {
      changes.push_back({PolicyChange::Kind::kRemoved, NameOf(key, line), line, ""});
    } else if (*now != line) {
      changes.push_back({PolicyChange::Kind::kChanged, NameOf(key, line), line, *now});
    }
  }
  for (const auto& [key, line] : new_ones) {
    if (Find(old_ones, key) == nullptr) {
      changes.push_back({PolicyChange::Kind::kAdded, NameOf(key, line), "", line});
    }
  }
  return changes;
}

std::vector<ChangedExample> ChangedExamples(const ledger::Policy& before,
                                            const ledger::Policy& after) {
  std::vector<ChangedExample> changed;
  for (const ledger::PolicyExample& example : before.examples()) {
    const ledger::PolicyDecision was = before.Evaluate(example.query);
    const ledger::PolicyDecision is = after.Evaluate(example.query);
    if (was.effect != is.effect || was.rule != is.rule) {
      changed.push_back(
          {example.text, Decision(was.effect, was.rule), Decision(is.effect, is.rule)});
    }
  }
  return changed;
}

}  // namespace rujukan::admin
