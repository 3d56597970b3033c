// Goal: an evidence file can be checked by hand, with the commands of the README inside it and with
// nothing but the programs that it names; what was changed is named there, too. Method: the
// README's own fenced blocks, run in an empty container (empty_container.sh).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "agents/audit/evidence_files.h"
#include "base/check.h"
#include "certs/pem.h"
#include "tests/unit/audit/evidence_story.h"

namespace rujukan::audit {
namespace {

using testing::EvidenceStory;
using ::testing::HasSubstr;
using ::testing::Not;

// Every ```sh block, in order.
std::string StepsOf(const std::string& readme) {
  std::string steps;
  size_t at = 0;
  constexpr std::string_view kBegin = "```sh\n";
  while ((at = readme.find(kBegin, at)) != std::string::npos) {
    at += kBegin.size();
    const size_t end = readme.find("```\n", at);
    steps += readme.substr(at, end - at);
    at = end + 4;
  }
  return steps;
}

struct ByHand {
  int exit_code = 0;
  std::string output;
};

class ByHandTest : public ::testing::Test {
 protected:
  ByHandTest() : directory_(testing::MakeTemporaryDirectory()) {}
  ~ByHandTest() override { std::filesystem::remove_all(directory_); }

  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(directory_ + "/" + name, std::ios::binary) << bytes;
  }

  // `trusted`: the certificates and keys that the reader has from elsewhere are put beside it.
  ByHand Run(const std::string& container, bool trusted = true) const {
    const FileMap files = UnpackContainer(EvidenceStory::Get().container())->files;
    Write("F.asice", container);
    Write("steps.sh", StepsOf(files.at("README.md")));
    Write("tsa.pem", EvidenceStory::Get().tsa_file());
    Write("witness-1.pem", certs::Ed25519Pem(EvidenceStory::Get().witness().verifier().public_key));
    std::string command = "sh '" + std::string(RUJUKAN_SOURCE_DIR) +
                          "/tests/unit/audit/empty_container.sh' root F.asice steps.sh";
    command += trusted ? " tsa.pem witness-1.pem" : "";
    return Shell("cd '" + directory_ + "' && rm -rf root && " + command + " 2>&1");
  }

 private:
  static ByHand Shell(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): the command is above
    CHECK(pipe != nullptr);
    ByHand ran;
    std::array<char, 4096> block{};
    size_t count = 0;
    while ((count = std::fread(block.data(), 1, block.size(), pipe)) > 0) {
      ran.output.append(block.data(), count);
    }
    ran.exit_code = pclose(pipe);
    return ran;
  }

  const std::string directory_;
};

TEST_F(ByHandTest, TheReadmesOwnCommandsAcceptAnHonestFileInAnEmptyContainer) {
  const ByHand ran = Run(EvidenceStory::Get().container());
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("ALL OF IT HOLDS"));
  EXPECT_THAT(ran.output, HasSubstr("ok: timestamp/token.tsr"));
  EXPECT_THAT(ran.output, HasSubstr("ok: saksi.contoh.test"));
  EXPECT_THAT(ran.output, HasSubstr("ok: completeness"));
  EXPECT_THAT(ran.output, HasSubstr("ok: opened/"));
  EXPECT_THAT(ran.output, Not(HasSubstr("not checked")));
  EXPECT_THAT(ran.output, HasSubstr(EvidenceStory::Get().anchors().vkey));
}

TEST_F(ByHandTest, TheyNameWhatWasChangedAndSayWhatTheyCannotCheckWithoutKeysFromElsewhere) {
  const auto& story = EvidenceStory::Get();
  const std::string id = FormatUuid(story.referral().message_id());
  FileMap files = UnpackContainer(story.Forged([&](FileMap& forged) {
                    std::string& entry = forged[EntryFile(story.acceptance_index())];
                    entry[entry.find("dinsos")] = 'D';
                    forged["opened/" + id + ".opening"] += "x";
                    forged["directory.txt"].replace(0, 1, "7");
                    forged["completeness/statement.text"].append(" ");
                  }))->files;
  files["timeline.txt"] += "#99\n";  // without new manifests
  const ByHand ran = Run(*PackContainer(files), /*trusted=*/false);
  EXPECT_NE(ran.exit_code, 0);
  const std::string entry = EntryFile(story.acceptance_index());
  EXPECT_THAT(ran.output, HasSubstr("timeline.txt: FAILED"));
  EXPECT_THAT(ran.output, HasSubstr("FAIL: " + entry + " (subject)"));
  EXPECT_THAT(ran.output, HasSubstr("FAIL: " + entry + ": header"));
  EXPECT_THAT(ran.output, HasSubstr("FAIL: opened/" + id + ".opening"));
  EXPECT_THAT(ran.output, HasSubstr("FAIL: entries/1.bin: directory"));
  EXPECT_THAT(ran.output, HasSubstr("FAIL: completeness/statement.sig"));
  EXPECT_THAT(ran.output, HasSubstr("ok: checkpoint")) << "the rest still holds";
  EXPECT_THAT(ran.output, HasSubstr("not checked: tsa.pem"));
  EXPECT_THAT(ran.output, HasSubstr("not checked: saksi.contoh.test"));
  EXPECT_THAT(ran.output, Not(HasSubstr("ALL OF IT HOLDS")));
}

}  // namespace
}  // namespace rujukan::audit
