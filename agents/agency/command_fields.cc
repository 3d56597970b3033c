#include "agents/agency/command_fields.h"

namespace rujukan::agency {
namespace {

std::vector<std::string> Split(const std::string& text, char by, size_t parts_max) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (parts.size() + 1 < parts_max) {
    const size_t end = text.find(by, start);
    if (end == std::string::npos) {
      break;
    }
    parts.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  parts.push_back(text.substr(start));
  return parts;
}

// "a.b": isi["a"]["b"].
Json& Place(Json& isi, const std::string& field) {
  const size_t dot = field.find('.');
  return dot == std::string::npos ? isi[field] : isi[field.substr(0, dot)][field.substr(dot + 1)];
}

Result<Json> RowsOf(const FieldOption& option, const std::vector<std::string>& words) {
  const std::string field = option.field;
  const auto members = Split(field.substr(field.find(':') + 1), ';', SIZE_MAX);
  Json rows = Json::array();
  for (const auto& word : words) {
    // The last part is free text and may hold the separator.
    const auto parts = Split(word, ';', members.size());
    if (parts.size() != members.size()) {
      return Fail(Errc::kInvalid,
                  std::string(option.option) + ": " + option.help +
                      " (bagian dipisah titik koma / parts are separated by semicolons)");
    }
    Json row = Json::object();
    for (size_t i = 0; i < members.size(); ++i) {
      row[members[i]] = parts[i];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<void> Fill(const FieldOption& option, const std::vector<std::string>& words, Json& isi) {
  switch (option.form) {
    case Form::kText:
      Place(isi, option.field) = words.back();
      return {};
    case Form::kList:
      Place(isi, option.field) = words;
      return {};
    case Form::kFlag:
      Place(isi, option.field) = true;
      return {};
    case Form::kRows: {
      ASSIGN_OR_RETURN(auto rows, RowsOf(option, words));
      const std::string field = option.field;
      isi[field.substr(0, field.find(':'))] = std::move(rows);
      return {};
    }
    case Form::kCause:
      return {};
  }
  return {};
}

}  // namespace

Result<Json> FieldsOf(std::span<const FieldOption> options, const Given& given) {
  Json isi = Json::object();
  for (size_t i = 0; i < options.size(); ++i) {
    if (!given[i].empty()) {
      RETURN_IF_ERROR(Fill(options[i], given[i], isi));
    }
  }
  if (isi.contains("pekerja") && !isi["pekerja"].contains("peran")) {
    isi["pekerja"]["peran"] = "petugas";
  }
  return isi;
}

std::string CauseOf(std::span<const FieldOption> options, const Given& given) {
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].form == Form::kCause && !given[i].empty()) {
      return given[i].back();
    }
  }
  return "";
}

std::string MissingOption(std::span<const FieldOption> options, const Given& given) {
  std::string alternatives;
  bool one_given = false;
  for (size_t i = 0; i < options.size(); ++i) {
    const bool is_given = !given[i].empty();
    if (options[i].need == Need::kRequired && !is_given) {
      return options[i].option;
    }
    if (options[i].need == Need::kOneOf) {
      one_given = one_given || is_given;
      alternatives += (alternatives.empty() ? "" : " atau / or ") + std::string(options[i].option);
    }
  }
  return one_given ? "" : alternatives;
}

std::string ContentFieldOf(v1::Kind::Code kind) {
  std::string name = v1::Kind::Code_Name(kind);
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

const std::vector<MessageCommand>& LegCommands() {
  static const std::vector<MessageCommand> commands = [] {
    std::vector<MessageCommand> all = ReceiverCommands();
    for (auto&& more : {SenderCommands(), SharedCommands()}) {
      all.insert(all.end(), more.begin(), more.end());
    }
    return all;
  }();
  return commands;
}

}  // namespace rujukan::agency
