// Goal: SHA-256 is FIPS 180-4's, however the bytes are handed in, from any thread.
// Method: published vectors; parts and streams against the one-shot form.
#include "certs/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

std::string Hex(const Digest& digest) {
  return ToHex(digest.view());
}

TEST(Hash, MatchesPublishedVectors) {
  EXPECT_EQ(Hex(Sha256(std::string_view())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // FIPS 180-4 example B.3.
  EXPECT_EQ(Hex(Sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, PartsHashLikeTheirConcatenation) {
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256("abc"));
  EXPECT_EQ(Sha256({}), Sha256(std::string_view()));
}

TEST(Hash, StreamsInterleaveWithOneShots) {
  Sha256Stream first;
  Sha256Stream second;
  first.Update("a");
  second.Update("x");
  EXPECT_NE(Sha256("y"), Sha256("z"));
  first.Update("bc");
  EXPECT_EQ(first.Finish(), Sha256("abc"));
  EXPECT_EQ(second.Finish(), Sha256("x"));
}

TEST(HashDeathTest, AFinishedStreamIsSpent) {
  Sha256Stream stream;
  stream.Finish();
  EXPECT_DEATH(stream.Update("a"), "CHECK failed");
}

TEST(Hash, ThreadsDoNotDisturbEachOther) {
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&wrong, i] {
      const std::string input(100 + i, 'x');
      const Digest expected = Sha256(input);
      for (int round = 0; round < 2000; ++round) {
        wrong[i] += Sha256(input) == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}  // namespace
}  // namespace rujukan::certs
