// VerifyChain: OpenSSL's path validation, set as strict as it goes.
#include <openssl/err.h>

#include "base/check.h"
#include "certs/certificate.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {
namespace {

constexpr int kSecurityLevel = 3;  // 128 bits: P-256 with SHA-256 passes, SHA-1 and weaker do not
constexpr int kChainCertificates = 3;

Result<void> CheckLeaf(const ChainRequest& request) {
  if (request.leaf.usage() != request.usage) {
    return Fail(Errc::kDenied, "the certificate is not for this usage");
  }
  if (request.leaf.address() != request.address) {
    return Fail(Errc::kDenied, "the certificate is for another address");
  }
  return {};
}

void Configure(X509_STORE_CTX* context, UnixMillis at) {
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(param, static_cast<time_t>(at / 1000));
  X509_VERIFY_PARAM_set_depth(param, 1);
  X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
  // A root is trusted because it was handed in, yet a broken one must not pass: check its own
  // signature.
  CHECK(X509_VERIFY_PARAM_set_flags(param,
                                    X509_V_FLAG_X509_STRICT | X509_V_FLAG_CHECK_SS_SIGNATURE) == 1);
}

// OpenSSL may find a shorter way (a leaf that the root signed itself); ours has the issuing CA in
// it.
bool IsThroughIssuing(X509_STORE_CTX* context, const X509* issuing) {
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  return sk_X509_num(chain) == kChainCertificates &&
         X509_cmp(sk_X509_value(chain, 1), issuing) == 0;
}

}  // namespace

Result<void> VerifyChain(const ChainRequest& request) {
  RETURN_IF_ERROR(CheckLeaf(request));
  const StorePtr roots(X509_STORE_new());
  const BorrowedX509sPtr others(sk_X509_new_null());
  const StoreContextPtr context(X509_STORE_CTX_new());
  CHECK(roots != nullptr && others != nullptr && context != nullptr);
  CHECK(X509_STORE_add_cert(roots.get(), request.root.x509()) == 1);
  CHECK(sk_X509_push(others.get(), request.issuing.x509()) == 1);
  CHECK(X509_STORE_CTX_init(context.get(), roots.get(), request.leaf.x509(), others.get()) == 1);
  Configure(context.get(), request.at);
  const bool valid = X509_verify_cert(context.get()) == 1;
  ERR_clear_error();
  if (!valid) {
    const int reason = X509_STORE_CTX_get_error(context.get());
    return Fail(Errc::kDenied,
                std::string("the certificate chain does not hold: ") +
                    X509_verify_cert_error_string(reason));
  }
  if (!IsThroughIssuing(context.get(), request.issuing.x509())) {
    return Fail(Errc::kDenied, "the certificate was not issued by the issuing CA");
  }
  return {};
}

}  // namespace rujukan::certs
