// SHA-256, HMAC-free: the one hash of the project (RFC 6234 through OpenSSL).
// Thread: free functions are thread-safe; a Sha256Stream belongs to one thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "base/ids.h"

namespace rujukan::certs {

Digest Sha256(std::string_view bytes);
// Hash of the concatenation of the parts, without building it.
Digest Sha256(std::initializer_list<std::string_view> parts);

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Update(std::string_view bytes);
  Digest Finish();  // once; the stream is spent afterwards (CHECK)

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rujukan::certs
