#include "reports/html.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/content_policy.h"
#include "reports/listing.h"
#include "reports/markup.h"
#include "reports/page.h"
#include "reports/plan_page.h"
#include "reports/sides.h"
#include "reports/types.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

constexpr std::size_t blockers_shown = 5, sides_open = 12;

// Markup of one line of text, and of text between tags.
std::string text(std::string_view of) { return markup(printable(of)); }
std::string in(std::string_view tag, std::string_view of) {
  const std::string_view name = tag.substr(0, tag.find(' '));
  return "<" + std::string(tag) + ">" + text(of) + "</" + std::string(name) + ">";
}

std::string badge(Severity severity) {
  return "<b class=\"badge " + std::string(name_of(severity)) + "\">" + std::string(name_of(severity)) + "</b>";
}

// The package that the modules share, else the only module, else nothing: "webcache".
std::string project_of(const Document& document) {
  std::string out;
  for (const ModuleReport& module : document.modules) {
    const std::string top = module.name.substr(0, module.name.find('.'));
    if (!out.empty() && out != top) return "";
    out = top;
  }
  return out;
}

class Page {
 public:
  Page(std::ostream& out, const Document& document, const Surroundings& around)
      : out_(out), document_(document), sources_(around.source) {
    for (const ListedRule& listed : around.rules) rules_.emplace(listed.rule->info.id, &listed.rule->info);
    for (const Finding& finding : document.findings)
      order_.push_back(&finding), by_fingerprint_.emplace(finding.fingerprint, &finding);
    std::sort(order_.begin(), order_.end(), [](auto* a, auto* b) { return mend_before(*a, *b); });
  }

  void write() {
    head();
    summary();
    if (document_.plan) write_plan_section(out_, document_);
    modules();
    types();
    findings();
    fixed();
    progress();
    unread();
    tallies();
    notes();
    out_ << "</main>\n<footer><p>" << text(closing_line(document_)) << "</p></footer>\n<script>" << page_script
         << "</script>\n</body>\n</html>\n";
  }

 private:
  void head() {
    const std::string project = project_of(document_);
    out_ << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
         << policy_hash(page_style) << "; script-src " << policy_hash(page_script)
         << "; base-uri 'none'; form-action 'none'\">\n"
         << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
            "content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
         << "<title>ftaudit" << (project.empty() ? "" : ": " + text(project)) << "</title>\n<style>" << page_style
         << "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#findings\">To the findings</a>\n"
         << "<header><h1>" << (project.empty() ? "Audit" : text(project)) << "</h1><p>free-threading audit by ftaudit "
         << text(document_.tool_version);
    if (!document_.python.empty()) out_ << ", read with the headers of Python " << text(document_.python);
    out_ << "</p><button type=\"button\" id=\"theme\" hidden>Dark</button></header>\n<main>\n";
  }

  void tile(std::string_view kind, std::uint64_t n, std::string_view label) {
    out_ << "<li class=\"" << kind << (n == 0 ? " none" : "") << "\"><b>" << n << "</b> " << label << "</li>";
  }

  void summary() {
    const Counts counts = count(document_);
    out_ << "<section class=\"summary\" aria-label=\"Summary\">\n<ul class=\"tiles\">";
    for (const Severity severity : {Severity::high, Severity::medium, Severity::low, Severity::info})
      tile(name_of(severity), counts.of(severity), name_of(severity));
    out_ << "</ul>\n<p>";
    if (document_.analysed.empty()) out_ << "<strong>Nothing was audited.</strong> ";
    else if (document_.against) changes(counts, *document_.against);
    else if (counts.total() == 0)
      out_ << "<strong>Nothing found</strong> at " << counted(counts.sites, "place") << " that "
           << counted(document_.rules.size(), "rule") << " looked at. ";
    else
      out_ << "Found at " << counted(counts.sites, "place") << " that " << counted(document_.rules.size(), "rule")
           << " looked at. ";
    if (!document_.analysed.empty() || counts.skipped > 0) out_ << counted(counts.audited, "file") << " audited";
    if (counts.partial > 0) out_ << ", <a href=\"#unread\">" << counts.partial << " in part</a>";
    if (counts.skipped > 0) out_ << ", <a href=\"#unread\">" << counts.skipped << " skipped</a>";
    if (!document_.analysed.empty() || counts.skipped > 0) out_ << ".";
    if (document_.hidden.total() > 0)
      out_ << " " << counted(document_.hidden.total(), "finding") << (document_.hidden.total() == 1 ? " is" : " are")
           << " hidden by settings, a baseline or what the source allows.";
    out_ << "</p>\n</section>\n";
  }

  // What came in, what went and what stayed.
  void changes(const Counts& counts, const Comparison& against) {
    out_ << "<strong>" << (counts.total() == 0 ? "Nothing" : std::to_string(counts.total())) << " new</strong> since "
         << text(against.revision) << "; "
         << (against.fixed.empty() ? "none" : "<a href=\"#fixed\">" + std::to_string(against.fixed.size())) << " fixed"
         << (against.fixed.empty() ? "" : "</a>") << ", " << against.unchanged << " unchanged. "
         << "Looked at " << counted(counts.sites, "place") << " with " << counted(document_.rules.size(), "rule")
         << ". ";
  }

  // Which entries of a type stand against which.
  void types() {
    if (document_.types.empty()) return;
    out_ << "<section aria-labelledby=\"types\">\n<h2 id=\"types\">Types</h2>\n<ul class=\"types\">\n";
    for (const TypeReport& type : document_.types) {
      out_ << "<li><details><summary><code>" << text(type.name) << "</code> " << text(in_words(type)) << "</summary>\n";
      if (type.entries.size() <= widest_matrix) write_matrix(out_, type);
      else out_ << "<p class=\"dim\">" << type.entries.size() << " entries: the JSON report has the table.</p>";
      out_ << "</details></li>\n";
    }
    out_ << "</ul>\n<p class=\"dim\">. kept apart, c the contract of the type answers for it, ? perhaps a race, X a "
            "race</p>\n</section>\n";
  }

  void progress() {
    if (!document_.against || document_.against->progress.empty()) return;
    out_ << "<section aria-labelledby=\"progress\">\n<h2 id=\"progress\">Mended in part</h2>\n<ul>\n";
    for (const Comparison::Progress& one : document_.against->progress)
      out_ << "<li>" << in("b", one.finding.rule) << " " << text(one.finding.name) << " "
           << in("code", place(one.finding.location)) << " " << one.left << " of " << counted(one.total, "side")
           << " left</li>\n";
    out_ << "</ul>\n</section>\n";
  }

  void fixed() {
    if (!document_.against || document_.against->fixed.empty()) return;
    out_ << "<section aria-labelledby=\"fixed\">\n<h2 id=\"fixed\">Fixed</h2>\n<ul>\n";
    for (const Finding& finding : document_.against->fixed)
      out_ << "<li>" << in("b", finding.rule) << " " << text(finding.name) << " " << in("code", place(finding.location))
           << " " << text(finding.what) << "</li>\n";
    out_ << "</ul>\n</section>\n";
  }

  void modules() {
    if (document_.modules.empty()) return;
    out_ << "<section aria-labelledby=\"modules\">\n<h2 id=\"modules\">Modules</h2>\n<ul class=\"modules\">\n";
    for (const ModuleReport& module : document_.modules) {
      const bool good = module.gil == Gil::not_used && module.blockers.empty();
      out_ << "<li class=\""
           << (good                      ? "good"
               : module.blockers.empty() ? "open"
                                         : "bad")
           << "\"><h3><code>" << text(module.name) << "</code> <span class=\"gil\">"
           << (good                          ? "ready"
               : module.gil == Gil::not_used ? "declared, not ready"
               : module.blockers.empty()     ? "not declared"
                                             : "not ready")
           << "</span></h3><p>" << text(module.verdict) << "</p>";
      std::size_t told = 0;
      for (const std::string& fingerprint : module.blockers) {
        const auto at = by_fingerprint_.find(fingerprint);
        if (at == by_fingerprint_.end() || told == blockers_shown) continue;
        const Finding& finding = *at->second;
        out_ << (told++ == 0 ? "<p>Mend first:</p><ol>" : "") << "<li><a href=\"#f-" << text(fingerprint) << "\">"
             << text(finding.rule) << " " << text(finding.name) << "</a> <code>" << text(place(finding.location))
             << "</code></li>";
      }
      if (told > 0) out_ << "</ol>";
      if (told > 0 && told < module.blockers.size())
        out_ << "<p class=\"dim\">and " << module.blockers.size() - told << " more</p>";
      out_ << "</li>\n";
    }
    out_ << "</ul>\n</section>\n";
  }

  void findings() {
    out_ << "<section aria-labelledby=\"findings\">\n<h2 id=\"findings\" tabindex=\"-1\">Findings</h2>\n";
    if (order_.empty()) {
      out_ << "<p class=\"clean\">"
           << (document_.analysed.empty() ? "Nothing was audited, so nothing can be said." : "None.")
           << "</p>\n</section>\n";
      return;
    }
    out_ << page_filters << "<div id=\"list\">\n";
    for (const Finding* finding : order_) tell(*finding);
    out_ << "</div>\n<p id=\"nothing\" hidden>No finding fits these filters.</p>\n</section>\n";
  }

  void tell(const Finding& finding) {
    const std::string witness = finding.witness ? std::string(name_of(finding.witness->verdict)) : "";
    out_ << "<details class=\"finding\" id=\"f-" << text(finding.fingerprint) << "\" data-severity=\""
         << name_of(finding.severity) << "\" data-confidence=\"" << name_of(finding.confidence) << "\" data-rule=\""
         << text(finding.rule + " " + finding.name) << "\" data-file=\"" << text(finding.location.file)
         << "\" data-line=\"" << finding.location.line << "\" data-run=\"" << (witness.empty() ? "not run" : witness)
         << "\" data-entry=\"";
    for (const std::string& entry : finding.entry_points)
      out_ << text(entry) << (&entry == &finding.entry_points.back() ? "" : "\n");
    out_ << "\">\n<summary>" << badge(finding.severity) << " <span class=\"rule\">" << in("b", finding.rule) << " "
         << text(finding.name) << "</span> <code class=\"at\">" << text(place(finding.location))
         << "</code> <span class=\"confidence\">" << name_of(finding.confidence) << "</span>";
    if (finding.witness && finding.witness->verdict == Witness::Verdict::confirmed)
      out_ << " <b class=\"badge confirmed\">confirmed</b>";
    out_ << " <span class=\"what\">" << text(finding.what) << "</span></summary>\n<div class=\"body\">";
    const bool two =
        std::any_of(finding.trace.begin(), finding.trace.end(), [](const Step& step) { return step.thread == 2; });
    if (two) sides(finding);
    else story(finding);
    everybody(finding);
    out_ << "<dl>";
    row("Why", finding.why);
    row("Instead", finding.instead);
    if (!finding.function.empty()) out_ << "<dt>Function</dt><dd><code>" << text(finding.function) << "</code></dd>";
    if (!finding.entry_points.empty()) {
      out_ << "<dt>Reached from Python through</dt><dd>";
      for (const std::string& entry : finding.entry_points) out_ << in("code", entry) << " ";
      out_ << "</dd>";
    }
    if (finding.witness) seen(*finding.witness);
    out_ << "</dl>";
    edits(finding);
    out_ << "<p class=\"dim\"><a href=\"#f-" << text(finding.fingerprint)
         << "\">Link to this finding</a></p></div></details>\n";
  }

  void row(std::string_view label, const std::string& value) {
    if (!value.empty()) out_ << "<dt>" << label << "</dt><dd>" << text(value) << "</dd>";
  }

  void step(const Step& step, std::string_view tag) {
    out_ << "<" << tag << ">";
    if (!step.location.file.empty()) out_ << in("code", place(step.location)) << " ";
    out_ << text(step.what) << listing(sources_, step.location) << "</" << tag << ">";
  }

  // Two threads that meet: one beside the other.
  void sides(const Finding& finding) {
    out_ << "<div class=\"sides\">";
    for (const std::uint8_t thread : {1, 2}) {
      out_ << "<section><h4>" << (thread == 1 ? "One thread" : "Another thread") << "</h4>";
      for (const Step& each : finding.trace)
        if ((each.thread == 2) == (thread == 2)) step(each, "div");
      out_ << "</section>";
    }
    out_ << "</div>";
  }

  // All who take part, not only the two that are shown.
  void everybody(const Finding& finding) {
    if (finding.sides.size() < 2) return;
    out_ << "<details class=\"everybody\"" << (finding.sides.size() <= sides_open ? " open" : "") << "><summary>"
         << text(sides_title(finding)) << "</summary>\n<ul>";
    for (const Side& side : finding.sides) {
      out_ << "<li>" << in("code", place(side.location)) << " " << text(in_words(side));
      if (!side.entry_points.empty())
        out_ << " <span class=\"dim\">from " << text(join(side.entry_points, ", ")) << "</span>";
      out_ << "</li>\n";
    }
    out_ << "</ul></details>\n";
  }

  void story(const Finding& finding) {
    out_ << listing(sources_, finding.location);
    if (finding.trace.empty()) return;
    out_ << "<ol class=\"trace\">";
    for (const Step& each : finding.trace) {
      // The finding's own lines stand above already.
      if (each.location.file == finding.location.file && each.location.line == finding.location.line)
        out_ << "<li>" << in("code", place(each.location)) << " " << text(each.what) << "</li>";
      else step(each, "li");
    }
    out_ << "</ol>";
  }

  void seen(const Witness& witness) {
    out_ << "<dt>Run</dt><dd>" << text(in_words(witness));
    if (witness.places.size() > 1) {
      out_ << "<ul>";
      for (const Witness::Place& place : witness.places)
        out_ << "<li>" << text(place.what) << ", " << times(place.seen) << "</li>";
      out_ << "</ul>";
    }
    if (!witness.report.empty()) out_ << "<pre class=\"report\" tabindex=\"0\">" << markup(witness.report) << "</pre>";
    out_ << "</dd>";
    if (witness.reproducer.empty()) return;
    out_ << "<dt>Again with</dt><dd>" << in("code", witness.reproducer);
    if (witness.runs > 0) out_ << " " << witness.hits << " of " << counted(witness.runs, "run");
    out_ << "</dd>";
  }

  void edits(const Finding& finding) {
    if (finding.fixes.empty()) return;
    out_ << "<p>A mechanical edit is known; <code>ftaudit scan --diff</code> shows it and <code>--fix</code> makes "
            "it.</p>";
  }

  void unread() {
    std::map<std::pair<bool, std::string>, std::vector<std::string>> reasons;
    for (const AnalysedFile& file : document_.analysed)
      if (file.partial) reasons[{false, file.reason}].push_back(file.file);
    for (const SkippedFile& file : document_.skipped) reasons[{true, file.reason}].push_back(file.file);
    if (reasons.empty()) return;
    out_ << "<section aria-labelledby=\"unread\">\n<h2 id=\"unread\">Not audited whole</h2>\n<ul class=\"unread\">\n";
    for (const auto& [key, files] : reasons) {
      out_ << "<li><b>" << (key.first ? "skipped" : "in part") << "</b>: " << text(key.second) << " <details"
           << (files.size() <= 3 ? " open" : "") << "><summary>" << counted(files.size(), "file") << "</summary><p>";
      for (const std::string& file : files) out_ << in("code", file) << " ";
      out_ << "</p></details></li>\n";
    }
    out_ << "</ul>\n</section>\n";
  }

  void tallies() {
    if (document_.rules.empty()) return;
    out_ << "<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">Rules</h2>\n<details><summary>"
         << counted(document_.rules.size(), "rule") << " and the places they looked at</summary>\n"
         << "<table><thead><tr><th scope=\"col\">Rule</th><th scope=\"col\">About</th><th scope=\"col\">Places</th><th "
            "scope=\"col\">Findings</th></tr></thead><tbody>\n";
    for (const RuleTally& tally : document_.rules) {
      const auto known = rules_.find(tally.rule);
      out_ << "<tr><th scope=\"row\">" << text(tally.rule) << "</th><td>"
           << (known == rules_.end() ? "" : text(known->second->summary)) << "</td><td>" << tally.sites << "</td><td>"
           << tally.findings << "</td></tr>\n";
    }
    out_ << "</tbody></table></details>\n</section>\n";
  }

  void notes() {
    if (document_.notes.empty()) return;
    out_ << "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ul>\n";
    for (const std::string& note : document_.notes) out_ << in("li", note) << "\n";
    out_ << "</ul>\n</section>\n";
  }

  std::ostream& out_;
  const Document& document_;
  Sources sources_;
  std::map<std::string_view, const RuleInfo*> rules_;
  std::map<std::string_view, const Finding*> by_fingerprint_;
  std::vector<const Finding*> order_;
};

}  // namespace

void write_html(std::ostream& out, const Document& document, const Surroundings& around) {
  Page(out, document, around).write();
}

}  // namespace ftaudit::reports
