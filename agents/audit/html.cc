#include "agents/audit/html.h"

#include "base/printable.h"

namespace rujukan::audit {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --line: #d0d7de; --paper: #ffffff;
  --soft: #f3f5f7; --good: #116329; --bad: #b42318; --warn: #8a5a00; --blue: #0b5cad; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --dim: #9aa4af; --line: #3a424c;
  --paper: #14181d; --soft: #1d232a; --good: #6ccf85; --bad: #ff8c7f; --warn: #e2b04a; --blue: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.25rem; max-width: 64rem; font: 1rem/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h2 small, h1 small { color: var(--dim); font-weight: 400; }
p { max-width: 42rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
code, .n { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; color: var(--dim); padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--dim); font-weight: 600; white-space: nowrap; }
td.n { white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .warn { color: var(--warn); }
.verdict { border-left: .35rem solid currentColor; padding: .4rem .8rem; background: var(--soft);
  font-weight: 600; }
svg { display: block; width: 100%; max-width: 40rem; height: auto; margin: .5rem 0; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .d { fill: var(--dim); font-size: 10.5px; } svg .h { font-weight: 600; }
svg .lane, svg .tick { stroke: var(--line); stroke-width: 1; fill: none; }
svg .m { stroke: var(--blue); stroke-width: 1.75; fill: none; } svg .mf { fill: var(--blue); }
svg .r { stroke: var(--dim); stroke-width: 1.25; stroke-dasharray: 4 3; fill: none; } svg .rf { fill: var(--dim); }
svg .x { stroke: var(--bad); stroke-width: 1.75; fill: none; } svg .xf { fill: var(--bad); }
svg .o { stroke: var(--warn); stroke-width: 1.25; fill: none; } svg .of { fill: var(--warn); }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 40rem) { body { padding: .85rem; } dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; }
  table.stack thead { display: none; } table.stack, table.stack tbody { display: block; }
  table.stack tr { display: block; border-bottom: 1px solid var(--line); padding: .5rem 0; }
  table.stack td { display: grid; grid-template-columns: 6.5rem 1fr; gap: .5rem; border: 0; padding: .1rem 0;
    white-space: normal; min-width: 0; overflow-wrap: anywhere; }
  table.stack td::before { content: attr(data-h); color: var(--dim); font-family: system-ui, sans-serif; }
  table.stack td:empty { display: none; } }
@media print { :root { color-scheme: light; --ink: #000; --dim: #444; --line: #999; --paper: #fff; --soft: #fff;
  --good: #050; --bad: #900; --warn: #640; --blue: #036; } body { max-width: none; padding: 0; }
  tr, svg, h2 { break-inside: avoid; } h2 { break-after: avoid; } }
)";

}  // namespace

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
  page += kStyle;
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
