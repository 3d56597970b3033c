#include "agents/agency/known_names.h"

#include <set>

namespace rujukan::agency {
namespace {

constexpr size_t kNameLettersMin = 3;  // shorter ones are words of every text

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (static_cast<uint8_t>(c) & 0x80) != 0;
}

// Words in small letters; what stands in parentheses is a remark, no name.
std::set<std::string> WordsOf(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  int depth = 0;
  const auto end_word = [&] {
    if (word.size() >= kNameLettersMin) {
      words.insert(word);
    }
    word.clear();
  };
  for (char c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth <= 0 && IsLetter(c)) {
      word.push_back(c);
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

void AddNames(const v1::StageTwo& t2, std::set<std::string>& names) {
  const auto add = [&names](const std::string& name) {
    const auto words = WordsOf(name);
    names.insert(words.begin(), words.end());
  };
  add(t2.nama());
  add(t2.nama_panggilan());
  for (const auto& caregiver : t2.pengasuh()) {
    add(caregiver.nama());
  }
}

Result<void> AddNamesOfLeg(Tables& tables, const LegId& leg, std::set<std::string>& names) {
  v1::Content content;
  ASSIGN_OR_RETURN(const auto held, tables.FindHeld(leg));
  if (!held.empty() && content.ParseFromString(held)) {
    AddNames(content.rincian().t2(), names);
  }
  ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(leg));
  for (const auto& listed : messages) {
    if (listed.kind != v1::Kind::RUJUKAN && listed.kind != v1::Kind::RINCIAN) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto row, tables.Find(listed.id));
    if (row && content.ParseFromString(row->content)) {
      AddNames(content.rujukan().t2(), names);
      AddNames(content.rincian().t2(), names);
    }
  }
  return {};
}

}  // namespace

Result<void> CheckNoKnownName(Tables& tables,
                              const std::string& text,
                              const std::string& field,
                              Findings& findings) {
  std::set<std::string> names;
  LegIdPage page;
  while (true) {
    ASSIGN_OR_RETURN(const auto legs, tables.ListLegIds(page));
    if (legs.empty()) {
      break;
    }
    for (const LegId& leg : legs) {
      RETURN_IF_ERROR(AddNamesOfLeg(tables, leg, names));
    }
    page.after = legs.back().str();
  }
  for (const std::string& word : WordsOf(text)) {
    if (names.count(word) != 0) {
      findings.push_back(
          {field,
           "memuat nama seorang anak atau pengasuh; ganti dengan samaran / it has the "
           "name of a child or a caregiver: use a pseudonym"});
      break;
    }
  }
  return {};
}

}  // namespace rujukan::agency
