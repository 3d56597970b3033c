// Goal: one agency has one spelling, and everything else is refused with what to change.
// Method: good addresses taken apart; each rule broken once; the length limit and one past it.
#include "base/address.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace rujukan {
namespace {

TEST(Address, FallsIntoNameTypeAndDomain) {
  const auto address = AgencyAddress::Parse("dinsos.18.71@lampung.example").value();
  EXPECT_EQ(address.text(), "dinsos.18.71@lampung.example");
  EXPECT_EQ(address.name(), "dinsos.18.71");
  EXPECT_EQ(address.type(), "dinsos");
  EXPECT_EQ(address.domain(), "lampung.example");
  EXPECT_EQ(AgencyAddress::Parse("admin@lampung.example").value().type(), "admin");
}

TEST(Address, AnotherSpellingIsInvalid) {
  for (const char* text : {"",
                           "dinsos",
                           "@lampung.example",
                           "dinsos@",
                           "dinsos@lampung",
                           "Dinsos@lampung.example",
                           "dinsos@Lampung.example",
                           "dinsos@lampung.example.",
                           "dinsos..18@lampung.example",
                           ".dinsos@lampung.example",
                           "-dinsos@lampung.example",
                           "dinsos@-lampung.example",
                           "dinsos@a@lampung.example",
                           "dinsos @lampung.example",
                           "dinsos@lampung.example\n",
                           "dinsös@lampung.example"}) {
    EXPECT_EQ(AgencyAddress::Parse(text).error().code, Errc::kInvalid) << text;
  }
  EXPECT_FALSE(AgencyAddress::Parse(std::string_view("dinsos\0@lampung.example", 23)));
}

TEST(Address, OfTheLongestLengthParsesAndOneMoreIsOverTheLimit) {
  const std::string tail = "@lampung.example";
  std::string name(limits::kAddressBytesMax - tail.size(), 'a');
  name[50] = '.';
  EXPECT_TRUE(AgencyAddress::Parse(name + tail));
  EXPECT_EQ(AgencyAddress::Parse("a" + name + tail).error().code, Errc::kLimit);
}

TEST(Address, ALabelHas63CharactersAtMost) {
  EXPECT_TRUE(AgencyAddress::Parse(std::string(63, 'a') + "@lampung.example"));
  EXPECT_FALSE(AgencyAddress::Parse(std::string(64, 'a') + "@lampung.example"));
}

TEST(Address, ComparesByText) {
  const auto a = AgencyAddress::Parse("a@lampung.example").value();
  const auto b = AgencyAddress::Parse("b@lampung.example").value();
  EXPECT_LT(a, b);
  EXPECT_EQ(a, AgencyAddress::Parse("a@lampung.example").value());
}

}  // namespace
}  // namespace rujukan
