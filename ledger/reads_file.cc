#include "ledger/reads_file.h"

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kMagic = "rujukan-reads@v1";

// The text up to the next line end, which is taken too.
std::string_view TakeLine(std::string_view& rest) {
  const size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::optional<ReadLeaf> ParseLine(std::string_view line) {
  const size_t first = line.find(' ');
  const size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) {
    return std::nullopt;
  }
  const auto number = ParseDecimal(line.substr(0, first));
  const auto hash = FromBase64(line.substr(first + 1, second - first - 1));
  auto event = FromBase64(line.substr(second + 1));
  if (!number || !hash || !event || event->size() > limits::kReadEventBytesMax) {
    return std::nullopt;
  }
  const auto digest = Digest::FromBytes(*hash);
  if (!digest) {
    return std::nullopt;
  }
  return ReadLeaf{*number, *digest, std::move(*event)};
}

}  // namespace

std::string ReadsFileHead(std::string_view agency, uint64_t size) {
  return std::string(kMagic) + "\n" + std::string(agency) + "\n" + std::to_string(size) + "\n\n";
}

std::string ReadsFileLine(const ReadLeaf& leaf) {
  return std::to_string(leaf.number) + " " + ToBase64(leaf.hash.view()) + " " +
         ToBase64(leaf.event) + "\n";
}

Result<ReadsFile> ParseReadsFile(std::string_view text) {
  ReadsFile file;
  const std::string_view magic = TakeLine(text);
  file.agency = std::string(TakeLine(text));
  const auto size = ParseDecimal(TakeLine(text));
  if (magic != kMagic || !AgencyAddress::Parse(file.agency) || !size || !TakeLine(text).empty()) {
    return Fail(Errc::kInvalid,
                "not a read trail (rujukan-reads@v1); make one with rujukan-agent reads --export");
  }
  file.size = *size;
  uint64_t number = 4;
  while (!text.empty()) {
    ++number;
    if (auto leaf = ParseLine(TakeLine(text))) {
      file.leaves.push_back(std::move(*leaf));
    } else {
      file.broken.push_back(number);
    }
  }
  return file;
}

}  // namespace rujukan::ledger
