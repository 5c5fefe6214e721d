#include "base/text.h"
#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/sheet.h"
#include "reports/trial.h"

namespace ftaudit::reports {
namespace {

std::string esc(std::string_view text) { return markup(printable(text)); }
// "tests/test_shop.py::test_stock" breaks before the test's own name; "shop.tests.test_shop.Suite.test_stock" at its
// dots.
std::string esc_test(const std::string& name) {
  if (const std::size_t at = name.rfind("::"); at != std::string::npos)
    return esc(name.substr(0, at + 2)) + "<wbr>" + esc(name.substr(at + 2));
  std::string out;
  for (const std::string& part : split(name, '.')) out += (out.empty() ? "" : ".<wbr>") + esc(part);
  return out;
}
// Line breaks are kept where they are ours.
std::string esc_lines(const std::vector<std::string>& lines) { return markup(printable_lines(join(lines, "\n"))); }

constexpr std::string_view style = R"css(
.what,.says{overflow-wrap:anywhere;min-width:16rem}.says{width:60%}.bad{color:var(--bad)}.good{color:var(--good)}.verdict{font-size:1.1rem;font-weight:600}
pre{background:var(--soft);padding:.6rem .8rem;overflow-x:auto;font-size:.85rem}summary{cursor:pointer;color:var(--dim)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0}
)css";

class Page {
 public:
  Page(std::ostream& out, const Trial& of) : out_(out), of_(of) {}

  void write() {
    begin_sheet(out_, "Trial: " + esc(of_.application), style);
    out_ << "<body>\n<main>\n<h1>" << esc(head_of(of_)) << "</h1>\n<p class=\"verdict "
         << (stands_against(of_) ? "bad"
             : of_.incomplete    ? "dim"
                                 : "good")
         << "\">" << esc(verdict_of(of_)) << "</p>\n<dl>\n";
    for (const TrialLine& line : lines_of(of_))
      out_ << "<dt>" << line.about << "</dt><dd" << (line.bad ? " class=\"bad\"" : "") << ">" << esc(line.text)
           << "</dd>\n";
    if (const std::string quiet = quiet_of(of_); !quiet.empty()) out_ << "<dt>tests</dt><dd>" << quiet << "</dd>\n";
    out_ << "</dl>\n";
    table();
    packages();
    notes();
    out_
        << "<p class=\"dim\">Made by ftaudit " << esc(of_.tool_version) << " on " << esc(of_.date)
        << ". Every run is a fresh process. A test is blamed on the missing GIL only where it fails without and, by as "
           "many threads on the same interpreter, not with it.</p>\n</main>\n</body>\n</html>\n";
  }

 private:
  void table() {
    const std::vector<TrialRow> rows = rows_of(of_);
    if (rows.empty()) return;
    out_ << "<h2>Tests that do not pass in every way</h2>\n<div class=\"scroll\"><table "
            "class=\"rows\">\n<thead><tr><th>Test</th>";
    for (const Way way : {Way::gil, Way::alone, Way::threads, Way::control})
      out_ << "<th>" << esc(way_title(of_, way)) << "</th>";
    out_ << "<th>Says</th></tr></thead>\n<tbody>\n";
    for (const TrialRow& row : rows) {
      const TriedTest& test = *row.test;
      out_ << "<tr><td class=\"what\">" << esc_test(test.name);
      if (!row.others.empty()) {
        out_ << "<details><summary>and " << row.others.size() << " more</summary>";
        for (const TriedTest* one : row.others) out_ << esc(one->name) << "<br>";
        out_ << "</details>";
      }
      out_ << "</td>";
      for (const Way way : {Way::gil, Way::alone, Way::threads, Way::control})
        out_ << "<td class=\"n" << (test.of(way).bad() > 0 ? " bad" : "") << "\" data-of=\"" << esc(way_title(of_, way))
             << "\">" << cell_text(test.of(way)) << "</td>";
      out_ << "<td class=\"says\"><span class=\"" << (stands_against(test.answer) ? "bad" : "dim") << "\">"
           << title_of(test.answer) << "</span>";
      if (const std::string reason = reason_of(test); !reason.empty()) out_ << "<br>" << esc(reason);
      for (const Way way : {Way::gil, Way::alone, Way::threads, Way::control})
        if (!test.of(way).what.empty())
          out_ << "<br><span class=\"dim\">" << esc(way_title(of_, way)) << ": " << esc(test.of(way).what) << "</span>";
      if (!test.stack.empty())
        out_ << "<details><summary>stack</summary><pre>" << esc_lines(test.stack) << "</pre></details>";
      out_ << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
  }

  void packages() {
    if (of_.packages.empty()) return;
    out_ << "<h2>Packages</h2>\n<details><summary>" << counted(of_.packages.size(), "package")
         << "</summary><div class=\"scroll\"><table>\n<thead><tr><th>Package</th><th>" << esc(of_.free.name)
         << "</th><th>" << esc(of_.gil.name) << "</th><th>Compiled modules</th><th>State</th></tr></thead>\n<tbody>\n";
    for (const TriedPackage& one : of_.packages)
      out_ << "<tr><td>" << esc(one.name) << "</td><td class=\"n\">" << esc(one.version) << "</td><td class=\"n\">"
           << esc(one.gil_version) << "</td><td class=\"n\">" << one.modules.size() << "</td><td>" << name_of(one.state)
           << (one.built_here ? ", built here" : "") << (one.why.empty() ? "" : ": " + esc(one.why)) << "</td></tr>\n";
    out_ << "</tbody></table></div></details>\n";
  }

  void notes() {
    if (!of_.notes.empty()) {
      out_ << "<h2>Notes</h2>\n<ul>\n";
      for (const std::string& note : of_.notes) out_ << "<li>" << esc(note) << "</li>\n";
      out_ << "</ul>\n";
    }
    if (of_.next.empty()) return;
    out_ << "<h2>Next</h2>\n<pre>";
    for (const std::string& step : of_.next) out_ << esc(step) << '\n';
    out_ << "</pre>\n";
  }

  std::ostream& out_;
  const Trial& of_;
};

}  // namespace

void write_trial_html(std::ostream& out, const Trial& trial) { Page(out, trial).write(); }

}  // namespace ftaudit::reports
