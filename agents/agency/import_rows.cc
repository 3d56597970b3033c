#include "agents/agency/import_rows.h"

#include "base/printable.h"

namespace rujukan::agency {
namespace {

// Takes a text member that is the row's own out of the request.
void TakeOwn(const char* name, ImportRow& row, std::string& place) {
  const auto text = StringMember(row.body, name);
  if (!text) {
    row.problems.push_back({name, "harus teks / must be a text"});
  } else if (!text->empty()) {
    place = *text;
  }
  row.body.erase(name);
}

ImportRow RowOfJson(ImportKind kind, std::string_view text) {
  ImportRow row;
  auto body = ParseJson(text);
  if (!body || !IsUtf8(text)) {
    row.problems.push_back({"", body ? "bukan UTF-8 / not UTF-8" : body.error().context});
    return row;
  }
  row.body = std::move(*body);
  TakeOwn("kunci", row, row.key);
  TakeOwn("kunci_idempoten", row, row.key);
  if (kind != ImportKind::kReferrals) {
    TakeOwn("ref_anak", row, row.ref);
    TakeOwn("id_rujukan", row, row.leg);
    TakeOwn("dari", row, row.from);
  }
  return row;
}

void CheckOwn(ImportKind kind, ImportRow& row) {
  if (row.key.size() > limits::kIdempotencyKeyBytesMax) {
    row.problems.push_back({"kunci", "paling banyak 128 bita / at most 128 bytes"});
  }
  if (kind != ImportKind::kReferrals && row.ref.empty() && row.leg.empty()) {
    row.problems.push_back({"ref_anak", "isi ref_anak atau id_rujukan / give one of the two"});
  }
}

}  // namespace

void ImportReader::Feed(std::string_view bytes) {
  if (format_ == ImportFormat::kCsv) {
    csv_.Feed(bytes);
    return;
  }
  lines_.erase(0, begin_);
  begin_ = 0;
  lines_.append(bytes);
}

void ImportReader::End() {
  ended_ = true;
  csv_.End();
}

Result<std::optional<ImportRow>> ImportReader::Next() {
  auto row = format_ == ImportFormat::kCsv ? NextOfCsv() : NextOfLines();
  if (row && *row && (*row)->problems.empty()) {
    CheckOwn(kind_, **row);
  }
  return row;
}

Result<std::optional<ImportRow>> ImportReader::NextOfCsv() {
  ASSIGN_OR_RETURN(auto item, csv_.Next());
  if (!columns_ && !csv_.header().empty()) {
    ASSIGN_OR_RETURN(columns_, ImportColumns::Make(kind_, csv_.header()));
  }
  if (!item) {
    return std::optional<ImportRow>();
  }
  ImportRow row;
  row.line = item->line;
  if (item->problem.empty()) {
    columns_->Fill(item->fields, row);
  } else {
    row.problems.push_back({"", item->problem});
  }
  return std::optional(std::move(row));
}

Result<std::optional<ImportRow>> ImportReader::NextOfLines() {
  while (true) {
    const size_t end = lines_.find('\n', begin_);
    const bool whole = end != std::string::npos;
    const std::string_view rest = std::string_view(lines_).substr(begin_);
    if ((whole ? end - begin_ : rest.size()) > limits::kImportRowBytesMax) {
      return Fail(Errc::kLimit,
                  "baris " + std::to_string(line_ + 1) +
                      " lebih dari 300 KiB / this line is over 300 KiB: one object a line?");
    }
    if (!whole && (!ended_ || rest.empty())) {
      return std::optional<ImportRow>();
    }
    const std::string_view text = whole ? rest.substr(0, end - begin_) : rest;
    begin_ = whole ? end + 1 : lines_.size();
    ++line_;
    if (text.find_first_not_of(" \t\r") == text.npos) {
      continue;
    }
    ImportRow row = RowOfJson(kind_, text);
    row.line = line_;
    return std::optional(std::move(row));
  }
}

std::string ImportReader::ColumnOf(std::string_view field) const {
  return columns_ ? columns_->ColumnOf(field) : std::string(field);
}

}  // namespace rujukan::agency
