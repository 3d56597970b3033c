// Goal: a container is the same bytes for the same files, and nothing that a hostile one claims is
// believed: paths, sizes, kinds, checksums. Method: containers of ours, and ZIP bytes made by hand.
#include "agents/audit/container.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/audit/zip_bytes.h"

namespace rujukan::audit {
namespace {

using testing::ZipMember;
using testing::ZipOf;

const ZipMember kType{"mimetype", std::string(kEvidenceType)};

Errc CodeOf(const std::vector<ZipMember>& members, const ContainerLimits& limits = {}) {
  const auto unpacked = UnpackContainer(ZipOf(members), limits);
  return unpacked ? Errc{} : unpacked.error().code;
}

TEST(ContainerTest, WhatIsPackedUnpacksAndTheTypeStandsWhereToolsLookForIt) {
  const FileMap files = {{"b.txt", "two"}, {"a/1.bin", std::string("\0\1", 2)}, {"empty", ""}};
  const auto packed = PackContainer(files);
  ASSERT_TRUE(packed);
  EXPECT_EQ(*packed, *PackContainer(files));
  EXPECT_EQ(packed->substr(30, 8 + kEvidenceType.size()), "mimetype" + std::string(kEvidenceType));
  const auto unpacked = UnpackContainer(*packed);
  ASSERT_TRUE(unpacked) << unpacked.error().ToString();
  EXPECT_EQ(unpacked->files, files);
  EXPECT_TRUE(unpacked->faults.empty());
}

TEST(ContainerTest, AZipOfSomebodyElseIsReadToo) {
  const auto unpacked = UnpackContainer(ZipOf({kType, {"a.txt", "x"}}));
  ASSERT_TRUE(unpacked) << unpacked.error().ToString();
  EXPECT_EQ(unpacked->files.at("a.txt"), "x");
}

TEST(ContainerTest, AMimetypeOutOfPlaceOrWrongIsAFault) {
  EXPECT_EQ(UnpackContainer(ZipOf({{"a", "x"}}))->faults.size(), 1u);
  EXPECT_EQ(UnpackContainer(ZipOf({{"a", "x"}, kType}))->faults.size(), 1u);
  EXPECT_EQ(UnpackContainer(ZipOf({{"mimetype", "text/plain"}, {"a", "x"}}))->faults.size(), 1u);
}

TEST(ContainerTest, PathsThatLeadElsewhereAreRefused) {
  for (const char* path : {"../a",
                           "a/../b",
                           "/a",
                           "a//b",
                           "a/",
                           "./a",
                           "a/./b",
                           "a\\b",
                           "a b",
                           "a\x1b",
                           "C:a",
                           "\xC3\xA9"}) {
    EXPECT_FALSE(IsContainerPath(path)) << path;
    EXPECT_EQ(CodeOf({kType, {path, "x"}}), Errc::kInvalid) << path;
    EXPECT_EQ(PackContainer({{path, "x"}}).error().code, Errc::kInvalid) << path;
  }
  EXPECT_TRUE(IsContainerPath(std::string(200, 'a')));
  EXPECT_FALSE(IsContainerPath(std::string(201, 'a')));
  EXPECT_EQ(PackContainer({{"mimetype", "x"}}).error().code, Errc::kInvalid);
}

TEST(ContainerTest, LinksEncryptionOtherMethodsAndDoublesAreRefused) {
  EXPECT_EQ(CodeOf({kType, {"a", "/etc/passwd", 0, 0, 0, 0120777U << 16U}}), Errc::kInvalid);
  EXPECT_EQ(CodeOf({kType, {"a", "x", 0, 1}}), Errc::kInvalid);
  EXPECT_EQ(CodeOf({kType, {"a", "x", 0, 0, 12}}), Errc::kInvalid);
  EXPECT_EQ(CodeOf({kType, {"a", "x"}, {"a", "y"}}), Errc::kInvalid);
}

TEST(ContainerTest, SizesThatLieAreFoundOut) {
  EXPECT_NE(CodeOf({kType, {"a", "x", 1000}}), Errc{});
  EXPECT_EQ(CodeOf({kType, {"a", "x", 0xFFFFFFF0U}}, {10, 1000}), Errc::kLimit)
      << "before anything is reserved for it";
}

TEST(ContainerTest, AtItsLimitsAndOnePastThem) {
  const FileMap files = {{"a", "1234"}, {"b", "5678"}};
  for (const ContainerLimits& limits : {ContainerLimits{2, 1000}, ContainerLimits{3, 1000}}) {
    EXPECT_TRUE(PackContainer(files, limits));
  }
  EXPECT_TRUE(PackContainer(files, {2, 8}));
  EXPECT_EQ(PackContainer(files, {1, 8}).error().code, Errc::kLimit);
  EXPECT_EQ(PackContainer(files, {2, 7}).error().code, Errc::kLimit);
  const std::string packed = *PackContainer(files);
  const size_t type = kEvidenceType.size();
  EXPECT_TRUE(UnpackContainer(packed, {2, 1000}));
  EXPECT_EQ(UnpackContainer(packed, {1, 1000}).error().code, Errc::kLimit);
  const ContainerLimits exact{2, packed.size()};
  EXPECT_TRUE(UnpackContainer(packed, exact));
  EXPECT_EQ(
      UnpackContainer(ZipOf({kType, {"a", std::string(200, 'x')}}), {2, type + 200}).has_value(),
      true);
  EXPECT_EQ(CodeOf({kType, {"a", std::string(201, 'x')}}, {2, type + 200}), Errc::kLimit);
  ContainerLimits standing;
  EXPECT_EQ(standing.files, limits::kEvidenceFilesMax);
  EXPECT_EQ(standing.bytes, limits::kEvidenceBytesMax);
}

TEST(ContainerTest, EveryFlippedByteIsEitherFoundOutOrMakesNoDifference) {
  const FileMap files = {{"a/1.bin", "some bytes"}, {"b.txt", "more"}};
  const std::string packed = *PackContainer(files);
  for (size_t at = 0; at < packed.size(); ++at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    const auto unpacked = UnpackContainer(damaged);
    if (unpacked && unpacked->files.size() == files.size() && unpacked->faults.empty() &&
        unpacked->files.count("a/1.bin") > 0 && unpacked->files.count("b.txt") > 0) {
      EXPECT_EQ(unpacked->files, files) << "byte " << at;
    }
  }
  for (size_t length = 0; length < packed.size(); ++length) {
    EXPECT_FALSE(UnpackContainer(packed.substr(0, length))) << length;
  }
}

}  // namespace
}  // namespace rujukan::audit
