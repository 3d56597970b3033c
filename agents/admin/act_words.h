// An act in words that a person can check before putting a name under it: whom it admits, with
// which fingerprint, which CA it trusts. Pure, any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"

namespace rujukan::admin {

struct ActWords {
  std::string sentence;  // "admit admin.02@lampung.example as ADMIN"
  // What to compare with another source: {"fingerprint", "4821 0937 5562"}. Printable.
  std::vector<std::pair<std::string, std::string>> details;
};

// kCorrupt, kFatal: the directory.
Result<ActWords> InWords(const v1::Act& act, const ledger::View& directory);

}  // namespace rujukan::admin
