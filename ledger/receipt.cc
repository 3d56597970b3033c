#include "ledger/receipt.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/tree.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kMagic = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";
constexpr size_t kHashLineBytes = 45;  // 44 of base64 and the newline

// Takes the first line, without its newline, off `text`. kInvalid when there is none.
Result<std::string_view> TakeLine(std::string_view& text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    return Fail(Errc::kInvalid, "the receipt is cut off");
  }
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

bool StartsWith(std::string_view line, std::string_view prefix) {
  return line.substr(0, prefix.size()) == prefix;
}

// Hash lines up to and with the blank line.
Result<std::vector<Digest>> TakePath(std::string_view& text) {
  std::vector<Digest> path;
  ASSIGN_OR_RETURN(std::string_view line, TakeLine(text));
  while (!line.empty()) {
    if (path.size() == limits::kProofHashesMax) {
      return Fail(
          Errc::kInvalid,
          "the receipt's path has over " + std::to_string(limits::kProofHashesMax) + " hashes");
    }
    ASSIGN_OR_RETURN(const std::string raw, FromBase64(line));
    ASSIGN_OR_RETURN(const Digest hash, Digest::FromBytes(raw));
    path.push_back(hash);
    ASSIGN_OR_RETURN(line, TakeLine(text));
  }
  return path;
}

}  // namespace

std::string Receipt::Text() const {
  std::string text;
  text.reserve(64 + path.size() * kHashLineBytes + checkpoint.size());
  text.append(kMagic).append("\n");
  if (extra.has_value()) {
    text.append(kExtra);
    AppendBase64(*extra, text);
    text.append("\n");
  }
  text.append(kIndex).append(std::to_string(index)).append("\n");
  for (const Digest& hash : path) {
    AppendBase64(hash.view(), text);
    text.append("\n");
  }
  text.append("\n").append(checkpoint);
  return text;
}

Result<Receipt> Receipt::Parse(std::string_view text) {
  if (text.size() > limits::kReceiptBytesMax) {
    return Fail(Errc::kInvalid,
                "the receipt is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kReceiptBytesMax));
  }
  Receipt receipt;
  ASSIGN_OR_RETURN(std::string_view line, TakeLine(text));
  if (line != kMagic) {
    return Fail(Errc::kInvalid, "a receipt begins with the line " + std::string(kMagic));
  }
  ASSIGN_OR_RETURN(line, TakeLine(text));
  if (StartsWith(line, kExtra)) {
    ASSIGN_OR_RETURN(receipt.extra, FromBase64(line.substr(kExtra.size())));
    ASSIGN_OR_RETURN(line, TakeLine(text));
  }
  if (!StartsWith(line, kIndex)) {
    return Fail(Errc::kInvalid, "the receipt has no line `index <number>` where it belongs");
  }
  ASSIGN_OR_RETURN(receipt.index, ParseDecimal(line.substr(kIndex.size())));
  ASSIGN_OR_RETURN(receipt.path, TakePath(text));
  if (text.empty()) {
    return Fail(Errc::kInvalid, "the receipt has no checkpoint");
  }
  receipt.checkpoint = text;
  return receipt;
}

Result<VerifiedReceipt> VerifyReceipt(const Receipt& receipt,
                                      std::string_view entry,
                                      const NoteVerifier& log) {
  ASSIGN_OR_RETURN(Checkpoint checkpoint, OpenCheckpoint(receipt.checkpoint, log));
  RETURN_IF_ERROR(VerifyInclusion(
      LeafHash(entry), receipt.index, checkpoint.size, receipt.path, checkpoint.root));
  return VerifiedReceipt{receipt.index, std::move(checkpoint)};
}

}  // namespace rujukan::ledger
