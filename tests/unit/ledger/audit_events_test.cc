// Goal: docs/audit-events.md is the whole schema of the ledger, and nothing else. Method: its
// tables are compared with the descriptors of every message that an entry, or a statement in one,
// is made of.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::ledger {
namespace {

using Fields = std::map<std::string, std::set<std::string>>;  // of each message

void Collect(const google::protobuf::Descriptor* message, Fields& fields) {
  if (message->field_count() == 0 ||
      !fields.emplace(message->name(), std::set<std::string>()).second) {
    return;
  }
  for (int i = 0; i < message->field_count(); ++i) {
    fields[message->name()].insert(message->field(i)->name());
    if (message->field(i)->message_type() != nullptr) {
      Collect(message->field(i)->message_type(), fields);
    }
  }
}

Fields Schema() {
  Fields fields;
  // Statements lie in entries as bytes, so the schema alone does not lead to them.
  for (const auto* root : {v1::Entry::descriptor(),
                           v1::Genesis::descriptor(),
                           v1::Act::descriptor(),
                           v1::RootAct::descriptor(),
                           v1::EnrolmentRequest::descriptor(),
                           v1::Header::descriptor(),
                           v1::DeliveryReceipt::descriptor(),
                           v1::AuditRead::descriptor(),
                           v1::ReadTrailAnchor::descriptor()}) {
    Collect(root, fields);
  }
  return fields;
}

// What a line puts between its first pair of backquotes.
std::string Quoted(const std::string& line) {
  const size_t from = line.find('`') + 1;
  return line.substr(from, line.find('`', from) - from);
}

struct Document {
  Fields fields;
  std::set<std::string> kinds;  // rows of the table of entries
};
Document ReadDocument() {
  std::ifstream file(RUJUKAN_SOURCE_DIR "/docs/audit-events.md");
  EXPECT_TRUE(file.is_open());
  Document document;
  std::string section;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("### ", 0) == 0) {
      section = line.substr(4);
      EXPECT_TRUE(document.fields.emplace(section, std::set<std::string>()).second) << section;
    } else if (line.rfind("| `", 0) == 0 && section.empty()) {
      document.kinds.insert(Quoted(line));
    } else if (line.rfind("| `", 0) == 0) {
      EXPECT_TRUE(document.fields[section].insert(Quoted(line)).second) << section << ": " << line;
    }
  }
  return document;
}

TEST(AuditEventsTest, EveryFieldOfEveryEntryAndStatementIsExplainedAndNoOther) {
  const Document document = ReadDocument();
  const Fields schema = Schema();
  for (const auto& [message, fields] : schema) {
    const auto section = document.fields.find(message);
    ASSERT_NE(section, document.fields.end()) << message << " has no section";
    EXPECT_EQ(section->second, fields) << message;
  }
  for (const auto& [message, fields] : document.fields) {
    EXPECT_EQ(schema.count(message), 1U) << message << " is not in any entry";
  }
}

TEST(AuditEventsTest, EveryKindOfEntryHasItsRow) {
  std::set<std::string> kinds;
  const auto* bodies = v1::Entry::descriptor()->FindOneofByName("body");
  for (int i = 0; i < bodies->field_count(); ++i) {
    kinds.insert(bodies->field(i)->name());
  }
  EXPECT_EQ(ReadDocument().kinds, kinds);
}

}  // namespace
}  // namespace rujukan::ledger
