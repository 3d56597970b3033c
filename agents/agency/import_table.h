// Columns of an import table and the fields they fill: "t1.wilayah_asal" is the field of the same
// path in the request, so that a table can say what a request can, and nothing else
// (docs/formats/import.md). Pure; thread: any.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

#include "agents/agency/json.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

enum class ImportKind {
  kReferrals,     // a row is a POST /v1/messages
  kProgress,      // a row is a progress report of one child's leg
  kVerification,  // a row is the social office's verivali mark of one child's leg
};
// "referrals", "progress", "verivali"; kInvalid: another, the text names them.
Result<ImportKind> ParseImportKind(std::string_view name);
std::string_view ImportKindName(ImportKind kind);

// One row, on its way from a table to a request.
struct ImportRow {
  size_t line = 0;
  std::string key;   // as given; "": the row's own digest is its key
  std::string leg;   // id_rujukan, as given
  std::string ref;   // ref_anak, of a row that looks for its leg
  std::string from;  // dari: whose ref_anak it is, when two have the same
  Json body = Json::object();
  Findings problems;  // `field` is the column
};

class ImportColumns {
 public:
  // kInvalid: a column that is no field; the text names its place and a way out.
  static Result<ImportColumns> Make(ImportKind kind, const std::vector<std::string>& header);

  // Requires as many fields as the header has. Empty ones leave their field out.
  void Fill(const std::vector<std::string>& fields, ImportRow& row) const;

  // The column that a finding about the request is about: "isi.rujukan.t1.wilayah_asal" is
  // "t1.wilayah_asal". For a field that has no column: the name of the column to add.
  std::string ColumnOf(std::string_view field) const;

 private:
  struct Column {
    std::string name;
    std::string pointer;  // RFC 6901, into the body; "": one of the row's own
    const google::protobuf::FieldDescriptor* field = nullptr;  // nullptr: plain text
  };
  static Result<Column> Resolve(ImportKind kind, const std::string& name);

  ImportKind kind_ = ImportKind::kReferrals;
  std::vector<Column> columns_;
};

// The prefix of a finding's field that says only that it is inside the request.
std::string_view ShortField(ImportKind kind, std::string_view field);

// A table to fill in: the header, and one row as an example, which imports as an error until it is
// deleted.
std::string ImportTemplate(ImportKind kind);

}  // namespace rujukan::agency
