#include "tests/scenarios/body.h"

#include <algorithm>

#include "base/bytes.h"

namespace rujukan::scenarios {
namespace {

// "@kini+2j" as a time, "@tanggal" as a date; nullopt: an ordinary text.
Result<std::optional<std::string>> FillTime(const std::string& text, const Meanings& meanings) {
  const bool time = text.starts_with("@kini");
  const bool date = text.starts_with("@tanggal");
  if (!time && !date) {
    return std::optional<std::string>();
  }
  const std::string rest = text.substr(time ? 5 : 8);
  int64_t ahead = 0;
  if (!rest.empty()) {
    if (rest[0] != '+' && rest[0] != '-') {
      return Fail(Errc::kInvalid, "contoh @kini, @kini+2j, @tanggal+14h / for example");
    }
    ASSIGN_OR_RETURN(ahead, ParseSpan(std::string_view(rest).substr(1)));
    ahead = rest[0] == '-' ? -ahead : ahead;
  }
  const UnixMillis at = meanings.now + ahead;
  return std::optional(time ? FormatTime(at, meanings.zone_minutes)
                            : FormatDate(at, meanings.zone_minutes));
}

Result<Json> FillValue(const Json& value, const Meanings& meanings) {
  if (value.is_string()) {
    ASSIGN_OR_RETURN(std::string text, FillText(value.get<std::string>(), meanings));
    return Json(std::move(text));
  }
  if (!value.is_array()) {
    return value;
  }
  Json list = Json::array();
  for (const Json& item : value) {
    ASSIGN_OR_RETURN(Json filled, FillValue(item, meanings));
    list.push_back(std::move(filled));
  }
  return list;
}

std::vector<Field> AllFields(const Script& script, const Deed& deed) {
  std::vector<Field> all;
  const auto add = [&](const std::string& name) {
    const auto found = script.templates.find(name);
    if (found != script.templates.end()) {
      all.insert(all.end(), found->second.begin(), found->second.end());
    }
  };
  if (!deed.verb.empty()) {
    add(deed.verb);
  }
  for (const std::string& name : deed.templates) {
    add(name);
  }
  all.insert(all.end(), deed.fields.begin(), deed.fields.end());
  return all;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// Where the API has a field of this deed.
std::string PlaceOf(const Deed& deed, const std::string& path, bool together) {
  const std::string head = path.substr(0, path.find('.'));
  if (head == "body") {
    return path.substr(5);
  }
  if (deed.kind == Deed::Kind::kAct) {
    return head == "petugas" ? path : "isi." + path;
  }
  if (deed.kind != Deed::Kind::kRefer && deed.kind != Deed::Kind::kSend) {
    return path;
  }
  if (head == "urgensi" || head == "klasifikasi") {
    return path;
  }
  if (head == "petugas" || head == "id_episode") {
    return "isi." + path;
  }
  if (deed.kind == Deed::Kind::kRefer && head == "t2" && !together) {
    return path;
  }
  return "isi." + Lower(deed.verb) + "." + path;
}

}  // namespace

Result<std::string> FillText(const std::string& text, const Meanings& meanings) {
  ASSIGN_OR_RETURN(const auto time, FillTime(text, meanings));
  if (time) {
    return *time;
  }
  std::string filled;
  size_t at = 0;
  for (size_t open = text.find('{'); open != std::string::npos; open = text.find('{', at)) {
    const size_t close = text.find('}', open);
    const std::string name =
        close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
    const auto meaning = meanings.name(name);
    if (!meaning) {
      return Fail(Errc::kInvalid, "{" + name + "} tidak ada / there is no such name");
    }
    filled += text.substr(at, open - at) + *meaning;
    at = close + 1;
  }
  return filled + text.substr(at);
}

void Put(Json& root, const std::string& path, const Json& value) {
  Json* at = &root;
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('.', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    const auto index = ParseDecimal(part);
    if (index && *index < 1000) {
      if (!at->is_array()) {
        *at = Json::array();
      }
      while (at->size() <= *index) {
        at->push_back(nullptr);
      }
      at = &(*at)[*index];
    } else {
      at = &(*at)[part];
    }
    begin = end + 1;
  }
  *at = value;
}

Result<Json> BodyOf(const Script& script, const Deed& deed, const Meanings& meanings) {
  const std::vector<Field> fields = AllFields(script, deed);
  const bool together = std::any_of(fields.begin(), fields.end(), [](const Field& field) {
    return field.path == "bersama" && field.value == true;
  });
  Json body = Json::object();
  if (deed.kind == Deed::Kind::kRefer || deed.kind == Deed::Kind::kSend) {
    Json to = Json::array();
    for (const std::string& name : deed.to) {
      ASSIGN_OR_RETURN(std::string address,
                       FillText(IsRole(name) ? name : "{" + name + "}", meanings));
      to.push_back(std::move(address));
    }
    body["kepada"] = to;
    body["jenis"] = deed.verb;
  } else if (deed.kind == Deed::Kind::kAct) {
    body["isi"] = Json::object();
  }
  for (const Field& field : fields) {
    if (field.path == "bersama") {
      continue;
    }
    const auto filled = FillValue(field.value, meanings);
    if (!filled) {
      return Fail(Errc::kInvalid,
                  "baris / line " + std::to_string(field.line) + ": " + filled.error().context);
    }
    Put(body, PlaceOf(deed, field.path, together), *filled);
  }
  return body;
}

}  // namespace rujukan::scenarios
