// Erasing content (UU PDP) at this agency: asked for, carried out or objected to, answered.
//
//   stage of a request | what is so                                   | goes on by
//   kAsked             | in: an officer decides (or the agent itself, | CarryOut, Object
//                      |  see Erasures); out: the other side decides  | its answer
//   kErasing           | content is gone from the tables; its bytes   | Erasures::Review: scrubs
//                      |  may still be in the write-ahead log         |  files, then attests
//   kAttested          | out: the other side has erased               | Erasures::Review: our copy
//   kDone, kObjected   | answered, and erased where it was to be      | -
//
// What is erased: plaintext, ciphertext, held second stages and attachments of the messages meant.
// What stays: headers, signatures, receipts, proofs, the read trail. The requester's own copy is
// erased when the other side has attested (till then it is all there is to show what was to be
// erased), or at once when it says so.
//
// A recall (SALAH_INPUT) is such a request, too, for all of the leg: the agent carries it out and
// attests by itself.
//
// A legal hold, the domain's (an act) or this agency's own, keeps content from being erased.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agents/agency/compose.h"
#include "agents/agency/store.h"

namespace rujukan::agency {

// The domain's hold on a leg, as the directory has it. kFatal: the directory.
Result<std::optional<std::string>> DomainHold(const ledger::View& directory, const LegId& leg);

struct ErasureOrder {
  LegId leg;
  std::string target;  // message id; empty: every message of the leg so far
  v1::Content content;
  bool own_copy_too = false;
  std::string reader;
};
// Inside Store::Write. Queues the PERINTAH_HAPUS. kNotFound: no such leg, or no such message in it.
// kConflict: the leg is not in the ledger yet; a local hold forbids erasing our own copy.
Result<Composed> OrderErasure(Tables& tables,
                              const Sender& sender,
                              const RequestId& request,
                              const ErasureOrder& order);

// Decisions of an officer, inside Store::Write. kNotFound: nothing like it was asked of us.
// kConflict: answered already, or a local hold is in the way.
Result<void> CarryOut(Tables& tables,
                      const MessageId& request,
                      const std::string& reader,
                      UnixMillis now);
Result<MessageId> Object(Tables& tables,
                         const Sender& sender,
                         const MessageId& request,
                         v1::Content content);

// In the inbox's transaction, after `row` was inserted: requests are noted, answers to ours taken,
// and what a request that was carried out had meant is erased when it comes late.
Result<void> TakeErasureMessage(Tables& tables, const MessageRow& row, UnixMillis now);

// The agent's own part, on the link thread.
class Erasures {
 public:
  // `automatic`: carries out by itself what no hold forbids. `sweep`: removes files of attachments
  // that are nobody's any more; called before anything is attested.
  Erasures(
      Store& store,
      v1::Officer officer,
      bool automatic,
      std::function<Result<void>()> sweep = [] { return Result<void>(); })
      : store_(store),
        officer_(std::move(officer)),
        automatic_(automatic),
        sweep_(std::move(sweep)) {}

  struct Reviewed {
    bool queued = false;  // something for the outbox
    bool again = false;   // the files could not be scrubbed now: soon again
    size_t finished = 0;  // erasures whose files are scrubbed
  };
  // Objects to what the domain holds, carries out what it may, scrubs, attests. Call it at the
  // start, and when messages, the directory or an officer may have changed something.
  Result<Reviewed> Review(const std::string& address, UnixMillis now);

 private:
  Result<void> Decide(const ErasureRow& row, const Sender& sender, bool& queued);
  Result<void> DecideRequest(const ErasureRow& row, const Sender& sender, bool& queued);
  Result<void> FollowAttestation(const ErasureRow& row, const Sender& sender);
  Result<void> Finish(const ErasureRow& row, const Sender& sender, Reviewed& reviewed);

  Store& store_;
  const v1::Officer officer_;
  const bool automatic_;
  const std::function<Result<void>()> sweep_;
};

}  // namespace rujukan::agency
