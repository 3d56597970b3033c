#include "certs/timestamp.h"

#include <openssl/err.h>
#include <openssl/ts.h>

#include <array>
#include <ctime>

#include "base/limits.h"
#include "certs/openssl_ptr.h"
#include "certs/x509_read.h"

namespace rujukan::certs {
namespace {

using AlgorithmPtr = OpensslPtr<X509_ALGOR, X509_ALGOR_free>;
using ImprintPtr = OpensslPtr<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using InfoPtr = OpensslPtr<TS_TST_INFO, TS_TST_INFO_free>;
using IntegerPtr = OpensslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using Pkcs7Ptr = OpensslPtr<PKCS7, PKCS7_free>;
using RequestPtr = OpensslPtr<TS_REQ, TS_REQ_free>;
using ResponsePtr = OpensslPtr<TS_RESP, TS_RESP_free>;
using VerifyPtr = OpensslPtr<TS_VERIFY_CTX, TS_VERIFY_CTX_free>;
using ParamPtr = OpensslPtr<X509_VERIFY_PARAM, X509_VERIFY_PARAM_free>;

constexpr size_t kNonceBytes = 8;

tl::unexpected<Error> Bad(Errc code, const std::string& what) {
  return Fail(code, "time-stamp: " + what);
}
// With OpenSSL's own reason, which also empties its queue.
tl::unexpected<Error> BadBecause(Errc code, const std::string& what) {
  return Bad(code, what + ": " + TakeOpensslReason());
}

struct Token {
  Pkcs7Ptr pkcs7;
  InfoPtr info;
};

Result<Token> ReadToken(std::string_view der) {
  if (der.size() > limits::kTimestampTokenBytesMax) {
    return Bad(Errc::kLimit, "it is over 16384 bytes");
  }
  const unsigned char* at = Raw(der);
  Pkcs7Ptr pkcs7(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())));
  if (pkcs7 == nullptr || at != Raw(der) + der.size()) {
    return BadBecause(Errc::kInvalid, "not a TimeStampToken in DER form");
  }
  InfoPtr info(PKCS7_to_TS_TST_INFO(pkcs7.get()));
  if (info == nullptr) {
    return BadBecause(Errc::kInvalid, "it holds no TSTInfo");
  }
  return Token{std::move(pkcs7), std::move(info)};
}

Result<Digest> ImprintOf(TS_TST_INFO* info) {
  TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* bytes = TS_MSG_IMPRINT_get_msg(imprint);
  if (OBJ_obj2nid(algorithm) != NID_sha256) {
    return Bad(Errc::kInvalid, "its imprint is not SHA-256");
  }
  return Digest::FromBytes({reinterpret_cast<const char*>(ASN1_STRING_get0_data(bytes)),
                            static_cast<size_t>(ASN1_STRING_length(bytes))});
}

std::string OidText(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int length = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  return length > 0 && static_cast<size_t>(length) < text.size() ? text.data() : "";
}

Result<UnixMillis> TimeOf(const TS_TST_INFO* info) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1) {
    return BadBecause(Errc::kInvalid, "its time does not parse");
  }
  return static_cast<UnixMillis>(timegm(&parts)) * 1000;
}

std::string AuthorityOf(PKCS7* pkcs7) {
  BorrowedX509sPtr signers(PKCS7_get0_signers(pkcs7, nullptr, 0));
  ERR_clear_error();
  if (signers == nullptr || sk_X509_num(signers.get()) < 1) {
    return "";
  }
  const BioPtr text = WriteBio();
  X509_NAME_print_ex(
      text.get(), X509_get_subject_name(sk_X509_value(signers.get(), 0)), 0, XN_FLAG_RFC2253);
  return TakeBio(text.get());
}

Result<TimestampToken> Describe(const Token& token) {
  TimestampToken described;
  ASSIGN_OR_RETURN(described.imprint, ImprintOf(token.info.get()));
  ASSIGN_OR_RETURN(described.time, TimeOf(token.info.get()));
  described.policy = OidText(TS_TST_INFO_get_policy_id(token.info.get()));
  described.authority = AuthorityOf(token.pkcs7.get());
  return described;
}

IntegerPtr NonceInteger(std::string_view nonce) {
  uint64_t number = 0;
  for (const char byte : nonce.substr(0, kNonceBytes)) {
    number = number << 8U | static_cast<uint8_t>(byte);
  }
  IntegerPtr integer(ASN1_INTEGER_new());
  CHECK(integer != nullptr && ASN1_INTEGER_set_uint64(integer.get(), number) == 1);
  return integer;
}

std::string StatusText(TS_RESP* response) {
  std::string text;
  const STACK_OF(ASN1_UTF8STRING)* lines =
      TS_STATUS_INFO_get0_text(TS_RESP_get_status_info(response));
  for (int i = 0; i < sk_ASN1_UTF8STRING_num(lines); ++i) {
    const ASN1_UTF8STRING* line = sk_ASN1_UTF8STRING_value(lines, i);
    text.append(text.empty() ? "" : "; ")
        .append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(line)),
                static_cast<size_t>(ASN1_STRING_length(line)));
  }
  return text.empty() ? "it gave no reason" : text;
}

Result<void> CheckGranted(TS_RESP* response) {
  const long status =
      ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
  if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) {
    return Bad(Errc::kDenied, "the authority refused: " + StatusText(response));
  }
  return {};
}

// What OpenSSL's chain check found, which it keeps beside the reason: "certificate has expired".
std::string ChainFault() {
  constexpr std::string_view kLabel = "Verify error:";
  const char* data = nullptr;
  int flags = 0;
  ERR_peek_last_error_data(&data, &flags);
  const std::string_view text = (flags & ERR_TXT_STRING) != 0 && data != nullptr ? data : "";
  return text.starts_with(kLabel) ? ": " + std::string(text.substr(kLabel.size())) : "";
}

// Owned by the verify context that it is handed to.
Result<StorePtr> StoreOf(std::span<const std::string> anchors, UnixMillis time) {
  StorePtr store(X509_STORE_new());
  CHECK(store != nullptr);
  for (const std::string& der : anchors) {
    const unsigned char* at = Raw(der);
    const X509Ptr anchor(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (anchor == nullptr || X509_STORE_add_cert(store.get(), anchor.get()) != 1) {
      return BadBecause(Errc::kInvalid, "a trusted certificate does not parse");
    }
  }
  const ParamPtr param(X509_VERIFY_PARAM_new());
  CHECK(param != nullptr);
  X509_VERIFY_PARAM_set_time(param.get(), static_cast<time_t>(time / 1000));
  X509_VERIFY_PARAM_set_flags(param.get(), X509_V_FLAG_PARTIAL_CHAIN);
  CHECK(X509_STORE_set1_param(store.get(), param.get()) == 1);
  return store;
}

}  // namespace

std::string MakeTimestampRequest(const Digest& imprint, std::string_view nonce) {
  const RequestPtr request(TS_REQ_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  const ImprintPtr message(TS_MSG_IMPRINT_new());
  CHECK(request != nullptr && algorithm != nullptr && message != nullptr);
  std::string bytes = imprint.str();
  CHECK(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1);
  CHECK(TS_MSG_IMPRINT_set_algo(message.get(), algorithm.get()) == 1);
  CHECK(TS_MSG_IMPRINT_set_msg(message.get(), Raw(bytes), static_cast<int>(bytes.size())) == 1);
  CHECK(TS_REQ_set_version(request.get(), 1) == 1);
  CHECK(TS_REQ_set_msg_imprint(request.get(), message.get()) == 1);
  CHECK(TS_REQ_set_nonce(request.get(), NonceInteger(nonce).get()) == 1);
  CHECK(TS_REQ_set_cert_req(request.get(), 1) == 1);
  return ToDer<i2d_TS_REQ>(request.get());
}

namespace {

// Granted, with a token in it.
Result<ResponsePtr> ReadResponse(std::string_view response) {
  if (response.size() > limits::kTimestampTokenBytesMax) {
    return Bad(Errc::kLimit, "the answer is over 16384 bytes");
  }
  const unsigned char* at = Raw(response);
  ResponsePtr parsed(d2i_TS_RESP(nullptr, &at, static_cast<long>(response.size())));
  if (parsed == nullptr) {
    return BadBecause(Errc::kInvalid, "the answer is not a TimeStampResp");
  }
  RETURN_IF_ERROR(CheckGranted(parsed.get()));
  if (TS_RESP_get_token(parsed.get()) == nullptr || TS_RESP_get_tst_info(parsed.get()) == nullptr) {
    return Bad(Errc::kInvalid, "granted, but without a token");
  }
  return parsed;
}

}  // namespace

Result<std::string> TokenOfResponse(std::string_view response,
                                    const Digest& imprint,
                                    std::string_view nonce) {
  ASSIGN_OR_RETURN(const ResponsePtr parsed, ReadResponse(response));
  TS_TST_INFO* info = TS_RESP_get_tst_info(parsed.get());
  ASSIGN_OR_RETURN(const Digest stamped, ImprintOf(info));
  const ASN1_INTEGER* echoed = TS_TST_INFO_get_nonce(info);
  if (stamped != imprint || echoed == nullptr ||
      ASN1_INTEGER_cmp(echoed, NonceInteger(nonce).get()) != 0) {
    return Bad(Errc::kConflict, "the authority answers another request");
  }
  return ToDer<i2d_PKCS7>(TS_RESP_get_token(parsed.get()));
}

Result<std::string> TokenInResponse(std::string_view response) {
  ASSIGN_OR_RETURN(const ResponsePtr parsed, ReadResponse(response));
  return ToDer<i2d_PKCS7>(TS_RESP_get_token(parsed.get()));
}

Result<TimestampToken> ParseTimestampToken(std::string_view der) {
  ASSIGN_OR_RETURN(const Token token, ReadToken(der));
  return Describe(token);
}

Result<TimestampToken> VerifyTimestamp(std::string_view der,
                                       const Digest& imprint,
                                       std::span<const std::string> anchors) {
  ASSIGN_OR_RETURN(const Token token, ReadToken(der));
  ASSIGN_OR_RETURN(TimestampToken described, Describe(token));
  if (described.imprint != imprint) {
    return Bad(Errc::kDenied, "it is over something else");
  }
  ASSIGN_OR_RETURN(StorePtr store, StoreOf(anchors, described.time));
  const VerifyPtr context(TS_VERIFY_CTX_new());
  CHECK(context != nullptr);
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_SIGNATURE | TS_VFY_VERSION);
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  if (TS_RESP_verify_token(context.get(), token.pkcs7.get()) != 1) {
    const std::string fault = ChainFault();
    return BadBecause(Errc::kDenied, "not signed by an authority that is trusted here" + fault);
  }
  return described;
}

}  // namespace rujukan::certs
