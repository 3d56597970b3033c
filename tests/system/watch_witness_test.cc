// Goal: `kill -9` of a witness at any moment, also between recording a checkpoint and answering,
// never lets it cosign two histories. Method: two forks of one log are put before a running
// `rujukan-audit serve` in turn; the last request races a kill, every other time one that comes
// when the new checkpoint has just been recorded; then it is started again, 30 times. Every answer
// of 200 that ever arrived is collected: all must be of one history.
#include <curl/curl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "agents/audit/source.h"
#include "agents/audit/witness.h"
#include "ledger/tree.h"
#include "ledger/witness.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

constexpr char kOrigin[] = "rujukan/lampung.example";
constexpr int kKills = 30;
constexpr size_t kForkAt = 5;

struct Answer {
  long status = 0;  // 0: none came
  std::string body;
};

size_t Collect(char* data, size_t size, size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

Answer Post(const std::string& url, const std::string& body) {
  Answer answer;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  if (curl_easy_perform(curl) == CURLE_OK) {
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  }
  curl_easy_cleanup(curl);
  return answer;
}

// Tiles of one history in memory: proofs between any two sizes.
class History : public ledger::TileReader {
 public:
  History(const std::string& name, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      tree_.Append(ledger::LeafHash((i < kForkAt ? "" : name) + std::to_string(i)));
      roots_.push_back(tree_.Root());
    }
    for (auto& [id, bytes] : tree_.TakeChangedTiles()) {
      tiles_[{id.level, id.number}] = std::move(bytes);
    }
  }
  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    return tiles_.at({id.level, id.number});
  }
  std::string Request(const ledger::NoteSigner& signer, TreeSize old_size, TreeSize size) const {
    ledger::AddCheckpointRequest request;
    request.old_size = old_size;
    if (old_size > 0 && old_size <= size) {
      request.proof = *ledger::ConsistencyProof(old_size, size, *this);
    }
    request.checkpoint = signer.Sign(ledger::Checkpoint{kOrigin, size, roots_[size - 1]}.Text());
    return request.Body();
  }

 private:
  ledger::Tree tree_;
  std::vector<Digest> roots_;
  std::map<std::pair<uint32_t, uint64_t>, std::string> tiles_;
};

class WitnessKilled : public ::testing::Test {
 protected:
  void Start() {
    port_ = FreePort();
    witness_ = std::make_unique<Process>(
        std::vector<std::string>{Program("rujukan-audit"),
                                 "serve",
                                 "--data",
                                 dir_.path() + "/watch",
                                 "--name",
                                 "witness.contoh.test/uji",
                                 "--vkey",
                                 signer_.verifier().ToVkey(),
                                 "--ledger",
                                 "http://127.0.0.1:1",  // nobody: only what is brought counts
                                 "--listen",
                                 "127.0.0.1:" + std::to_string(port_)},
        dir_.path() + "/log");
    ASSERT_TRUE(Eventually([&] {
      const auto source = audit::OpenSource(Url(), "");
      return (*source)->Read("healthz", 100).has_value() || !witness_->Running();
    }));
    ASSERT_TRUE(witness_->Running()) << ReadWholeFile(dir_.path() + "/log");
  }
  std::string Url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // What it has cosigned last, as it says itself.
  TreeSize Latest() {
    const Answer answer = Post(Url() + "/add-checkpoint",
                               histories_[0].Request(signer_, /*old_size=*/999, /*size=*/1000));
    EXPECT_EQ(answer.status, 409) << answer.body;
    return std::stoull(answer.body);
  }

  // The history that was cosigned beyond the fork; of nothing yet, the first.
  size_t Cosigned() const { return cosigned_[1] > 0 ? 1 : 0; }

  std::string RequestFor(size_t which, TreeSize more, TreeSize& size) {
    const TreeSize known = Latest();
    size = known + kForkAt + 1 + more;
    return histories_[which].Request(signer_, known, size);
  }
  void Ask(size_t which, TreeSize more) {
    TreeSize size = 0;
    const Answer answer = Post(Url() + "/add-checkpoint", RequestFor(which, more, size));
    cosigned_[which] += answer.status == 200 ? 1 : 0;
  }
  struct Asked {
    TreeSize size = 0;
    bool answered = false;
  };
  Asked AskAndKill(size_t which, TreeSize more, bool when_recorded, unsigned long spins) {
    TreeSize size = 0;
    const std::string body = RequestFor(which, more, size);
    const ino_t before = RecordOnDisk();
    std::atomic<bool> answered = false;
    Answer answer;
    std::thread asking([&] {
      answer = Post(Url() + "/add-checkpoint", body);
      answered = true;
    });
    while (!answered && (when_recorded ? RecordOnDisk() == before : spins-- > 0)) {
    }
    witness_->Kill();
    asking.join();
    cosigned_[which] += answer.status == 200 ? 1 : 0;
    cut_ += answer.status == 0 ? 1 : 0;
    return {size, answer.status != 0};
  }
  // Another one each time the record is replaced.
  ino_t RecordOnDisk() const {
    struct stat file {};
    const std::string path = dir_.path() + "/watch/" + audit::OriginHash(kOrigin) + "/cosigned";
    return ::stat(path.c_str(), &file) == 0 ? file.st_ino : 0;
  }

  size_t cosigned_[2] = {0, 0};  // answers that arrived, past the fork
  size_t cut_ = 0;
  size_t recorded_ = 0;  // cut off, but on disk
  TempDir dir_;
  ledger::NoteSigner signer_ =
      *ledger::NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'l')));
  const History histories_[2] = {History("a", 1000), History("b", 1000)};
  std::unique_ptr<Process> witness_;
  int port_ = 0;
};

TEST_F(WitnessKilled, AtAnyMomentItNeverCosignsTwoHistories) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int kill = 0; kill < kKills; ++kill) {
    ASSERT_NO_FATAL_FAILURE(Start());
    Ask(random() % 2, random() % 3);
    Ask(random() % 2, random() % 3);
    const TreeSize before = Latest();
    // Every other kill comes when the new checkpoint has just been recorded, so of the history that
    // will be accepted; the others at any moment.
    const bool when_recorded = kill % 2 == 0;
    const size_t which = when_recorded ? Cosigned() : random() % 2;
    const Asked asked = AskAndKill(which, random() % 3, when_recorded, random() % 400'000);
    ASSERT_NO_FATAL_FAILURE(Start());
    const TreeSize after = Latest();
    EXPECT_TRUE(after == before || after == asked.size) << "rolled back, or never asked for";
    recorded_ += !asked.answered && after == asked.size ? 1 : 0;
    witness_->Kill();
  }
  EXPECT_GT(cosigned_[0] + cosigned_[1], 0U);
  EXPECT_GT(recorded_, 0U) << "no kill fell between recording and answering";
  EXPECT_TRUE(cosigned_[0] == 0 || cosigned_[1] == 0)
      << cosigned_[0] << " of one history, " << cosigned_[1] << " of the other";
  std::printf(
      "%d kills: %zu requests cut off, %zu of these recorded and not answered; %zu answers "
      "of one history, %zu of the other\n",
      kKills,
      cut_,
      recorded_,
      std::max(cosigned_[0], cosigned_[1]),
      std::min(cosigned_[0], cosigned_[1]));
}

}  // namespace
}  // namespace rujukan::testing
