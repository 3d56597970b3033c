#include "agents/agency/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "agents/agency/schema.desc.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

namespace pb = google::protobuf;

constexpr const char* kPackage = "rujukan.v1.";

const pb::DescriptorPool& Pool() {
  static const auto kPool = [] {
    auto pool = std::make_unique<pb::DescriptorPool>();
    pb::FileDescriptorSet files;
    CHECK(files.ParseFromArray(kSchemaDescriptors.data(),
                               static_cast<int>(kSchemaDescriptors.size())));
    for (const auto& file : files.file()) {
      CHECK(pool->BuildFile(file) != nullptr);
    }
    return pool;
  }();
  return *kPool;
}

// One line of what stands before and behind a declaration.
template <class Descriptor>
std::string CommentOf(const Descriptor& descriptor) {
  pb::SourceLocation place;
  if (!descriptor.GetSourceLocation(&place)) {
    return "";
  }
  std::string text;
  for (const char c : place.leading_comments + " " + place.trailing_comments) {
    const char plain = c == '\n' ? ' ' : c;
    if (plain != ' ' || (!text.empty() && text.back() != ' ')) {
      text += plain;
    }
  }
  while (!text.empty() && text.back() == ' ') {
    text.pop_back();
  }
  return text;
}

// A code list is a message that holds nothing but its enum `Code`.
const pb::EnumDescriptor* CodesOf(const pb::Descriptor& type) {
  return type.field_count() == 0 ? type.FindEnumTypeByName("Code") : nullptr;
}

std::string NameOf(const pb::EnumDescriptor& codes) {
  return codes.containing_type() == nullptr ? codes.name() : codes.containing_type()->name();
}

Json ReferenceTo(const std::string& name, const std::string& prefix) {
  return {{"$ref", prefix + name}};
}

Json ValueSchema(const pb::FieldDescriptor& field, const std::string& prefix) {
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return ReferenceTo(field.message_type()->name(), prefix);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return ReferenceTo(NameOf(*field.enum_type()), prefix);
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case pb::FieldDescriptor::CPPTYPE_INT64:
    case pb::FieldDescriptor::CPPTYPE_UINT64:  // as text where JSON's numbers are too short
      return {{"type", {"string", "integer"}}, {"pattern", "^-?[0-9]+$"}};
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}};
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"minimum", 0}};
    case pb::FieldDescriptor::CPPTYPE_STRING:
      break;
    default:
      return {{"type", "number"}};
  }
  return field.type() == pb::FieldDescriptor::TYPE_BYTES
             ? Json{{"type", "string"}, {"contentEncoding", "base64"}}
             : Json{{"type", "string"}};
}

Json FieldSchema(const pb::FieldDescriptor& field, const std::string& prefix) {
  Json schema = ValueSchema(field, prefix);
  if (field.is_repeated()) {
    schema = {{"type", "array"}, {"items", std::move(schema)}};
  }
  if (const std::string comment = CommentOf(field); !comment.empty()) {
    schema["description"] = comment;
  }
  return schema;
}

Json MessageSchema(const pb::Descriptor& type, const std::string& prefix) {
  Json properties = Json::object();
  for (int i = 0; i < type.field_count(); ++i) {
    properties[type.field(i)->name()] = FieldSchema(*type.field(i), prefix);
  }
  Json schema = {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (const std::string comment = CommentOf(type); !comment.empty()) {
    schema["description"] = comment;
  }
  return schema;
}

// Each code with what it means. UNSPECIFIED is how nothing is written, so it is never given.
Json CodeSchema(const pb::EnumDescriptor& codes) {
  Json values = Json::array();
  for (int i = 0; i < codes.value_count(); ++i) {
    const auto& value = *codes.value(i);
    if (value.number() == 0) {
      continue;
    }
    Json one = {{"const", value.name()}};
    if (const std::string comment = CommentOf(value); !comment.empty()) {
      one["description"] = comment;
    }
    values.push_back(std::move(one));
  }
  Json schema = {{"type", "string"}, {"oneOf", std::move(values)}};
  const auto* list = codes.containing_type();
  if (const std::string comment = list == nullptr ? "" : CommentOf(*list); !comment.empty()) {
    schema["description"] = comment;
  }
  return schema;
}

Json SchemaOf(const pb::Descriptor& type, const std::string& prefix) {
  const auto* codes = CodesOf(type);
  return codes == nullptr ? MessageSchema(type, prefix) : CodeSchema(*codes);
}

const std::map<std::string, const pb::Descriptor*>& Types() {
  static const auto kTypes = [] {
    std::map<std::string, const pb::Descriptor*> types;
    for (const char* name :
         {"rujukan/v1/codes.proto", "rujukan/v1/content.proto", "rujukan/v1/profile.proto"}) {
      const auto* file = Pool().FindFileByName(name);
      CHECK(file != nullptr);
      for (int i = 0; i < file->message_type_count(); ++i) {
        types[file->message_type(i)->name()] = file->message_type(i);
      }
    }
    return types;
  }();
  return kTypes;
}

// The names that `schema` refers to under `prefix`. Walks with a list of its own: no recursion.
std::set<std::string> NamesIn(const Json& schema, const std::string& prefix) {
  std::set<std::string> names;
  std::vector<const Json*> todo = {&schema};
  while (!todo.empty()) {
    const Json& one = *todo.back();
    todo.pop_back();
    if (one.is_object() && one.contains("$ref") && one["$ref"].is_string()) {
      names.insert(one["$ref"].get<std::string>().substr(prefix.size()));
    }
    if (one.is_structured()) {
      for (const auto& part : one) {
        todo.push_back(&part);
      }
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> SchemaNames() {
  std::vector<std::string> names;
  for (const auto& [name, type] : Types()) {
    names.push_back(name);
  }
  return names;
}

Result<Json> SchemaDocument(const std::string& name) {
  const std::string prefix = "#/$defs/";
  const auto found = Types().find(name);
  if (found == Types().end()) {
    return Fail(Errc::kNotFound,
                "tidak ada skema ini; lihat GET /v1/schemas / no such schema: see the list");
  }
  Json document = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                   {"$id", "urn:rujukan:v1:schema:" + name},
                   {"title", name}};
  document.update(SchemaOf(*found->second, prefix));
  Json definitions = Json::object();
  std::set<std::string> todo = NamesIn(document, prefix);
  while (!todo.empty()) {
    const std::string next = *todo.begin();
    todo.erase(todo.begin());
    if (!definitions.contains(next)) {
      definitions[next] = SchemaOf(*Types().at(next), prefix);
      todo.merge(NamesIn(definitions[next], prefix));
    }
  }
  if (!definitions.empty()) {
    document["$defs"] = std::move(definitions);
  }
  return document;
}

Json AllSchemas(const std::string& prefix) {
  Json schemas = Json::object();
  for (const auto& [name, type] : Types()) {
    schemas[name] = SchemaOf(*type, prefix);
  }
  return schemas;
}

std::string GlossOfCode(const std::string& list, const std::string& code) {
  const auto* codes = Pool().FindEnumTypeByName(kPackage + list + ".Code");
  const auto* value = codes == nullptr ? nullptr : codes->FindValueByName(code);
  return value == nullptr ? "" : CommentOf(*value);
}

std::string SchemaOfKind(const std::string& kind) {
  std::string field = kind;
  std::transform(field.begin(), field.end(), field.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const auto* content = Pool().FindMessageTypeByName(std::string(kPackage) + "Content");
  const auto* found = content->FindFieldByName(field);
  CHECK(found != nullptr && found->message_type() != nullptr);
  return found->message_type()->name();
}

}  // namespace rujukan::agency
