#include "reports/sheet.h"

#include <string>

#include "reports/content_policy.h"

namespace ftaudit::reports {

constexpr std::string_view look = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1b1f;--dim:#5c5f66;--line:#d8dae0;--good:#1a6b2d;--bad:#a8201a;--soft:#f4f5f7}
@media (prefers-color-scheme:dark){:root{--bg:#17181b;--fg:#e6e7ea;--dim:#a4a8b0;--line:#3a3d44;--good:#7fd18f;--bad:#ff9a90;--soft:#222429}}
body{margin:0 auto;max-width:80rem;padding:1.5rem 1rem 4rem;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
h1{font-size:1.3rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n{white-space:nowrap}.dim{color:var(--dim)}
@media (max-width:40rem){.rows thead{display:none}.rows tr{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
.rows td{border:0;padding:.1rem 0}.rows .what,.rows .says{flex-basis:100%;min-width:0;overflow-wrap:anywhere}.rows .what br{display:none}
.rows [data-of]::before{content:attr(data-of) ": ";color:var(--dim)}}
)css";

void begin_sheet(std::ostream& out, std::string_view title, std::string_view style) {
  const std::string all = std::string(look) + std::string(style);
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " << policy_hash(all)
      << "\">\n<title>" << title << "</title>\n<style>" << all << "</style>\n</head>\n";
}

}  // namespace ftaudit::reports
