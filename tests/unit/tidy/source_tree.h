// The project's own files as text, for rules that read them. Build output, hidden folders and fuzz
// corpora are left out. Thread: one owner.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rujukan::tidy {

struct SourceFile {
  std::string path;  // relative to the root, with '/'
  std::string text;

  std::vector<std::string_view> Lines() const;
  bool IsCode() const;  // .h or .cc
  bool EndsWith(std::string_view suffix) const;
  bool Under(std::string_view folder) const;  // "ledger/" ; "" is every folder
};

using SourceTree = std::vector<SourceFile>;  // by path

SourceTree ReadTree(const std::string& root);

// The code with comments, string and character literals blanked by spaces; line breaks stay, so
// line numbers do too. Raw strings with any delimiter are understood.
std::string CodeOnly(std::string_view text);

// What a rule has to say about one place.
struct Finding {
  std::string path;
  size_t line = 0;  // from 1; 0: the file as a whole
  std::string what;
};
std::string Describe(const std::vector<Finding>& findings);

}  // namespace rujukan::tidy
