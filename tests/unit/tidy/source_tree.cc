#include "tests/unit/tidy/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace rujukan::tidy {
namespace {

namespace fs = std::filesystem;

bool IsHidden(const std::string& name) {
  return name.size() > 1 && name.front() == '.';
}

bool IsSkippedFolder(const std::string& name) {
  return IsHidden(name) || name == "build" || name == "corpus" || name == "node_modules";
}

std::string ReadText(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// What the scanner stands in while it walks over code.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text), out_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      if (StartsWith("//")) {
        BlankUntil("\n", /*inclusive=*/false);
      } else if (StartsWith("/*")) {
        BlankUntil("*/", /*inclusive=*/true);
      } else if (StartsWith("R\"")) {
        BlankRawString();
      } else if (text_[at_] == '"' || IsCharacterQuote()) {
        BlankQuoted(text_[at_]);
      } else {
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  bool StartsWith(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

  // 1'000 is a number, not a character.
  bool IsCharacterQuote() const {
    return text_[at_] == '\'' &&
           (at_ == 0 || !std::isalnum(static_cast<unsigned char>(text_[at_ - 1])));
  }

  void BlankTo(size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      if (out_[at_] != '\n') {
        out_[at_] = ' ';
      }
    }
  }

  void BlankUntil(std::string_view end, bool inclusive) {
    const size_t found = text_.find(end, at_ + 2);
    BlankTo(found == std::string_view::npos ? text_.size() : found + (inclusive ? end.size() : 0));
  }

  void BlankRawString() {
    const size_t open = text_.find('(', at_);
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const size_t found = text_.find(close, at_);
    BlankTo(found == std::string_view::npos ? text_.size() : found + close.size());
  }

  void BlankQuoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2U : 1U;
    }
    BlankTo(end + 1);
  }

  std::string_view text_;
  std::string out_;
  size_t at_ = 0;
};

}  // namespace

std::vector<std::string_view> SourceFile::Lines() const {
  std::vector<std::string_view> lines;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return lines;
}

bool SourceFile::IsCode() const {
  return EndsWith(".h") || EndsWith(".cc");
}

bool SourceFile::EndsWith(std::string_view suffix) const {
  return path.size() >= suffix.size() &&
         std::string_view(path).substr(path.size() - suffix.size()) == suffix;
}

bool SourceFile::Under(std::string_view folder) const {
  return path.starts_with(folder);
}

SourceTree ReadTree(const std::string& root) {
  SourceTree tree;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_directory() && IsSkippedFolder(it->path().filename().string())) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file()) {
      tree.push_back({fs::relative(it->path(), root).generic_string(), ReadText(it->path())});
    }
  }
  std::sort(tree.begin(), tree.end(), [](const SourceFile& a, const SourceFile& b) {
    return a.path < b.path;
  });
  return tree;
}

std::string CodeOnly(std::string_view text) {
  return Blanker(text).Run();
}

std::string Describe(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.path + ":" + std::to_string(finding.line) + ": " + finding.what + "\n";
  }
  return text;
}

}  // namespace rujukan::tidy
