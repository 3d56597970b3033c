// Bodies of POST requests as typed values. Pure; values are never quoted in findings.
#pragma once

#include <string>

#include "agents/agency/compose.h"
#include "agents/agency/json.h"
#include "agents/agency/leg.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// {"kunci_idempoten", "kepada": "..." or [...], "jenis", "urgensi", "klasifikasi", "pesan", "isi":
// {Content}, "t2"}. Findings say what is wrong; the value is usable when there are none. `now`:
// dates are compared with it; 0: not. `officer` writes when the content names nobody.
NewMessage ReadMessageRequest(const Json& body,
                              Findings& findings,
                              UnixMillis now = 0,
                              const v1::Officer& officer = {});

// What a message says, by itself: its content, its held second stage, and what they owe each other.
Findings ValidateNew(const NewMessage& message, UnixMillis now);

// {"kunci_idempoten", "petugas": {...}, "pesan", "isi": {fields of the kind's message}}; petugas
// defaults to `officer`.
v1::Content ReadActionRequest(const Json& body,
                              v1::Kind::Code kind,
                              const v1::Officer& officer,
                              Findings& findings);
// "pesan": the message that this one answers or corrects; "": none is named.
std::string ReadCause(const Json& body, Findings& findings);

// Key as given, or a fresh one: a request without a key is never a repetition.
RequestId RequestIdOf(const Json& body, std::string_view bytes, std::string_view scope);

}  // namespace rujukan::agency
