#include "cli/adoption_targets.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "reports/adoption_html.h"
#include "reports/adoption_json.h"
#include "reports/adoption_text.h"

namespace ftaudit::cli {
namespace {

const std::vector<std::string>& formats() {
  static const std::vector<std::string> all{"terminal", "markdown", "json", "csv", "html", "badge"};
  return all;
}

void render(std::ostream& out, const std::string& format, const AdoptionReport& report, const Console& console,
            bool to_file) {
  if (format == "json") return reports::write_adoption_json(out, report);
  if (format == "markdown") return reports::write_adoption_markdown(out, report);
  if (format == "csv") return reports::write_adoption_csv(out, report);
  if (format == "html") return reports::write_adoption_html(out, report);
  if (format == "badge") return reports::write_adoption_badge(out, report);
  reports::write_adoption_terminal(out, report,
                                   {.colour = console.colour && !to_file,
                                    .width = std::min<std::size_t>(console.width, 100),
                                    .verbose = console.verbosity > 0});
}

}  // namespace

void add_adoption_output(Arguments& command, AdoptionOutput& output) {
  command.text("--format", output.format, "terminal (default), markdown, json, csv, html, badge")
      .one_of(formats())
      .named("FORMAT");
  command.text("-o,--output", output.output, "Write the report to this file").named("FILE");
  command.texts("--report", output.reports, "Write a further report (repeatable)").named("FORMAT:FILE").repeatable();
}

Result<std::vector<AdoptionTarget>> adoption_targets(const AdoptionOutput& output) {
  std::vector<AdoptionTarget> out{{output.format, output.output}};
  for (const std::string& report : output.reports) {
    const std::size_t colon = report.find(':');
    const std::string format = report.substr(0, colon);
    if (colon == std::string::npos || colon + 1 == report.size() ||
        std::ranges::find(formats(), format) == formats().end())
      return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of " + join(formats(), ", ")};
    out.push_back({format, report.substr(colon + 1)});
  }
  return out;
}

int write_adoption(const std::vector<AdoptionTarget>& targets, const AdoptionReport& report, const Console& console) {
  for (const AdoptionTarget& target : targets) {
    if (target.file.empty()) {
      stand_still_if_interrupted();
      render(std::cout, target.format, report, console, false);
      std::cout.flush();
      if (!std::cout) return log::error("cannot write the report to standard output"), exit_with::incomplete;
      continue;
    }
    std::ostringstream text;
    render(text, target.format, report, console, true);
    if (const Status written = write_file(target.file, text.str()); !written.ok())
      return log::error(written.message()), exit_with::usage;
  }
  return 0;
}

}  // namespace ftaudit::cli
