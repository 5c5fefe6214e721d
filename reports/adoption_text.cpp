#include "reports/adoption_text.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "reports/columns.h"

namespace ftaudit::reports {
namespace {

// Markdown and HTML have no meaning in a package's own words.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (std::string_view("\\`*_{}[]()#+!|~").find(c) != std::string_view::npos) out += '\\';
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else out += c;
  }
  return out;
}

std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

void list(std::ostream& out, std::string_view title, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out << "\n## " << title << "\n\n";
  for (const std::string& one : texts) out << "- " << escaped(one) << "\n";
}

void fleet(std::ostream& out, const AdoptionReport& report) {
  out << "\n## In the way of most applications\n\n" << blocking_line(report) << ".\n\n";
  const std::vector<Blocking> all = blocking(report);
  out << "| Applications | Package | Version | Standing |\n| ---: | --- | --- | --- |\n";
  for (const Blocking& one : all)
    out << "| " << one.applications << " | " << escaped(one.package->name) << " | " << escaped(one.package->version)
        << " | " << title_of(one.package->standing) << " |\n";
}

void evidence(std::ostream& out, const AdoptionReport& report) {
  const ApplicationEvidence& application = *report.application;
  out << "\n## Evidence\n\n| Package |";
  for (const Look look : all_looks) out << ' ' << name_of(look) << " |";
  out << "\n| --- | --- | --- | --- | --- | --- |\n";
  for (const PackageReport& one : report.packages) {
    out << "| " << escaped(one.name) << " |";
    for (const Look look : all_looks) {
      const EvidenceCell& cell = one.evidence.of(look);
      out << ' ' << title_of(cell.says) << (cell.says == Says::against ? ": " + escaped(cell.what) : "") << " |";
    }
    out << "\n";
  }
  out << "\n";
  if (application.tried) out << "- " << escaped(application.trial) << "\n";
  if (application.measured) out << "- measured: " << escaped(application.measurement) << "\n";
  for (const ApplicationFact& fact : application.facts)
    if (application.measured) out << "- " << escaped(fact.title) << ": " << escaped(fact_text(fact)) << "\n";
  list(out, "What this rests on", report.advice.rests_on);
  list(out, "What is missing", report.advice.missing);
  list(out, "What this does not say", report.advice.never);
}

std::string markup(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

}  // namespace

std::string blocking_line(const AdoptionReport& report) {
  const Inputs inputs = inputs_of(report);
  return std::to_string(inputs.free) + " of " + counted(inputs.all, "application") +
         " need no package that stands in the way" +
         (inputs.unknown > 0 ? "; of " + std::to_string(inputs.unknown) + " nothing is known" : "");
}

std::string fact_text(const ApplicationFact& fact) {
  if (!fact.known) return fact.why;
  const auto number = [](double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value);
    return std::string(text);
  };
  if (fact.low == fact.high) return number(fact.median);
  return number(fact.median) + " (" + number(fact.low) + " to " + number(fact.high) + ")";
}

void write_adoption_markdown(std::ostream& out, const AdoptionReport& report) {
  out << "# Free-threaded Python " << escaped(report.target) << ": " << title_of(report.advice.recommendation) << "\n\n"
      << escaped(report.advice.headline) << ".\n\n";
  for (const std::string& step : report.advice.because) out << "- " << escaped(step) << "\n";
  out << "\n| Package | Version | Standing | Why |\n| --- | --- | --- | --- |\n";
  std::vector<const PackageReport*> rows;
  for (const PackageReport& package : report.packages) rows.push_back(&package);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const PackageReport* a, const PackageReport* b) { return a->standing > b->standing; });
  for (const PackageReport* row : rows)
    out << "| " << escaped(row->name) << " | " << escaped(row->version) << " | " << title_of(row->standing) << " | "
        << escaped(row->summary) << (row->upgrade_to.empty() ? "" : "; " + escaped(row->upgrade_to) + " is better")
        << " |\n";
  if (!blocking(report).empty()) fleet(out, report);
  if (report.application) evidence(out, report);
  if (!report.advice.chains.empty()) {
    out << "\n## How the GIL comes back\n\n";
    for (const auto& chain : report.advice.chains) out << "- " << escaped(join(chain, " -> ")) << "\n";
  }
  if (!report.advice.actions.empty()) {
    out << "\n## What to do\n\n";
    for (const Action& action : report.advice.actions) out << "- [ ] " << escaped(action.what) << "\n";
  }
  if (report.changes) {
    out << "\n## Since the older report\n\n";
    if (report.changes->empty()) out << "Nothing changed.\n";
    for (const Change& change : *report.changes)
      out << "- " << escaped(change.package) << ": "
          << (change.before ? escaped(change.before_version) + " " + std::string(title_of(*change.before))
                            : "not there")
          << " -> "
          << (change.after ? escaped(change.after_version) + " " + std::string(title_of(*change.after)) : "not there")
          << "\n";
  }
  bool missed = false;
  for (const PackageReport& package : report.packages)
    for (const std::string& one : package.not_checked) {
      if (!missed) out << "\n## Not looked into\n\n";
      missed = true;
      out << "- " << escaped(package.name) << ": " << escaped(one) << "\n";
    }
  if (!report.problems.empty()) out << "\n## Problems\n\n";
  for (const std::string& problem : report.problems) out << "- " << escaped(problem) << "\n";
  if (!report.notes.empty()) out << "\n";
  for (const std::string& note : report.notes) out << escaped(note) << "\n";
  out << "\n"
      << escaped(adoption_closing_line(report)) << ". Made by ftaudit " << escaped(report.tool_version) << " on "
      << escaped(report.date) << ".\n";
}

void write_adoption_csv(std::ostream& out, const AdoptionReport& report) {
  out << "package,version,standing,confidence,summary,direct,needed_by,wheel_tag,classifier,builds,first_version,"
         "upgrade_to,modules,not_checked";
  for (const Look look : all_looks) out << ',' << name_of(look);
  out << "\r\n";
  for (const PackageReport& p : report.packages) {
    std::vector<std::string> modules;
    for (const ModuleEvidence& module : p.modules)
      modules.push_back(module.name + "=" + std::string(name_of(module.gil)));
    std::vector<std::string> cells{p.name,
                                   p.version,
                                   std::string(name_of(p.standing)),
                                   std::string(name_of(p.confidence)),
                                   p.summary,
                                   p.direct ? "yes" : "no",
                                   join(p.needed_by, " "),
                                   p.wheel_tag,
                                   p.classifier,
                                   std::string(name_of(p.builds)),
                                   p.first_version,
                                   p.upgrade_to,
                                   join(modules, " "),
                                   join(p.not_checked, "; ")};
    for (const Look look : all_looks) {
      const EvidenceCell& one = p.evidence.of(look);
      cells.push_back(std::string(name_of(one.says)) + (one.what.empty() ? "" : ": " + one.what));
    }
    bool first = true;
    for (const std::string& one : cells) {
      out << (first ? "" : ",") << cell(one);
      first = false;
    }
    out << "\r\n";
  }
}

void write_adoption_badge(std::ostream& out, const AdoptionReport& report) {
  std::size_t fine = 0;
  for (const PackageReport& package : report.packages) fine += package.standing <= Standing::declared_only ? 1 : 0;
  const std::string left = "free-threaded " + report.target,
                    right = std::string(title_of(report.advice.recommendation)) + " " + std::to_string(fine) + "/" +
                            std::to_string(report.packages.size());
  const char* colour = report.advice.recommendation == Recommendation::go        ? "#2a7d2a"
                       : report.advice.recommendation == Recommendation::staging ? "#8a6100"
                                                                                 : "#b3261e";
  const std::size_t a = 12 + 7 * left.size(), b = 12 + 7 * right.size();
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << a + b << "\" height=\"20\" role=\"img\" aria-label=\""
      << markup(left + ": " + right) << "\"><title>" << markup(left + ": " + right) << "</title>"
      << "<rect width=\"" << a << "\" height=\"20\" fill=\"#444\"/><rect x=\"" << a << "\" width=\"" << b
      << "\" height=\"20\" fill=\"" << colour << "\"/>"
      << "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" "
         "text-anchor=\"middle\"><text x=\""
      << a / 2 << "\" y=\"14\" textLength=\"" << a - 12 << "\">" << markup(left) << "</text><text x=\"" << a + b / 2
      << "\" y=\"14\" textLength=\"" << b - 12 << "\">" << markup(right) << "</text></g></svg>\n";
}

}  // namespace ftaudit::reports
