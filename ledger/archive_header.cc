// The text at the beginning of an archive file.

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/archive.h"
#include "ledger/nodes.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kMagic = "rujukan-archive@v1";

// Takes lines off the front of a text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  // "word value": the value. kInvalid: another word, or no line.
  Result<std::string_view> Value(std::string_view word) {
    if (!Begins(word)) {
      return Fail(Errc::kInvalid,
                  "not an archive file: the line `" + std::string(word) + "` is missing");
    }
    const size_t end = rest_.find('\n');
    const std::string_view value = rest_.substr(word.size() + 1, end - word.size() - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }
  bool Begins(std::string_view word) const {
    return rest_.find('\n') != std::string_view::npos && rest_.starts_with(word) &&
           rest_.find_first_of(" \n") == word.size() && rest_[word.size()] == ' ';
  }
  bool Take(std::string_view line) {
    if (!rest_.starts_with(line)) {
      return false;
    }
    rest_.remove_prefix(line.size());
    return true;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

Result<Digest> ReadHash(std::string_view base64) {
  ASSIGN_OR_RETURN(const std::string raw, FromBase64(base64));
  return Digest::FromBytes(raw);
}

Result<ArchiveRange> ReadRange(std::string_view numbers) {
  const size_t space = numbers.find(' ');
  if (space == std::string_view::npos) {
    return Fail(Errc::kInvalid, "not an archive file: `entries` names two numbers");
  }
  ArchiveRange range;
  ASSIGN_OR_RETURN(range.first, ParseDecimal(numbers.substr(0, space)));
  ASSIGN_OR_RETURN(range.end, ParseDecimal(numbers.substr(space + 1)));
  RETURN_IF_ERROR(CheckRange(range));
  return range;
}

}  // namespace

std::string ArchiveHeader::Text() const {
  std::string text(kMagic);
  text += "\norigin " + origin;
  text += "\nentries " + std::to_string(range.first) + " " + std::to_string(range.end);
  text += "\nroot " + ToBase64(root.view());
  for (const Digest& hash : path) {
    text += "\npath " + ToBase64(hash.view());
  }
  text += "\ncheckpoint " + std::to_string(checkpoint.size()) + "\n";
  return text + checkpoint;
}

Result<ArchiveHeader> ArchiveHeader::Parse(std::string_view file, size_t& bytes_used) {
  Lines lines(file);
  if (!lines.Take(kMagic) || !lines.Take("\n")) {
    return Fail(Errc::kInvalid, "not an archive file: it does not begin with rujukan-archive@v1");
  }
  ArchiveHeader header;
  ASSIGN_OR_RETURN(header.origin, lines.Value("origin"));
  ASSIGN_OR_RETURN(const std::string_view numbers, lines.Value("entries"));
  ASSIGN_OR_RETURN(header.range, ReadRange(numbers));
  ASSIGN_OR_RETURN(const std::string_view root, lines.Value("root"));
  ASSIGN_OR_RETURN(header.root, ReadHash(root));
  while (lines.Begins("path")) {
    if (header.path.size() == limits::kProofHashesMax) {
      return Fail(Errc::kInvalid, "not an archive file: its path has over 63 hashes");
    }
    ASSIGN_OR_RETURN(const std::string_view line, lines.Value("path"));
    ASSIGN_OR_RETURN(const Digest hash, ReadHash(line));
    header.path.push_back(hash);
  }
  ASSIGN_OR_RETURN(const std::string_view line, lines.Value("checkpoint"));
  ASSIGN_OR_RETURN(const uint64_t length, ParseDecimal(line));
  if (length > limits::kCheckpointBytesMax || length > lines.rest().size()) {
    return Fail(Errc::kInvalid, "not an archive file: its checkpoint is cut off or too long");
  }
  header.checkpoint = lines.rest().substr(0, length);
  bytes_used = file.size() - lines.rest().size() + length;
  return header;
}

Result<Digest> RangeRoot(const ArchiveRange& range, TreeSize size, const TileReader& tiles) {
  RETURN_IF_ERROR(CheckRange(range));
  if (range.end > size) {
    return Fail(Errc::kInvalid,
                RangeText(range) + " are not all in a ledger of " + std::to_string(size));
  }
  StoredNodes nodes(size, tiles);
  return nodes.Node(range.Height(), range.first >> range.Height());
}

Result<ArchiveHeader> MakeArchiveHeader(const ArchiveRange& range,
                                        const Checkpoint& checkpoint,
                                        std::string note,
                                        const TileReader& tiles) {
  ArchiveHeader header;
  header.origin = checkpoint.origin;
  header.range = range;
  ASSIGN_OR_RETURN(header.root, RangeRoot(range, checkpoint.size, tiles));
  StoredNodes nodes(checkpoint.size, tiles);
  ASSIGN_OR_RETURN(const Frontier frontier, MakeFrontier(checkpoint.size, nodes));
  ASSIGN_OR_RETURN(header.path,
                   SiblingsFrom(range.Height(), range.first >> range.Height(), frontier, nodes));
  header.checkpoint = std::move(note);
  return header;
}

}  // namespace rujukan::ledger
