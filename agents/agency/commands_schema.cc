// schema, openapi: what the program knows by itself, without an agent.
#include <iostream>
#include <memory>

#include "agents/agency/commands.h"
#include "agents/agency/openapi.h"
#include "agents/agency/schema.h"

namespace rujukan::agency {
namespace {

int PrintNames(const Terminal& terminal) {
  const auto names = SchemaNames();
  if (terminal.json) {
    terminal.out << Json(names).dump(2) << "\n";
    return kExitOk;
  }
  for (const auto& name : names) {
    terminal.out << name << "\n";
  }
  return kExitOk;
}

int PrintSchema(const Terminal& terminal, const std::string& name) {
  if (name.empty()) {
    return PrintNames(terminal);
  }
  const auto schema = SchemaDocument(name);
  if (!schema) {
    return Report(terminal, schema.error());
  }
  terminal.out << schema->dump(2) << "\n";
  return kExitOk;
}

Terminal WithoutAgent(const CommonOptions& common) {
  return Terminal{"", "", common.json, std::cout, std::cerr};
}

}  // namespace

void AddSchemaCommands(CLI::App& app, CommonOptions& common, std::function<int()>& work) {
  auto name = std::make_shared<std::string>();
  auto* schema = app.add_subcommand(
      "schema",
      "Skema JSON untuk isi pesan dan daftar kode / JSON Schemas of messages and code lists\n"
      "  rujukan-agent schema            nama-namanya / their names\n"
      "  rujukan-agent schema Referral");
  schema->add_option("NAME", *name, "as `schema` lists them; default: the list");
  schema->add_flag("--json", common.json, "the list as JSON");
  schema->callback([&common, &work, name] {
    work = [&common, name] { return PrintSchema(WithoutAgent(common), *name); };
  });
  auto* openapi = app.add_subcommand(
      "openapi", "Dokumen OpenAPI 3.1 dari API agen / the OpenAPI 3.1 document of the agent's API");
  openapi->callback([&common, &work] {
    work = [&common] {
      WithoutAgent(common).out << OpenapiDocument().dump(2) << "\n";
      return static_cast<int>(kExitOk);
    };
  });
}

}  // namespace rujukan::agency
