#include "tests/scenarios/parse.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/scenarios/parse_steps.h"
#include "tests/scenarios/words.h"

namespace rujukan::scenarios {
namespace {

constexpr int kIncludesMax = 8;

// Reads one file, and what it includes, into a script.
class Reader {
 public:
  explicit Reader(const Include& include) : include_(include) {}

  Result<void> Read(const std::string& file, const std::string& text) {
    if (++files_ > kIncludesMax) {
      return Fail(Errc::kInvalid, file + ":1: terlalu banyak sertakan / too many files included");
    }
    ASSIGN_OR_RETURN(const auto lines, SplitLines(file, text));
    fields_ = nullptr;
    for (const Line& line : lines) {
      const auto read = line.indented ? ReadField(line) : ReadTop(line);
      if (!read) {
        return At(file, line, read.error());
      }
    }
    return {};
  }

  Result<Script> Finish(const std::string& file) {
    script_.file = file;
    if (script_.id.empty() || !begun_) {
      return Fail(Errc::kInvalid,
                  file +
                      ":1: perlu \"skenario NAMA \"judul\"\" dan \"mulai TANGGAL JAM ZONA\" / a "
                      "scenario needs its name and when it begins");
    }
    for (const Step& step : script_.steps) {
      if (const auto checked = CheckNames(step); !checked) {
        return Fail(Errc::kInvalid,
                    file + ":" + std::to_string(step.line) + ": " + checked.error().context);
      }
    }
    return std::move(script_);
  }

 private:
  static tl::unexpected<Error> At(const std::string& file, const Line& line, const Error& error) {
    if (error.context.find(".txt:") != std::string::npos) {
      return Fail(error);  // from a file that was included here
    }
    return Fail(Errc::kInvalid, file + ":" + std::to_string(line.number) + ": " + error.context);
  }

  Result<void> ReadField(const Line& line) {
    if (fields_ == nullptr) {
      return Fail(Errc::kInvalid,
                  "baris menjorok tanpa baris di atasnya / an indented line needs one above it");
    }
    ASSIGN_OR_RETURN(Field field, ParseField(line));
    fields_->push_back(std::move(field));
    return {};
  }

  Result<void> ReadTop(const Line& line) {
    fields_ = nullptr;
    const auto& words = line.words;
    if (words[0] == "skenario") {
      return ReadName(words);
    }
    if (words[0] == "mulai") {
      return ReadBeginning(words);
    }
    if (words[0] == "sertakan") {
      return ReadInclude(words);
    }
    if (words[0] == "lembaga") {
      return ReadAgencies(line);
    }
    if (words[0] == "templat") {
      return ReadTemplate(words);
    }
    ASSIGN_OR_RETURN(Step step, ParseStep(line));
    script_.steps.push_back(std::move(step));
    if (script_.steps.back().deed) {
      // Steps are kept in a vector that grows: the pointer holds until the next line only.
      fields_ = &script_.steps.back().deed->fields;
    }
    return {};
  }

  Result<void> ReadName(const std::vector<std::string>& words) {
    if (words.size() != 3) {
      return Fail(Errc::kInvalid, "skenario NAMA \"judul\"");
    }
    script_.id = words[1];
    script_.title = words[2];
    return {};
  }

  Result<void> ReadBeginning(const std::vector<std::string>& words) {
    size_t used = 0;
    ASSIGN_OR_RETURN(script_.begins,
                     ParseMoment(std::vector<std::string>(words.begin() + 1, words.end()), used));
    if (script_.begins.kind != Moment::Kind::kDate || words.size() != 4) {
      return Fail(Errc::kInvalid, "mulai 2026-11-21 23:40 WIB");
    }
    ASSIGN_OR_RETURN(script_.zone_minutes, ParseZone(words[3]));
    begun_ = true;
    return {};
  }

  Result<void> ReadInclude(const std::vector<std::string>& words) {
    if (words.size() != 2) {
      return Fail(Errc::kInvalid, "sertakan BERKAS.txt");
    }
    ASSIGN_OR_RETURN(const std::string text, include_(words[1]));
    return Read(words[1], text);
  }

  // Several in one line share what is below them.
  Result<void> ReadAgencies(const Line& line) {
    if (line.words.size() != 2) {
      return Fail(Errc::kInvalid, "lembaga uptdppa.18.01");
    }
    const std::string& name = line.words[1];
    if (script_.FindAgency(name) != nullptr) {
      return Fail(Errc::kInvalid, "lembaga ini sudah ada / this agency is there already");
    }
    script_.agencies.push_back({line.number, name, {}});
    fields_ = &script_.agencies.back().fields;
    return {};
  }

  Result<void> ReadTemplate(const std::vector<std::string>& words) {
    if (words.size() != 2) {
      return Fail(Errc::kInvalid, "templat NAMA");
    }
    fields_ = &script_.templates[words[1]];
    return {};
  }

  Result<void> CheckAgency(const std::string& name) const {
    if (script_.FindAgency(name) == nullptr) {
      return Fail(Errc::kInvalid, "lembaga \"" + name + "\" tidak ada / no such agency here");
    }
    return {};
  }

  Result<void> CheckNames(const Step& step) {
    return step.deed ? CheckDeed(*step.deed) : CheckClaim(*step.claim);
  }

  Result<void> CheckDeed(const Deed& deed) {
    if (deed.who != "admin") {
      RETURN_IF_ERROR(CheckAgency(deed.who));
    }
    for (const std::string& to : deed.to) {
      if (!IsRole(to)) {
        RETURN_IF_ERROR(CheckAgency(to));
      }
    }
    for (const std::string& name : deed.templates) {
      if (script_.templates.count(name) == 0) {
        return Fail(Errc::kInvalid, "templat \"" + name + "\" tidak ada / no such template");
      }
    }
    switch (deed.kind) {
      case Deed::Kind::kRefer:
      case Deed::Kind::kSend:
        if (deed.refused && deed.status != 0) {
          return {};  // never sent: the name is free
        }
        if (!names_.insert(deed.name).second) {
          return Fail(Errc::kInvalid, "nama ini sudah dipakai / this name is used already");
        }
        return {};
      case Deed::Kind::kAct:
      case Deed::Kind::kErase:
        return CheckName(deed.name);
      case Deed::Kind::kSuspend:
      case Deed::Kind::kResume:
      case Deed::Kind::kPermit:
        return CheckAgency(deed.name);
      default:
        return {};
    }
  }

  Result<void> CheckClaim(const Claim& claim) const {
    if (!claim.who.empty()) {
      RETURN_IF_ERROR(CheckAgency(claim.who));
    }
    if (claim.kind == Claim::Kind::kResponsible) {
      RETURN_IF_ERROR(CheckAgency(claim.value));
    }
    if (claim.kind != Claim::Kind::kAnswers && claim.kind != Claim::Kind::kInbox) {
      for (const std::string& name : claim.names) {
        RETURN_IF_ERROR(CheckName(name));
      }
    }
    return {};
  }

  // "A*": any that begins so.
  Result<void> CheckName(const std::string& name) const {
    const bool star = name.ends_with('*');
    const std::string begin = star ? name.substr(0, name.size() - 1) : name;
    const bool known = star ? std::any_of(names_.begin(),
                                          names_.end(),
                                          [&](const auto& one) { return one.starts_with(begin); })
                            : names_.count(name) != 0;
    if (!known) {
      return Fail(Errc::kInvalid,
                  "\"" + name + "\" belum dikirim / nothing of this name was sent before");
    }
    return {};
  }

  const Include& include_;
  Script script_;
  std::vector<Field>* fields_ = nullptr;
  std::set<std::string> names_;
  bool begun_ = false;
  int files_ = 0;
};

void CollectSecrets(const std::vector<Field>& fields, std::vector<std::string>& secrets) {
  for (const Field& field : fields) {
    if (!field.secret) {
      continue;
    }
    const std::string word = field.value.is_string() ? field.value.get<std::string>() : "";
    if (!word.empty() && std::find(secrets.begin(), secrets.end(), word) == secrets.end()) {
      secrets.push_back(word);
    }
  }
}

}  // namespace

const Agency* Script::FindAgency(const std::string& name) const {
  const auto found = std::find_if(
      agencies.begin(), agencies.end(), [&](const Agency& agency) { return agency.name == name; });
  return found == agencies.end() ? nullptr : &*found;
}

std::vector<std::string> Script::Secrets() const {
  std::vector<std::string> secrets;
  for (const auto& [name, fields] : templates) {
    CollectSecrets(fields, secrets);
  }
  for (const Step& step : steps) {
    if (step.deed) {
      CollectSecrets(step.deed->fields, secrets);
    }
  }
  return secrets;
}

Result<Script> Parse(const std::string& file, const std::string& text, const Include& include) {
  Reader reader(include);
  RETURN_IF_ERROR(reader.Read(file, text));
  return reader.Finish(file);
}

Result<Script> ParseFile(const std::string& folder, const std::string& file) {
  const auto read = [&folder](const std::string& name) -> Result<std::string> {
    std::ifstream stream(folder + "/" + name);
    if (!stream) {
      return Fail(Errc::kNotFound, "tidak ada berkas " + name + " / no such file");
    }
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
  };
  ASSIGN_OR_RETURN(const std::string text, read(file));
  return Parse(file, text, read);
}

}  // namespace rujukan::scenarios
