// Goal: a witness answers as C2SP tlog-witness says, every status code for its reason and in the
// specification's order, and never cosigns two histories. Method: one table of requests against a
// tree that the RFC's own recursion makes proofs of; a random walk of a witness over two forks.
#include "ledger/witness.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/tree.h"
#include "tests/unit/ledger/reference_tree.h"

namespace rujukan::ledger {
namespace {

constexpr char kOrigin[] = "rujukan/lampung.example";
constexpr int64_t kTime = 1'795'000'000;

certs::Ed25519Key KeyOf(char seed) {
  return *certs::Ed25519Key::FromSeed(std::string(32, seed));
}

// `count` leaves; from `fork` on another history.
ReferenceTree TreeOf(size_t count, size_t fork = SIZE_MAX) {
  std::vector<Digest> leaves;
  for (size_t i = 0; i < count; ++i) {
    leaves.push_back(LeafHash((i < fork ? "entry " : "other ") + std::to_string(i)));
  }
  return ReferenceTree(std::move(leaves));
}

class WitnessTest : public ::testing::Test {
 protected:
  WitnessTest() { log.keys.push_back(signer.verifier()); }

  std::string NoteAt(size_t size) { return NoteOf({kOrigin, size, tree.Root(size)}); }
  std::string NoteOf(const Checkpoint& checkpoint) { return signer.Sign(checkpoint.Text()); }
  AddCheckpointRequest Request(size_t old_size, size_t size) {
    AddCheckpointRequest request;
    request.old_size = old_size;
    if (old_size > 0 && old_size <= size) {
      request.proof = tree.Consistency(old_size, size);
    }
    request.checkpoint = NoteAt(size);
    return request;
  }
  WitnessAnswer Ask(const AddCheckpointRequest& request) const {
    return DecideAddCheckpoint(request, &log, cosigner, kTime);
  }
  // As a server does: persists what a 200 says.
  WitnessAnswer Add(const AddCheckpointRequest& request) {
    WitnessAnswer answer = Ask(request);
    if (answer.status == 200) {
      log.cosigned = answer.cosigned;
    }
    return answer;
  }

  AddCheckpointRequest Bent(size_t old_size,
                            size_t size,
                            const std::function<void(AddCheckpointRequest&)>& bend) {
    AddCheckpointRequest request = Request(old_size, size);
    bend(request);
    return request;
  }

  struct Case {
    const char* what;
    AddCheckpointRequest request;
    int status;
    std::string body;  // "": any sentence
  };
  void ExpectAnswers(const std::vector<Case>& cases) {
    ASSERT_EQ(Add(Request(0, 7)).status, 200);
    for (const Case& one : cases) {
      SCOPED_TRACE(one.what);
      const WitnessAnswer answer = Ask(one.request);
      EXPECT_EQ(answer.status, one.status) << answer.body;
      EXPECT_EQ(answer.cosigned.empty(), one.status != 200) << "only a 200 is persisted";
      EXPECT_EQ(answer.body.back(), '\n');
      if (!one.body.empty()) {
        EXPECT_EQ(answer.body, one.body);
      }
      EXPECT_EQ(answer.content_type == kTlogSizeType, one.status == 409);
      EXPECT_EQ(answer.authentic.has_value(),
                OpenCheckpoint(one.request.checkpoint, signer.verifier()).has_value())
          << "said to be the log's own only when its key signed it";
    }
  }

  ReferenceTree tree = TreeOf(300);
  NoteSigner signer = *NoteSigner::Make(kOrigin, KeyOf('l'));
  Cosigner cosigner = *Cosigner::Make("witness.example/w1", KeyOf('w'));
  WitnessedLog log{kOrigin, {}, "", ""};
};

TEST_F(WitnessTest, TheFirstCheckpointIsCosignedAndTheAnswerVerifies) {
  const WitnessAnswer answer = Add(Request(0, 7));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const NoteVerifier key = cosigner.verifier();
  const auto merged = MergeCosignatures(NoteAt(7), answer.body, std::span(&key, 1));
  ASSERT_TRUE(merged.has_value()) << merged.error().ToString();
  EXPECT_EQ(*merged, answer.cosigned) << "what is served later is what was answered";
  EXPECT_EQ(VerifyCosignatures(*merged, std::span(&key, 1))->front().time_s, kTime);
  EXPECT_TRUE(OpenCheckpoint(answer.cosigned, signer.verifier()).has_value());
}

TEST_F(WitnessTest, GrowsStepByStepAndRepeatsWhatItHasCosigned) {
  size_t old_size = 0;
  for (const size_t size : {1U, 2U, 7U, 7U, 8U, 255U, 256U, 257U, 257U, 300U}) {
    EXPECT_EQ(Add(Request(old_size, size)).status, 200) << old_size << " -> " << size;
    old_size = size;
  }
}

// The table below in two halves; each request comes when size 7 has been cosigned.
TEST_F(WitnessTest, EveryStatusCodeOfFormAndSignatureHasItsReason) {
  NoteSigner stranger = *NoteSigner::Make(kOrigin, KeyOf('x'));
  NoteSigner elsewhere = *NoteSigner::Make("rujukan/riau.example", KeyOf('r'));
  const std::string other_origin =
      elsewhere.Sign(Checkpoint{"rujukan/riau.example", 9, tree.Root(9)}.Text());
  using R = AddCheckpointRequest;
  ExpectAnswers({
      {"the next size with its proof", Request(7, 12), 200, ""},
      {"the same size again", Request(7, 7), 200, ""},
      {"no note", Bent(7, 9, [](R& r) { r.checkpoint = "nonsense"; }), 400, ""},
      {"a note that is no checkpoint",
       Bent(7, 9, [&](R& r) { r.checkpoint = signer.Sign("hello\n"); }),
       400,
       ""},
      {"a tree size with a leading zero",
       Bent(7,
            9,
            [&](R& r) {
              r.checkpoint = signer.Sign(std::string(kOrigin) + "\n09\n" +
                                         ToBase64(tree.Root(9).view()) + "\n");
            }),
       400,
       ""},
      {"an unknown origin", Bent(7, 9, [&](R& r) { r.checkpoint = other_origin; }), 404, ""},
      {"an unknown origin before a bad old size",
       Bent(99, 9, [&](R& r) { r.checkpoint = other_origin; }),
       404,
       ""},
      {"a stranger's signature",
       Bent(7, 9, [&](R& r) { r.checkpoint = stranger.Sign(ParseNote(NoteAt(9))->text); }),
       403,
       ""},
      {"a signature of another text",
       Bent(7, 9, [&](R& r) { r.checkpoint.replace(r.checkpoint.find("\n9\n"), 3, "\n8\n"); }),
       403,
       ""},
      {"a good signature beside a bad one by the same key",
       Bent(7,
            9,
            [&](R& r) { r.checkpoint += SignatureLine(ParseNote(NoteAt(8))->signatures.front()); }),
       403,
       ""},
      {"the signature before the old size",
       Bent(99, 9, [&](R& r) { r.checkpoint = stranger.Sign(ParseNote(NoteAt(9))->text); }),
       403,
       ""},
  });
}

TEST_F(WitnessTest, EveryStatusCodeOfSizesAndProofsHasItsReason) {
  const auto forked = [&](size_t size) {
    ReferenceTree other = TreeOf(300, 3);
    return NoteOf({kOrigin, size, other.Root(size)});
  };
  using R = AddCheckpointRequest;
  ExpectAnswers({
      {"an old size over the new one", Request(10, 9), 400, ""},
      {"an old size over the new one, even if it is the cosigned one", Request(7, 6), 400, ""},
      {"an old size that was never cosigned", Request(6, 9), 409, "7\n"},
      {"an old size ahead of the cosigned one", Request(8, 9), 409, "7\n"},
      {"from nothing, though something was cosigned", Request(0, 9), 409, "7\n"},
      {"a smaller checkpoint", Request(3, 5), 409, "7\n"},
      {"the conflict before the proof", Bent(6, 9, [](R& r) { r.proof.clear(); }), 409, "7\n"},
      {"a proof that lacks a hash", Bent(7, 9, [](R& r) { r.proof.pop_back(); }), 422, ""},
      {"a proof with a hash too many",
       Bent(7, 9, [](R& r) { r.proof.push_back(r.proof.front()); }),
       422,
       ""},
      {"a changed proof", Bent(7, 9, [](R& r) { r.proof.front().data()[0] ^= 1; }), 422, ""},
      {"no proof at all", Bent(7, 9, [](R& r) { r.proof.clear(); }), 422, ""},
      {"the same size with a proof",
       Bent(7, 7, [&](R& r) { r.proof = tree.Consistency(7, 9); }),
       422,
       ""},
      {"the same size with another root",
       Bent(7, 7, [&](R& r) { r.checkpoint = forked(7); }),
       422,
       ""},
      {"another history", Bent(7, 9, [&](R& r) { r.checkpoint = forked(9); }), 422, ""},
  });
}

TEST_F(WitnessTest, OfNothingCosignedYetTheSizeIsZero) {
  EXPECT_EQ(Ask(Request(5, 9)).body, "0\n");
  AddCheckpointRequest with_proof = Request(0, 9);
  with_proof.proof = tree.Consistency(7, 9);
  EXPECT_EQ(Ask(with_proof).status, 422) << "from 0 the proof is empty";
}

TEST_F(WitnessTest, AnEmptyTreeIsCosignedWithTheEmptyRootOnly) {
  AddCheckpointRequest request;
  request.checkpoint = NoteOf({kOrigin, 0, LeafHash("x")});
  EXPECT_EQ(Ask(request).status, 422);
  request.checkpoint = NoteOf({kOrigin, 0, EmptyRoot()});
  EXPECT_EQ(Add(request).status, 200);
  EXPECT_EQ(Add(request).status, 200) << "again";
  EXPECT_EQ(Add(Request(0, 9)).status, 200) << "grows from there";
}

TEST_F(WitnessTest, TheSameSizeWithAnotherRootIsSaidToContradict) {
  ASSERT_EQ(Add(Request(0, 7)).status, 200);
  AddCheckpointRequest request = Request(7, 7);
  ReferenceTree other = TreeOf(300, 3);
  request.checkpoint = NoteOf({kOrigin, 7, other.Root(7)});
  const WitnessAnswer answer = Ask(request);
  EXPECT_TRUE(answer.contradicts);
  EXPECT_EQ(answer.authentic->root, other.Root(7));
  request = Request(7, 9);
  request.proof.clear();
  EXPECT_FALSE(Ask(request).contradicts) << "anybody can send a wrong proof: it proves nothing";
}

TEST_F(WitnessTest, ALogThatIsRefusedGets403WithTheReason) {
  log.refused = "this ledger holds an illegal entry";
  const WitnessAnswer answer = Ask(Request(0, 7));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.body, "not cosigned: this ledger holds an illegal entry\n");
  EXPECT_TRUE(answer.authentic.has_value());
}

TEST_F(WitnessTest, StrangersSignaturesAreNotPersisted) {
  AddCheckpointRequest request = Request(0, 7);
  const Cosigner other = *Cosigner::Make("witness.example/w2", KeyOf('v'));
  request.checkpoint += other.Cosign(ParseNote(NoteAt(7))->text, kTime);
  const WitnessAnswer answer = Ask(request);
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(ParseNote(answer.cosigned)->signatures.size(), 2U);
}

TEST_F(WitnessTest, OfSeveralTrustedKeysOneIsEnough) {
  log.keys.push_back(NoteSigner::Make(kOrigin, KeyOf('n'))->verifier());
  EXPECT_EQ(Ask(Request(0, 7)).status, 200);
}

TEST(WitnessRequest, WhatParsesIsWrittenTheSame) {
  const std::string hash = ToBase64(std::string(32, 'h')) + "\n";
  for (const std::string& body : {std::string("old 0\n\nnote"),
                                  "old 20852014\n" + hash + hash + "\nnote\nmore\n",
                                  std::string("old 18446744073709551615\n\n")}) {
    const auto request = AddCheckpointRequest::Parse(body);
    ASSERT_TRUE(request.has_value()) << body;
    EXPECT_EQ(request->Body(), body);
  }
}

TEST(WitnessRequest, EveryMalformedBodyIsInvalid) {
  const std::string hash = ToBase64(std::string(32, 'h'));
  for (const std::string& body : {std::string(""),
                                  std::string("old 0"),
                                  std::string("old 0\n"),
                                  std::string("old\n\nnote"),
                                  std::string("old  0\n\nnote"),
                                  std::string("Old 0\n\nnote"),
                                  std::string("old 01\n\nnote"),
                                  std::string("old -1\n\nnote"),
                                  std::string("old 0 \n\nnote"),
                                  std::string("old 0\r\n\r\nnote"),
                                  std::string("old 18446744073709551616\n\nnote"),
                                  std::string("size 0\n\nnote"),
                                  "old 3\n" + hash + "note",
                                  "old 3\n" + hash + " \n\nnote",
                                  "old 3\n" + hash.substr(0, 43) + "\n\nnote",
                                  "old 3\n" + ToBase64(std::string(31, 'h')) + "\n\nnote",
                                  "old 3\n" + ToBase64(std::string(33, 'h')) + "\n\nnote"}) {
    const auto request = AddCheckpointRequest::Parse(body);
    ASSERT_FALSE(request.has_value()) << body;
    EXPECT_EQ(request.error().code, Errc::kInvalid) << body;
  }
}

TEST(WitnessRequest, AsManyHashesAndBytesAsTheLimitsAndNoMore) {
  const std::string hash = ToBase64(std::string(32, 'h')) + "\n";
  std::string lines;
  for (size_t i = 0; i < limits::kProofHashesMax; ++i) {
    lines += hash;
  }
  EXPECT_TRUE(AddCheckpointRequest::Parse("old 3\n" + lines + "\nnote").has_value());
  EXPECT_FALSE(AddCheckpointRequest::Parse("old 3\n" + lines + hash + "\nnote").has_value());
  const std::string body = "old 3\n\n";
  const std::string note(limits::kWitnessRequestBytesMax - body.size(), 'n');
  EXPECT_TRUE(AddCheckpointRequest::Parse(body + note).has_value());
  EXPECT_EQ(AddCheckpointRequest::Parse(body + note + "n").error().code, Errc::kLimit);
}

// Whatever it is asked, in whatever order, all that a witness cosigns is of one history.
TEST_F(WitnessTest, ARandomWalkOverTwoForksNeverCosignsBoth) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  ReferenceTree forks[] = {TreeOf(60), TreeOf(60, 20)};
  size_t latest = 0;
  bool cosigned[2] = {false, false};  // past the fork
  for (int step = 0; step < 2000; ++step) {
    const size_t which = random() % 2;
    const size_t size = 1 + random() % 60;
    const size_t old_size = random() % 3 == 0 ? random() % 61 : latest;
    AddCheckpointRequest request;
    request.old_size = old_size;
    if (old_size > 0 && old_size <= size) {
      request.proof = forks[which].Consistency(old_size, size);
    }
    request.checkpoint = NoteOf({kOrigin, size, forks[which].Root(size)});
    if (Add(request).status == 200) {
      EXPECT_GE(size, latest) << "rolled back";
      latest = size;
      cosigned[which] |= size > 20;
    }
  }
  EXPECT_GT(latest, 20U);
  EXPECT_NE(cosigned[0], cosigned[1]) << "both histories were cosigned";
}

// Anybody may repeat the log's public signature line; what is persisted must still be readable.
TEST_F(WitnessTest, ALineRepeatedAHundredTimesIsKeptOnceAndNothingIsForgotten) {
  ASSERT_EQ(Add(Request(0, 7)).status, 200);
  AddCheckpointRequest repeated = Request(7, 9);
  const Note note = *ParseNote(repeated.checkpoint);
  for (size_t i = 1; i < limits::kNoteSignaturesMax; ++i) {
    repeated.checkpoint += SignatureLine(note.signatures.front());
  }
  ASSERT_EQ(Add(repeated).status, 200);
  EXPECT_EQ(ParseNote(log.cosigned)->signatures.size(), 2U) << "the log's and the witness's";
  EXPECT_EQ(Ask(Request(0, 7)).status, 409) << "it still knows that it has cosigned 9";
}

TEST_F(WitnessTest, WhoCannotReadWhatItCosignedCosignsNothing) {
  log.cosigned = "what a bad disk left";
  const WitnessAnswer answer = Ask(Request(0, 7));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.cosigned, "");
}

TEST_F(WitnessTest, ACheckpointThatLeavesNoRoomForACosignatureIsNotCosigned) {
  AddCheckpointRequest request = Request(0, 7);
  const std::string text = ParseNote(request.checkpoint)->text;
  const size_t room = limits::kCheckpointBytesMax - request.checkpoint.size();
  request.checkpoint = signer.Sign(text + std::string(room - 1, 'x') + "\n");
  ASSERT_EQ(request.checkpoint.size(), limits::kCheckpointBytesMax);
  EXPECT_EQ(Add(request).status, 422);
  EXPECT_EQ(log.cosigned, "");
}

}  // namespace
}  // namespace rujukan::ledger
