// Goal: an independent implementation (golang.org/x/mod/sumdb, in tests/interop/tlogcheck.go)
// accepts what this library writes, and refuses it after one byte has changed. Method: write whole
// exports to a temporary folder, build the checker with Debian's packages, offline, run it.
// Likewise cosignatures, with tests/interop/cosigcheck.go.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"
#include "ledger/tree.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kOrigin[] = "rujukan/lampung.example";

std::string EntryOf(uint64_t index) {
  return "entry " + std::to_string(index) + std::string(index % 300, '.');
}

struct Outcome {
  int status = -1;
  std::string output;
};

class Interop : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern =
        (fs::temp_directory_path() / "rujukan-interop-").string() + std::string(6, 'X');
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Build(const std::string& program) const {
    // The cache lies in the build folder: later builds are quick, and $HOME stays as it is.
    const Outcome built = Run("GOPATH=/usr/share/gocode GO111MODULE=off GOFLAGS= GOCACHE='" +
                              std::string(RUJUKAN_BIN_DIR) + "/go-cache' go build -o '" +
                              (folder_ / program).string() + "' '" + RUJUKAN_SOURCE_DIR +
                              "/tests/interop/" + program + ".go'");
    ASSERT_EQ(built.status, 0) << "go and golang-golang-x-mod-dev (packages.txt) are needed: "
                               << built.output;
  }

  Outcome Run(const std::string& command) const {
    const fs::path output = folder_ / "output";
    const int status = std::system((command + " >'" + output.string() + "' 2>&1").c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, vectors::ReadFile(output)};
  }
  Outcome Check(const fs::path& exported) const {
    return Run("'" + (folder_ / "tlogcheck").string() + "' '" + exported.string() + "'");
  }

  static void Write(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
  }

  fs::path Export(TreeSize size) const {
    const fs::path exported = folder_ / ("export-" + std::to_string(size));
    Tree tree;
    for (uint64_t i = 0; i < size; ++i) {
      tree.Append(LeafHash(EntryOf(i)));
    }
    for (const auto& [id, bytes] : tree.TakeChangedTiles()) {
      Write(exported / TilePath(id), bytes);
    }
    for (const TileId& id : AllBundles(size)) {
      std::string bundle;
      for (uint64_t i = 0; i < id.width; ++i) {
        AppendToBundle(EntryOf(id.number * kTileWidth + i), bundle);
      }
      Write(exported / EntriesPath(id), bundle);
    }
    const auto signer =
        NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'i')));
    Write(exported / "checkpoint", SignCheckpoint({kOrigin, size, tree.Root()}, *signer));
    Write(exported / "vkey", signer->verifier().ToVkey() + "\n");
    return exported;
  }

  fs::path folder_;
};

TEST_F(Interop, GoAcceptsLedgersOfEverySizeThatMatters) {
  ASSERT_NO_FATAL_FAILURE(Build("tlogcheck"));
  for (const TreeSize size : {0ULL, 1ULL, 2ULL, 255ULL, 256ULL, 257ULL, 700ULL}) {
    const Outcome outcome = Check(Export(size));
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    const std::string count = std::to_string(size);
    EXPECT_EQ(outcome.output,
              "ok: " + count + " entries, " + std::to_string(AllTiles(size).size()) + " tiles, " +
                  count + " inclusion proofs, checkpoint " + kOrigin + " size " + count + "\n");
  }
}

TEST_F(Interop, GoAcceptsALedgerOfThreeLevels) {
  ASSERT_NO_FATAL_FAILURE(Build("tlogcheck"));
  const Outcome outcome = Check(Export(66'000));
  EXPECT_EQ(outcome.status, 0) << outcome.output;
}

TEST_F(Interop, GoRefusesALedgerWithOneByteChangedAnywhere) {
  ASSERT_NO_FATAL_FAILURE(Build("tlogcheck"));
  const fs::path exported = Export(700);
  ASSERT_EQ(Check(exported).status, 0);
  for (const char* name : {"checkpoint",
                           "vkey",
                           "tile/0/000",
                           "tile/0/002.p/188",
                           "tile/1/000.p/2",
                           "tile/entries/001",
                           "tile/entries/002.p/188"}) {
    const std::string good = vectors::ReadFile(exported / name);
    std::string changed = good;
    changed[changed.size() / 2] ^= 1;
    Write(exported / name, changed);
    EXPECT_EQ(Check(exported).status, 1) << name;
    fs::remove(exported / name);
    EXPECT_EQ(Check(exported).status, 1) << name << " is missing";
    Write(exported / name, good);
  }
  EXPECT_EQ(Check(exported).status, 0) << "all is as it was";
}

TEST_F(Interop, GoAcceptsACosignatureAndRefusesItUnderAnotherCheckpoint) {
  ASSERT_NO_FATAL_FAILURE(Build("cosigcheck"));
  const auto log = NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'i')));
  const auto witness =
      Cosigner::Make("witness.example/w1", *certs::Ed25519Key::FromSeed(std::string(32, 'w')));
  const std::string note = SignCheckpoint({kOrigin, 7, LeafHash("x")}, *log);
  const std::string other = SignCheckpoint({kOrigin, 8, LeafHash("x")}, *log);
  const std::string line = witness->Cosign(ParseNote(note)->text, 1'679'315'147);
  Write(folder_ / "good", note + line);
  Write(folder_ / "moved", other + line);
  const auto check = [&](const std::string& name) {
    return Run("'" + (folder_ / "cosigcheck").string() + "' '" + (folder_ / name).string() + "' '" +
               log->verifier().ToVkey() + "' '" + witness->verifier().ToVkey() + "'");
  };
  EXPECT_EQ(check("good").output,
            "ok: rujukan/lampung.example cosigned by witness.example/w1 at 1679315147\n");
  EXPECT_EQ(check("moved").status, 1);
}

}  // namespace
}  // namespace rujukan::ledger
