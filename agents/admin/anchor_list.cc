#include "agents/admin/anchor_list.h"

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::admin {
namespace {

constexpr size_t kTypedMin = 8;

template <class Record>
Result<std::vector<std::pair<std::string, Record>>> ReadTable(const ledger::View& directory,
                                                              ledger::Table table) {
  std::vector<std::pair<std::string, Record>> records;
  bool damaged = false;
  RETURN_IF_ERROR(directory.Scan(table, "", "", [&](std::string_view key, std::string_view value) {
    Record record;
    damaged = damaged || !record.ParseFromString(std::string(value));
    records.emplace_back(std::string(key), std::move(record));
    return true;
  }));
  if (damaged) {
    return Fail(Errc::kCorrupt,
                "a row of " + std::string(ledger::TableName(table)) + " does not parse");
  }
  return records;
}

}  // namespace

Result<std::vector<Anchor>> ListAnchors(const ledger::View& directory) {
  ASSIGN_OR_RETURN(auto rows, ReadTable<v1::AnchorRecord>(directory, ledger::Table::kAnchor));
  std::vector<Anchor> anchors;
  for (auto& [id, record] : rows) {
    if (record.removed_at_index() == 0) {
      anchors.push_back({id, std::move(record)});
    }
  }
  std::sort(anchors.begin(), anchors.end(), [](const Anchor& a, const Anchor& b) {
    return a.record.since_index() < b.record.since_index();
  });
  return anchors;
}

Result<Anchor> FindAnchor(const std::vector<Anchor>& anchors, const std::string& typed) {
  const auto meant = [&](const Anchor& anchor) {
    return anchor.record.name() == typed ||
           (typed.size() >= kTypedMin && ToHex(anchor.id).compare(0, typed.size(), typed) == 0);
  };
  const auto found = std::find_if(anchors.begin(), anchors.end(), meant);
  if (found == anchors.end()) {
    return Fail(Errc::kNotFound,
                "no certification authority " + typed +
                    " is trusted here; list them with rujukan-admin anchors");
  }
  if (std::find_if(found + 1, anchors.end(), meant) != anchors.end()) {
    return Fail(Errc::kConflict,
                "several are named " + typed + "; type the beginning of its SHA-256 instead");
  }
  return *found;
}

Result<std::vector<v1::CrlRecord>> ListCrls(const ledger::View& directory) {
  ASSIGN_OR_RETURN(auto rows, ReadTable<v1::CrlRecord>(directory, ledger::Table::kCrl));
  std::vector<v1::CrlRecord> crls;
  for (auto& [issuer, record] : rows) {
    crls.push_back(std::move(record));
  }
  std::sort(crls.begin(), crls.end(), [](const v1::CrlRecord& a, const v1::CrlRecord& b) {
    return a.index() < b.index();
  });
  return crls;
}

}  // namespace rujukan::admin
