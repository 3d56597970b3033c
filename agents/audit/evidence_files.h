// An evidence file's files: rendering all of them from the evidence, and reading the evidence back
// from those that hold it. docs/formats/evidence.md lists them. Pure.
#pragma once

#include <string>

#include "agents/audit/container.h"
#include "agents/audit/evidence.h"
#include "agents/audit/evidence_walk.h"
#include "base/result.h"

namespace rujukan::audit {

// Every file of the container. The same evidence always gives the same files.
FileMap RenderEvidence(const Evidence& evidence, const EvidenceFacts& facts);

// What the files hold; faults in their form go to `report` (derived: a file that no evidence file
// has; inclusion: a path of the wrong length). kInvalid: there is no evidence to look at: another
// format, no checkpoint, no subject.
Result<Evidence> ParseEvidence(const FileMap& files, EvidenceReport& report);

// What a signed note is made of, for openssl: the text, and the raw signature of this key ("" when
// there is none).
struct NoteParts {
  std::string text;
  std::string signature;
};
NoteParts SplitNote(const std::string& note, const std::string& vkey);

// The digest list of the files: `sha256sum -c` reads it.
std::string DigestList(const FileMap& files);
// META-INF/ASiCManifest.xml over the same files and the list.
std::string AsicManifest(const FileMap& files);
bool IsManifest(std::string_view path);  // one of the three, which list the others

}  // namespace rujukan::audit
