// Goal: secrets in files are private, whole, never overwritten, and noticed in the wrong place.
// Method: real files in a temporary directory, with every mode that opens them to others.
#include "certs/keyfile.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "tests/unit/certs/scratch.h"

namespace rujukan::certs {
namespace {

struct KeyFile : ::testing::Test {
  testing::Scratch scratch;
  std::string path = scratch / "secret.key";

  size_t FilesInScratch() const {
    return static_cast<size_t>(std::distance(
        std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()), {}));
  }
};

TEST_F(KeyFile, IsWrittenForItsOwnerAloneAndLeavesNothingBeside) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(WriteSecretFile(path, "secret"));
  ::umask(before);
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  EXPECT_EQ(ReadSecretFile(path).value(), "secret");
  EXPECT_EQ(FilesInScratch(), 1U);
}

TEST_F(KeyFile, IsNeverOverwritten) {
  ASSERT_TRUE(WriteSecretFile(path, "old"));
  EXPECT_EQ(WriteSecretFile(path, "new").error().code, Errc::kConflict);
  EXPECT_EQ(ReadSecretFile(path).value(), "old");
  EXPECT_EQ(FilesInScratch(), 1U);
}

TEST_F(KeyFile, IsRefusedWhenOthersCanReadOrWriteIt) {
  ASSERT_TRUE(WriteSecretFile(path, "secret"));
  for (const mode_t mode : {0640U, 0620U, 0604U, 0602U, 0666U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    const auto read = ReadSecretFile(path);
    ASSERT_FALSE(read) << mode;
    EXPECT_EQ(read.error().code, Errc::kDenied);
    EXPECT_NE(read.error().context.find("chmod 600 " + path), std::string::npos);
  }
  ASSERT_EQ(::chmod(path.c_str(), 0400), 0);
  EXPECT_TRUE(ReadSecretFile(path));
}

TEST_F(KeyFile, AbsentIsNotFoundAndADirectoryIsDenied) {
  EXPECT_EQ(ReadSecretFile(path).error().code, Errc::kNotFound);
  ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
  EXPECT_EQ(ReadSecretFile(path).error().code, Errc::kDenied);
}

TEST_F(KeyFile, OfTheLargestSizeIsReadAndOneByteMoreIsNot) {
  ASSERT_TRUE(WriteSecretFile(path, std::string(limits::kSecretFileBytesMax, 'x')));
  EXPECT_TRUE(ReadSecretFile(path));
  const std::string over = scratch / "over.key";
  ASSERT_TRUE(WriteSecretFile(over, std::string(limits::kSecretFileBytesMax + 1, 'x')));
  EXPECT_EQ(ReadSecretFile(over).error().code, Errc::kLimit);
}

TEST_F(KeyFile, KeepsAKeyUnderItsPassphrase) {
  const PrivateKey key = PrivateKey::Generate();
  ASSERT_TRUE(WriteKeyFile(path, key, "kata sandi"));
  EXPECT_EQ(ReadKeyFile(path, "kata sandi").value().Public().Spki(), key.Public().Spki());
  EXPECT_EQ(ReadKeyFile(path, "salah").error().code, Errc::kDenied);
  EXPECT_EQ(ReadKeyFile(path, "").error().code, Errc::kDenied);
  EXPECT_EQ(ReadSecretFile(path).value().find("BEGIN ENCRYPTED PRIVATE KEY"), 5U);
}

TEST_F(KeyFile, TheLongestPassphraseWorksAndOneByteMoreIsRefused) {
  const PrivateKey key = PrivateKey::Generate();
  const std::string longest(limits::kPassphraseBytesMax, 'p');
  ASSERT_TRUE(WriteKeyFile(path, key, longest));
  EXPECT_TRUE(ReadKeyFile(path, longest));
  EXPECT_EQ(WriteKeyFile(scratch / "b.key", key, longest + "p").error().code, Errc::kLimit);
}

TEST_F(KeyFile, RawKeysAreKeptUnderTheirLabel) {
  const std::string raw(32, '\x01');
  ASSERT_TRUE(WriteRawKeyFile(path, "rujukan log key", raw));
  EXPECT_EQ(ReadRawKeyFile(path, "rujukan log key").value(), raw);
  EXPECT_EQ(ReadRawKeyFile(path, "rujukan transport key").error().code, Errc::kInvalid);
  EXPECT_EQ(ReadSecretFile(path).value(),
            "rujukan log key\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\n");
}

TEST_F(KeyFile, RawKeysOfAnotherSizeAreInvalid) {
  EXPECT_EQ(WriteRawKeyFile(path, "label", "short").error().code, Errc::kInvalid);
  ASSERT_TRUE(WriteSecretFile(path, "label\nAQEB\n"));
  EXPECT_EQ(ReadRawKeyFile(path, "label").error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
