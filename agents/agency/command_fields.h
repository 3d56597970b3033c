// The options of a command and the fields of a message that they fill. Pure: CLI11 reads the
// command line (commands_leg.cc, commands_message.cc), this makes the body of the request.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "agents/agency/json.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::agency {

// How the words after an option become a value of the message.
enum class Form {
  kText,
  kList,   // may be repeated
  kFlag,   // no word: true
  kRows,   // may be repeated; "a;b;c" fills the members that `field` names after its colon
  kCause,  // not a field: the id of the message that this one answers
};

enum class Need {
  kOptional,
  kRequired,
  kOneOf,  // of all the options with this need at least one
};

struct FieldOption {
  const char* option;
  const char* field;  // "pekerja.nama": a member of a member; "tugas:batas;uraian" with kRows
  const char* help;
  Need need = Need::kOptional;
  Form form = Form::kText;
};

// A command that sends one message: a step in a leg, or a message without one.
struct MessageCommand {
  const char* name;  // of the command; of a step also the API's action
  v1::Kind::Code kind;
  const char* help;  // teaches: what it means, and an example
  std::vector<FieldOption> fields;
};

// What was given, option by option; empty: not at all.
using Given = std::vector<std::vector<std::string>>;

// The message's fields as JSON. kInvalid: a row with too few parts; the text names the option.
Result<Json> FieldsOf(std::span<const FieldOption> options, const Given& given);
// The id after a kCause option, "" without.
std::string CauseOf(std::span<const FieldOption> options, const Given& given);
// An option that is required and missing, "" when all are there. Nothing is missing when the fields
// come from a file.
std::string MissingOption(std::span<const FieldOption> options, const Given& given);

// Name of the field of Content that carries `kind`: its name in small letters.
std::string ContentFieldOf(v1::Kind::Code kind);

// Steps of a leg (leg_commands*.cc): a command each, in the order of a leg's life.
const std::vector<MessageCommand>& LegCommands();
std::vector<MessageCommand> ReceiverCommands();
std::vector<MessageCommand> SenderCommands();
std::vector<MessageCommand> SharedCommands();
// Messages without a leg (message_commands.cc).
const std::vector<MessageCommand>& LeglessCommands();

}  // namespace rujukan::agency
