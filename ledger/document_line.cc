#include "ledger/document_line.h"

#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::ledger {
namespace {

std::string Place(size_t number) {
  return "line " + std::to_string(number) + ": ";
}

}  // namespace

Result<DocumentLine> DocumentLine::Read(size_t number, std::string_view text) {
  DocumentLine line(number, text);
  if (text.size() > limits::kPolicyLineBytesMax) {
    return Fail(Errc::kLimit,
                Place(number) + "it is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kPolicyLineBytesMax) + ": name a group instead");
  }
  // What people approve on a screen must be what is evaluated.
  if (Printable(text) != text) {
    return line.Wrong(
        "it has a character that does not show (a tab, a carriage return, a mark of direction) or "
        "is not UTF-8: remove it");
  }
  const std::string_view words = text.substr(0, text.find('"'));
  if (text.starts_with(' ') || text.ends_with(' ') || words.find("  ") != std::string_view::npos) {
    return line.Wrong("words stand one space apart, none at the beginning or end of a line");
  }
  return line;
}

std::string_view DocumentLine::Peek() const {
  return rest_.substr(0, rest_.find(' '));
}

std::string_view DocumentLine::Next() {
  const std::string_view word = Peek();
  rest_.remove_prefix(word.size() == rest_.size() ? word.size() : word.size() + 1);
  return word;
}

bool DocumentLine::Take(std::string_view word) {
  if (AtEnd() || Peek() != word) {
    return false;
  }
  Next();
  return true;
}

Result<std::vector<std::string_view>> DocumentLine::TakeList(std::string_view example) {
  std::vector<std::string_view> words;
  bool more = true;
  while (more) {
    std::string_view word = Next();
    more = word.ends_with(',');
    word.remove_suffix(more ? 1 : 0);
    if (word.empty() || word.find(',') != std::string_view::npos) {
      return Wrong("here stands a list with a comma and a space between words, like `" +
                   std::string(example) + "`");
    }
    words.push_back(word);
  }
  return words;
}

Result<std::string> DocumentLine::TakeText() {
  std::string_view text = rest_;
  if (text.size() < 3 || !text.starts_with('"') || !text.ends_with('"') ||
      text.find('"', 1) != text.size() - 1) {
    return Wrong("here stands a text in double quotes, up to the end of the line");
  }
  text = text.substr(1, text.size() - 2);
  if (text.size() > limits::kPolicyTextBytesMax) {
    return Fail(Errc::kLimit,
                Place(number_) + "the text is " + std::to_string(text.size()) +
                    " bytes; the limit is " + std::to_string(limits::kPolicyTextBytesMax) +
                    ": say it in one sentence");
  }
  rest_ = {};
  return std::string(text);
}

tl::unexpected<Error> DocumentLine::Wrong(const std::string& what) const {
  return Fail(Errc::kInvalid, Place(number_) + what);
}

Result<void> ReadStatements(std::string_view document,
                            const DocumentForm& form,
                            const std::function<Result<void>(DocumentLine&)>& statement) {
  const std::string called(form.called);
  if (document.size() > form.bytes_max) {
    return Fail(Errc::kLimit,
                called + " is " + std::to_string(document.size()) + " bytes; the limit is " +
                    std::to_string(form.bytes_max) + ": " + std::string(form.shorten));
  }
  if (!document.ends_with('\n')) {
    return Fail(Errc::kInvalid, called + " does not end with a line feed: it may be cut short");
  }
  for (size_t number = 1; !document.empty(); ++number) {
    const size_t end = document.find('\n');
    ASSIGN_OR_RETURN(DocumentLine line, DocumentLine::Read(number, document.substr(0, end)));
    document.remove_prefix(end + 1);
    if (number == 1 && line.rest() != form.first_line) {
      return line.Wrong("the first line is `" + std::string(form.first_line) +
                        "`: " + std::string(form.other));
    }
    if (number != 1 && !line.AtEnd() && !line.rest().starts_with('#')) {
      RETURN_IF_ERROR(statement(line));
    }
  }
  return {};
}

std::string Quoted(std::string_view word) {
  return word.empty() ? "the end of the line" : "'" + std::string(word) + "'";
}

}  // namespace rujukan::ledger
