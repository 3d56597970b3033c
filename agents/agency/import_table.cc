#include "agents/agency/import_table.h"

#include <algorithm>
#include <array>

#include "agents/agency/csv_text.h"
#include "base/bytes.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {
namespace {

using Field = google::protobuf::FieldDescriptor;

constexpr size_t kListItemsMax = 32;

struct KindName {
  ImportKind kind;
  std::string_view name;
};
constexpr auto kKinds = std::to_array<KindName>({{ImportKind::kReferrals, "referrals"},
                                                 {ImportKind::kProgress, "progress"},
                                                 {ImportKind::kVerification, "verivali"}});

// Where columns lead: those that begin with `prefix` into `pointer` of the body, a message of
// `type`.
struct Root {
  std::string_view prefix;
  std::string_view pointer;
  const google::protobuf::Descriptor* type;
};

std::vector<Root> RootsOf(ImportKind kind) {
  if (kind == ImportKind::kReferrals) {
    return {{"t2.", "/t2", v1::StageTwo::descriptor()},
            {"petugas.", "/isi/petugas", v1::Officer::descriptor()},
            {"", "/isi/rujukan", v1::Referral::descriptor()}};
  }
  if (kind == ImportKind::kProgress) {
    return {{"petugas.", "/petugas", v1::Officer::descriptor()},
            {"", "/isi", v1::ProgressReport::descriptor()}};
  }
  return {};
}

// Columns that are no field of the content: the row's own, with "" for a place, and others.
std::vector<std::pair<std::string_view, std::string_view>> PlainColumns(ImportKind kind) {
  if (kind == ImportKind::kReferrals) {
    return {{"kunci", ""},
            {"kepada", "/kepada"},
            {"urgensi", "/urgensi"},
            {"klasifikasi", "/klasifikasi"},
            {"id_episode", "/isi/id_episode"}};
  }
  std::vector<std::pair<std::string_view, std::string_view>> columns = {
      {"kunci", ""}, {"ref_anak", ""}, {"id_rujukan", ""}, {"dari", ""}};
  if (kind == ImportKind::kVerification) {
    for (const char* place : {"/isi/tanggal", "/isi/petugas", "/isi/id_siks_ng", "/isi/catatan"}) {
      columns.emplace_back(std::string_view(place).substr(5), place);
    }
  }
  return columns;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(separator, start), text.size());
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

// Follows "pengasuh.1.nama" down from `type`; appends to `pointer`. nullptr: no such field, or one
// that a cell cannot hold.
const Field* Follow(const google::protobuf::Descriptor* type,
                    const std::vector<std::string>& names,
                    std::string& pointer) {
  const Field* field = nullptr;
  for (size_t i = 0; i < names.size(); ++i) {
    field = type == nullptr ? nullptr : type->FindFieldByName(names[i]);
    if (field == nullptr) {
      return nullptr;
    }
    pointer += "/" + names[i];
    type = field->message_type();
    const bool last = i + 1 == names.size();
    if (field->is_repeated() && !last) {
      const auto number = ParseDecimal(names[++i]);
      if (!number || *number == 0 || *number > kListItemsMax || i + 1 == names.size()) {
        return nullptr;
      }
      pointer += "/" + std::to_string(*number - 1);
    }
  }
  const bool holds_one = field != nullptr && (field->is_repeated() || type == nullptr);
  return holds_one ? field : nullptr;
}

Result<Json> BoolOf(std::string_view text) {
  for (const std::string_view yes : {"ya", "true", "1", "YA", "Ya", "TRUE"}) {
    if (text == yes) {
      return Json(true);
    }
  }
  for (const std::string_view no : {"tidak", "false", "0", "TIDAK", "Tidak", "FALSE"}) {
    if (text == no) {
      return Json(false);
    }
  }
  return Fail(Errc::kInvalid, "tulis ya atau tidak / write ya or tidak (yes or no)");
}

Result<Json> ScalarOf(const Field& field, std::string_view text) {
  switch (field.cpp_type()) {
    case Field::CPPTYPE_BOOL:
      return BoolOf(text);
    case Field::CPPTYPE_STRING:
    case Field::CPPTYPE_ENUM:
      return Json(text);
    default: {
      const auto number = ParseDecimal(text);
      return number ? Result<Json>(Json(*number))
                    : Fail(Errc::kInvalid, "tulis angka / write a number");
    }
  }
}

// A cell as the value of its field. Items of a list are separated by |; of a list of records the
// first field is meant ("KESEHATAN|GIZI": the codes of two services).
Result<Json> ValueOf(const Field& field, std::string_view text) {
  if (!field.is_repeated()) {
    return ScalarOf(field, text);
  }
  const Field* first = field.message_type() == nullptr ? nullptr : field.message_type()->field(0);
  Json list = Json::array();
  for (const auto& part : Split(text, '|')) {
    const std::string_view item = Trim(part);
    if (item.empty()) {
      continue;
    }
    ASSIGN_OR_RETURN(Json value, ScalarOf(first == nullptr ? field : *first, item));
    list.push_back(first == nullptr ? std::move(value) : Json{{first->name(), std::move(value)}});
  }
  return list;
}

std::string* OwnPlace(std::string_view name, ImportRow& row) {
  return name == "kunci"        ? &row.key
         : name == "ref_anak"   ? &row.ref
         : name == "id_rujukan" ? &row.leg
                                : &row.from;
}

}  // namespace

Result<ImportKind> ParseImportKind(std::string_view name) {
  for (const auto& known : kKinds) {
    if (known.name == name) {
      return known.kind;
    }
  }
  return Fail(Errc::kInvalid,
              "jenis: referrals, progress atau verivali / one of referrals, progress, verivali");
}

std::string_view ImportKindName(ImportKind kind) {
  return std::find_if(kKinds.begin(),
                      kKinds.end(),
                      [kind](const KindName& known) { return known.kind == kind; })
      ->name;
}

Result<ImportColumns::Column> ImportColumns::Resolve(ImportKind kind, const std::string& name) {
  for (const auto& [known, pointer] : PlainColumns(kind)) {
    if (known == name) {
      return Column{name, std::string(pointer), nullptr};
    }
  }
  for (const Root& root : RootsOf(kind)) {
    if (!std::string_view(name).starts_with(root.prefix)) {
      continue;
    }
    Column column{name, std::string(root.pointer), nullptr};
    const auto names = Split(std::string_view(name).substr(root.prefix.size()), '.');
    column.field = Follow(root.type, names, column.pointer);
    if (column.field != nullptr) {
      return column;
    }
    break;
  }
  return Fail(Errc::kNotFound, name);
}

Result<ImportColumns> ImportColumns::Make(ImportKind kind, const std::vector<std::string>& header) {
  ImportColumns columns;
  columns.kind_ = kind;
  for (size_t i = 0; i < header.size(); ++i) {
    auto column = Resolve(kind, header[i]);
    if (!column) {
      // The name may be anything, a child's too in a table without a header: told by its place.
      const std::string place = std::to_string(i + 1);
      return Fail(Errc::kInvalid,
                  "baris 1: kolom ke-" + place +
                      " bukan nama bidang; salin baris pertama dari templat (GET "
                      "/v1/import/template?jenis=" +
                      std::string(ImportKindName(kind)) + ") / line 1: column " + place +
                      " is no field; copy the first line of the template");
    }
    columns.columns_.push_back(std::move(*column));
  }
  return columns;
}

void ImportColumns::Fill(const std::vector<std::string>& fields, ImportRow& row) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    const Column& column = columns_[i];
    const std::string_view text = Trim(fields[i]);
    if (text.empty()) {
      continue;
    }
    if (column.pointer.empty()) {
      *OwnPlace(column.name, row) = text;
      continue;
    }
    auto value = column.field == nullptr ? Result<Json>(Json(text)) : ValueOf(*column.field, text);
    if (!value) {
      row.problems.push_back({column.name, value.error().context});
      continue;
    }
    row.body[Json::json_pointer(column.pointer)] = std::move(*value);
  }
}

std::string_view ShortField(ImportKind kind, std::string_view field) {
  const std::string_view inside = kind == ImportKind::kReferrals  ? "isi.rujukan."
                                  : kind == ImportKind::kProgress ? "isi.laporan_kemajuan."
                                                                  : "isi.";
  for (const std::string_view prefix : {inside, std::string_view("isi.")}) {
    if (field.starts_with(prefix)) {
      return field.substr(prefix.size());
    }
  }
  return field;
}

std::string ImportColumns::ColumnOf(std::string_view field) const {
  std::string name;  // "pengasuh[0].nama" is "pengasuh.1.nama"
  const std::string_view rest = ShortField(kind_, field);
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] != '[') {
      name += rest[i];
      continue;
    }
    const size_t end = std::min(rest.find(']', i), rest.size());
    const auto index = ParseDecimal(rest.substr(i + 1, end - i - 1));
    name += "." + std::to_string(index.value_or(0) + 1);
    i = end;
  }
  for (std::string prefix = name; !prefix.empty();) {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& column) {
      return column.name == prefix;
    });
    if (found != columns_.end()) {
      return prefix;
    }
    const size_t dot = prefix.rfind('.');
    prefix = dot == std::string::npos ? "" : prefix.substr(0, dot);
  }
  return name;
}

}  // namespace rujukan::agency
