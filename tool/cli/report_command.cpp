#include "cli/report_command.h"

#include <iostream>
#include <sstream>

#include "adoption/adoption.h"
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

using exit_with::incomplete, exit_with::usage;

struct Target {
  std::string format, file;  // file "": stdout
};

Result<std::vector<Target>> targets(const ReportOptions& options) {
  static const std::vector<std::string> formats{"terminal", "markdown", "json", "csv", "html", "badge"};
  std::vector<Target> out{{options.format, options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    const std::string format = report.substr(0, colon);
    if (colon == std::string::npos || colon + 1 == report.size() ||
        std::find(formats.begin(), formats.end(), format) == formats.end())
      return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of " + join(formats, ", ")};
    out.push_back({format, report.substr(colon + 1)});
  }
  return out;
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

// The report to compare with; none where none is named.
Result<std::optional<std::vector<PackageReport>>> older(const std::string& file) {
  if (file.empty()) return std::optional<std::vector<PackageReport>>();
  constexpr std::uintmax_t largest = std::uintmax_t{256} << 20;
  const Result<std::string> text = read_file(file, largest);
  if (!text.ok()) return text.error();
  Result<std::vector<PackageReport>> before = reports::read_adoption_json(*text);
  if (!before.ok())
    return Error{file + ": " + before.message() + "; --diff wants what `ftaudit report --format json` wrote"};
  return std::optional(std::move(*before));
}

}  // namespace

int report(const ReportOptions& options, const Console& console) {
  const Result<std::vector<Target>> wanted = targets(options);
  if (!wanted.ok()) return log::error(wanted.message()), usage;
  const auto before = older(options.diff);
  if (!before.ok()) return log::error(before.message()), usage;
  if (options.probe) log::warning("--probe imports the packages: their code runs");
  if (!options.confirm.empty()) log::warning("--confirm builds and runs the packages it names: their code runs");
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  Result<AdoptionReport> made = adoption::run_adoption(options, *progress);
  if (!made.ok()) return log::error(made.message()), usage;
  if (*before) made->changes = changes(**before, made->packages);
  for (const Target& target : *wanted) {
    if (target.file.empty()) {
      stand_still_if_interrupted();
      render(std::cout, target.format, *made, console, false);
      std::cout.flush();
      if (!std::cout) return log::error("cannot write the report to standard output"), incomplete;
      continue;
    }
    std::ostringstream text;
    render(text, target.format, *made, console, true);
    if (Status written = write_file(target.file, text.str()); !written.ok())
      return log::error(written.message()), usage;
  }
  return exit_code(*made, options.fail_on);
}

}  // namespace ftaudit::cli
