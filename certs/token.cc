// OpenSSL's engine "pkcs11" (libp11) turns a key in a token into an EVP_PKEY that signs there.
// Engines are deprecated in OpenSSL 3, but their successor, pkcs11-provider, is not in Debian 12:
// this file, and only this one, uses them.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "certs/token.h"

#include <openssl/engine.h>

#include <mutex>

#include "certs/keyfile.h"
#include "certs/openssl_ptr.h"
#include "certs/token_session.h"
#include "certs/token_uri.h"

namespace rujukan::certs {
namespace {

// PKCS#11 and engines are global state of the process, not of ours; one caller at a time.
std::mutex token_mutex;

// Keys point into the engine, so once started it is never finished.
Result<ENGINE*> StartEngine() {
  ENGINE* engine = ENGINE_by_id("pkcs11");
  if (engine == nullptr) {
    TakeOpensslReason();
    return Fail(Errc::kUnavailable,
                "OpenSSL has no engine for tokens: install the package libengine-pkcs11-openssl");
  }
  // Otherwise another library that sets up OpenSSL later (libcurl does) would make it the engine of
  // every key, and keys that are in no token could neither be made nor used any more.
  ENGINE_set_flags(engine, ENGINE_get_flags(engine) | ENGINE_FLAGS_NO_REGISTER_ALL);
  const bool started =
      ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", TokenModulePath().c_str(), 0) == 1 &&
      ENGINE_init(engine) == 1;
  if (!started) {
    ENGINE_free(engine);
    return Fail(Errc::kUnavailable,
                "OpenSSL's engine for tokens does not start: " + TakeOpensslReason());
  }
  return engine;
}

Result<ENGINE*> Engine() {
  static ENGINE* running = nullptr;  // under token_mutex
  if (running == nullptr) {
    ASSIGN_OR_RETURN(running, StartEngine());
  }
  return running;
}

// The session has shown that token, PIN and key are right, so the engine's log-in, which would
// repeat a wrong PIN, succeeds.
Result<PrivateKey> LoadKey(const TokenUri& uri, std::string_view pin) {
  ASSIGN_OR_RETURN(ENGINE* const engine, Engine());
  std::string digits(pin);
  const bool told = ENGINE_ctrl_cmd_string(engine, "PIN", digits.c_str(), 0) == 1;
  OPENSSL_cleanse(digits.data(), digits.size());
  EvpKey key = told
                   ? ShareKey(ENGINE_load_private_key(engine, uri.Text().c_str(), nullptr, nullptr))
                   : nullptr;
  if (key == nullptr) {
    return Fail(Errc::kUnavailable, "the token does not give its key: " + TakeOpensslReason());
  }
  PrivateKey opened = PrivateKey::InToken(std::move(key));
  if (!IsP256(opened.Public().evp().get())) {
    return Fail(Errc::kInvalid, "the key \"" + uri.object + "\" is not on the curve P-256");
  }
  return opened;
}

}  // namespace

bool IsTokenReference(std::string_view file) {
  return file.starts_with(kTokenUriScheme);
}

Result<PrivateKey> OpenTokenKey(std::string_view uri, std::string_view pin) {
  ASSIGN_OR_RETURN(const TokenUri named, TokenUri::Parse(uri));
  const std::lock_guard lock(token_mutex);
  ASSIGN_OR_RETURN(const TokenSession session, TokenSession::Open(named.token, pin));
  ASSIGN_OR_RETURN(const bool there, session.Has(named.object, TokenSession::Object::kPrivateKey));
  if (!there) {
    return Fail(Errc::kNotFound,
                "token \"" + named.token + "\" has no private key \"" + named.object + "\"");
  }
  return LoadKey(named, pin);
}

Result<PrivateKey> GenerateInToken(std::string_view uri, std::string_view pin) {
  ASSIGN_OR_RETURN(const TokenUri named, TokenUri::Parse(uri));
  const std::lock_guard lock(token_mutex);
  ASSIGN_OR_RETURN(const TokenSession session, TokenSession::Open(named.token, pin));
  ASSIGN_OR_RETURN(const bool taken, session.Has(named.object, TokenSession::Object::kAny));
  if (taken) {
    return Fail(Errc::kConflict,
                "token \"" + named.token + "\" already has an object \"" + named.object +
                    "\"; choose another label");
  }
  RETURN_IF_ERROR(Engine());  // before there is a key that could not be used
  RETURN_IF_ERROR(session.GenerateP256(named.object));
  return LoadKey(named, pin);
}

Result<void> WriteTokenReference(const std::string& path, std::string_view uri) {
  ASSIGN_OR_RETURN(const TokenUri named, TokenUri::Parse(uri));
  return WriteSecretFile(path, named.Text() + "\n");
}

}  // namespace rujukan::certs
