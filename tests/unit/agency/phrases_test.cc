// Goal: officers read one language when their machine speaks it and both when it does not say; no
// phrase lacks one, and none is there twice.
#include "agents/agency/phrases.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace rujukan::agency {
namespace {

TEST(Phrases, EachHasBothLanguagesStandsInItsPlaceAndIsThereOnce) {
  std::set<std::string_view> indonesian;
  std::set<std::string_view> english;
  for (size_t i = 0; i < kPhraseCount; ++i) {
    const auto& words = WordsOf(static_cast<Phrase>(i));
    EXPECT_EQ(static_cast<size_t>(words.phrase), i) << words.indonesian;
    EXPECT_FALSE(words.indonesian.empty()) << i;
    EXPECT_FALSE(words.english.empty()) << i;
    EXPECT_TRUE(indonesian.insert(words.indonesian).second) << words.indonesian;
    EXPECT_TRUE(english.insert(words.english).second) << words.english;
  }
}

TEST(Phrases, AStreamSpeaksBothUntilItIsTold) {
  std::ostringstream out;
  out << Phrase::kLink << "|";
  Speak(out, Lang::kIndonesian);
  out << Phrase::kLink << "|";
  Speak(out, Lang::kEnglish);
  out << Phrase::kLink;
  EXPECT_EQ(out.str(), "sambungan / link|sambungan|link");
}

TEST(LanguageOf, TheOptionGoesBeforeTheEnvironmentAndLcAllBeforeTheRest) {
  EXPECT_EQ(LanguageOf("", {"", "", ""}), Lang::kBoth);
  EXPECT_EQ(LanguageOf("", {"", "", "C"}), Lang::kBoth);
  EXPECT_EQ(LanguageOf("", {"", "", "C.UTF-8"}), Lang::kBoth);
  EXPECT_EQ(LanguageOf("", {"", "", "id_ID.UTF-8"}), Lang::kIndonesian);
  EXPECT_EQ(LanguageOf("", {"", "en_GB", "id_ID.UTF-8"}), Lang::kEnglish);
  EXPECT_EQ(LanguageOf("", {"id_ID", "en_GB", "en_GB"}), Lang::kIndonesian);
  EXPECT_EQ(LanguageOf("en", {"id_ID", "", ""}), Lang::kEnglish);
  EXPECT_EQ(LanguageOf("id/en", {"id_ID", "", ""}), Lang::kBoth);
  EXPECT_EQ(LanguageOf("", {"", "", "idx"}), Lang::kBoth);
}

TEST(OneLanguage, TakesOneHalfOfATextOfTwo) {
  const std::string text = "tidak ada; lihat GET /v1/directory / no such address";
  EXPECT_EQ(OneLanguage(text, Lang::kIndonesian), "tidak ada; lihat GET /v1/directory");
  EXPECT_EQ(OneLanguage(text, Lang::kEnglish), "no such address");
  EXPECT_EQ(OneLanguage(text, Lang::kBoth), text);
}

TEST(OneLanguage, LeavesATextOfOneOrThreePartsAlone) {
  for (const char* text : {"not found", "a / b / c", ""}) {
    EXPECT_EQ(OneLanguage(text, Lang::kEnglish), text);
  }
}

}  // namespace
}  // namespace rujukan::agency
