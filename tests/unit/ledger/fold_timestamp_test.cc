// Goal: a time-stamp on record is of this ledger's own checkpoint, newer than the one before, and
// over exactly its bytes. Method: a World, a local authority by openssl(1); right and wrong
// entries. Whether the authority can be trusted is the auditor's question (verify --tsa).
#include <gtest/gtest.h>

#include "certs/hash.h"
#include "ledger/checkpoint.h"
#include "ledger/records.h"
#include "ledger/tree.h"
#include "tests/support/tsa.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::K;
using testing::R;

class FoldTimestampTest : public testing::ActTest {
 protected:
  static void SetUpTestSuite() { tsa = new rujukan::testing::Tsa; }
  static void TearDownTestSuite() {
    delete tsa;
    tsa = nullptr;
  }

  // A checkpoint of the first `size` entries.
  std::string NoteOf(TreeSize size, const NoteSigner& signer) const {
    Checkpoint checkpoint;
    checkpoint.origin = signer.verifier().name;
    checkpoint.size = size;
    Tree tree;
    for (LogIndex index = 0; index < std::min(size, world.size()); ++index) {
      tree.Append(LeafHash(world.entries()[index]));
    }
    checkpoint.root = tree.Root();
    return SignCheckpoint(checkpoint, signer);
  }
  std::string NoteOf(TreeSize size) const { return NoteOf(size, world.log()); }

  R::Code Stamp(const std::string& note, const std::string& token) {
    v1::Entry entry;
    entry.mutable_timestamp()->set_checkpoint(note);
    entry.mutable_timestamp()->set_token(token);
    return Whole(std::move(entry));
  }
  R::Code Stamp(const std::string& note) { return Stamp(note, tsa->Token(certs::Sha256(note))); }

  static rujukan::testing::Tsa* tsa;
};

rujukan::testing::Tsa* FoldTimestampTest::tsa = nullptr;

TEST_F(FoldTimestampTest, AStampOfTheNewestCheckpointIsPutOnRecord) {
  const TreeSize size = world.size();
  ASSERT_EQ(Stamp(NoteOf(size)), R::UNSPECIFIED) << advice;
  const auto duties = ReadDuties(world.view());
  EXPECT_EQ(duties->stamped_size(), size);
  EXPECT_EQ(duties->stamped_index(), size);
  EXPECT_GT(duties->stamped_at_ms(), 0);
}

TEST_F(FoldTimestampTest, AStampOfOtherBytesIsRefused) {
  const std::string note = NoteOf(world.size());
  const std::string other = tsa->Token(certs::Sha256(NoteOf(world.size() - 1)));
  EXPECT_EQ(Stamp(note, other), R::DIGEST_MISMATCH);
  EXPECT_EQ(Stamp(note + " ", other), R::BAD_SIGNATURE);
  EXPECT_EQ(Stamp(note, "not a token"), R::MALFORMED);
  EXPECT_EQ(Stamp(note, ""), R::MALFORMED);
}

TEST_F(FoldTimestampTest, ACheckpointOfAnotherLedgerIsRefused) {
  const auto stranger =
      NoteSigner::Make("rujukan/lain.example", certs::Ed25519Key::Generate()).value();
  EXPECT_EQ(Stamp(NoteOf(world.size(), stranger)), R::BAD_SIGNATURE);
  const auto impostor =
      NoteSigner::Make(world.log().verifier().name, certs::Ed25519Key::Generate()).value();
  EXPECT_EQ(Stamp(NoteOf(world.size(), impostor)), R::BAD_SIGNATURE);
}

TEST_F(FoldTimestampTest, StampsOnlyGoForward) {
  const std::string older = NoteOf(world.size() - 1);
  const std::string note = NoteOf(world.size());
  ASSERT_EQ(Stamp(note), R::UNSPECIFIED);
  EXPECT_EQ(Stamp(note), R::MALFORMED) << "the same once more";
  EXPECT_EQ(Stamp(older), R::MALFORMED);
  EXPECT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN)), R::UNSPECIFIED);
  EXPECT_EQ(Stamp(NoteOf(world.size())), R::UNSPECIFIED);
}

TEST_F(FoldTimestampTest, ACheckpointBeyondTheEntryItselfIsRefused) {
  EXPECT_EQ(Stamp(NoteOf(world.size() + 1)), R::MALFORMED);
  EXPECT_EQ(Stamp(NoteOf(world.size())), R::UNSPECIFIED);
}

}  // namespace
}  // namespace rujukan::ledger
