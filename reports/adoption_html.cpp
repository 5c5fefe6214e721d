#include "reports/adoption_html.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "reports/adoption_json.h"
#include "reports/adoption_text.h"
#include "reports/columns.h"
#include "reports/content_policy.h"
#include "reports/markup.h"

namespace ftaudit::reports {
namespace {

// Escaped for text and for attributes in double quotes; control characters are made visible first.
std::string esc(std::string_view text) { return markup(printable(text)); }

std::string_view class_of(Standing standing) {
  switch (standing) {
    case Standing::pure:
    case Standing::supports: return "good";
    case Standing::declared_only: return "claim";
    case Standing::hazards:
    case Standing::unknown: return "warn";
    default: return "bad";
  }
}

std::string_view mark_of(Standing standing) {
  const std::string_view kind = class_of(standing);
  return kind == "good" ? "&#10003;" : kind == "claim" ? "~" : kind == "warn" ? "?" : "&#10007;";
}

std::string standing_text(Standing standing) {
  return "<span class=\"s " + std::string(class_of(standing)) + "\">" + std::string(mark_of(standing)) + " " +
         esc(title_of(standing)) + "</span>";
}

class Page {
 public:
  Page(std::ostream& out, const AdoptionReport& report) : out_(out), report_(report) {
    for (const PackageReport& package : report.packages) by_name_[package.name] = &package;
  }

  void write() {
    head();
    advice();
    if (!blocking(report_).empty()) fleet();
    table();
    if (report_.application) evidence();
    tree();
    if (report_.changes) changed();
    list("Problems", report_.problems);
    list("Notes", report_.notes);
    out_ << "<p class=\"dim\">" << esc(adoption_closing_line(report_)) << ". Made by ftaudit "
         << esc(report_.tool_version) << " on " << esc(report_.date) << "; resolved by " << esc(report_.resolver)
         << " for " << esc(report_.platform) << ".</p>\n</main>\n<script type=\"application/json\" id=\"data\">"
         << adoption_json_for_page(report_) << "</script>\n<script>" << adoption_script
         << "</script>\n</body>\n</html>\n";
  }

 private:
  void head() {
    out_ << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         << policy_hash(adoption_style) << "; script-src " << policy_hash(adoption_script)
         << "; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" "
            "content=\"width=device-width,initial-scale=1\">\n<title>Free-threaded Python "
         << esc(report_.target) << ": " << title_of(report_.advice.recommendation) << "</title>\n<style>"
         << adoption_style << "</style>\n</head>\n<body>\n<main>\n";
  }

  void advice() {
    const Advice& advice = report_.advice;
    const std::optional<Workload> kind = report_.application ? report_.application->kind : std::nullopt;
    out_ << "<h1>Free-threaded Python " << esc(report_.target) << ": " << title_of(advice.recommendation)
         << "</h1>\n<p class=\"lead\">" << esc(advice.headline)
         << "</p>\n<p class=\"dim\">Workload: " << name_of(kind.value_or(report_.workload))
         << (kind ? " (measured)" : "") << ". Asked for: "
         << esc(report_.inputs.size() > 8 ? counted(report_.inputs.size(), "input") : join(report_.inputs, ", "))
         << "</p>\n<ul class=\"counts\" aria-label=\"Packages by standing\">\n";
    for (const auto& [standing, count] : by_standing(report_))
      out_ << "<li><strong>" << count << "</strong> " << standing_text(standing) << "</li>\n";
    out_ << "</ul>\n<ul>\n";
    for (const std::string& step : advice.because) out_ << "<li>" << esc(step) << "</li>\n";
    out_ << "</ul>\n";
    if (!advice.chains.empty()) {
      out_ << "<h2>How the GIL comes back</h2>\n<ul>\n";
      for (const auto& chain : advice.chains) out_ << "<li>" << esc(join(chain, " \u2192 ")) << "</li>\n";
      out_ << "</ul>\n";
    }
    if (!advice.actions.empty()) {
      out_ << "<h2>What to do</h2>\n<ol>\n";
      for (const Action& action : advice.actions)
        out_ << "<li><strong>" << name_of(action.kind) << "</strong>: " << esc(action.what) << "</li>\n";
      out_ << "</ol>\n";
    }
  }

  void table() {
    out_ << "<h2 id=\"list\">Packages</h2>\n<div class=\"tools\" id=\"tools\" hidden><label "
            "for=\"search\">Find</label><input type=\"search\" id=\"search\" placeholder=\"name or text ( / )\"><label "
            "for=\"standing\">Standing</label><select id=\"standing\"><option value=\"\">all</option>";
    for (const auto& [standing, count] : by_standing(report_))
      out_ << "<option value=\"" << name_of(standing) << "\">" << esc(title_of(standing)) << "</option>";
    out_
        << "</select><label><input type=\"checkbox\" id=\"direct\"> only what was asked for</label><button id=\"all\" "
           "aria-pressed=\"false\">Open all</button><button id=\"theme\">Light/dark</button><span id=\"shown\" "
           "role=\"status\" class=\"dim\"></span></div>\n"
        << "<p class=\"dim\">Keys: / finds, j and k go down and up, Enter opens.</p>\n<div class=\"scroll\"><table "
           "id=\"packages\">\n<thead><tr><th scope=\"col\"><button disabled>Package</button></th><th scope=\"col\" "
           "class=\"version\"><button disabled>Version</button></th><th scope=\"col\" aria-sort=\"descending\"><button "
           "disabled>Standing</button></th><th scope=\"col\">Why, and the evidence</th></tr></thead>\n<tbody>\n";
    std::vector<const PackageReport*> rows;
    for (const PackageReport& package : report_.packages) rows.push_back(&package);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const PackageReport* a, const PackageReport* b) { return a->standing > b->standing; });
    for (const PackageReport* package : rows) row(*package);
    out_ << "</tbody>\n</table></div>\n";
  }

  void row(const PackageReport& of) {
    out_ << "<tr id=\"p-" << esc(of.name) << "\" data-standing=\"" << name_of(of.standing) << "\" data-direct=\""
         << (of.direct ? "yes" : "no") << "\"><td class=\"name\">" << esc(of.name) << "</td><td class=\"version\">"
         << esc(of.version) << "</td><td data-key=\"" << static_cast<int>(of.standing) << "\">"
         << standing_text(of.standing) << "</td><td><details><summary>" << esc(of.summary)
         << "</summary><div class=\"evidence\">";
    out_ << "<p>Confidence: " << name_of(of.confidence) << ".";
    if (!of.upgrade_to.empty()) out_ << " Better: " << esc(of.upgrade_to) << ".";
    if (!of.pin_to.empty()) out_ << " Last version with a wheel: " << esc(of.pin_to) << ".";
    if (!of.first_version.empty()) out_ << " First version with a wheel: " << esc(of.first_version) << ".";
    if (of.standing == Standing::no_wheel)
      out_ << " Builds from source: " << name_of(of.builds)
           << (of.builds_why.empty() ? "" : " (" + esc(of.builds_why) + ")") << ".";
    out_ << "</p>";
    if (!of.asked_by.empty()) out_ << "<p>Asked for in " << esc(join(of.asked_by, ", ")) << ".</p>";
    if (!of.needed_by.empty()) {
      out_ << "<p>Needed by ";
      for (std::size_t i = 0; i < of.needed_by.size(); ++i) out_ << (i == 0 ? "" : ", ") << link(of.needed_by[i]);
      out_ << ".</p>";
    }
    out_ << "<ul>";
    for (const Reason& reason : of.reasons)
      out_ << "<li>" << esc(reason.what) << " <span class=\"dim\">[" << esc(reason.source) << "]</span></li>";
    for (const std::string& missed : of.not_checked) out_ << "<li>Not looked into: " << esc(missed) << "</li>";
    out_ << "</ul>";
    modules(of);
    out_ << "</div></details></td></tr>\n";
  }

  void modules(const PackageReport& of) {
    if (of.modules.empty()) return;
    out_ << "<details><summary>" << counted(of.modules.size(), "extension module")
         << "</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Module</th><th "
            "scope=\"col\">GIL</th><th scope=\"col\">How it is told</th><th scope=\"col\">Made with</th><th "
            "scope=\"col\">Borrowed references from</th></tr></thead><tbody>";
    for (const ModuleEvidence& module : of.modules)
      out_ << "<tr><td><code>" << esc(module.file) << "</code></td><td>" << name_of(module.gil) << "</td><td>"
           << esc(module.style) << ": " << esc(module.how) << "</td><td>" << esc(join(module.origins, ", "))
           << (module.own_locks ? ", own locks" : "") << "</td><td><code>" << esc(join(module.borrowed_calls, " "))
           << "</code></td></tr>";
    out_ << "</tbody></table></div></details>";
  }

  std::string link(const std::string& name) const {
    return by_name_.contains(name) ? "<a href=\"#p-" + esc(name) + "\">" + esc(name) + "</a>" : esc(name);
  }

  void fleet() {
    const std::vector<Blocking> all = blocking(report_);
    out_ << "<h2>In the way of most applications</h2>\n<p>" << blocking_line(report_) << ".</p>\n";
    out_ << "<div class=\"scroll\"><table id=\"blocking\"><thead><tr><th scope=\"col\">Applications</th><th "
            "scope=\"col\">Package</th><th scope=\"col\">Version</th><th "
            "scope=\"col\">Standing</th></tr></thead><tbody>\n";
    for (const Blocking& one : all)
      out_ << "<tr><td>" << one.applications << "</td><td class=\"name\">" << link(one.package->name) << "</td><td>"
           << esc(one.package->version) << "</td><td>" << standing_text(one.package->standing) << "</td></tr>\n";
    out_ << "</tbody></table></div>\n";
  }

  void evidence() {
    const ApplicationEvidence& application = *report_.application;
    out_ << "<h2>Evidence</h2>\n<div class=\"scroll\"><table id=\"evidence\"><thead><tr><th scope=\"col\">Package</th>";
    for (const Look look : all_looks) out_ << "<th scope=\"col\">" << name_of(look) << "</th>";
    out_ << "</tr></thead><tbody>\n";
    for (const PackageReport& one : report_.packages) {
      out_ << "<tr><td class=\"name\">" << link(one.name) << "</td>";
      for (const Look look : all_looks) {
        const EvidenceCell& cell = one.evidence.of(look);
        const char* kind = cell.says == Says::against ? "bad" : cell.says == Says::in_favour ? "good" : "dim";
        out_ << "<td><span class=\"" << kind << "\">" << title_of(cell.says) << "</span>";
        if (!cell.what.empty())
          out_ << "<br><span class=\"dim\">" << esc(cell.what) << (cell.when.empty() ? "" : " (" + esc(cell.when) + ")")
               << "</span>";
        out_ << "</td>";
      }
      out_ << "</tr>\n";
    }
    out_ << "</tbody></table></div>\n<ul>\n";
    if (application.tried) out_ << "<li>" << esc(application.trial) << "</li>\n";
    if (application.measured) out_ << "<li>Measured: " << esc(application.measurement) << "</li>\n";
    for (const ApplicationFact& fact : application.facts)
      if (application.measured) out_ << "<li>" << esc(fact.title) << ": " << esc(fact_text(fact)) << "</li>\n";
    out_ << "</ul>\n";
    list("What this rests on", report_.advice.rests_on);
    list("What is missing for a better answer", report_.advice.missing);
    list("What this does not say", report_.advice.never);
  }

  void tree() {
    out_ << "<h2>Who pulls in whom</h2>\n<div class=\"tree\"><ul>\n";
    for (const PackageReport& package : report_.packages)
      if (package.direct) branch(package, 0);
    out_ << "</ul></div>\n";
  }

  // What was shown with its own requirements once is only named after that.
  void branch(const PackageReport& of, unsigned depth) {
    constexpr unsigned deepest = 60;
    const bool again = !shown_.insert(of.name).second;
    const std::string label =
        link(of.name) + " <span class=\"dim\">" + esc(of.version) + "</span> " + standing_text(of.standing);
    if (of.requires_.empty() || again || depth > deepest) {
      out_ << "<li>" << label << (again && !of.requires_.empty() ? " <span class=\"dim\">(see above)</span>" : "")
           << "</li>\n";
      return;
    }
    out_ << "<li><details" << (depth == 0 ? "" : " open") << "><summary>" << label << "</summary><ul>\n";
    for (const std::string& name : of.requires_) {
      const auto found = by_name_.find(name);
      if (found != by_name_.end()) branch(*found->second, depth + 1);
    }
    out_ << "</ul></details></li>\n";
  }

  void changed() {
    out_ << "<h2>Since the older report</h2>\n";
    if (report_.changes->empty()) out_ << "<p>Nothing changed.</p>\n";
    out_ << "<ul>\n";
    for (const Change& change : *report_.changes) {
      const auto side = [](const std::optional<Standing>& standing, const std::string& version) {
        return standing ? esc(version) + " " + standing_text(*standing) : std::string("not there");
      };
      out_ << "<li>" << esc(change.package) << ": " << side(change.before, change.before_version) << " &rarr; "
           << side(change.after, change.after_version) << "</li>\n";
    }
    out_ << "</ul>\n";
  }

  void list(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    out_ << "<h2>" << title << "</h2>\n<ul>\n";
    for (const std::string& line : lines) out_ << "<li>" << esc(line) << "</li>\n";
    out_ << "</ul>\n";
  }

  std::ostream& out_;
  const AdoptionReport& report_;
  std::map<std::string, const PackageReport*> by_name_;
  std::set<std::string> shown_;
};

}  // namespace

void write_adoption_html(std::ostream& out, const AdoptionReport& report) { Page(out, report).write(); }

}  // namespace ftaudit::reports
