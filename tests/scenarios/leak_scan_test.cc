// Goal: a word that leaked is found whatever clothes it wears, and nothing else is.
// Method: plant it in each of them, in the midst of other bytes; then in a file and in its name.
#include "tests/scenarios/leak_scan.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/bytes.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::scenarios {
namespace {

const std::string kWord = "Melati Kembangsore";

std::string Amid(const std::string& bytes) {
  return std::string("\x01\xff{\"a\":1}", 9) + bytes + std::string("\0zz", 3);
}

std::string Wide(const std::string& text, bool big) {
  std::string wide;
  for (const char c : text) {
    wide += big ? std::string("\0", 1) + c : c + std::string("\0", 1);
  }
  return wide;
}

std::string EscapedWith(const std::string& text, const std::string& prefix) {
  std::string out;
  for (const char c : text) {
    out += prefix + ToHex(std::string(1, c));
  }
  return out;
}

TEST(LeakScan, FindsAPlantedWordInEveryClothing) {
  const LeakScan scan(WordsOf({kWord}, ""));
  std::vector<std::string> planted = {kWord,
                                      "MELATI KEMBANGSORE",
                                      Wide(kWord, false),
                                      Wide(kWord, true),
                                      ToHex(kWord),
                                      "Melati%20Kembangsore",
                                      "melati+kembangsore",
                                      EscapedWith(kWord, "%"),
                                      EscapedWith(kWord, "\\u00")};
  for (size_t before = 0; before < 3; ++before) {
    for (size_t after = 0; after < 3; ++after) {
      planted.push_back(ToBase64(std::string(before, '{') + kWord + std::string(after, '}')));
    }
  }
  for (const std::string& bytes : planted) {
    EXPECT_FALSE(scan.Search("planted", Amid(bytes)).empty()) << bytes;
  }
}

TEST(LeakScan, FindsOneWordOfALongerSecretAndNumbers) {
  const LeakScan scan(WordsOf({kWord, "9918095405110001"}, ""));
  EXPECT_FALSE(scan.Search("x", "nama Kembangsore saja").empty());
  EXPECT_FALSE(scan.Search("x", "nik=9918095405110001;").empty());
  EXPECT_TRUE(scan.Search("x", "Melat Kembang 991809540511000").empty());
}

TEST(LeakScan, LeavesWordsThatArePublicAlone) {
  const auto words = WordsOf({"dibawa ke rumah sakit"}, "Rumah sakit menerima");
  const LeakScan scan(words);
  EXPECT_TRUE(scan.Search("x", "rumah sakit umum").empty());
  EXPECT_FALSE(scan.Search("x", "ia dibawa pergi").empty());
  EXPECT_FALSE(scan.Search("x", "dibawa ke rumah sakit").empty());
}

TEST(LeakScan, LooksIntoFilesAndAtTheirNames) {
  const LeakScan scan(WordsOf({kWord}, ""));
  const agency::Scratch scratch;
  uint64_t seen = 0;
  std::ofstream(scratch.file("clean.log")) << "rujukan baru\n";
  EXPECT_TRUE(scan.SearchTree(scratch.path(), seen).empty());
  EXPECT_EQ(seen, 13U);
  std::ofstream(scratch.file("melati kembangsore.pdf")) << "x";
  EXPECT_EQ(scan.SearchTree(scratch.path(), seen).at(0).where.substr(0, 4), "name");
  std::ofstream(scratch.file("clean.log")) << "Kembangsore";
  EXPECT_GE(scan.SearchTree(scratch.path(), seen).size(), 2U);
}

}  // namespace
}  // namespace rujukan::scenarios
