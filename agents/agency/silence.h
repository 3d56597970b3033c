// Who must not be told of a child's handling (jangan_beritahu): an agency named in any message of
// the episode, of whatever leg, is never a recipient, a copy, the target of a redirect, an invitee,
// a delegate or somebody an escalation goes to. The list itself lies nowhere but in sealed content;
// it is read together when it is needed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "agents/agency/tables.h"
#include "agents/agency/validate.h"
#include "ledger/view.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

struct Silence {
  std::set<std::string> addresses;
  std::vector<std::string> words;  // as people wrote who it is
  bool empty() const { return addresses.empty() && words.empty(); }
};

void AddSilence(const v1::Content& content, Silence& silence);
void AddSilence(const v1::StageTwo& t2, Silence& silence);

// Of every message of the episode here, sent, received or held back. Thread: any, inside
// Store::Read or Write. "" for `episode`: empty.
Result<Silence> SilenceOf(Tables& tables, const std::string& episode);

// Of that episode and of what a message that is being written says itself.
Result<Silence> SilenceAround(Tables& tables,
                              const std::string& episode,
                              const v1::Content& content,
                              const v1::StageTwo& held);

// Whether an agency is meant: by its address, or by a name of it in words (gate_facts.h).
Result<bool> MustNotKnow(const Silence& silence,
                         const ledger::View& directory,
                         const std::string& address);

// A finding for `field` when `address` must not be told.
Result<void> CheckSilence(const Silence& silence,
                          const ledger::View& directory,
                          const std::string& field,
                          const std::string& address,
                          Findings& findings);

// Kinds that only take back what an agency has got already: they may go to an agency that was put
// on the list afterwards, since it is to forget, not to learn.
bool TakesBack(v1::Kind::Code kind);

}  // namespace rujukan::agency
