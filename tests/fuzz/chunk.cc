// A chunk of an attachment as it travels: what is believed leads to its root, and nothing that was
// bent does.
#include "base/check.h"
#include "certs/merkle.h"
#include "ledger/attachment.h"
#include "rujukan/v1/wire.pb.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  v1::PutChunk put;
  if (!put.ParseFromArray(data, static_cast<int>(size))) {
    return 0;
  }
  const std::vector<const std::string*> path(put.path().pointer_begin(), put.path().pointer_end());
  const auto proof = ledger::ReadChunkProof(put.root(), put.index(), put.chunks(), path);
  if (!proof) {
    return 0;
  }
  CHECK(proof->index < proof->chunks && proof->chunks <= limits::kAttachmentChunksMax);
  CHECK(proof->path.size() <= limits::kAttachmentPathHashesMax);
  const auto leaf = ledger::CheckChunk(*proof, put.data());
  if (leaf) {
    CHECK(*leaf == certs::LeafHash(put.data()));
    std::string bent = put.data();
    bent.back() = static_cast<char>(bent.back() ^ 1);
    CHECK(!ledger::CheckChunk(*proof, bent));
  }
  return 0;
}
