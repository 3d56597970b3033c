#include "tests/unit/tidy/function_scanner.h"

#include <string>

namespace rujukan::tidy {
namespace {

// A macro's braces need not balance, and its text is no function: directives become spaces.
std::string WithoutDirectives(std::string_view code) {
  std::string out(code);
  bool directive = false;
  bool line_start = true;
  for (size_t i = 0; i < out.size(); ++i) {
    directive = directive || (line_start && out[i] == '#');
    line_start = out[i] == '\n';
    if (line_start) {
      directive = directive && i > 0 && code[i - 1] == '\\';
    } else if (directive) {
      out[i] = ' ';
    }
  }
  return out;
}

class Scanner {
 public:
  explicit Scanner(std::string_view code) : code_(code) {}

  std::vector<FunctionSpan> Run() {
    for (at_ = 0; at_ < code_.size(); ++at_) {
      Step(code_[at_]);
    }
    return std::move(functions_);
  }

 private:
  void Step(char byte) {
    if (byte == '\n') {
      ++line_;
    } else if (byte == '{') {
      Open();
    } else if (byte == '}') {
      Close();
    } else if (byte == ';' && body_depth_ == 0) {
      head_begin_ = at_ + 1;
    }
  }

  void Open() {
    if (body_depth_ > 0) {
      ++body_depth_;
    } else if (HeadIsFunction()) {
      body_depth_ = 1;
      body_line_ = line_;
    } else {
      head_begin_ = at_ + 1;
    }
  }

  void Close() {
    if (body_depth_ == 0) {
      head_begin_ = at_ + 1;
      return;
    }
    if (--body_depth_ > 0 || InInitialiserList()) {
      return;
    }
    functions_.push_back({body_line_, line_});
    head_begin_ = at_ + 1;
  }

  // `Foo() : a_{1}, b_{2} {`: after the brace of a_ comes a comma or the body, and the head goes
  // on.
  bool InInitialiserList() const {
    const size_t next = code_.find_first_not_of(" \n", at_ + 1);
    return next != std::string_view::npos && (code_[next] == ',' || code_[next] == '{');
  }

  bool HeadIsFunction() const {
    const std::string_view head = code_.substr(head_begin_, at_ - head_begin_);
    for (const std::string_view scope : {"namespace ", "namespace\n", "enum ", "extern "}) {
      if (head.find(scope) != std::string_view::npos) {
        return false;
      }
    }
    return head.find('(') != std::string_view::npos && !IsClassHead(head);
  }

  static bool IsClassHead(std::string_view head) {
    const size_t begin = head.find_first_not_of(" \n");
    const std::string_view trimmed = begin == std::string_view::npos ? "" : head.substr(begin);
    for (const std::string_view word :
         {"class ", "struct ", "union ", "template <class T> class "}) {
      if (trimmed.starts_with(word) && trimmed.find(')') == std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  std::string_view code_;
  std::vector<FunctionSpan> functions_;
  size_t at_ = 0;
  size_t line_ = 1;
  size_t head_begin_ = 0;
  size_t body_depth_ = 0;
  size_t body_line_ = 0;
};

}  // namespace

std::vector<FunctionSpan> FunctionsOf(std::string_view code) {
  const std::string plain = WithoutDirectives(code);
  return Scanner(plain).Run();
}

}  // namespace rujukan::tidy
