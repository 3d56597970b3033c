#include "agents/audit/html.h"

#include "agents/audit/page.css.h"
#include "base/printable.h"

namespace rujukan::audit {

std::string EscapeHtml(std::string_view text) {
  std::string escaped;
  for (const char letter : Printable(text)) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

std::string HtmlPage(std::string_view title, std::string_view body) {
  std::string page =
      "<!doctype html>\n<html lang=\"id\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'\">\n<title>";
  page += EscapeHtml(title);
  page += "</title>\n<style>";
  page += kPageStyle;
  page += "</style>\n</head>\n<body>\n";
  page += body;
  page += "</body>\n</html>\n";
  return page;
}

std::string HtmlTable(std::string_view caption,
                      const std::vector<std::string>& headings,
                      const std::vector<std::vector<std::string>>& rows) {
  std::string table = "<div class=\"scroll\"><table class=\"stack\"><caption>" +
                      EscapeHtml(caption) + "</caption>\n<thead><tr>";
  for (const std::string& heading : headings) {
    table += "<th scope=\"col\">" + EscapeHtml(heading) + "</th>";
  }
  table += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    table += "<tr>";
    for (size_t i = 0; i < row.size(); ++i) {
      table += "<td data-h=\"" + EscapeHtml(i < headings.size() ? headings[i] : "") + "\">" +
               row[i] + "</td>";
    }
    table += "</tr>\n";
  }
  return table + "</tbody></table></div>\n";
}

std::string HtmlFacts(const std::vector<HtmlFact>& facts) {
  std::string list = "<dl>\n";
  for (const HtmlFact& fact : facts) {
    list += "<dt>" + EscapeHtml(fact.name) + "</dt><dd>" + EscapeHtml(fact.value) + "</dd>\n";
  }
  return list + "</dl>\n";
}

}  // namespace rujukan::audit
