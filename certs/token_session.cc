#include "certs/token_session.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

// DER of the object identifier 1.2.840.10045.3.1.7, prime256v1 (RFC 5480).
constexpr std::string_view kP256Parameters = "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07";
constexpr size_t kKeyIdBytes = 16;

std::string HexCode(CK_RV code) {
  std::string bytes;
  AppendBigEndian32(static_cast<uint32_t>(code), bytes);
  return "0x" + ToHex(bytes);
}

tl::unexpected<Error> Failed(const std::string& what, CK_RV code) {
  switch (code) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
      return Fail(Errc::kDenied, "the PIN does not open the token; a card locks after a few tries");
    case CKR_PIN_LOCKED:
      return Fail(Errc::kDenied, "the token's PIN is locked: unlock it with the token's own tool");
    default:
      return Fail(Errc::kUnavailable,
                  "the token fails to " + what + ": PKCS#11 code " + HexCode(code));
  }
}

Result<CK_FUNCTION_LIST*> LoadModule() {
  const std::string path = TokenModulePath();
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : ::dlsym(library, "C_GetFunctionList");
  if (symbol == nullptr) {
    return Fail(Errc::kUnavailable,
                path +
                    " is no PKCS#11 module: install the package p11-kit-modules and your "
                    "token's module, or name the module in RUJUKAN_PKCS11_MODULE");
  }
  CK_FUNCTION_LIST* functions = nullptr;
  if (reinterpret_cast<CK_C_GetFunctionList>(symbol)(&functions) != CKR_OK) {
    return Fail(Errc::kUnavailable, path + ": the PKCS#11 module does not start");
  }
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV code = functions->C_Initialize(&arguments);
  if (code != CKR_OK && code != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    return Failed("start", code);
  }
  return functions;
}

// PKCS#11 pads a token's label with blanks.
std::string LabelOf(const CK_TOKEN_INFO& info) {
  std::string label(std::begin(info.label), std::end(info.label));
  label.erase(label.find_last_not_of(' ') + 1);
  return label;
}

Result<CK_SLOT_ID> FindToken(const CK_FUNCTION_LIST& module, const std::string& label) {
  CK_ULONG count = 0;
  CK_RV code = module.C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> slots(count);
  if (code == CKR_OK) {
    code = module.C_GetSlotList(CK_TRUE, slots.data(), &count);
  }
  if (code != CKR_OK) {
    return Failed("list its slots", code);
  }
  slots.resize(std::min<size_t>(slots.size(), count));
  for (const CK_SLOT_ID slot : slots) {
    CK_TOKEN_INFO info{};
    if (module.C_GetTokenInfo(slot, &info) == CKR_OK && LabelOf(info) == label) {
      return slot;
    }
  }
  return Fail(Errc::kNotFound, "no token named \"" + label + "\" is connected");
}

// PKCS#11 takes addresses of values; they live here, in one place.
class Template {
 public:
  Template() = default;
  Template(const Template&) = delete;
  Template& operator=(const Template&) = delete;

  void Add(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    numbers_.at(size_) = value;
    Put(type, &numbers_.at(size_), sizeof(CK_ULONG));
  }
  void AddFlag(CK_ATTRIBUTE_TYPE type, bool value) {
    Put(type, value ? &kYes : &kNo, sizeof(CK_BBOOL));
  }
  void Add(CK_ATTRIBUTE_TYPE type, std::string_view bytes) {  // which must outlive the template
    Put(type, bytes.data(), bytes.size());
  }
  CK_ATTRIBUTE* data() { return attributes_.data(); }
  CK_ULONG size() const { return size_; }

 private:
  static constexpr CK_BBOOL kYes = CK_TRUE;
  static constexpr CK_BBOOL kNo = CK_FALSE;

  void Put(CK_ATTRIBUTE_TYPE type, const void* value, size_t size) {
    attributes_.at(size_++) = {type, const_cast<void*>(value), size};
  }

  std::array<CK_ATTRIBUTE, 12> attributes_{};
  std::array<CK_ULONG, 12> numbers_{};
  size_t size_ = 0;
};

// What both halves of a pair have; the id is how the engine finds the public half.
void AddCommon(Template& key, CK_OBJECT_CLASS kind, std::string_view label, std::string_view id) {
  key.Add(CKA_CLASS, kind);
  key.AddFlag(CKA_TOKEN, true);
  key.Add(CKA_LABEL, label);
  key.Add(CKA_ID, id);
}

}  // namespace

std::string TokenModulePath() {
  const char* named = std::getenv("RUJUKAN_PKCS11_MODULE");
  return named == nullptr || *named == '\0' ? "p11-kit-proxy.so" : named;
}

struct TokenSession::State {
  State(const CK_FUNCTION_LIST* functions, CK_SESSION_HANDLE handle)
      : module(functions), session(handle) {}
  ~State() { module->C_CloseSession(session); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  const CK_FUNCTION_LIST* module;
  CK_SESSION_HANDLE session;
};

Result<TokenSession> TokenSession::Open(const std::string& token, std::string_view pin) {
  if (pin.empty()) {
    return Fail(Errc::kDenied, "a key in a token needs the token's PIN");
  }
  ASSIGN_OR_RETURN(const CK_FUNCTION_LIST* const module, LoadModule());
  ASSIGN_OR_RETURN(const CK_SLOT_ID slot, FindToken(*module, token));
  CK_SESSION_HANDLE handle = 0;
  const CK_RV opened =
      module->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &handle);
  if (opened != CKR_OK) {
    return Failed("open a session", opened);
  }
  auto state = std::make_shared<const State>(module, handle);
  auto* digits = reinterpret_cast<unsigned char*>(const_cast<char*>(pin.data()));
  const CK_RV logged_in = module->C_Login(handle, CKU_USER, digits, pin.size());
  if (logged_in != CKR_OK && logged_in != CKR_USER_ALREADY_LOGGED_IN) {
    return Failed("log in", logged_in);
  }
  return TokenSession(std::move(state));
}

Result<bool> TokenSession::Has(const std::string& label, Object kind) const {
  Template wanted;
  wanted.Add(CKA_LABEL, label);
  if (kind == Object::kPrivateKey) {
    wanted.Add(CKA_CLASS, CK_ULONG{CKO_PRIVATE_KEY});
  }
  const CK_FUNCTION_LIST& module = *state_->module;
  CK_RV code = module.C_FindObjectsInit(state_->session, wanted.data(), wanted.size());
  if (code != CKR_OK) {
    return Failed("search", code);
  }
  CK_OBJECT_HANDLE object = 0;
  CK_ULONG found = 0;
  code = module.C_FindObjects(state_->session, &object, 1, &found);
  module.C_FindObjectsFinal(state_->session);
  if (code != CKR_OK) {
    return Failed("search", code);
  }
  return found > 0;
}

Result<void> TokenSession::GenerateP256(const std::string& label) const {
  const std::string id = RandomBytes(kKeyIdBytes);
  Template open;
  AddCommon(open, CKO_PUBLIC_KEY, label, id);
  open.AddFlag(CKA_VERIFY, true);
  open.Add(CKA_EC_PARAMS, kP256Parameters);
  Template secret;
  AddCommon(secret, CKO_PRIVATE_KEY, label, id);
  secret.AddFlag(CKA_PRIVATE, true);
  secret.AddFlag(CKA_SENSITIVE, true);
  secret.AddFlag(CKA_EXTRACTABLE, false);
  secret.AddFlag(CKA_SIGN, true);
  secret.AddFlag(CKA_DERIVE, false);  // a key that signs never decrypts
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_half = 0;
  CK_OBJECT_HANDLE private_half = 0;
  const CK_RV code = state_->module->C_GenerateKeyPair(state_->session,
                                                       &mechanism,
                                                       open.data(),
                                                       open.size(),
                                                       secret.data(),
                                                       secret.size(),
                                                       &public_half,
                                                       &private_half);
  if (code != CKR_OK) {
    return Failed("make a P-256 key pair", code);
  }
  return {};
}

}  // namespace rujukan::certs
