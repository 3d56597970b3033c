// Looks for words that must not be anywhere: in files, their names, and whatever else is given to
// it, in every clothing that programs put text into. Pure but for SearchTree. Thread: one owner.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rujukan::scenarios {

struct Leak {
  std::string where;
  std::string word;
  std::string clothing;  // "utf-8", "base64"...
};
std::string Describe(const std::vector<Leak>& leaks);  // a line each

// What to look for: every secret whole, and its words of five letters and more, unless they are in
// `public_text`, alone or within another word (the policy says "rumah sakit", and BERJALAN has
// "jalan" in it: those are no leaks).
std::vector<std::string> WordsOf(const std::vector<std::string>& secrets,
                                 std::string_view public_text);

class LeakScan {
 public:
  explicit LeakScan(const std::vector<std::string>& words);

  // As it is, with any case; UTF-16 of both orders; hex; percent-encoding; JSON escapes; base64 at
  // each of its three places.
  std::vector<Leak> Search(const std::string& where, std::string_view bytes) const;
  // Every file below `folder`, and its name. `seen` counts the bytes.
  std::vector<Leak> SearchTree(const std::string& folder, uint64_t& seen) const;

  size_t needles() const { return needles_.size(); }

 private:
  struct Needle {
    std::string bytes;
    std::string word;
    const char* clothing;
    bool any_case;
  };
  void Add(std::string bytes, const std::string& word, const char* clothing, bool any_case);
  void AddBase64(const std::string& word);
  void SearchIn(const std::string& where,
                std::string_view bytes,
                bool any_case,
                std::vector<Leak>& leaks) const;

  std::vector<Needle> needles_;
  std::unordered_multimap<uint32_t, size_t> by_head_[2];  // first four bytes; [1]: any case
  std::vector<bool> heads_[2];                            // of the first two bytes
};

}  // namespace rujukan::scenarios
