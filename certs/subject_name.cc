#include "certs/subject_name.h"

#include "base/address.h"
#include "base/check.h"

namespace rujukan::certs {

Result<std::string> OnlyAddress(const GENERAL_NAMES* names) {
  if (names == nullptr || sk_GENERAL_NAME_num(names) != 1) {
    return Fail(Errc::kInvalid, "it must carry exactly one subjectAltName");
  }
  int kind = 0;
  const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, 0), &kind);
  if (kind != GEN_EMAIL) {
    return Fail(Errc::kInvalid, "its subjectAltName must be an rfc822Name");
  }
  const auto* text = static_cast<const ASN1_STRING*>(value);
  const std::string_view name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                              static_cast<size_t>(ASN1_STRING_length(text)));
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(name));
  return address.text();
}

GeneralNamesPtr NamesOf(std::string_view address) {
  GeneralNamesPtr names(GENERAL_NAMES_new());
  OpensslPtr<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
  OpensslPtr<ASN1_IA5STRING, ASN1_IA5STRING_free> text(ASN1_IA5STRING_new());
  CHECK(names != nullptr && name != nullptr && text != nullptr);
  CHECK(ASN1_STRING_set(text.get(), address.data(), static_cast<int>(address.size())) == 1);
  GENERAL_NAME_set0_value(name.get(), GEN_EMAIL, text.release());
  CHECK(sk_GENERAL_NAME_push(names.get(), name.get()) == 1);
  name.release();  // NOLINT(bugprone-unused-return-value): the stack owns it now
  return names;
}

}  // namespace rujukan::certs
