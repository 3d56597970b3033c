// Goal: the source tree keeps the project's rules of layout and arrows (docs/architecture.md).
// Method: every file of RUJUKAN_SOURCE_DIR goes through each rule; the findings are the message.
// That the rules can fail is shown in rules_test.cc.
#include <gtest/gtest.h>

#include <functional>
#include <iostream>

#include "tests/unit/tidy/document_rules.h"
#include "tests/unit/tidy/include_rules.h"
#include "tests/unit/tidy/text_rules.h"

namespace rujukan::tidy {
namespace {

const SourceTree& Tree() {
  static const SourceTree kTree = ReadTree(RUJUKAN_SOURCE_DIR);
  return kTree;
}

using FileRule = std::function<std::vector<Finding>(const SourceFile&)>;

std::string FindingsOf(const FileRule& rule) {
  std::vector<Finding> all;
  for (const SourceFile& file : Tree()) {
    const std::vector<Finding> some = rule(file);
    all.insert(all.end(), some.begin(), some.end());
  }
  return Describe(all);
}

TEST(Tree, HasTheRoomsWeThinkWeCheck) {
  for (const char* room : {"base/", "certs/", "ledger/", "broker/core/", "agents/link/"}) {
    bool found = false;
    for (const SourceFile& file : Tree()) {
      found = found || (file.Under(room) && file.IsCode());
    }
    EXPECT_TRUE(found) << room;
  }
}

TEST(Tree, IncludesPointDown) {
  EXPECT_EQ("", FindingsOf(CheckIncludeDirection));
}

TEST(Tree, LibrariesStayInTheirRoom) {
  EXPECT_EQ("", FindingsOf(CheckLibraryHomes));
}

TEST(Tree, PureRoomsKnowNoOutsideWorld) {
  EXPECT_EQ("", FindingsOf(CheckPurity));
}

TEST(Tree, LinesAreAtMostAHundredColumns) {
  EXPECT_EQ("", FindingsOf(CheckColumns));
}

TEST(Tree, FilesAreOfReadableLength) {
  const FileRule over_review = [](const SourceFile& file) {
    return CheckFileLength(file, kFileLinesReview);
  };
  std::cout << FindingsOf(over_review);  // for the reviewer, not yet a failure
  EXPECT_EQ(
      "", FindingsOf([](const SourceFile& file) { return CheckFileLength(file, kFileLinesMax); }));
}

TEST(Tree, FunctionsFitAScreen) {
  EXPECT_EQ("", FindingsOf(CheckFunctionLength));
}

TEST(Tree, UsesTheProjectsOwnCalls) {
  EXPECT_EQ("", FindingsOf(CheckBannedCalls));
}

TEST(Tree, LeavesNothingForLater) {
  EXPECT_EQ("", FindingsOf([](const SourceFile& file) {
              return file.IsCode() || file.EndsWith(".md") || file.EndsWith(".proto")
                         ? CheckLeftovers(file)
                         : std::vector<Finding>();
            }));
}

TEST(Tree, LinksLeadSomewhere) {
  EXPECT_EQ("", Describe(CheckLinks(Tree())));
}

TEST(Tree, FoldersIntroduceThemselves) {
  EXPECT_EQ("", Describe(CheckReadmes(Tree())));
}

TEST(Tree, LimitsAreExplained) {
  EXPECT_EQ("", Describe(CheckLimitsDocument(Tree())));
}

TEST(Tree, PackagesOfDependenciesAreInstalled) {
  EXPECT_EQ("", Describe(CheckPackages(Tree())));
}

}  // namespace
}  // namespace rujukan::tidy
