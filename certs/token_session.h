// One logged-in session with a PKCS#11 token (OASIS PKCS#11 v2.40), spoken to directly: OpenSSL's
// engine can neither make EC keys nor say whether the PIN, the token or the key was wrong.
// Internal to certs/. Thread: one, and only one session at a time (see token.cc).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::certs {

// RUJUKAN_PKCS11_MODULE, or p11-kit's proxy.
std::string TokenModulePath();

class TokenSession {
 public:
  // Loads the module (it stays, as PKCS#11 modules do), finds the token, logs in. Errors as
  // OpenTokenKey says.
  static Result<TokenSession> Open(const std::string& token, std::string_view pin);

  enum class Object { kAny, kPrivateKey };
  Result<bool> Has(const std::string& label, Object kind) const;
  Result<void> GenerateP256(const std::string& label) const;

 private:
  struct State;
  explicit TokenSession(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;  // closes the session, and so logs out
};

}  // namespace rujukan::certs
