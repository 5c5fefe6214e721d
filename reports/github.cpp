#include "reports/github.h"

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/characters.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/left_out.h"
#include "reports/markup.h"
#include "reports/repository.h"
#include "reports/sides.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

// GitHub's limit is 10 of a kind a step; one of each is kept for what is said about the run.
constexpr std::size_t most_entries = 20;
constexpr std::size_t most_of_a_kind = 9;
constexpr std::size_t longest_message = 4000;

std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : printable_lines(text)) switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  return out;
}

// A line of the log that holds no command, whatever the text: commands stand at the start of a line, or begin with
// "##[".
std::string plain(std::string text) {
  for (std::size_t at; (at = text.find("##[")) != std::string::npos;) text.insert(at + 2, " ");
  return "- " + text;
}

std::string_view kind_of(Severity severity) {
  return severity == Severity::high ? "error" : severity == Severity::medium ? "warning" : "notice";
}

void annotate(std::ostream& out, const Finding& finding, const Surroundings& around) {
  const Location& at = finding.location;
  std::string properties;
  const auto property = [&](std::string_view name, std::string_view value) {
    properties.append(properties.empty() ? " " : ",").append(name).append("=").append(escaped(value, true));
  };
  if (!at.file.empty()) property("file", repository_path(at.file, around));
  if (at.line > 0) {
    property("line", std::to_string(at.line));
    property("endLine", std::to_string(std::max(at.line, at.end_line)));
    // Columns are for ranges of one line; with more lines GitHub refuses them.
    if (at.column > 0 && at.end_line <= at.line) {
      Sources sources(around.source);
      const auto line = sources.line(at.file, at.line);
      const auto unit = [&](std::uint32_t column) {
        return std::to_string(line ? utf16_units(*line, column - 1) + 1 : column);
      };
      property("col", unit(at.column));
      if (at.end_column > at.column) property("endColumn", unit(at.end_column));
    }
  }
  property("title", finding.rule + " " + finding.name + " [" + std::string(name_of(finding.confidence)) + "]");
  std::string text = finding.what;
  if (!finding.why.empty()) text += "\nWhy: " + finding.why;
  if (!finding.instead.empty()) text += "\nInstead: " + finding.instead;
  for (const Step& step : finding.trace) text += "\n" + place(step.location) + ": " + step.what;
  if (!finding.entry_points.empty())
    text += "\nReached from Python through " + first_names(finding.entry_points, most_entries);
  if (finding.sides.size() > 1) text += "\n" + sides_title(finding);
  for (const Side* side : sides_beyond_trace(finding)) text += "\n" + place(side->location) + ": " + in_words(*side);
  if (finding.witness) text += "\nRun: " + said_by(*finding.witness);
  out << "::" << kind_of(finding.severity) << properties
      << "::" << escaped(shortened(printable_lines(text), longest_message), false) << '\n';
}

}  // namespace

void write_github(std::ostream& out, const Document& document, const Surroundings& around) {
  std::vector<const Finding*> order;
  for (const Finding& finding : document.findings) order.push_back(&finding);
  const auto confirmed = [](const Finding& finding) {
    return finding.witness && finding.witness->verdict == Witness::Verdict::confirmed;
  };
  std::sort(order.begin(), order.end(),
            [&](auto* a, auto* b) { return confirmed(*a) != confirmed(*b) ? confirmed(*a) : mend_before(*a, *b); });
  std::map<std::string_view, std::size_t> shown;
  std::vector<const Finding*> left_out;
  for (const Finding* finding : order) {
    if (shown[kind_of(finding->severity)]++ < most_of_a_kind) annotate(out, *finding, around);
    else left_out.push_back(finding);
  }
  const Counts counts = count(document);
  if (counts.partial + counts.skipped > 0)
    out << "::warning title=ftaudit%3A not everything was audited::" << counts.partial << " audited in part and "
        << counts.skipped << " skipped; the log names them\n";
  if (!left_out.empty())
    out << "::notice title=ftaudit%3A more findings::" << counted(left_out.size(), "finding")
        << " without annotation, because GitHub shows ten of a kind; the log lists them\n";
  for (const Finding* finding : left_out)
    out << plain(place(finding->location) + ": " + std::string(name_of(finding->severity)) + " " +
                 printable(finding->rule) + " " + printable(finding->name) + " " + printable(finding->what))
        << '\n';
  if (document.against)
    for (const Finding& finding : document.against->fixed)
      out << plain("fixed: " + place(finding.location) + ": " + printable(finding.rule) + " " +
                   printable(finding.name) + " " + printable(finding.what))
          << '\n';
  for (const AnalysedFile& file : document.analysed)
    if (file.partial) out << plain(printable(file.file) + ": in part: " + printable(file.reason)) << '\n';
  for (const LeftOut& part : reports::left_out(document))
    out << plain(printable(join(part.files, ", ")) + ": skipped: " + printable(part.reason)) << '\n';
  out << plain(closing_line(document)) << '\n';
}

}  // namespace ftaudit::reports
