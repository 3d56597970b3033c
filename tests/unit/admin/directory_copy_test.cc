// Goal: a home follows only what is new of the directory, and a copy that is damaged or of another
// domain is never used. Method: real files; a broker in memory that counts what it is asked.
#include "agents/link/directory_copy.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

class DirectoryCopyTest : public testing::FoundedDomain {
 protected:
  LogIndex HeadOf(const link::DomainFile& domain) {
    return ledger::ReadHead(link::ReadDirectoryCopy(home, domain))->directory_head();
  }
  std::string path() const { return home + "/directory.pb"; }
};

TEST_F(DirectoryCopyTest, TheNextCommandAsksOnlyForWhatIsNew) {
  BringIn("dinsos.18.71@lampung.example");
  Answer({"agencies"});
  EXPECT_EQ(HeadOf(*link::ReadDomainFile(home)), 4u);
  struct stat info {};
  ASSERT_EQ(stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  broker->FalsifyEntry(0);  // would be found out, were it asked for
  EXPECT_EQ(Answer({"agencies"}).size(), 2u);
}

TEST_F(DirectoryCopyTest, ADamagedCopyIsFollowedAnew) {
  Answer({"agencies"});
  const std::string good = testing::ReadBytes(path());
  for (const size_t at : {size_t{0}, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    std::ofstream(path(), std::ios::binary) << bad;
    EXPECT_EQ(HeadOf(*link::ReadDomainFile(home)), 0u) << at;
    EXPECT_EQ(Answer({"agencies"}).size(), 1u);
  }
  for (const size_t size : {size_t{0}, size_t{10}, good.size() - 1}) {
    std::ofstream(path(), std::ios::binary) << good.substr(0, size);
    EXPECT_EQ(HeadOf(*link::ReadDomainFile(home)), 0u) << size;
  }
}

TEST_F(DirectoryCopyTest, ACopyOfAnotherDomainIsNotUsed) {
  Answer({"agencies"});
  const auto other = InitDomain(
      {"lampung.example", root + "/other", root + "/other-broker", "Lain", ""}, clock.Now());
  ASSERT_TRUE(other);
  EXPECT_EQ(HeadOf(*link::ReadDomainFile(home)), 1u);
  EXPECT_EQ(HeadOf(*other), 0u);
}

}  // namespace
}  // namespace rujukan::admin
