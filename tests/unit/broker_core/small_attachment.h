// An attachment for tests of the broker: chunks of a hundred bytes, with what proves each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/core/chunk_store.h"
#include "certs/merkle.h"

namespace rujukan::broker {

class SmallAttachment {
 public:
  explicit SmallAttachment(uint32_t chunks, char fill = 'a') {
    std::vector<Digest> leaves;
    for (uint32_t i = 0; i < chunks; ++i) {
      chunks_.push_back(std::string(100 + i, fill));
      leaves.push_back(certs::LeafHash(chunks_.back()));
    }
    tree_ = std::make_unique<certs::MerkleTree>(leaves);
    key.leg = LegId::FromBytes(std::string(16, fill)).value();
    key.root = tree_->Root();
  }
  ChunkToPut Chunk(uint32_t index, const std::string& sender = "uppa.18@lampung.example") const {
    return {key,
            sender,
            index,
            static_cast<uint32_t>(chunks_.size()),
            tree_->Path(index),
            chunks_[index]};
  }
  const std::string& data(uint32_t index) const { return chunks_[index]; }
  std::vector<Digest> path(uint32_t index) const { return tree_->Path(index); }

  AttachmentKey key;

 private:
  std::vector<std::string> chunks_;
  std::unique_ptr<certs::MerkleTree> tree_;
};

}  // namespace rujukan::broker
