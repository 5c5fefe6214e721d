#include "reports/plan_page.h"

#include <map>
#include <set>

#include "base/text.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/markup.h"
#include "reports/plan.h"
#include "reports/types.h"

namespace ftaudit::reports {
namespace {

constexpr std::size_t types_shown = 12;

std::string text(std::string_view of) { return markup(printable(of)); }

std::string sentence(std::string of) {
  if (!of.empty()) of[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(of[0])));
  return text(of);
}

class Section {
 public:
  Section(std::ostream& out, const Document& document) : out_(out), plan_(*document.plan) {
    for (const Finding& finding : document.findings) shown_.insert(finding.fingerprint);
  }

  void write() {
    out_ << "<section class=\"plan\" aria-labelledby=\"plan\">\n<h2 id=\"plan\">Plan</h2>\n<p>" << text(in_short(plan_))
         << ".</p>\n<ol>\n";
    for (const PlanStep& step : plan_.steps) tell(step);
    out_ << "</ol>\n";
    rest();
    types();
    out_ << "</section>\n";
  }

 private:
  void tell(const PlanStep& step) {
    out_ << "<li id=\"step-" << step.number << "\"><h3>" << step.number << ". " << sentence(step.what) << "</h3><p>"
         << sentence(step.because) << ".</p>";
    list(plan_.measured == Measured::no ? "Is for" : "Ends", step.ends);
    list("Ends part of", step.lessens);
    list("Would be new", step.brings);
    out_ << "<details><summary>" << text(counted(step.places.size(), "place")) << " to edit</summary>\n<ul>";
    for (const PlanPlace& at : step.places) {
      out_ << "<li><code>" << text(place(at.location)) << "</code> "
           << (at.function.empty() ? "" : text(at.function) + ": ") << text(at.write);
      if (!at.entry_points.empty())
        out_ << " <span class=\"dim\">by " << text(join(at.entry_points, ", ")) << "</span>";
      out_ << "</li>\n";
    }
    out_ << "</ul>";
    if (!step.otherwise.empty()) out_ << "<p>Or " << text(step.otherwise) << ".</p>";
    out_ << "</details></li>\n";
  }

  // By rule, each finding a link to where it is told.
  void list(std::string_view label, const std::vector<PlanFinding>& findings) {
    if (findings.empty()) return;
    std::map<std::string, std::vector<const PlanFinding*>> rules;
    for (const PlanFinding& finding : findings) rules[finding.rule + " " + finding.name].push_back(&finding);
    out_ << "<p class=\"ends\"><span class=\"dim\">" << label << "</span>";
    for (const auto& [rule, those] : rules) {
      out_ << " <span><b>" << text(rule) << "</b>";
      for (const PlanFinding* finding : those) link(*finding);
      out_ << "</span>";
    }
    out_ << "</p>\n";
  }

  void link(const PlanFinding& finding) {
    const std::string where = text(place(finding.location));
    if (shown_.contains(finding.fingerprint))
      out_ << " <a href=\"#f-" << text(finding.fingerprint) << "\" title=\"" << text(finding.what) << "\"><code>"
           << where << "</code></a>";
    else out_ << " <code>" << where << "</code>";
  }

  void rest() {
    std::size_t left = 0;
    for (const PlanRest& rest : plan_.rest) left += rest.findings.size();
    if (left == 0) return;
    out_ << "<details><summary>" << text(counted(left, "finding")) << " that no step ends</summary>\n<ul>";
    for (const PlanRest& rest : plan_.rest) {
      out_ << "<li><b>" << text(rest.rule + " " + rest.name) << "</b>: " << text(rest.why) << "<br>";
      for (const PlanFinding& finding : rest.findings) link(finding);
      out_ << "</li>\n";
    }
    out_ << "</ul></details>\n";
  }

  void types() {
    for (std::size_t i = 0; i < plan_.before.size() && i < plan_.after.size() && i < types_shown; ++i) {
      const TypeReport &before = plan_.before[i], &after = plan_.after[i];
      out_ << "<details><summary><code>" << text(before.name) << "</code> " << before.races << " of "
           << text(counted(before.pairs, "pair")) << " of entries race before, " << after.races << " after</summary>\n";
      if (before.entries.size() <= widest_matrix && after.entries.size() <= widest_matrix) {
        out_ << "<div class=\"both\"><div><h4>Before</h4>";
        write_matrix(out_, before);
        out_ << "</div><div><h4>After</h4>";
        write_matrix(out_, after);
        out_ << "</div></div>";
      } else {
        out_ << "<p class=\"dim\">" << before.entries.size() << " entries: the JSON report has the tables.</p>";
      }
      out_ << "</details>\n";
    }
  }

  std::ostream& out_;
  const Plan& plan_;
  std::set<std::string_view> shown_;
};

}  // namespace

void write_matrix(std::ostream& out, const TypeReport& type) {
  out << "<div class=\"matrix\"><table><thead><tr><td></td>";
  for (const std::string& entry : type.entries)
    out << "<th scope=\"col\"><span>" << text(short_name(type, entry)) << "</span></th>";
  out << "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < type.rows.size(); ++i) {
    out << "<tr><th scope=\"row\">" << text(short_name(type, type.entries[i])) << "</th>";
    for (const char cell : type.rows[i])
      out << (cell == 'X'   ? "<td class=\"race\">X</td>"
              : cell == '?' ? "<td class=\"perhaps\">?</td>"
              : cell == 'c' ? "<td>c</td>"
                            : "<td>.</td>");
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

void write_plan_section(std::ostream& out, const Document& document) {
  if (!document.plan->steps.empty()) Section(out, document).write();
}

}  // namespace ftaudit::reports
