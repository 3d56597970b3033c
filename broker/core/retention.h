// What may leave the store, read from the fold's view: ciphertexts that nobody waits for any more,
// entries that only an archive needs. Pure; any thread the view allows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::broker {

// When the last recipient was served or the mail bounced; nullopt: somebody still waits for it.
std::optional<UnixMillis> SettledAt(const v1::MessageRecord& message);

// The requests to erase that are on record (PERINTAH_HAPUS), but those of a leg under a legal hold:
// there, ciphertext stays for its ordinary time.
class Erasures {
 public:
  // kFatal: the store failed. kCorrupt: a record does not parse.
  static Result<Erasures> Load(const ledger::View& view);

  bool Empty() const { return legs_.empty(); }
  // Whether a request means this message: by name, or as one of the leg before the request.
  bool Mean(const MessageId& id, const v1::MessageRecord& message) const;
  // Whether a request means everything of this leg up to a time after `begun`, and was not objected
  // to.
  bool MeanAttachment(const LegId& leg, UnixMillis begun) const;

 private:
  struct OfLeg {
    std::vector<std::string> targets;
    LogIndex whole_before = 0;   // every message of the leg below this index; 0: not asked for
    UnixMillis whole_until = 0;  // the time of that entry; 0: not asked for, or objected to
  };
  std::map<std::string, OfLeg> legs_;
};

// The indexes below `end` that stay when the rest moves to an archive, ascending: directory entries
// (agents that join follow them from the start) and messages that still wait in a mailbox.
Result<std::vector<LogIndex>> StayingEntries(const ledger::View& view, TreeSize end);

}  // namespace rujukan::broker
