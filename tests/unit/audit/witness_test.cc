// Goal: what a witness has cosigned survives it, and of many requests at once no two histories are
// cosigned. Method: a folder, restarts, threads, a folder that cannot be written to.
#include "agents/audit/witness.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "agents/audit/source.h"
#include "certs/merkle.h"
#include "ledger/tree.h"
#include "tests/unit/audit/log_image.h"

namespace rujukan::audit {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTime = 1'795'000'000;
constexpr char kOrigin[] = "rujukan/lampung.example";

class WitnessFiles : public ::testing::Test {
 protected:
  WitnessFiles() { Restart(); }
  ~WitnessFiles() override { fs::remove_all(work); }

  void Restart() {
    auto key = Witness::LoadKey(work + "/witness.key", "witness.example/w1");
    ASSERT_TRUE(key.has_value()) << key.error().ToString();
    witness = std::make_unique<Witness>(std::move(*key), work);
    ASSERT_TRUE(witness->Know(signer.verifier(), [this] { return refusal; }).has_value());
  }
  // A tree of `size` leaves of history `which`, from its first entry on.
  std::string Body(const std::string& which, TreeSize size, TreeSize old_size = 0) const {
    ledger::Tree tree;
    for (TreeSize i = 0; i < size; ++i) {
      tree.Append(ledger::LeafHash(which + std::to_string(i)));
    }
    ledger::AddCheckpointRequest request;
    request.old_size = old_size;
    request.checkpoint = signer.Sign(ledger::Checkpoint{kOrigin, size, tree.Root()}.Text());
    return request.Body();
  }
  std::string CosignedFile() const { return work + "/" + OriginHash(kOrigin) + "/cosigned"; }

  std::string work = testing::MakeTemporaryDirectory();
  ledger::NoteSigner signer =
      *ledger::NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'l')));
  std::string refusal;
  std::unique_ptr<Witness> witness;
};

TEST_F(WitnessFiles, TheKeyIsMadeOnceAndOnlyItsOwnerReadsIt) {
  const std::string vkey = witness->verifier().ToVkey();
  struct stat info {};
  ASSERT_EQ(stat((work + "/witness.key").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  Restart();
  EXPECT_EQ(witness->verifier().ToVkey(), vkey);
  fs::permissions(work + "/witness.key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(Witness::LoadKey(work + "/witness.key", "w").error().code, Errc::kDenied);
}

TEST_F(WitnessFiles, WhatWasCosignedIsOnDiskBeforeTheAnswerAndHoldsAfterARestart) {
  const auto answer = witness->AddCheckpoint(Body("a", 7), kTime);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(*ReadFile(CosignedFile(), 100'000), answer.cosigned);
  EXPECT_EQ(*witness->Latest(OriginHash(kOrigin)), answer.cosigned);
  Restart();
  EXPECT_EQ(*witness->Latest(OriginHash(kOrigin)), answer.cosigned);
  EXPECT_EQ(witness->AddCheckpoint(Body("b", 9), kTime).status, 409);
  EXPECT_EQ(witness->AddCheckpoint(Body("b", 7, 7), kTime).status, 422);
  EXPECT_EQ(witness->AddCheckpoint(Body("a", 7, 7), kTime).status, 200);
}

TEST_F(WitnessFiles, AnOriginNobodyCosignedIsNotFound) {
  EXPECT_EQ(witness->Latest(OriginHash(kOrigin)).error().code, Errc::kNotFound);
  EXPECT_EQ(witness->Latest(OriginHash("other")).error().code, Errc::kNotFound);
}

TEST_F(WitnessFiles, AStateThatCannotBeReadIsNotTakenForNone) {
  ASSERT_EQ(witness->AddCheckpoint(Body("a", 7), kTime).status, 200);
  std::ofstream(CosignedFile()) << "damaged";
  auto key = Witness::LoadKey(work + "/witness.key", "witness.example/w1");
  Witness again(std::move(*key), work);
  EXPECT_EQ(again.Know(signer.verifier(), [] { return std::string(); }).error().code,
            Errc::kCorrupt);
}

TEST_F(WitnessFiles, WithoutADurableStateNothingIsCosignedUntilARestart) {
  // A folder in the place of the file that is written beside: fails for root, too.
  fs::create_directories(CosignedFile() + ".new/x");
  EXPECT_EQ(witness->AddCheckpoint(Body("a", 7), kTime).status, 500);
  fs::remove_all(CosignedFile() + ".new");
  EXPECT_EQ(witness->AddCheckpoint(Body("a", 7), kTime).status, 500) << "which of two is on disk?";
  Restart();
  EXPECT_EQ(witness->AddCheckpoint(Body("a", 7), kTime).status, 200);
}

TEST_F(WitnessFiles, ARefusedLogIsAnsweredWithTheReason) {
  refusal = "FORK: two histories";
  const auto answer = witness->AddCheckpoint(Body("a", 7), kTime);
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("FORK: two histories"), std::string::npos);
}

TEST_F(WitnessFiles, MalformedBodiesAre400AndCounted) {
  EXPECT_EQ(witness->AddCheckpoint("nonsense", kTime).status, 400);
  EXPECT_EQ(witness->AddCheckpoint("old 0\n\nnonsense", kTime).status, 400);
  EXPECT_EQ(witness->counts().answers.at(400), 2U);
}

TEST_F(WitnessFiles, TheObserverHearsOfWhatTheLogSignedAndOfContradictions) {
  std::vector<std::string> heard;
  witness->Observe([&](const std::string&,
                       const std::string&,
                       const ledger::Checkpoint& checkpoint,
                       const std::string& contradicts) {
    heard.push_back(std::to_string(checkpoint.size) + (contradicts.empty() ? "" : " contradicts"));
  });
  witness->AddCheckpoint(Body("a", 7), kTime);
  witness->AddCheckpoint(Body("b", 7, 7), kTime);
  witness->AddCheckpoint("old 0\n\nnonsense", kTime);
  EXPECT_EQ(heard, (std::vector<std::string>{"7", "7 contradicts"}));
}

TEST_F(WitnessFiles, OfTwoHistoriesAtOnceOneIsCosigned) {
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&, body = Body(std::string(1, static_cast<char>('a' + i)), 7)] {
        good += witness->AddCheckpoint(body, kTime).status == 200 ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(good, 1);
}

}  // namespace
}  // namespace rujukan::audit
