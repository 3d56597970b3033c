#include "ledger/tlog_policy.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::ledger {
namespace {

using Words = std::vector<std::string>;

constexpr std::string_view kBlank = " \t";
constexpr std::string_view kNone = "none";

bool IsAllowed(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || c == '\n' || (byte >= 0x20 && byte != 0x7f);
}

Words SplitWords(std::string_view line) {
  Words words;
  while (true) {
    const size_t begin = line.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) {
      return words;
    }
    line.remove_prefix(begin);
    const std::string_view word = line.substr(0, line.find_first_of(kBlank));
    words.emplace_back(word);
    line.remove_prefix(word.size());
  }
}

std::string At(size_t line, std::string_view problem) {
  return "line " + std::to_string(line) + ": " + std::string(problem);
}

tl::unexpected<Error> TooMany(std::string_view what) {
  return Fail(Errc::kLimit,
              "more than " + std::to_string(limits::kWitnessesMax) + " " + std::string(what));
}

template <class List>
auto Named(const List& list, std::string_view name) {
  return std::find_if(list.begin(), list.end(), [&](const auto& one) { return one.name == name; });
}

template <class List>
bool HasKey(const List& list, const NoteVerifier& key) {
  return std::any_of(list.begin(), list.end(), [&](const auto& one) {
    return one.key.public_key == key.public_key;
  });
}

Result<size_t> ParseThreshold(const std::string& word, size_t members) {
  if (word == "all" || word == "any") {
    return word == "all" ? members : size_t{1};
  }
  const auto number = ParseDecimal(word);
  if (!number || *number < 1 || *number > members) {
    return Fail(Errc::kInvalid, "a group needs `all`, `any` or a number from 1 to its members");
  }
  return static_cast<size_t>(*number);
}

}  // namespace

// Line by line; the first fault ends it.
class TlogPolicyParser {
 public:
  Result<TlogPolicy> Run(std::string_view text) {
    if (text.size() > limits::kTlogPolicyBytesMax) {
      return Fail(Errc::kLimit,
                  "the policy is over " + std::to_string(limits::kTlogPolicyBytesMax) + " bytes");
    }
    if (!std::all_of(text.begin(), text.end(), IsAllowed)) {
      return Fail(Errc::kInvalid, "the policy has control characters other than tab and newline");
    }
    if (!text.empty() && text.back() != '\n') {
      return Fail(Errc::kInvalid, "the policy's last line is cut off");
    }
    for (size_t number = 1; !text.empty(); ++number) {
      const size_t end = text.find('\n');
      const auto taken = TakeLine(SplitWords(text.substr(0, end)));
      if (!taken) {
        return Fail(taken.error().code, At(number, taken.error().context));
      }
      text.remove_prefix(end + 1);
    }
    if (policy_.quorum_.empty()) {
      return Fail(Errc::kInvalid, "the policy has no line `quorum`");
    }
    return std::move(policy_);
  }

 private:
  Result<void> TakeLine(const Words& words) {
    if (words.empty() || words[0].front() == '#') {
      return {};
    }
    if (words[0] == "log") {
      return TakeLog(words);
    }
    if (words[0] == "witness") {
      return TakeWitness(words);
    }
    if (words[0] == "group") {
      return TakeGroup(words);
    }
    if (words[0] == "quorum") {
      return TakeQuorum(words);
    }
    return Fail(Errc::kInvalid, "begins with none of log, witness, group, quorum");
  }

  Result<void> TakeLog(const Words& words) {
    if (words.size() != 2 && words.size() != 3) {
      return Fail(Errc::kInvalid, "a log is `log <vkey> [<url>]`");
    }
    if (policy_.logs_.size() == limits::kWitnessesMax) {
      return TooMany("logs");
    }
    TlogPolicy::Log log;
    ASSIGN_OR_RETURN(log.key, NoteVerifier::Parse(words[1]));
    if (HasKey(policy_.logs_, log.key)) {
      return Fail(Errc::kInvalid, "this log's key was there before");
    }
    log.url = words.size() == 3 ? words[2] : "";
    policy_.logs_.push_back(std::move(log));
    return {};
  }

  Result<void> TakeWitness(const Words& words) {
    if (words.size() != 3 && words.size() != 4) {
      return Fail(Errc::kInvalid, "a witness is `witness <name> <vkey> [<url>]`");
    }
    if (policy_.witnesses_.size() == limits::kWitnessesMax) {
      return TooMany("witnesses");
    }
    RETURN_IF_ERROR(RequireNewName(words[1]));
    TlogPolicy::Witness witness;
    witness.name = words[1];
    ASSIGN_OR_RETURN(witness.key, NoteVerifier::Parse(words[2], kNoteCosignature));
    if (HasKey(policy_.witnesses_, witness.key)) {
      return Fail(Errc::kInvalid, "this witness's key was there before");
    }
    witness.url = words.size() == 4 ? words[3] : "";
    policy_.witnesses_.push_back(std::move(witness));
    return {};
  }

  Result<void> TakeGroup(const Words& words) {
    if (words.size() < 4) {
      return Fail(Errc::kInvalid, "a group is `group <name> all|any|<k> <member>...`");
    }
    if (policy_.groups_.size() == limits::kWitnessesMax) {
      return TooMany("groups");
    }
    RETURN_IF_ERROR(RequireNewName(words[1]));
    TlogPolicy::Group group;
    group.name = words[1];
    group.members.assign(words.begin() + 3, words.end());
    ASSIGN_OR_RETURN(group.threshold, ParseThreshold(words[2], group.members.size()));
    for (const std::string& member : group.members) {
      RETURN_IF_ERROR(RequireDefined(member));
      if (!members_.insert(member).second) {
        return Fail(Errc::kInvalid, "\"" + member + "\" is a member of a group already");
      }
    }
    policy_.groups_.push_back(std::move(group));
    return {};
  }

  Result<void> TakeQuorum(const Words& words) {
    if (words.size() != 2) {
      return Fail(Errc::kInvalid, "a quorum is `quorum <name>` or `quorum none`");
    }
    if (!policy_.quorum_.empty()) {
      return Fail(Errc::kInvalid, "a policy has one quorum, this is the second");
    }
    if (words[1] != kNone) {
      RETURN_IF_ERROR(RequireDefined(words[1]));
    }
    policy_.quorum_ = words[1];
    return {};
  }

  bool IsDefined(const std::string& name) const {
    return Named(policy_.witnesses_, name) != policy_.witnesses_.end() ||
           Named(policy_.groups_, name) != policy_.groups_.end();
  }
  Result<void> RequireDefined(const std::string& name) const {
    return IsDefined(name) ? Result<void>()
                           : Fail(Errc::kInvalid, "\"" + name + "\" is defined on no line above");
  }
  Result<void> RequireNewName(const std::string& name) const {
    return name != kNone && !IsDefined(name)
               ? Result<void>()
               : Fail(Errc::kInvalid, "the name \"" + name + "\" is taken");
  }

  TlogPolicy policy_;
  std::set<std::string> members_;
};

namespace {

// Groups only name what stands above them: one pass from the top decides all.
class Quorum {
 public:
  Quorum(const TlogPolicy& policy, const std::vector<Cosignature>& good) : policy_(policy) {
    for (const TlogPolicy::Witness& witness : policy.witnesses()) {
      const bool cosigned = std::any_of(good.begin(), good.end(), [&](const Cosignature& one) {
        return one.key.public_key == witness.key.public_key;
      });
      if (cosigned) {
        met_.insert(witness.name);
      }
    }
    for (const TlogPolicy::Group& group : policy.groups()) {
      const auto count =
          std::count_if(group.members.begin(), group.members.end(), [&](const std::string& name) {
            return met_.count(name) > 0;
          });
      if (static_cast<size_t>(count) >= group.threshold) {
        met_.insert(group.name);
      }
    }
  }

  bool Met() const { return policy_.quorum() == kNone || met_.count(policy_.quorum()) > 0; }

  // Witnesses under the quorum that have not cosigned, in the order of the policy.
  std::vector<std::string> Missing() const {
    std::set<std::string> wanted = {policy_.quorum()};
    for (auto group = policy_.groups().rbegin(); group != policy_.groups().rend(); ++group) {
      if (wanted.count(group->name) > 0) {
        wanted.insert(group->members.begin(), group->members.end());
      }
    }
    std::vector<std::string> missing;
    for (const TlogPolicy::Witness& witness : policy_.witnesses()) {
      if (wanted.count(witness.name) > 0 && met_.count(witness.name) == 0) {
        missing.push_back(witness.name);
      }
    }
    return missing;
  }

 private:
  const TlogPolicy& policy_;
  std::set<std::string> met_;
};

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

}  // namespace

Result<TlogPolicy> TlogPolicy::Parse(std::string_view text) {
  return TlogPolicyParser().Run(text);
}

std::vector<NoteVerifier> TlogPolicy::WitnessKeys() const {
  std::vector<NoteVerifier> keys;
  keys.reserve(witnesses_.size());
  for (const Witness& witness : witnesses_) {
    keys.push_back(witness.key);
  }
  return keys;
}

Result<TlogPolicy::Verdict> TlogPolicy::Evaluate(std::string_view note, int64_t oldest_s) const {
  Verdict verdict;
  ASSIGN_OR_RETURN(verdict.good, VerifyCosignatures(note, WitnessKeys()));
  std::erase_if(verdict.good, [oldest_s](const Cosignature& one) { return one.time_s < oldest_s; });
  const Quorum quorum(*this, verdict.good);
  verdict.met = quorum.Met();
  verdict.missing = quorum.Missing();
  return verdict;
}

Result<Checkpoint> TlogPolicy::Open(std::string_view note, int64_t oldest_s) const {
  ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  ASSIGN_OR_RETURN(const Checkpoint claimed, Checkpoint::Parse(parsed.text));
  std::vector<NoteVerifier> keys;
  for (const Log& log : logs_) {
    if (log.key.name == claimed.origin) {  // a key speaks for its own log only
      keys.push_back(log.key);
    }
  }
  RETURN_IF_ERROR(OpenNote(note, keys));
  ASSIGN_OR_RETURN(const Verdict verdict, Evaluate(note, oldest_s));
  if (!verdict.met) {
    return Fail(Errc::kDenied,
                "the checkpoint lacks cosignatures for the quorum \"" + quorum_ +
                    "\"; not there: " + Joined(verdict.missing));
  }
  return claimed;
}

}  // namespace rujukan::ledger
