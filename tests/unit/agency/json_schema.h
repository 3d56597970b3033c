// Holds JSON against a JSON Schema (draft 2020-12), as far as the agent's own schemas use it.
// Strict in two ways: a keyword it does not know is a misfit, and so is a member that an object's
// schema does not list, so that what a reply says is documented whole.
#pragma once

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "agents/agency/json.h"

namespace rujukan::agency {

class SchemaChecker {
 public:
  explicit SchemaChecker(const Json& document) : document_(document) {}

  // One line for each misfit: "/messages/0/stage: ...".
  std::vector<std::string> Misfits(const Json& value, const Json& schema) const {
    std::vector<std::string> misfits;
    Check(value, schema, "", misfits);
    return misfits;
  }

 private:
  using Lines = std::vector<std::string>;

  const Json& Resolve(const std::string& reference) const {
    return document_.at(Json::json_pointer(reference.substr(1)));
  }

  static bool IsType(const Json& value, const std::string& type) {
    return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
           (type == "string" && value.is_string()) || (type == "boolean" && value.is_boolean()) ||
           (type == "integer" && value.is_number_integer()) ||
           (type == "number" && value.is_number()) || (type == "null" && value.is_null());
  }

  void Check(const Json& value,  // NOLINT(misc-no-recursion): schemas of a test
             const Json& schema,
             const std::string& at,
             Lines& misfits) const {
    static const std::set<std::string> kNotes = {"description",
                                                 "title",
                                                 "examples",
                                                 "format",
                                                 "contentEncoding",
                                                 "contentMediaType",
                                                 "$schema",
                                                 "$id",
                                                 "$defs"};
    for (const auto& [word, rule] : schema.items()) {
      if (word == "$ref") {
        Check(value, Resolve(rule), at, misfits);
      } else if (word == "type") {
        CheckType(value, rule, at, misfits);
      } else if (word == "const" || word == "enum") {
        const bool fits = word == "const"
                              ? value == rule
                              : std::find(rule.begin(), rule.end(), value) != rule.end();
        Note(fits, at, value.dump() + " is not of " + rule.dump(), misfits);
      } else if (word == "oneOf" || word == "anyOf") {
        CheckChoice(value, rule, word == "oneOf", at, misfits);
      } else if (word == "properties" || word == "additionalProperties" || word == "required") {
        CheckMembers(value, schema, word, at, misfits);
      } else if (word == "items") {
        for (size_t i = 0; value.is_array() && i < value.size(); ++i) {
          Check(value[i], rule, at + "/" + std::to_string(i), misfits);
        }
      } else if (word == "minimum" || word == "maximum") {
        const bool fits = !value.is_number() || (word == "minimum" ? value >= rule : value <= rule);
        Note(fits, at, value.dump() + " is past its " + word, misfits);
      } else if (word == "minLength" || word == "maxLength") {
        const size_t size = value.is_string() ? value.get<std::string>().size() : 0;
        const bool fits = !value.is_string() || (word == "minLength" ? size >= rule.get<size_t>()
                                                                     : size <= rule.get<size_t>());
        Note(fits, at, "its length is past its " + word, misfits);
      } else if (word == "pattern") {
        Note(!value.is_string() ||
                 std::regex_search(value.get<std::string>(), std::regex(rule.get<std::string>())),
             at,
             "does not match " + rule.dump(),
             misfits);
      } else {
        Note(kNotes.count(word) != 0, at, "the checker does not know " + word, misfits);
      }
    }
  }

  static void Note(bool fits, const std::string& at, const std::string& text, Lines& misfits) {
    if (!fits) {
      misfits.push_back(at + ": " + text);
    }
  }

  static void CheckType(const Json& value,
                        const Json& rule,
                        const std::string& at,
                        Lines& misfits) {
    bool fits = false;
    for (const Json& type : rule.is_array() ? rule : Json::array({rule})) {
      fits = fits || IsType(value, type);
    }
    Note(fits, at, value.dump().substr(0, 80) + " is no " + rule.dump(), misfits);
  }

  void CheckChoice(const Json& value,  // NOLINT(misc-no-recursion)
                   const Json& choices,
                   bool exactly_one,
                   const std::string& at,
                   Lines& misfits) const {
    size_t fitting = 0;
    Lines why;
    for (const Json& choice : choices) {
      Lines of_choice;
      Check(value, choice, at, of_choice);
      fitting += of_choice.empty() ? size_t{1} : size_t{0};
      why.insert(why.end(), of_choice.begin(), of_choice.end());
    }
    const bool fits = exactly_one ? fitting == 1 : fitting >= 1;
    Note(fits, at, std::to_string(fitting) + " of the choices fit", misfits);
    if (!fits && choices.size() <= 3) {
      misfits.insert(misfits.end(), why.begin(), why.end());
    }
  }

  void CheckMembers(const Json& value,  // NOLINT(misc-no-recursion)
                    const Json& schema,
                    const std::string& word,
                    const std::string& at,
                    Lines& misfits) const {
    if (!value.is_object()) {
      return;
    }
    if (word == "required") {
      for (const Json& name : schema[word]) {
        Note(value.contains(name.get<std::string>()), at, "lacks " + name.dump(), misfits);
      }
    }
    if (word != "properties") {
      return;
    }
    for (const auto& [name, member] : value.items()) {
      if (schema[word].contains(name)) {
        Check(member, schema[word][name], at + "/" + name, misfits);
      } else {
        Note(false, at, "\"" + name + "\" is not documented", misfits);
      }
    }
  }

  const Json& document_;
};

}  // namespace rujukan::agency
