// What the membership commands print: tables for people, JSON for programs. Names and notes come
// from other people, so they are made printable. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agents/admin/waiting.h"
#include "agents/link/domain_file.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::admin {

// With a line end; bytes that are not UTF-8 are replaced.
std::string JsonText(const nlohmann::ordered_json& json);
// Lines of cells under each other, each column as wide as its widest; the first is the heading.
std::string TextTable(const std::vector<std::vector<std::string>>& lines);

std::string PresentInit(const link::DomainFile& domain,
                        const std::string& home,
                        const std::string& broker_identity,
                        bool json);
// `file` is "" when the invitation is printed itself.
std::string PresentInvitation(const v1::Invitation& invitation,
                              const std::string& file,
                              LogIndex index,
                              bool json);
std::string PresentRequests(const std::vector<Waiting>& waiting, bool json);

// What came of one act.
struct Decision {
  std::string verb;  // "approved", "rejected", "revoked"...
  std::string address;
  std::string fingerprint;  // of the request it answers; "" without one
  LogIndex index = 0;
  std::string proposal;  // act id in hex, when it waits for a second admin
  std::string problem;   // when it was not done
};
struct Decisions {
  std::vector<Decision> all;
  UnixMillis took = 0;   // from the command to the last proof
  std::string crl = {};  // what became of the CRL: a line, or ""
  bool failed() const;
};
std::string PresentDecisions(const Decisions& decisions, bool json);

struct Member {
  v1::AgencyRecord record;
  UnixMillis ends = 0;  // the first of its certificates; 0: it has none in force
};
std::string PresentMembers(const std::vector<Member>& members, UnixMillis now, bool json);

// Whole days from `now` to `until`, negative once it is over.
int64_t DaysUntil(UnixMillis until, UnixMillis now);

}  // namespace rujukan::admin
