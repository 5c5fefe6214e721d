#include "cli/report_targets.h"

#include <iostream>
#include <sstream>

#include "base/interruption.h"
#include "base/log.h"
#include "reports/concise.h"
#include "reports/json.h"
#include "reports/terminal.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;

void render(std::ostream& out, const std::string& format, const Document& document, const Console& console, bool to_file) {
  if (format == "json") return reports::write_json(out, document);
  if (format == "concise") return reports::write_concise(out, document);
  const fs::path root = document.root;
  reports::write_terminal(out, document,
                          {.colour = console.colour && !to_file, .width = console.width, .verbose = console.verbosity > 0, .source = [root](const std::string& file) -> std::optional<std::string> {
                             auto text = read_file(root / file);
                             return text.ok() ? std::optional(std::move(*text)) : std::nullopt;
                           }});
}

}  // namespace

Result<std::vector<ReportTarget>> report_targets(const ScanOptions& options) {
  std::vector<ReportTarget> out{{options.format, options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    const std::string format = report.substr(0, colon);
    if (colon == std::string::npos || colon + 1 == report.size() || (format != "terminal" && format != "concise" && format != "json"))
      return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of terminal, concise, json"};
    out.push_back({format, report.substr(colon + 1)});
  }
  return out;
}

int write_reports(const std::vector<ReportTarget>& targets, const Document& document, const Console& console) {
  for (const ReportTarget& target : targets) {
    if (target.file.empty()) {
      stand_still_if_interrupted();
      render(std::cout, target.format, document, console, false);
      std::cout.flush();
      if (!std::cout) return log::error("cannot write the report to standard output"), incomplete;
      continue;
    }
    std::ostringstream text;
    render(text, target.format, document, console, true);
    if (Status written = write_file(target.file, text.str()); !written.ok()) return log::error(written.message()), usage;
  }
  return 0;
}

}  // namespace ftaudit::cli
