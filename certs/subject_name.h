// The one e-mail name of a certificate or request (SAN rfc822Name, RFC 5280 s4.2.1.6). Internal to
// certs/.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {

// The agency address that is the only name in `names`. kInvalid when there is another number or
// kind of names, or the name is not an agency address (which also refuses NUL bytes and upper
// case).
Result<std::string> OnlyAddress(const GENERAL_NAMES* names);

// `names` holding just `address`. Built as structures, so nothing in it is read as syntax.
GeneralNamesPtr NamesOf(std::string_view address);

}  // namespace rujukan::certs
