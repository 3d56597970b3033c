// Messages without a leg from the command line.
#include <memory>

#include "agents/agency/cli_message.h"
#include "agents/agency/command_fields.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

struct MessageGiven {
  MessageOptions message;
  Given values;
};

// Who may be left out of the command because the message says it.
bool FindsRecipient(v1::Kind::Code kind) {
  return kind == v1::Kind::KELUHAN_LAYANAN || kind == v1::Kind::TANGGAPAN;
}

void AddMessageCommand(CLI::App& app,
                       CommonOptions& common,
                       std::function<int()>& work,
                       const MessageCommand& spec) {
  auto given = std::make_shared<MessageGiven>();
  MessageOptions& message = given->message;
  message.kind = spec.kind;
  auto* command = app.add_subcommand(spec.name, spec.help);
  AddCommon(*command, common);
  auto* to = command->add_option("--to", message.to, "an address (repeat for more, at most 16)");
  to->required(!FindsRecipient(spec.kind));
  auto* file = command->add_option("--file", message.file, "the fields as JSON, - for stdin");
  command->add_option("--urgency", message.urgency, "AMAT_SEGERA, SEGERA, BIASA");
  command->add_option("--classification", message.classification, "T, R, SR");
  command->add_option("--key", message.key, "idempotency key; default: from the fields");
  command->add_flag("--wait", message.wait, "wait until it is in the ledger");
  command->add_option("--timeout", message.timeout_s, "seconds to wait")->capture_default_str();
  AddFieldOptions(*command, spec.fields, given->values);
  command->callback([&common, &work, given, &spec, file] {
    given->message.isi = RequireFields(spec.fields, given->values, file->count() > 0);
    given->message.cause = CauseOf(spec.fields, given->values);
    work = [&common, given] { return SendMessage(TerminalOf(common), given->message); };
  });
}

}  // namespace

void AddMessageCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  for (const MessageCommand& command : LeglessCommands()) {
    AddMessageCommand(app, common, work, command);
  }
}

}  // namespace rujukan::agency
