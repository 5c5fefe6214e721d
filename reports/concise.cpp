#include "reports/concise.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/columns.h"
#include "reports/left_out.h"

namespace ftaudit::reports {

namespace {

std::string against_part(const Comparison& against) {
  return " since " + printable(against.revision) + "; " + std::to_string(against.fixed.size()) + " fixed, " +
         std::to_string(against.unchanged) + " unchanged";
}

std::string findings_part(const Document& document, const Counts& counts) {
  const std::string looked =
      counted(counts.sites, "place") + " that " + counted(document.rules.size(), "rule") + " looked at";
  if (document.against)
    return counted(counts.total(), "new finding") + (counts.total() > 0 ? " (" + by_severity(counts) + ")" : "") +
           against_part(*document.against) + "; " + looked;
  const std::string found = counted(counts.total(), "finding");
  return counts.total() == 0 ? found + " at " + looked : found + " (" + by_severity(counts) + ") among " + looked;
}

std::string hidden_part(const Document::Hidden& hidden) {
  std::vector<std::string> parts;
  const auto add = [&](std::uint64_t n, const char* how) {
    if (n > 0) parts.push_back(std::to_string(n) + " " + how);
  };
  add(hidden.allowed, "allowed in the source");
  add(hidden.baseline, "in the baseline");
  add(hidden.ignored, "of ignored rules");
  add(hidden.below_severity, "below the severity asked for");
  add(hidden.below_confidence, "below the confidence asked for");
  return counted(hidden.total(), "finding") + " hidden (" + join(parts, ", ") + ")";
}

}  // namespace

std::string place(const Location& location) {
  std::string out = location.file.empty() ? "(no file)" : leading(location.file);
  if (location.line == 0) return out;
  out += ":" + std::to_string(location.line);
  if (location.column > 0) out += ":" + std::to_string(location.column);
  return out;
}

std::string closing_line(const Document& document) {
  const Counts counts = count(document);
  std::string out;
  if (document.analysed.empty()) out = "nothing was audited";
  else {
    out = findings_part(document, counts) + "; " + counted(counts.audited, "file") + " audited";
    if (counts.partial > 0) out += ", " + std::to_string(counts.partial) + " in part";
  }
  if (counts.skipped > 0)
    out += (document.analysed.empty() ? "; " : ", ") + std::to_string(counts.skipped) + " skipped";
  if (document.hidden.total() > 0) out += "; " + hidden_part(document.hidden);
  return out;
}

void write_concise(std::ostream& out, const Document& document) {
  for (const Finding& finding : document.findings)
    out << place(finding.location) << ": " << name_of(finding.severity) << ' ' << printable(finding.rule) << ' '
        << printable(finding.name) << " [" << name_of(finding.confidence) << "] " << printable(finding.what)
        << (finding.witness ? " {" + std::string(name_of(finding.witness->verdict)) + "}" : "") << '\n';
  if (document.against)
    for (const Finding& finding : document.against->fixed)
      out << place(finding.location) << ": fixed " << printable(finding.rule) << ' ' << printable(finding.name) << ' '
          << printable(finding.what) << '\n';
  for (const AnalysedFile& file : document.analysed)
    if (file.partial) out << leading(file.file) << ": in part: " << printable(file.reason) << '\n';
  for (const LeftOut& part : left_out(document))
    out << leading(join(part.files, ", ")) << ": skipped: " << printable(part.reason) << '\n';
  out << closing_line(document) << '\n';
}

}  // namespace ftaudit::reports
