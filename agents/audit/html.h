// Pages for people: one file each, that needs no network, no script and no font of elsewhere, reads
// in light and dark and prints. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rujukan::audit {

// Safe as text and inside quoted attributes; what Printable would make visible is made visible.
std::string EscapeHtml(std::string_view text);

// `body` is HTML already; `title` is text. The Content-Security-Policy forbids everything but the
// page's own style.
std::string HtmlPage(std::string_view title, std::string_view body);

// A table; cells are HTML already, headings are text. `caption` is text.
std::string HtmlTable(std::string_view caption,
                      const std::vector<std::string>& headings,
                      const std::vector<std::vector<std::string>>& rows);

// "<dt>name</dt><dd>value</dd>" lists; values are text.
struct HtmlFact {
  std::string name;
  std::string value;
};
std::string HtmlFacts(const std::vector<HtmlFact>& facts);

}  // namespace rujukan::audit
