// Steps in a leg from the command line. Each takes its fields as options; --file FILE gives all of
// them as JSON.
#include <memory>

#include "agents/agency/command_fields.h"
#include "agents/agency/commands.h"

namespace rujukan::agency {
namespace {

struct LegStepGiven {
  ActOptions act;
  Given values;
};

void AddLegCommand(CLI::App& app,
                   CommonOptions& common,
                   std::function<int()>& work,
                   const MessageCommand& spec) {
  auto given = std::make_shared<LegStepGiven>();
  given->act.action = spec.name;
  given->act.content_field = ContentFieldOf(spec.kind);
  auto* command = app.add_subcommand(spec.name, spec.help);
  AddCommon(*command, common);
  command->add_option("LEG", given->act.leg, "leg id, as in `inbox` or `today`")->required();
  auto* file = command->add_option("--file", given->act.file, "the fields as JSON, - for stdin");
  command->add_option("--key", given->act.key, "idempotency key; default: from the fields");
  command->add_flag("--wait", given->act.wait, "wait until it is in the ledger");
  command->add_option("--timeout", given->act.timeout_s, "seconds to wait")->capture_default_str();
  AddFieldOptions(*command, spec.fields, given->values);
  command->callback([&common, &work, given, &spec, file] {
    given->act.isi = RequireFields(spec.fields, given->values, file->count() > 0);
    given->act.cause = CauseOf(spec.fields, given->values);
    work = [&common, given] { return Act(TerminalOf(common), given->act); };
  });
}

}  // namespace

void AddFieldOptions(CLI::App& command,
                     const std::vector<FieldOption>& fields,
                     std::vector<std::vector<std::string>>& values) {
  values.resize(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    auto& words = values[i];
    if (fields[i].form == Form::kFlag) {
      command.add_flag_callback(
          fields[i].option, [&words] { words.emplace_back("true"); }, fields[i].help);
    } else {
      command.add_option(fields[i].option, words, fields[i].help);
    }
  }
}

Json RequireFields(const std::vector<FieldOption>& fields,
                   const std::vector<std::vector<std::string>>& values,
                   bool from_file) {
  if (const auto missing = MissingOption(fields, values); !missing.empty() && !from_file) {
    throw CLI::RequiredError(missing);
  }
  auto isi = FieldsOf(fields, values);
  if (!isi) {
    throw CLI::ValidationError(isi.error().context);
  }
  return *isi;
}

void AddLegCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  for (const MessageCommand& command : LegCommands()) {
    AddLegCommand(app, common, work, command);
  }
}

}  // namespace rujukan::agency
