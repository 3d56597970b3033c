// What an entry means for the rest of the broker once it is durable: whom to cut off, whose mail
// came back. The fold says it, so that nobody has to read an act a second time. Value types.
#pragma once

#include <string>
#include <vector>

namespace rujukan::ledger {

// A message that was waiting for somebody who was suspended or revoked.
struct WaitingMail {
  std::string recipient;
  std::string sender;
  std::string message_id;
  bool bounced = false;  // it has left the mailbox; false: it is held there
};

struct Effects {
  std::vector<std::string> cut;  // addresses whose connections end now
  std::vector<WaitingMail> waiting;
  bool erasure = false;           // a leg's ciphertexts are to go before their time
  std::vector<std::string> told;  // addresses that this entry is a leg notice for
};

}  // namespace rujukan::ledger
