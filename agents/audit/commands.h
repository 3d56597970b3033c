// The sets of commands, one function a file cmd_*.cc.
#pragma once

#include "agents/audit/command_set.h"

namespace rujukan::audit {

// The program but for its streams: parses the command line, runs the command.
Output RunLine(int argc, const char* const* argv);

void AddCopyCommands(CommandSet& set);      // cmd_copy.cc: export, verify
void AddProofCommands(CommandSet& set);     // cmd_proof.cc: proof, check-proof
void AddTrailCommands(CommandSet& set);     // cmd_trail.cc: trail
void AddServeCommands(CommandSet& set);     // cmd_serve.cc: serve
void AddMemberCommands(CommandSet& set);    // cmd_member.cc: join, status, read
void AddReadersCommands(CommandSet& set);   // cmd_readers.cc: readers
void AddArchiveCommands(CommandSet& set);   // cmd_archive.cc: check-archive
void AddReadsCommands(CommandSet& set);     // cmd_reads.cc: check-reads, open
void AddEvidenceCommands(CommandSet& set);  // cmd_evidence.cc: evidence, check
void AddCompleteCommands(CommandSet& set);  // cmd_complete.cc: complete

void AddStampCommands(CommandSet& set);  // cmd_stamp.cc: stamp

// Trusted certificates out of a PEM file, as DER; "": none. cmd_stamp.cc.
Result<std::vector<std::string>> ReadTsaAnchors(const std::string& pem_file);

}  // namespace rujukan::audit
