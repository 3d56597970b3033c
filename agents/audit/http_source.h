// The HTTP side of Source: tlog-tiles over libcurl, with a bearer token for the entries.
#pragma once

#include <memory>
#include <string>

#include "agents/audit/source.h"

namespace rujukan::audit {

// kInvalid: libcurl refuses the address.
Result<std::unique_ptr<Source>> OpenHttpSource(std::string base_url, const std::string& token);

}  // namespace rujukan::audit
