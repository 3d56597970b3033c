// PKCS#10 requests (RFC 2986): made by an agency, read by an admin and by the ledger's fold.
#include <openssl/err.h>

#include "base/check.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "certs/openssl_ptr.h"
#include "certs/subject_name.h"

namespace rujukan::certs {
namespace {

tl::unexpected<Error> Bad(Errc code, const std::string& what) {
  ERR_clear_error();
  return Fail(code, "certificate request: " + what);
}

void RequestAddress(X509_REQ* request, std::string_view address) {
  const GeneralNamesPtr names = NamesOf(address);
  ExtensionPtr extension(X509V3_EXT_i2d(NID_subject_alt_name, 0, names.get()));
  const ExtensionsPtr extensions(sk_X509_EXTENSION_new_null());
  CHECK(extension != nullptr && extensions != nullptr);
  CHECK(sk_X509_EXTENSION_push(extensions.get(), extension.get()) == 1);
  extension.release();  // NOLINT(bugprone-unused-return-value): the stack owns it now
  CHECK(X509_REQ_add_extensions(request, extensions.get()) == 1);
}

Result<std::string> RequestedAddress(X509_REQ* request) {
  const ExtensionsPtr extensions(X509_REQ_get_extensions(request));
  const GeneralNamesPtr names(static_cast<GENERAL_NAMES*>(
      X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
  Result<std::string> address = OnlyAddress(names.get());
  return address ? std::move(address) : Bad(Errc::kInvalid, address.error().context);
}

}  // namespace

std::string MakeCsr(const PrivateKey& key, std::string_view address) {
  const X509ReqPtr request(X509_REQ_new());
  CHECK(request != nullptr && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1);
  CHECK(X509_REQ_set_pubkey(request.get(), key.evp().get()) == 1);
  RequestAddress(request.get(), address);
  CHECK(X509_REQ_sign(request.get(), key.evp().get(), EVP_sha256()) > 0);
  return ToDer<i2d_X509_REQ>(request.get());
}

Result<Csr> ParseCsr(std::string_view der) {
  if (der.size() > limits::kCsrBytesMax) {
    return Bad(Errc::kLimit, "over " + std::to_string(limits::kCsrBytesMax) + " bytes");
  }
  const unsigned char* at = Raw(der);
  const X509ReqPtr request(d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size())));
  if (request == nullptr || at != Raw(der) + der.size()) {
    return Bad(Errc::kInvalid, "not PKCS#10 in DER form");
  }
  EvpKey key = ShareKey(X509_REQ_get_pubkey(request.get()));
  if (key == nullptr || !IsP256(key.get())) {
    return Bad(Errc::kInvalid, "its key is not on the curve P-256");
  }
  if (X509_REQ_verify(request.get(), key.get()) != 1) {
    return Bad(Errc::kDenied, "it is not signed with the key it asks a certificate for");
  }
  ASSIGN_OR_RETURN(std::string address, RequestedAddress(request.get()));
  return Csr{PublicKey(std::move(key)), std::move(address)};
}

}  // namespace rujukan::certs
