#include "tests/unit/tidy/text_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "tests/unit/tidy/function_scanner.h"

namespace rujukan::tidy {
namespace {

size_t CharactersOf(std::string_view line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

enum class Where { kEverywhere, kLibraries };  // libraries: not tests, mains or command lines

struct Banned {
  std::string_view call;
  std::string_view instead;
  Where where;
  std::string_view allowed_in = "";  // a file; "" nowhere
  std::string_view unless = "";      // on this line or the one before it makes it right
};

constexpr std::array kBanned = {
    Banned{"sleep_for(", "wait on a condition with a deadline", Where::kEverywhere},
    Banned{"sleep_until(", "wait on a condition with a deadline", Where::kEverywhere},
    Banned{"usleep(", "wait on a condition with a deadline", Where::kEverywhere},
    Banned{"std::rand(", "certs::RandomBytes, or a seeded engine in tests", Where::kEverywhere},
    Banned{"srand(", "certs::RandomBytes, or a seeded engine in tests", Where::kEverywhere},
    Banned{"random_device", "certs::RandomBytes", Where::kLibraries},
    Banned{"std::uniform_int_distribution",
           "a written bounded draw: distributions differ by library",
           Where::kEverywhere},
    Banned{"printf(",
           "Result with a text, or the program's own output",
           Where::kLibraries,
           "base/check.cc"},
    Banned{"std::cout", "Result with a text, or the program's own output", Where::kLibraries},
    Banned{"std::cerr", "Result with a text, or the log", Where::kLibraries},
    Banned{"std::endl", "'\\n'", Where::kEverywhere},
    Banned{"assert(", "CHECK, which is on in release", Where::kEverywhere},
    Banned{"throw ", "return Fail(...)", Where::kLibraries},
    Banned{"new ", "std::make_unique", Where::kLibraries, "", "_ptr<"},
    // A C library that hands our pointer back is the exception.
    Banned{"delete ", "an owner: std::unique_ptr", Where::kLibraries, "", "static_cast<"},
    Banned{"delete[]", "std::vector", Where::kEverywhere},
    Banned{"malloc(", "std::vector", Where::kLibraries},
    Banned{"strcpy(", "std::string", Where::kEverywhere},
    Banned{"sprintf(", "fmt::format", Where::kEverywhere},
    Banned{"atoi(", "ParseDecimal", Where::kEverywhere},
    Banned{"std::stoi(", "ParseDecimal", Where::kLibraries},
    Banned{"system(", "the library that does it", Where::kLibraries},
    Banned{"using namespace ", "the name itself", Where::kLibraries, "", "std::chrono"},
    Banned{".detach(", "a joined std::jthread", Where::kEverywhere},
    Banned{"std::chrono::system_clock",
           "the Clock that was passed in",
           Where::kLibraries,
           "base/clock.cc"},
};

bool IsWordByte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) || byte == '_';
}

// `call` at a place where it does not continue a longer word ("renew " is not "new ").
bool Calls(std::string_view line, std::string_view call) {
  for (size_t at = line.find(call); at != std::string_view::npos; at = line.find(call, at + 1)) {
    if (at == 0 || !IsWordByte(call.front()) || !IsWordByte(line[at - 1])) {
      return true;
    }
  }
  return false;
}

// Tests, mains and command lines speak to a person; a library does not.
bool IsLibrary(const SourceFile& file) {
  const std::string_view name = std::string_view(file.path).substr(file.path.rfind('/') + 1);
  return !file.Under("tests/") && name != "main.cc" && !name.starts_with("cli") &&
         name.find("command") == std::string_view::npos;
}

bool Applies(const Banned& rule, const SourceFile& file) {
  return (rule.where == Where::kEverywhere || IsLibrary(file)) &&
         (rule.allowed_in.empty() || file.path != rule.allowed_in);
}

bool IsExcused(const Banned& rule, std::string_view before, std::string_view line) {
  return !rule.unless.empty() && (line.find(rule.unless) != std::string_view::npos ||
                                  before.find(rule.unless) != std::string_view::npos);
}

// The word alone: a template for mkdtemp ends in six of a letter.
bool HasWord(std::string_view line, std::string_view word) {
  for (size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const size_t end = at + word.size();
    if ((at == 0 || !IsWordByte(line[at - 1])) && (end == line.size() || !IsWordByte(line[end]))) {
      return true;
    }
  }
  return false;
}

// Written in halves, or this file would find itself.
const std::array<std::string, 4> kLeftovers = {std::string("TO") + "DO",
                                               std::string("FIX") + "ME",
                                               std::string("XX") + "X",
                                               std::string("not imple") + "mented"};

}  // namespace

std::vector<Finding> CheckColumns(const SourceFile& file) {
  std::vector<Finding> findings;
  size_t number = 0;
  for (const std::string_view line : file.Lines()) {
    ++number;
    const size_t characters = CharactersOf(line);
    if (file.IsCode() && characters > kColumnsMax) {
      findings.push_back(
          {file.path, number, std::to_string(characters) + " columns; the limit is 100"});
    }
  }
  return findings;
}

std::vector<Finding> CheckFileLength(const SourceFile& file, size_t lines_max) {
  const size_t lines = file.Lines().size();
  if (!file.IsCode() || lines <= lines_max) {
    return {};
  }
  return {{file.path,
           lines,
           std::to_string(lines) + " lines; over " + std::to_string(lines_max) +
               ": split it by what it knows"}};
}

std::vector<Finding> CheckFunctionLength(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.IsCode()) {
    return findings;
  }
  for (const FunctionSpan& function : FunctionsOf(CodeOnly(file.text))) {
    const size_t lines = function.last_line - function.first_line + 1;
    if (lines > kFunctionLinesMax) {
      findings.push_back({file.path,
                          function.first_line,
                          "function of " + std::to_string(lines) + " lines; the limit is 70"});
    }
  }
  return findings;
}

std::vector<Finding> CheckBannedCalls(const SourceFile& file) {
  std::vector<Finding> findings;
  if (!file.IsCode()) {
    return findings;
  }
  const SourceFile code{file.path, CodeOnly(file.text)};
  size_t number = 0;
  std::string_view before;
  for (const std::string_view line : code.Lines()) {
    ++number;
    for (const Banned& rule : kBanned) {
      if (Applies(rule, file) && Calls(line, rule.call) && !IsExcused(rule, before, line)) {
        findings.push_back(
            {file.path,
             number,
             std::string(rule.call) + " is banned; use " + std::string(rule.instead)});
      }
    }
    before = line;
  }
  return findings;
}

std::vector<Finding> CheckLeftovers(const SourceFile& file) {
  std::vector<Finding> findings;
  size_t number = 0;
  for (const std::string_view line : file.Lines()) {
    ++number;
    for (const std::string& leftover : kLeftovers) {
      if (HasWord(line, leftover)) {
        findings.push_back(
            {file.path, number, "leftover " + leftover + ": do it, or open an issue"});
      }
    }
  }
  return findings;
}

}  // namespace rujukan::tidy
