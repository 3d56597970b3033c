#include "ledger/state_root.h"

#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::ledger {
namespace {

void AppendSized(std::string_view bytes, std::string& message) {
  AppendBigEndian32(static_cast<uint32_t>(bytes.size()), message);
  message += bytes;
}

}  // namespace

std::string NextStateRoot(std::string_view root, const Overlay::Touched& writes) {
  std::string message("rujukan/v1/state\n");
  message += root;
  for (const auto* write : writes) {
    const auto& [table, key] = write->first;
    message.push_back(static_cast<char>(table));
    AppendSized(key, message);
    message.push_back(write->second ? '\1' : '\0');
    if (write->second) {
      AppendSized(*write->second, message);
    }
  }
  return certs::Sha256(message).str();
}

}  // namespace rujukan::ledger
