// Goal: a receipt proves that exactly this entry is in exactly that ledger, and nothing that is not
// one passes. Method: files of C2SP tlog-proof good and bad, receipts of a small ledger with parts
// exchanged.
#include "ledger/receipt.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/tree.h"
#include "tests/unit/ledger/memory_tiles.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

constexpr char kOrigin[] = "rujukan/lampung.example";

NoteSigner Signer() {
  return *NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'r')));
}

std::string EntryOf(uint64_t index) {
  return "entry " + std::to_string(index);
}

// Receipts of a ledger of `size` entries, for each of them.
std::vector<Receipt> ReceiptsOf(TreeSize size) {
  Tree tree;
  for (uint64_t i = 0; i < size; ++i) {
    tree.Append(LeafHash(EntryOf(i)));
  }
  const std::string note = SignCheckpoint({kOrigin, size, tree.Root()}, Signer());
  std::vector<Receipt> receipts;
  for (uint64_t i = 0; i < size; ++i) {
    Receipt receipt;
    receipt.index = i;
    receipt.path = *tree.InclusionProof(i, MemoryTiles());
    receipt.checkpoint = note;
    receipts.push_back(std::move(receipt));
  }
  return receipts;
}

TEST(Receipt, GoodFilesParseAndAreWrittenTheSame) {
  for (const char* name : {"no-hashes", "two-hashes", "extra", "empty-extra", "63-hashes"}) {
    SCOPED_TRACE(name);
    const std::string text = vectors::Read(std::string("c2sp-tlog-proof/") + name + ".tlog-proof");
    const auto parsed = Receipt::Parse(text);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().ToString();
    EXPECT_EQ(parsed->Text(), text);
  }
}

TEST(Receipt, PartsArriveWhereTheyBelong) {
  const auto parsed = Receipt::Parse(vectors::Read("c2sp-tlog-proof/extra.tlog-proof"));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->extra, "hello");
  EXPECT_EQ(parsed->index, 73'894U);
  EXPECT_EQ(parsed->path.size(), 1U);
  EXPECT_EQ(parsed->checkpoint.substr(0, 12), "example.com/");
  EXPECT_FALSE(Receipt::Parse(vectors::Read("c2sp-tlog-proof/no-hashes.tlog-proof"))->extra);
}

TEST(Receipt, EveryMalformedFileIsInvalid) {
  for (const auto& file : vectors::FilesOf("c2sp-tlog-proof/invalid")) {
    SCOPED_TRACE(file.filename().string());
    const auto parsed = Receipt::Parse(vectors::ReadFile(file));
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().code, Errc::kInvalid);
  }
}

TEST(Receipt, AsManyBytesAsTheLimitAndNoMore) {
  Receipt receipt;
  receipt.checkpoint = "x";
  const size_t around = receipt.Text().size() - 1;
  receipt.checkpoint = std::string(limits::kReceiptBytesMax - around, 'x');
  EXPECT_TRUE(Receipt::Parse(receipt.Text()).has_value());
  receipt.checkpoint += "x";
  EXPECT_EQ(Receipt::Parse(receipt.Text()).error().code, Errc::kInvalid);
}

TEST(Receipt, EveryEntryOfALedgerIsProvenByItsReceiptAfterTravelAsText) {
  for (const TreeSize size : {1ULL, 2ULL, 3ULL, 7ULL, 300ULL}) {
    for (const Receipt& receipt : ReceiptsOf(size)) {
      const auto travelled = Receipt::Parse(receipt.Text());
      ASSERT_TRUE(travelled.has_value());
      const auto verified = VerifyReceipt(*travelled, EntryOf(receipt.index), Signer().verifier());
      ASSERT_TRUE(verified.has_value()) << verified.error().ToString();
      EXPECT_EQ(verified->index, receipt.index);
      EXPECT_EQ(verified->checkpoint.size, size);
    }
  }
}

TEST(Receipt, AnotherImplementationMakesTheSameBytes) {
  const auto signer = NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 1)));
  EXPECT_EQ(signer->verifier().ToVkey() + "\n", vectors::Read("rujukan-ledger/vkey"));
  Tree tree;
  for (const char* entry : {"satu", "dua", "tiga"}) {
    tree.Append(LeafHash(entry));
  }
  Receipt receipt;
  receipt.index = 1;
  receipt.path = *tree.InclusionProof(1, MemoryTiles());
  receipt.checkpoint = SignCheckpoint({kOrigin, 3, tree.Root()}, *signer);
  EXPECT_EQ(receipt.Text(), vectors::Read("rujukan-ledger/dua.tlog-proof"));
  EXPECT_TRUE(VerifyReceipt(receipt, "dua", signer->verifier()).has_value());
}

TEST(Receipt, AnotherEntryOrIndexIsCorrupt) {
  std::vector<Receipt> receipts = ReceiptsOf(7);
  const NoteVerifier log = Signer().verifier();
  EXPECT_EQ(VerifyReceipt(receipts[3], EntryOf(4), log).error().code, Errc::kCorrupt);
  EXPECT_EQ(VerifyReceipt(receipts[3], EntryOf(3) + " ", log).error().code, Errc::kCorrupt);
  receipts[3].index = 2;
  EXPECT_EQ(VerifyReceipt(receipts[3], EntryOf(3), log).error().code, Errc::kCorrupt);
}

TEST(Receipt, AnIndexBeyondTheCheckpointOrACutPathIsInvalid) {
  std::vector<Receipt> receipts = ReceiptsOf(7);
  const NoteVerifier log = Signer().verifier();
  receipts[3].index = 7;
  EXPECT_EQ(VerifyReceipt(receipts[3], EntryOf(3), log).error().code, Errc::kInvalid);
  receipts[4].path.pop_back();
  EXPECT_EQ(VerifyReceipt(receipts[4], EntryOf(4), log).error().code, Errc::kInvalid);
}

TEST(Receipt, ACheckpointByAnotherKeyIsDenied) {
  const auto other = NoteSigner::Make(kOrigin, *certs::Ed25519Key::FromSeed(std::string(32, 'o')));
  const auto verified = VerifyReceipt(ReceiptsOf(7)[3], EntryOf(3), other->verifier());
  EXPECT_EQ(verified.error().code, Errc::kDenied);
}

TEST(Receipt, WhatIsInExtraChangesNothing) {
  Receipt receipt = ReceiptsOf(7)[3];
  receipt.extra = "forged";
  EXPECT_TRUE(VerifyReceipt(receipt, EntryOf(3), Signer().verifier()).has_value());
}

}  // namespace
}  // namespace rujukan::ledger
