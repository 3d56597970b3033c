// Goal: what was put into a spool comes out in order, as often as wanted, and the file says nothing
// to others. Method: sizes around its block; the file behind the descriptor is searched.
#include "agents/agency/spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

std::string ReadBack(Spool& spool) {
  std::string all;
  const auto read = spool.Read([&](std::string_view part) -> Result<void> {
    all += part;
    return {};
  });
  EXPECT_TRUE(read.has_value());
  return all;
}

TEST(Spool, WhatWasAppendedIsReadInOrderAsOftenAsWanted) {
  for (const size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 300'000U}) {
    auto spool = Spool::Make();
    ASSERT_TRUE(spool.has_value());
    std::string all;
    for (size_t i = 0; i < size; ++i) {
      all += static_cast<char>('a' + i % 23);
    }
    for (size_t at = 0; at < size; at += 1000) {
      ASSERT_TRUE((*spool)->Append(std::string_view(all).substr(at, 1000)).has_value());
    }
    EXPECT_EQ((*spool)->size(), size);
    EXPECT_EQ(ReadBack(**spool), all);
    EXPECT_EQ(ReadBack(**spool), all);
  }
}

TEST(Spool, ItsFileHasNoNameAndHoldsNoPlaintext) {
  const Scratch scratch;
  const std::string folder = std::filesystem::path(scratch.file("x")).parent_path();
  setenv("TMPDIR", folder.c_str(), 1);
  auto spool = Spool::Make();
  unsetenv("TMPDIR");
  ASSERT_TRUE(spool.has_value());
  std::string rows;
  while (rows.size() < 200'000) {
    rows += "Melati,9900000000000015\n";
  }
  ASSERT_TRUE((*spool)->Append(rows).has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  bool found = false;
  for (const auto& open : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(open.path(), gone).string();
    if (target.find("/rujukan-") == std::string::npos) {
      continue;
    }
    found = true;
    std::ifstream file(open.path(), std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    EXPECT_GE(bytes.str().size(), 3U * 65'536U);
    EXPECT_EQ(bytes.str().find("Melati"), std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST(Spool, AnErrorOfTheVisitorEndsTheReading) {
  auto spool = Spool::Make();
  ASSERT_TRUE((*spool)->Append(std::string(200'000, 'x')).has_value());
  int parts = 0;
  const auto read = (*spool)->Read([&](std::string_view) -> Result<void> {
    ++parts;
    return Fail(Errc::kLimit, "enough");
  });
  EXPECT_EQ(read.error().code, Errc::kLimit);
  EXPECT_EQ(parts, 1);
}

}  // namespace
}  // namespace rujukan::agency
