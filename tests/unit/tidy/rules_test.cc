// Goal: every rule of the tidy check can fail. Method: one small bad sample a rule, beside a good
// one.
#include <gtest/gtest.h>

#include "tests/unit/tidy/document_rules.h"
#include "tests/unit/tidy/function_scanner.h"
#include "tests/unit/tidy/include_rules.h"
#include "tests/unit/tidy/text_rules.h"

namespace rujukan::tidy {
namespace {

std::string Repeat(std::string_view line, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) {
    text += line;
  }
  return text;
}

TEST(CodeOnly, BlanksCommentsAndLiteralsButKeepsLines) {
  EXPECT_EQ("int a;     \n  b(   );", CodeOnly("int a; // x\n  b(\"y\");"));
  EXPECT_EQ("a(      \n   ) + 1'000;", CodeOnly("a(R\"(xxx\ny)\") + 1'000;"));
  EXPECT_EQ("c =    ;", CodeOnly("c = '{';"));
  EXPECT_EQ("       \n  d", CodeOnly("/* two \n*/d"));
}

TEST(IncludeDirection, UpwardIncludeIsFound) {
  EXPECT_EQ(1U, CheckIncludeDirection({"ledger/a.cc", "#include \"broker/core/b.h\"\n"}).size());
  EXPECT_EQ(1U, CheckIncludeDirection({"base/a.cc", "#include \"certs/b.h\"\n"}).size());
  EXPECT_EQ(0U, CheckIncludeDirection({"ledger/a.cc", "#include \"certs/b.h\"\n"}).size());
}

TEST(IncludeDirection, AgentsMayNotIncludeTheBroker) {
  EXPECT_EQ(1U,
            CheckIncludeDirection({"agents/link/a.h", "#include \"broker/core/b.h\"\n"}).size());
  EXPECT_EQ(1U,
            CheckIncludeDirection({"agents/audit/a.h", "#include \"agents/admin/b.h\"\n"}).size());
}

TEST(IncludeDirection, BrokersRoomsAreNeighboursNotFriends) {
  EXPECT_EQ(1U,
            CheckIncludeDirection({"broker/net/a.cc", "#include \"broker/store/b.h\"\n"}).size());
  EXPECT_EQ(0U,
            CheckIncludeDirection({"broker/main.cc", "#include \"broker/store/b.h\"\n"}).size());
}

TEST(LibraryHomes, OpensslOutsideCertsIsFound) {
  EXPECT_EQ(1U, CheckLibraryHomes({"ledger/a.cc", "#include <openssl/evp.h>\n"}).size());
  EXPECT_EQ(0U, CheckLibraryHomes({"certs/a.cc", "#include <openssl/evp.h>\n"}).size());
  EXPECT_EQ(1U, CheckLibraryHomes({"broker/core/a.cc", "#include <rocksdb/db.h>\n"}).size());
}

TEST(Purity, ClocksThreadsAndFilesAreFound) {
  EXPECT_EQ(1U, CheckPurity({"ledger/a.cc", "#include <chrono>\n"}).size());
  EXPECT_EQ(1U, CheckPurity({"broker/core/a.cc", "#include <mutex>\n"}).size());
  EXPECT_EQ(1U, CheckPurity({"broker/core/a.cc", "auto t = steady_clock::now();\n"}).size());
  EXPECT_EQ(0U, CheckPurity({"ledger/a.cc", "// no system_clock here\n#include <map>\n"}).size());
  EXPECT_EQ(0U, CheckPurity({"broker/net/a.cc", "#include <mutex>\n"}).size());
}

TEST(Columns, TheHundredAndFirstIsFound) {
  EXPECT_EQ(0U, CheckColumns({"a.cc", std::string(100, 'x')}).size());
  EXPECT_EQ(1U, CheckColumns({"a.cc", std::string(101, 'x')}).size());
  EXPECT_EQ(0U, CheckColumns({"a.cc", Repeat("\xE2\x80\x94", 100)}).size());
}

TEST(FileLength, OneLineTooManyIsFound) {
  EXPECT_EQ(0U, CheckFileLength({"a.cc", Repeat("x\n", 600)}, kFileLinesMax).size());
  EXPECT_EQ(1U, CheckFileLength({"a.cc", Repeat("x\n", 601)}, kFileLinesMax).size());
}

TEST(FunctionLength, OneLineTooManyIsFound) {
  const std::string open = "namespace a {\nclass B {\n  int F() const {\n";
  const std::string close = "  }\n};\n}\n";
  EXPECT_EQ(0U, CheckFunctionLength({"a.h", open + Repeat("x;\n", 68) + close}).size());
  const auto findings = CheckFunctionLength({"a.h", open + Repeat("x;\n", 69) + close});
  ASSERT_EQ(1U, findings.size());
  EXPECT_EQ(3U, findings[0].line);
}

TEST(FunctionLength, InitialiserBracesDoNotHideTheBody) {
  const std::string text = "A::A() : a_{1}, b_{2} {\n" + Repeat("x;\n", 70) + "}\n";
  EXPECT_EQ(1U, CheckFunctionLength({"a.cc", text}).size());
}

TEST(FunctionScanner, MacrosAndTablesAreNoFunctions) {
  EXPECT_EQ(0U, FunctionsOf("#define M(x) \\\n  do {  \\\n  }\nint a[] = {1, 2};\n").size());
  EXPECT_EQ(1U, FunctionsOf("#define M {\nTEST(A, B) { F({1}); }\n").size());
}

TEST(BannedCalls, EachIsFoundWithItsReplacement) {
  const auto findings = CheckBannedCalls({"certs/a.cc", "std::this_thread::sleep_for(d);\n"});
  ASSERT_EQ(1U, findings.size());
  EXPECT_NE(std::string::npos, findings[0].what.find("deadline"));
  EXPECT_EQ(1U, CheckBannedCalls({"certs/a.cc", "auto* x = new X;\n"}).size());
  EXPECT_EQ(1U, CheckBannedCalls({"certs/a.cc", "  delete x;\n"}).size());
  EXPECT_EQ(1U, CheckBannedCalls({"ledger/a.cc", "printf(s);\n"}).size());
  EXPECT_EQ(1U, CheckBannedCalls({"tests/unit/a.cc", "std::rand();\n"}).size());
}

TEST(BannedCalls, OrdinaryCodeIsNotFound) {
  EXPECT_EQ("",
            Describe(CheckBannedCalls({"certs/a.cc",
                                       "X(const X&) = delete;\nint renew = 1; // new thing\n"
                                       "static_assert(a);\nsnprintf_like x;\n"})));
  EXPECT_EQ(0U, CheckBannedCalls({"certs/a.cc", "std::unique_ptr<X>(\nnew X(1));\n"}).size());
  EXPECT_EQ(1U, CheckBannedCalls({"certs/a.cc", "std::unique_ptr<X> x;\n\nnew X(1);\n"}).size());
  EXPECT_EQ(0U, CheckBannedCalls({"agents/audit/main.cc", "std::cout << x;\n"}).size());
}

TEST(Leftovers, AreFoundInCodeAndProse) {
  EXPECT_EQ(1U, CheckLeftovers({"a.cc", std::string("// TO") + "DO: later\n"}).size());
  EXPECT_EQ(1U, CheckLeftovers({"a.md", std::string("FIX") + "ME\n"}).size());
  EXPECT_EQ(1U, CheckLeftovers({"a.cc", std::string("// XX") + "X here\n"}).size());
  EXPECT_EQ(0U, CheckLeftovers({"a.cc", std::string("mkdtemp(XX") + "XXXX)\n"}).size());
  EXPECT_EQ(0U, CheckLeftovers({"a.cc", "// done\n"}).size());
}

TEST(Links, ADeadLinkIsFound) {
  const SourceTree tree = {{"README.md", "[a](docs/a.md#x) [b](docs) [c](https://x.test/)\n"},
                           {"docs/a.md", "[up](../README.md) [gone](b.md)\n"}};
  const auto findings = CheckLinks(tree);
  ASSERT_EQ(1U, findings.size()) << Describe(findings);
  EXPECT_EQ("docs/a.md", findings[0].path);
}

TEST(Readmes, AFolderWithoutOneIsFound) {
  SourceTree tree = {{"base/a.h", ""}};
  for (const char* folder : {"proto", "docs", "demo", "deploy", "tests"}) {
    tree.push_back({std::string(folder) + "/README.md", ""});
  }
  EXPECT_EQ(1U, CheckReadmes(tree).size());
  tree.push_back({"base/README.md", ""});
  EXPECT_EQ(0U, CheckReadmes(tree).size());
}

TEST(LimitsDocument, AnUnexplainedAndAnInventedLimitAreFound) {
  const std::string limits = "inline constexpr size_t kHeaderBytesMax = 8;\n";
  EXPECT_EQ(
      0U,
      CheckLimitsDocument({{"base/limits.h", limits}, {"docs/limits.md", "`kHeaderBytesMax`\n"}})
          .size());
  EXPECT_EQ(2U,
            CheckLimitsDocument({{"base/limits.h", limits}, {"docs/limits.md", "`kInventedMax`\n"}})
                .size());
}

TEST(Packages, ALibraryWithoutItsPackageIsFound) {
  const std::string cmake = "find_package(SQLite3 REQUIRED)  # libsqlite3-dev\n";
  EXPECT_EQ(
      0U,
      CheckPackages({{"packages.txt", "libsqlite3-dev\n"}, {"cmake/Dependencies.cmake", cmake}})
          .size());
  EXPECT_EQ(
      1U, CheckPackages({{"packages.txt", "other\n"}, {"cmake/Dependencies.cmake", cmake}}).size());
  EXPECT_EQ(1U,
            CheckPackages(
                {{"packages.txt", ""}, {"cmake/Dependencies.cmake", "find_package(X REQUIRED)\n"}})
                .size());
}

}  // namespace
}  // namespace rujukan::tidy
