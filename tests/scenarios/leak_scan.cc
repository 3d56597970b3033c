#include "tests/scenarios/leak_scan.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

#include "base/bytes.h"

namespace rujukan::scenarios {
namespace {

constexpr size_t kHeadBytes = 4;
constexpr size_t kWordLettersMin = 5;

char LowerOf(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerOf);
  return lower;
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::vector<std::string> Tokens(std::string_view text) {
  std::vector<std::string> tokens;
  std::string token;
  for (const char c : text) {
    if (IsLetter(c)) {
      token += c;
    } else if (!token.empty()) {
      tokens.push_back(std::move(token));
      token.clear();
    }
  }
  if (!token.empty()) {
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::string Utf16(std::string_view text, bool big_endian) {
  std::string wide;
  for (const char c : text) {
    wide += big_endian ? '\0' : c;
    wide += big_endian ? c : '\0';
  }
  return wide;
}

// Everything but letters and digits, or all of it.
std::string Percent(std::string_view text, bool all, const char* digits) {
  std::string out;
  for (const char c : text) {
    if (all || !IsLetter(c)) {
      const auto byte = static_cast<uint8_t>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string JsonEscaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    out += {'\\', 'u', '0', '0', "0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15]};
  }
  return out;
}

uint32_t HeadOf(const char* bytes) {
  uint32_t head = 0;
  std::memcpy(&head, bytes, kHeadBytes);
  return head;
}

uint16_t FirstTwo(const char* bytes) {
  uint16_t two = 0;
  std::memcpy(&two, bytes, 2);
  return two;
}

}  // namespace

std::string Describe(const std::vector<Leak>& leaks) {
  std::string text;
  for (const Leak& leak : leaks) {
    text += leak.where + ": \"" + leak.word + "\" (" + leak.clothing + ")\n";
  }
  return text;
}

std::vector<std::string> WordsOf(const std::vector<std::string>& secrets,
                                 std::string_view public_text) {
  const std::string known = Lower(public_text);
  std::set<std::string> words;
  for (const std::string& secret : secrets) {
    words.insert(secret);
    for (const std::string& token : Tokens(secret)) {
      if (token.size() >= kWordLettersMin && known.find(Lower(token)) == known.npos) {
        words.insert(token);
      }
    }
  }
  return {words.begin(), words.end()};
}

LeakScan::LeakScan(const std::vector<std::string>& words) {
  for (auto& heads : heads_) {
    heads.assign(1U << 16, false);
  }
  for (const std::string& word : words) {
    Add(Lower(word), word, "utf-8", true);
    Add(Lower(Utf16(word, false)), word, "utf-16le", true);
    Add(Lower(Utf16(word, true)), word, "utf-16be", true);
    Add(ToHex(word), word, "hex", true);
    Add(Lower(Percent(word, false, "0123456789abcdef")), word, "percent", true);
    Add(Lower(Percent(word, true, "0123456789abcdef")), word, "percent", true);
    Add(Lower(JsonEscaped(word)), word, "json", true);
    AddBase64(word);
    std::string plus = word;
    std::replace(plus.begin(), plus.end(), ' ', '+');
    Add(Lower(plus), word, "form", true);
  }
}

void LeakScan::Add(std::string bytes,
                   const std::string& word,
                   const char* clothing,
                   bool any_case) {
  if (bytes.size() < kHeadBytes) {
    return;
  }
  const bool same = std::any_of(needles_.begin(), needles_.end(), [&](const Needle& needle) {
    return needle.bytes == bytes && needle.any_case == any_case;
  });
  if (same) {
    return;
  }
  by_head_[any_case ? 1 : 0].emplace(HeadOf(bytes.data()), needles_.size());
  heads_[any_case ? 1 : 0][FirstTwo(bytes.data())] = true;
  needles_.push_back({std::move(bytes), word, clothing, any_case});
}

// What of the word's base64 does not depend on its neighbours, at each place in a group of three.
void LeakScan::AddBase64(const std::string& word) {
  for (size_t before = 0; before < 3; ++before) {
    const std::string text = ToBase64(std::string(before, 'x') + word);
    const size_t skip = (before * 8 + 5) / 6;
    const size_t sure = (before + word.size()) * 8 / 6;
    if (sure <= skip) {
      continue;
    }
    std::string middle = text.substr(skip, sure - skip);
    // Shorter pieces turn up by chance.
    constexpr size_t kLettersMin = 6;
    if (middle.size() < kLettersMin) {
      continue;
    }
    Add(middle, word, "base64", false);
    std::replace(middle.begin(), middle.end(), '+', '-');
    std::replace(middle.begin(), middle.end(), '/', '_');
    Add(middle, word, "base64url", false);
  }
}

void LeakScan::SearchIn(const std::string& where,
                        std::string_view bytes,
                        bool any_case,
                        std::vector<Leak>& leaks) const {
  const auto& heads = heads_[any_case ? 1 : 0];
  const auto& by_head = by_head_[any_case ? 1 : 0];
  for (size_t at = 0; at + kHeadBytes <= bytes.size(); ++at) {
    if (!heads[FirstTwo(bytes.data() + at)]) {
      continue;
    }
    const auto [begin, end] = by_head.equal_range(HeadOf(bytes.data() + at));
    for (auto it = begin; it != end; ++it) {
      const Needle& needle = needles_[it->second];
      if (bytes.substr(at, needle.bytes.size()) == needle.bytes) {
        leaks.push_back({where, needle.word, needle.clothing});
      }
    }
  }
}

std::vector<Leak> LeakScan::Search(const std::string& where, std::string_view bytes) const {
  std::vector<Leak> leaks;
  SearchIn(where, bytes, false, leaks);
  SearchIn(where, Lower(bytes), true, leaks);
  return leaks;
}

std::vector<Leak> LeakScan::SearchTree(const std::string& folder, uint64_t& seen) const {
  std::vector<Leak> all;
  const auto take = [&all](std::vector<Leak> some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    take(Search("name of " + path, path.substr(folder.size())));
    if (!entry.is_regular_file()) {
      continue;
    }
    std::ifstream file(path, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    seen += bytes.size();
    take(Search(path, bytes));
  }
  return all;
}

}  // namespace rujukan::scenarios
