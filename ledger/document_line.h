// Inside the parsers of a domain's documents (policy, clocks): one line, taken word by word. Words
// stand one space apart; a quoted text is the last thing of a line. Not for use outside ledger/.
#pragma once

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

// 'word', as error texts quote what the document says; "the end of the line" for "".
std::string Quoted(std::string_view word);

}  // namespace rujukan::ledger
