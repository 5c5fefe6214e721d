#include "reports/csv.h"

#include <string>
#include <vector>

#include "base/text.h"
#include "reports/characters.h"
#include "reports/columns.h"
#include "reports/markup.h"

namespace ftaudit::reports {

namespace {

std::string cell(std::string_view text) {
  std::string safe = printable_lines(text);
  if (!safe.empty() && std::string_view("=+-@\t").find(safe[0]) != std::string_view::npos) safe.insert(0, "'");
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string number(std::uint32_t n) { return n == 0 ? "" : std::to_string(n); }

void write_row(std::ostream& out, const Finding& finding, const char* state) {
  const Location& at = finding.location;
  const std::vector<std::string> cells{cell(finding.rule),
                                       cell(finding.name),
                                       cell(name_of(finding.category)),
                                       std::string(name_of(finding.severity)),
                                       std::string(name_of(finding.confidence)),
                                       cell(printable(at.file)),
                                       number(at.line),
                                       number(at.column),
                                       number(at.end_line),
                                       number(at.end_column),
                                       cell(finding.function),
                                       cell(finding.place),
                                       cell(finding.what),
                                       cell(finding.instead),
                                       cell(join(finding.entry_points, " ")),
                                       finding.witness ? std::string(name_of(finding.witness->verdict)) : "",
                                       finding.witness ? cell(finding.witness->reproducer) : "",
                                       finding.fingerprint,
                                       state};
  out << join(cells, ",") << "\r\n";
}

}  // namespace

void write_csv(std::ostream& out, const Document& document) {
  out << "rule,name,category,severity,confidence,file,line,column,end_line,end_column,function,place,what,instead,"
         "entry_points,witness,reproducer,fingerprint,state\r\n";
  for (const Finding& finding : document.findings) write_row(out, finding, document.against ? "new" : "");
  if (document.against)
    for (const Finding& finding : document.against->fixed) write_row(out, finding, "fixed");
}

}  // namespace ftaudit::reports
