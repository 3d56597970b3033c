// Checkpoints that others brought to the witness and that our own tree cannot be compared with yet,
// or that come with the proof of a contradiction. Pure; one owner.
#pragma once

#include <string>
#include <vector>

#include "agents/audit/watch_state.h"

namespace rujukan::audit {

struct BroughtCheckpoint {
  SeenCheckpoint seen;
  std::string contradicts;  // a signed note of another history; "": it has only to be compared
};

class BroughtCheckpoints {
 public:
  // Each size and root once, and no more than limits::kNoteSignaturesMax of them: then the largest
  // gives way, for it waits longest, perhaps for ever. So nobody keeps what can be compared soon
  // out with sizes that will never be. A proof always has room.
  void Add(BroughtCheckpoint brought);
  std::vector<BroughtCheckpoint> Take();

 private:
  std::vector<BroughtCheckpoint> waiting_;
};

}  // namespace rujukan::audit
