// An agency's read trail as a file for an auditor: every leaf with its number and its hash as the
// agency's own tree has it, so that a leaf that was changed or taken out is named by its number and
// not only missed in the root. docs/formats/read-trail.md. Pure.
//
//   rujukan-reads@v1
//   dinsos.18@lampung.example
//   3
//
//   0 <hash, base64> <ReadEvent bytes, base64>
//   ...
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace rujukan::ledger {

struct ReadLeaf {
  uint64_t number = 0;
  Digest hash;        // as the agency's tree has it
  std::string event;  // ReadEvent bytes: RFC 6962 leaf
};

struct ReadsFile {
  std::string agency;
  uint64_t size = 0;  // leaves there are, says the head
  std::vector<ReadLeaf> leaves;
  std::vector<uint64_t> broken;  // lines (from 1) that are no leaves
};

std::string ReadsFileHead(std::string_view agency, uint64_t size);
std::string ReadsFileLine(const ReadLeaf& leaf);

// A line that is no leaf is noted, and reading goes on: whoever checks wants all of what is wrong.
// A leaf over limits::kReadEventBytesMax is no leaf. kInvalid: the head. The file as a whole is
// bounded by whoever reads it.
Result<ReadsFile> ParseReadsFile(std::string_view text);

}  // namespace rujukan::ledger
