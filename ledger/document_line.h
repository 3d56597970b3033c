// Inside the parsers of a domain's documents (policy, clocks): one line, taken word by word. Words
// stand one space apart; a quoted text is the last thing of a line. Not for use outside ledger/.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::ledger {

class DocumentLine {
 public:
  // kInvalid or kLimit names the line: too long, a character that does not print, a space too many.
  // `text` is without its line feed and must outlive the result.
  static Result<DocumentLine> Read(size_t number, std::string_view text);

  size_t number() const { return number_; }
  bool AtEnd() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  std::string_view Peek() const;     // the next word, "" at the end
  std::string_view Next();           // and takes it
  bool Take(std::string_view word);  // takes the next word if it is this one
  // "a, b, c"; kInvalid when there is no word, or the line ends after a comma.
  Result<std::vector<std::string_view>> TakeList(std::string_view example);
  // "..." up to the end of the line; kInvalid or kLimit (kPolicyTextBytesMax).
  Result<std::string> TakeText();

  // kInvalid: "line 7: <what>"; `what` says what is wrong and what to write.
  tl::unexpected<Error> Wrong(const std::string& what) const;

 private:
  DocumentLine(size_t number, std::string_view text) : number_(number), rest_(text) {}

  size_t number_;
  std::string_view rest_;
};

// What a kind of document begins with and how its errors call it.
struct DocumentForm {
  std::string_view first_line;
  size_t bytes_max = 0;
  std::string_view called;   // "the policy"
  std::string_view shorten;  // what to do with one that is too long
  std::string_view other;    // what a document with another first line may be
};

// Calls `statement` for every line that says something: none that is empty, a comment, or the
// first. kLimit: too long; kInvalid: cut short, another first line, or a line that
// DocumentLine::Read refuses; else what `statement` fails with.
Result<void> ReadStatements(std::string_view document,
                            const DocumentForm& form,
                            const std::function<Result<void>(DocumentLine&)>& statement);

// 'word', as error texts quote what the document says; "the end of the line" for "".
std::string Quoted(std::string_view word);

}  // namespace rujukan::ledger
