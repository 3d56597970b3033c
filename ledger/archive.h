// Archive files: old entries of a ledger, immutable, each file checkable alone with the ledger's
// key and against the tree. docs/formats/archive.md.
//
//   rujukan-archive@v1                      text, to be read with `head`
//   origin rujukan/<domain>
//   entries <first> <end>
//   root <base64>                           of the subtree over these entries
//   path <base64>                           0 to 63 times: from there up to the checkpoint's root
//   checkpoint <bytes>
//   <signed note, verbatim>
//   then for each 256 entries, in order:
//   'E' u32 length, entry bundle            as tlog-tiles has it
//   'H' u32 8192, the entries' leaf hashes  the level-0 tile
//   32 bytes: SHA-256 of everything before
//
// Pure: bytes come from an ArchiveBytes and leave through an ArchiveSink, so no file is ever whole
// in memory. Thread: one owner each.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/hash.h"
#include "ledger/archive_range.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace rujukan::ledger {

struct ArchiveHeader {
  std::string origin;
  ArchiveRange range;
  Digest root;
  std::vector<Digest> path;  // lowest first
  std::string checkpoint;    // signed note, verbatim

  std::string Text() const;
  // From the beginning of a file. kInvalid: no such header. `bytes_used`: where the parts begin.
  static Result<ArchiveHeader> Parse(std::string_view file, size_t& bytes_used);
};

// Root and path of the range out of stored tiles, in the tree of `note`, which covers it (kInvalid
// otherwise). Errors are the reader's.
Result<ArchiveHeader> MakeArchiveHeader(const ArchiveRange& range,
                                        const Checkpoint& checkpoint,
                                        std::string note,
                                        const TileReader& tiles);

// The root of a range in a tree of `size` >= range.end, out of its tiles.
Result<Digest> RangeRoot(const ArchiveRange& range, TreeSize size, const TileReader& tiles);

using ArchiveSink = std::function<Result<void>(std::string_view bytes)>;

class ArchiveWriter {
 public:
  // `bytes_max`: kLimit is answered instead of writing more.
  ArchiveWriter(ArchiveHeader header, ArchiveSink sink, uint64_t bytes_max);

  Result<void> Begin();
  // The next 256 entries (CHECK). kConflict: there are more than the range holds.
  Result<void> Add(const std::vector<std::string>& entries);
  // kCorrupt: the entries do not come to the header's root; the file is worthless.
  Result<void> Finish();

 private:
  Result<void> Put(std::string_view bytes);
  Result<void> PutPart(char kind, std::string_view bytes);

  const ArchiveHeader header_;
  const ArchiveSink sink_;
  const uint64_t bytes_max_;
  uint64_t bytes_ = 0;
  certs::Sha256Stream digest_;
  std::vector<Digest> bundle_roots_;
};

// A file's bytes. Errors: kUnavailable, or kCorrupt when they end before `offset + length`.
class ArchiveBytes {
 public:
  virtual ~ArchiveBytes() = default;
  virtual uint64_t Size() const = 0;
  virtual Result<std::string> Read(uint64_t offset, size_t length) const = 0;
};

struct ArchiveFault {
  std::optional<LogIndex> entry;  // at fault, if it is one
  std::string problem;

  std::string Text() const;  // "entry 7: its bytes are not ..."
};

class Archive {
 public:
  // Reads the header and the places of the parts. kInvalid: it is no archive file. kCorrupt: it
  // ends early or its lengths do not add up; the text names the entries. `bytes` must outlive it.
  static Result<Archive> Open(const ArchiveBytes& bytes);

  const ArchiveHeader& header() const { return header_; }

  // Everything that is wrong with the file, as far as it can tell alone; empty: it is what the
  // ledger's key signed. Never stops at the first; at most limits::kReplayFindingsMax. An error is
  // one of reading.
  Result<std::vector<ArchiveFault>> Verify(const NoteVerifier& log) const;

  // The entry bundle `number` of the ledger (kNotFound: another file's), as bytes; nothing is
  // verified here.
  Result<std::string> ReadBundle(uint64_t number) const;

 private:
  struct Part {
    uint64_t offset = 0;
    uint32_t length = 0;
  };
  Archive(const ArchiveBytes& bytes, ArchiveHeader header)
      : bytes_(&bytes), header_(std::move(header)) {}

  Result<void> FindParts(uint64_t offset);
  Result<Part> FindPart(char kind, uint64_t& offset) const;
  Result<std::string> ReadPart(const Part& part) const;
  Result<void> CheckDigest(std::vector<ArchiveFault>& faults) const;
  void CheckPlace(const NoteVerifier& log, std::vector<ArchiveFault>& faults) const;
  Result<Digest> CheckBundle(size_t place, std::vector<ArchiveFault>& faults) const;

  const ArchiveBytes* bytes_;
  ArchiveHeader header_;
  std::vector<Part> bundles_;
  std::vector<Part> tiles_;
};

}  // namespace rujukan::ledger
