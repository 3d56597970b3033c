// Goal: what a spreadsheet saves is read as its author sees it, and a bad row costs that row alone.
// Method: texts in and tables out, one rule of RFC 4180 or habit of a spreadsheet at a time.
#include "base/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace rujukan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CsvTable Table(std::string_view text) {
  auto table = ParseCsv(text);
  EXPECT_TRUE(table) << table.error().context;
  return table ? *table : CsvTable();
}

Error Refusal(std::string_view text) {
  const auto table = ParseCsv(text);
  EXPECT_FALSE(table) << text.substr(0, 60);
  return table ? Error() : table.error();
}

TEST(Csv, RowsHaveTheFieldsOfTheHeaderAndTheirLine) {
  const CsvTable table = Table("address,name\nlpa.31@contoh.test,LPA\nx,y\n");
  EXPECT_THAT(table.header, ElementsAre("address", "name"));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_THAT(table.rows[0].fields, ElementsAre("lpa.31@contoh.test", "LPA"));
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_THAT(table.errors, IsEmpty());
  EXPECT_EQ(table.Column("name"), 1U);
  EXPECT_FALSE(table.Column("Name"));
}

TEST(Csv, LinesEndInLfOrCrlfAndTheLastMayLackIt) {
  for (const char* text : {"a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\r\nc,d", "a,b\nc,d\r\n"}) {
    const CsvTable table = Table(text);
    EXPECT_THAT(table.header, ElementsAre("a", "b")) << text;
    ASSERT_EQ(table.rows.size(), 1U) << text;
    EXPECT_THAT(table.rows[0].fields, ElementsAre("c", "d")) << text;
  }
}

TEST(Csv, QuotesKeepSeparatorsQuotesAndLines) {
  const CsvTable table = Table("a,b\n\"LPA \"\"Melati\"\", Jakarta\",\"two\r\nlines\"\n\"\",x\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_THAT(table.rows[0].fields, ElementsAre("LPA \"Melati\", Jakarta", "two\r\nlines"));
  EXPECT_EQ(table.rows[1].line, 4U) << "lines inside quotes count";
  EXPECT_THAT(table.rows[1].fields, ElementsAre("", "x"));
}

TEST(Csv, SpacesArePartOfAField) {
  EXPECT_THAT(Table("a,b\n x , y\n").rows[0].fields, ElementsAre(" x ", " y"));
}

TEST(Csv, AByteOrderMarkIsNoPartOfTheFirstColumn) {
  EXPECT_THAT(Table("\xef\xbb\xbf"
                    "a,b\n")
                  .header,
              ElementsAre("a", "b"));
}

TEST(Csv, SemicolonsSeparateWhenTheHeaderHasNoComma) {
  EXPECT_THAT(Table("a;b\nx,1;y\n").rows[0].fields, ElementsAre("x,1", "y"));
  EXPECT_THAT(Table("a,b;c\nx;1,y\n").rows[0].fields, ElementsAre("x;1", "y"));
  EXPECT_THAT(Table("\"a,1\";b\nx;y\n").header, ElementsAre("a,1", "b")) << "the comma is quoted";
  EXPECT_THAT(Table("a\nx;y\n").rows[0].fields, ElementsAre("x;y"));
}

TEST(Csv, RowsWithoutTextAreNoRows) {
  const CsvTable table = Table("a,b\n\n,\n\r\n,,,\nx,y\n");
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].line, 6U);
  EXPECT_THAT(table.errors, IsEmpty());
}

TEST(Csv, AWrongNumberOfFieldsIsAnErrorOfItsRow) {
  const CsvTable table = Table("a,b\nx\nx,y\nx,y,z\n");
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].line, 3U);
  ASSERT_EQ(table.errors.size(), 2U);
  EXPECT_EQ(table.errors[0].line, 2U);
  EXPECT_THAT(table.errors[0].problem, HasSubstr("1 fields; the header has 2"));
  EXPECT_EQ(table.errors[1].line, 4U);
  EXPECT_THAT(table.errors[1].problem, HasSubstr("3 fields; the header has 2"));
}

TEST(Csv, StrayQuotesReturnsAndBytesAreErrorsOfTheirRow) {
  const CsvTable table =
      Table("a,b\nx\"1,y\n\"x\"1,y\nx\r1,y\ncaf\xe9,y\n\"x\" ,y\n\"x\"\r1,y\nlast,y\n");
  ASSERT_EQ(table.errors.size(), 6U);
  EXPECT_THAT(table.errors[0].problem, HasSubstr("a quote inside a field"));
  EXPECT_THAT(table.errors[1].problem, HasSubstr("behind a closing quote"));
  EXPECT_THAT(table.errors[2].problem, HasSubstr("carriage return"));
  EXPECT_THAT(table.errors[3].problem, HasSubstr("CSV UTF-8"));
  EXPECT_THAT(table.errors[4].problem, HasSubstr("behind a closing quote"));
  EXPECT_THAT(table.errors[5].problem, HasSubstr("behind a closing quote"));
  ASSERT_EQ(table.rows.size(), 1U);
  EXPECT_EQ(table.rows[0].line, 8U);
}

TEST(Csv, AQuoteThatIsNeverClosedIsRefusedWithItsLine) {
  const Error refusal = Refusal("a,b\nx,y\nz,\"never\nclosed\n");
  EXPECT_EQ(refusal.code, Errc::kInvalid);
  EXPECT_THAT(refusal.context, HasSubstr("line 3"));
}

TEST(Csv, AHeaderMustNameEveryColumnOnce) {
  for (const auto& [text, problem] : std::vector<std::pair<std::string, std::string>>{
           {"", "must name the columns"},
           {"\xef\xbb\xbf", "must name the columns"},
           {"\na,b\n", "must name the columns"},
           {",,\n", "must name the columns"},
           {"a,,c\n", "column 2 has no name"},
           {"a,b,\n", "column 3 has no name"},
           {"a,b,a\n", "column 3 has the name of another"},
           {"a,b\"c\n", "a quote inside a field"},
           {"\xff\xfe"
            "a,b\n",
            "CSV UTF-8"}}) {
    const Error refusal = Refusal(text);
    EXPECT_EQ(refusal.code, Errc::kInvalid) << text;
    EXPECT_THAT(refusal.context, HasSubstr(problem)) << text;
  }
}

TEST(Csv, ErrorsRepeatNothingOfTheRow) {
  const CsvTable table = Table("a,b\nMelati\nMel\"ati,x\nMelati\xff,x\n");
  EXPECT_EQ(table.errors.size(), 3U);
  for (const CsvRowError& error : table.errors) {
    EXPECT_EQ(error.problem.find("Mel"), std::string::npos) << error.problem;
  }
}

TEST(Csv, TheLargestTableIsReadAndOneByteMoreIsRefused) {
  std::string text = "a,b\nx,";
  text.append(limits::kCsvBytesMax - text.size(), 'y');
  EXPECT_EQ(Table(text).rows.size(), 1U);
  text += 'y';
  const Error refusal = Refusal(text);
  EXPECT_EQ(refusal.code, Errc::kLimit);
  EXPECT_THAT(refusal.context, HasSubstr("8388609 bytes; the limit is 8388608"));
}

TEST(Csv, TheMostRowsAreReadAndOneMoreIsRefusedBadOnesCounted) {
  std::string text = "a,b\n";
  for (size_t i = 0; i + 1 < limits::kCsvRowsMax; ++i) {
    text += "x,y\n";
  }
  text += "bad\n,\n";
  const CsvTable table = Table(text);
  EXPECT_EQ(table.rows.size() + table.errors.size(), limits::kCsvRowsMax);
  const Error refusal = Refusal(text + "x,y\n");
  EXPECT_EQ(refusal.code, Errc::kLimit);
  EXPECT_THAT(refusal.context, HasSubstr("line 20003 is one row more than the limit of 20000"));
}

TEST(Csv, TheMostColumnsAreReadAndOneMoreIsRefused) {
  std::string header = "c1";
  for (size_t i = 2; i <= limits::kCsvColumnsMax; ++i) {
    header += ",c" + std::to_string(i);
  }
  EXPECT_EQ(Table(header).header.size(), limits::kCsvColumnsMax);
  const Error refusal = Refusal(header + ",c65");
  EXPECT_EQ(refusal.code, Errc::kLimit);
  EXPECT_THAT(refusal.context, HasSubstr("65 columns; the limit is 64"));
}

// All of a table read in parts of `size` bytes, rows and problems as text.
std::string InParts(std::string_view text, size_t size) {
  CsvReader reader(1000);
  std::string seen;
  const auto take = [&] {
    while (true) {
      const auto item = reader.Next();
      if (!item) {
        seen += "refused: " + item.error().context;
        return false;
      }
      if (!*item) {
        return true;
      }
      seen += std::to_string((*item)->line) + ":" + (*item)->problem;
      for (const auto& field : (*item)->fields) {
        seen += "[" + field + "]";
      }
    }
  };
  for (size_t at = 0; at < text.size(); at += size) {
    reader.Feed(text.substr(at, size));
    if (!take()) {
      return seen;
    }
  }
  reader.End();
  take();
  return seen;
}

TEST(Csv, ATableInPartsOfAnySizeReadsAsInOne) {
  for (const std::string_view text : {"a,b\nx,y\n",
                                      "\xef\xbb\xbf\"a\";b\r\n\"x\"\"1\r\n2\";y\r\n\r\nz;\"w\"",
                                      "a,b\nx\"1,y\n\"x\"1,y\nshort\nlast,\"\"\n",
                                      "a,b\nx,y\nz,\"never\nclosed\n",
                                      "a;\"b,c\";d\n1;2;3\n",
                                      "",
                                      "\na,b\n"}) {
    const std::string whole = InParts(text, 10'000);
    for (size_t size = 1; size < 8; ++size) {
      EXPECT_EQ(InParts(text, size), whole) << text << " by " << size;
    }
  }
}

TEST(Csv, ARowAtTheLimitIsReadAndOneByteMoreIsRefusedWithItsLine) {
  const std::string row = std::string(998, 'x') + "\n";
  EXPECT_THAT(InParts("a\n" + row + "x" + row, 64), HasSubstr("2:[xxx"));
  EXPECT_THAT(InParts("a\nb\n" + row + "xx" + row, 64),
              HasSubstr("begins in line 4 is over 1000 bytes"));
}

}  // namespace
}  // namespace rujukan
