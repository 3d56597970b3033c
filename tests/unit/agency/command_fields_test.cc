// Goal: every step of a leg and every message without one has a command whose options fill fields
// that the message really has, in the form that the field takes, and whose help shows how. Method:
// the tables of commands against the descriptors of content.proto and the API's actions.
#include "agents/agency/command_fields.h"

#include <gtest/gtest.h>

#include <set>

#include "agents/agency/cli_message.h"
#include "agents/agency/leg.h"
#include "ledger/transition.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using K = v1::Kind;

const MessageCommand& Command(const std::string& name) {
  for (const auto* table : {&LegCommands(), &LeglessCommands()}) {
    for (const auto& command : *table) {
      if (command.name == name) {
        return command;
      }
    }
  }
  ADD_FAILURE() << name;
  return LegCommands().front();
}

const Descriptor* MessageOf(const MessageCommand& command) {
  const auto* field = v1::Content::descriptor()->FindFieldByName(ContentFieldOf(command.kind));
  return field == nullptr ? nullptr : field->message_type();
}

// The field that an option fills; nullptr: there is none.
const FieldDescriptor* Target(const Descriptor* message, const std::string& path) {
  const size_t dot = path.find('.');
  const auto* field = message->FindFieldByName(path.substr(0, dot));
  if (field == nullptr || dot == std::string::npos) {
    return field;
  }
  return Target(field->message_type(), path.substr(dot + 1));
}

void CheckOption(const MessageCommand& command, const FieldOption& option) {
  SCOPED_TRACE(std::string(command.name) + " " + option.option);
  if (option.form == Form::kCause) {
    return;
  }
  const std::string path = option.field;
  const auto* field = Target(MessageOf(command), path.substr(0, path.find(':')));
  ASSERT_NE(field, nullptr) << path;
  EXPECT_EQ(field->is_repeated(), option.form == Form::kList || option.form == Form::kRows);
  EXPECT_EQ(field->type() == FieldDescriptor::TYPE_BOOL, option.form == Form::kFlag);
  if (option.form == Form::kRows) {
    std::string members = path.substr(path.find(':') + 1);
    for (size_t end = 0; !members.empty();
         members.erase(0, end == members.size() ? end : end + 1)) {
      end = std::min(members.find(';'), members.size());
      EXPECT_NE(field->message_type()->FindFieldByName(members.substr(0, end)), nullptr) << members;
    }
  }
}

TEST(MessageCommands, EveryOptionFillsAFieldOfItsMessageInItsForm) {
  for (const auto* table : {&LegCommands(), &LeglessCommands()}) {
    for (const auto& command : *table) {
      ASSERT_NE(MessageOf(command), nullptr) << command.name;
      for (const auto& option : command.fields) {
        CheckOption(command, option);
      }
    }
  }
}

TEST(MessageCommands, EveryHelpShowsAnExampleOfItsOwnCommand) {
  for (const auto* table : {&LegCommands(), &LeglessCommands()}) {
    for (const auto& command : *table) {
      const std::string help = command.help;
      EXPECT_NE(help.find("rujukan-agent " + std::string(command.name) + " "), std::string::npos)
          << command.name;
      EXPECT_NE(help.find(" / "), std::string::npos) << command.name << ": two languages";
    }
  }
}

TEST(MessageCommands, EveryKindThatAPartySendsHasACommand) {
  // Others: `send` sends a RUJUKAN, `erase` and `erasures` the three about erasing, `attach` a
  // LAMPIRAN.
  std::set<K::Code> covered = {K::UNSPECIFIED,
                               K::RUJUKAN,
                               K::PERINTAH_HAPUS,
                               K::ATESTASI_HAPUS,
                               K::KEBERATAN_HAPUS,
                               K::LAMPIRAN};
  for (const auto* table : {&LegCommands(), &LeglessCommands()}) {
    for (const auto& command : *table) {
      EXPECT_TRUE(covered.insert(command.kind).second) << command.name << ": twice";
      EXPECT_EQ(ledger::IsLegless(command.kind), table == &LeglessCommands()) << command.name;
    }
  }
  for (int number = 0; number < K::Code_ARRAYSIZE; ++number) {
    if (K::Code_IsValid(number)) {
      const auto kind = static_cast<K::Code>(number);
      EXPECT_TRUE(covered.contains(kind)) << K::Code_Name(kind);
    }
  }
}

TEST(MessageCommands, AStepIsCalledAsTheApiCallsIt) {
  for (const auto& command : LegCommands()) {
    const Action* action = FindAction(command.name);
    ASSERT_NE(action, nullptr) << command.name;
    EXPECT_EQ(action->kind, command.kind) << command.name;
  }
}

Given Words(const MessageCommand& command,
            const std::vector<std::pair<std::string, std::string>>& words) {
  Given given(command.fields.size());
  for (const auto& [option, word] : words) {
    for (size_t i = 0; i < command.fields.size(); ++i) {
      if (command.fields[i].option == option) {
        given[i].push_back(word);
      }
    }
  }
  return given;
}

TEST(FieldsOf, TextListFlagAndMemberOfAMember) {
  const auto& accept = Command("accept");
  const auto given = Words(accept, {{"--worker", "Wulan"}, {"--plan", "jemput malam ini"}});
  EXPECT_EQ(
      (*FieldsOf(accept.fields, given)).dump(),
      R"({"pekerja":{"nama":"Wulan","peran":"petugas"},"rencana_kontak":"jemput malam ini"})");
  const auto& ask = Command("ask");
  const auto asked = Words(ask, {{"--question", "a"}, {"--question", "b"}, {"--code", "DOKUMEN"}});
  EXPECT_EQ((*FieldsOf(ask.fields, asked)).dump(),
            R"({"pertanyaan":["a","b"],"kode":["DOKUMEN"]})");
  const auto& risk = Command("risk");
  EXPECT_EQ((*FieldsOf(risk.fields, Words(risk, {{"--danger", "true"}})))["bahaya_langsung"], true);
}

TEST(FieldsOf, RowsAreSplitAtSemicolonsAndTheLastPartIsFreeText) {
  const auto& minutes = Command("minutes");
  const auto isi =
      FieldsOf(minutes.fields,
               Words(minutes, {{"--task", "dinsos.18@x.example;2026-12-01;cek; lalu lapor"}}));
  EXPECT_EQ((*isi)["tugas"].dump(),
            R"([{"penanggung_jawab":"dinsos.18@x.example","batas":"2026-12-01",)"
            R"("uraian":"cek; lalu lapor"}])");
  const auto broken = FieldsOf(minutes.fields, Words(minutes, {{"--task", "2026-12-01"}}));
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().context.find("--task"), std::string::npos);
}

TEST(MissingOption, NamesWhatIsRequiredAndOneOfSeveral) {
  const auto& accept = Command("accept");
  EXPECT_EQ(MissingOption(accept.fields, Words(accept, {{"--worker", "W"}})), "--plan");
  EXPECT_EQ(MissingOption(accept.fields, Words(accept, {{"--worker", "W"}, {"--plan", "p"}})), "");
  const auto& ask = Command("ask");
  EXPECT_EQ(MissingOption(ask.fields, Words(ask, {})), "--question atau / or --code");
  EXPECT_EQ(MissingOption(ask.fields, Words(ask, {{"--code", "DOKUMEN"}})), "");
}

TEST(CauseOf, IsWhatTheMessageAnswersAndNoField) {
  const auto& reply = Command("reply");
  const auto given = Words(reply, {{"--message", "019a7c1e"}, {"--text", "kami hadir"}});
  EXPECT_EQ(CauseOf(reply.fields, given), "019a7c1e");
  EXPECT_EQ((*FieldsOf(reply.fields, given)).dump(), R"({"isi":"kami hadir"})");
}

TEST(BodyOf, WhoIsInvitedIsWhoItIsSentToAndTheGuests) {
  MessageOptions options;
  options.kind = K::UNDANGAN_KONFERENSI_KASUS;
  options.to = {"dinsos.18@lampung.example"};
  options.isi = {{"undangan", {{{"peran", "tokoh agama"}, {"nama_tamu", "CONTOH"}}}}};
  const Json body = BodyOf(options);
  const Json& invited = body["isi"]["undangan_konferensi_kasus"]["undangan"];
  ASSERT_EQ(invited.size(), 2U);
  EXPECT_EQ(invited[0]["alamat"], "dinsos.18@lampung.example");
  EXPECT_EQ(invited[1]["nama_tamu"], "CONTOH");
  EXPECT_FALSE(body.contains(kCauseMember));
}

TEST(BodyOf, TheSameCommandHasTheSameKeyAndAnotherAnother) {
  MessageOptions options;
  options.kind = K::PEMBERITAHUAN;
  options.to = {"dinsos.18@lampung.example"};
  options.isi = {{"perihal", "piket"}, {"isi", "a"}};
  const auto key = BodyOf(options)["kunci_idempoten"];
  EXPECT_EQ(BodyOf(options)["kunci_idempoten"], key);
  options.isi["isi"] = "b";
  EXPECT_NE(BodyOf(options)["kunci_idempoten"], key);
  options.key = "kunci-1";
  EXPECT_EQ(BodyOf(options)["kunci_idempoten"], "kunci-1");
}

}  // namespace
}  // namespace rujukan::agency
