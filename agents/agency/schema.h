// JSON Schemas (draft 2020-12) of what is written in messages and in the directory: made from the
// protocol's own schema and its comments, so that they are never written twice. What a rule of a
// form asks for beyond its shape (validate.h) is not in them.
//
// Pure; any thread. The descriptors are embedded in the program (proto/CMakeLists.txt).
#pragma once

#include <string>
#include <vector>

#include "agents/agency/json.h"
#include "base/result.h"

namespace rujukan::agency {

// Messages ("Referral") and code lists ("Urgency"), sorted.
std::vector<std::string> SchemaNames();

// A whole document, with all it refers to in $defs; $id is urn:rujukan:v1:schema:NAME. kNotFound:
// no such name.
Result<Json> SchemaDocument(const std::string& name);

// {NAME: schema} of all of them, for a document that keeps them under `prefix`
// ("#/components/schemas/").
Json AllSchemas(const std::string& prefix);

// What a code of a list means, as its comment says; "": there is none.
std::string GlossOfCode(const std::string& list, const std::string& code);

// The schema that `isi` of an action has that sends `kind` (a name of Kind): "Acceptance".
std::string SchemaOfKind(const std::string& kind);

}  // namespace rujukan::agency
