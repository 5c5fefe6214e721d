#include "cli/command.h"

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
#include "reports/measurement.h"
#include "reports/trial.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete, exit_with::usage;

struct ReportOptions : adoption::Request {
  std::string format = "terminal", output;
  std::vector<std::string> reports;  // FORMAT:FILE
  FailOn fail_on = FailOn::gil;
  std::string diff;                          // an older report, JSON
  std::string trial_file, measurement_file;  // files of ftaudit trial and measure, JSON
};

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

constexpr std::uintmax_t largest = std::uintmax_t{256} << 20;

// The report to compare with; none where none is named.
Result<std::optional<std::vector<PackageReport>>> older(const std::string& file) {
  if (file.empty()) return std::optional<std::vector<PackageReport>>();
  const Result<std::string> text = read_file(file, largest);
  if (!text.ok()) return text.error();
  Result<std::vector<PackageReport>> before = reports::read_adoption_json(*text);
  if (!before.ok())
    return Error{file + ": " + before.message() + "; --diff wants what `ftaudit report --format json` wrote"};
  return std::optional(std::move(*before));
}

// What `ftaudit trial` or `ftaudit measure` wrote; none where none is named.
template <class Made>
Result<std::optional<Made>> made_before(const std::string& file, const std::string& command,
                                        Result<Made> (*read)(std::string_view)) {
  if (file.empty()) return std::optional<Made>();
  const Result<std::string> text = read_file(file, largest);
  if (!text.ok()) return text.error();
  Result<Made> made = read(*text);
  if (!made.ok())
    return Error{file + ": " + made.message() + "; --" + command + " wants what `ftaudit " + command +
                 " --format json` wrote"};
  return std::optional(std::move(*made));
}

// 0: nothing at or above --fail-on; 1: something; 2: usage; 3: nothing could be judged, or an input was lost.
int report(ReportOptions& options, const Console& console) {
  const Result<std::vector<Target>> wanted = targets(options);
  if (!wanted.ok()) return log::error(wanted.message()), usage;
  const auto before = older(options.diff);
  if (!before.ok()) return log::error(before.message()), usage;
  auto trial = made_before<Trial>(options.trial_file, "trial", reports::read_trial_json);
  if (!trial.ok()) return log::error(trial.message()), usage;
  auto measurement = made_before<Measurement>(options.measurement_file, "measure", reports::read_measurement_json);
  if (!measurement.ok()) return log::error(measurement.message()), usage;
  options.trial = std::move(*trial), options.measurement = std::move(*measurement);
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

}  // namespace

void add_report(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto asked = std::make_shared<ReportOptions>();
  Arguments command = program.command("report", "Whether an application's packages can go free-threaded");
  command.texts("INPUT", asked->inputs,
                "Requirement or lock file, pyproject.toml, environment, wheel, sdist, or a requirement");
  command.texts("-r,--requirement", asked->requirements, "A requirement file (repeatable)").named("FILE").repeatable();
  command.text("--target", asked->target, "3.13t (default; of a wheel that is named: its own), 3.14t, 3.15t")
      .named("PYTHON");
  command.text("--platform", asked->platform, "linux, macos, windows or a wheel's platform tag").named("TAG");
  command
      .taken(
          "--workload",
          [asked](const std::string& text) {
            return asked->workload = *workload_named(text), asked->workload_named = true, "";
          },
          "io, cpu, mixed (default), numeric: what advice is for, where it was not measured")
      .one_of({"io", "cpu", "mixed", "numeric"})
      .named("KIND");
  command.text("--format", asked->format, "terminal (default), markdown, json, csv, html, badge")
      .one_of({"terminal", "markdown", "json", "csv", "html", "badge"})
      .named("FORMAT");
  command.text("-o,--output", asked->output, "Write the report to this file").named("FILE");
  command.texts("--report", asked->reports, "Write a further report (repeatable)").named("FORMAT:FILE").repeatable();
  command
      .taken(
          "--fail-on", [asked](const std::string& text) { return asked->fail_on = *fail_on_named(text), ""; },
          "Exit 1 for: gil (default), unsupported, unknown, never")
      .one_of({"gil", "unsupported", "unknown", "never"})
      .named("LEVEL");
  command.text("--diff", asked->diff, "Say what changed since this JSON report").named("FILE");
  command.texts("--extra", asked->extras, "Extra of a project or lock file").named("NAME").list();
  command.texts("--group", asked->groups, "Dependency group").named("NAME").list();
  command.text("--trial", asked->trial_file, "What `ftaudit trial` said of this application (JSON)").named("FILE");
  command.text("--measure", asked->measurement_file, "What `ftaudit measure` said of it (JSON)").named("FILE");
  command.flag("--scan", asked->scan, "Also scan the sources of compiled packages; runs nothing");
  command.text("--scan-reports", asked->scan_reports, "Keep the full report of each scan here").named("FOLDER");
  command.flag("--probe", asked->probe, "Also IMPORT each compiled package, in a throw-away environment");
  command.text("--python", asked->python, "Free-threaded interpreter for --probe and --confirm").named("PYTHON");
  command.texts("--confirm", asked->confirm, "Also BUILD AND RUN this package's sdist as `confirm` does (repeatable)")
      .named("NAME")
      .list();
  command.time("--budget", asked->budget, "For each package of --confirm (default: 10m)");
  command.text("--confirm-reports", asked->confirm_reports, "Where their full reports go (default: ftaudit-confirmed)")
      .named("FOLDER");
  command.flag("--tags-only", asked->no_binaries, "Read no binaries: names and metadata only");
  command.text("--resolver", asked->resolver, "uv or pip (default: uv when present)")
      .one_of({"uv", "pip"})
      .named("NAME");
  command.text("--index-url", asked->index_url, "Package index (default: pip's own setting)").named("URL");
  command.texts("--extra-index-url", asked->extra_index_urls, "Further index").named("URL").repeatable();
  command.texts("--find-links", asked->find_links, "Folder or page of wheels").named("PLACE").repeatable();
  command.texts("--trusted-host", asked->trusted_hosts, "Index host without a valid certificate")
      .named("HOST")
      .repeatable();
  command.text("--cert", asked->certificate, "Certificates to trust").named("FILE");
  command.text("--proxy", asked->proxy, "Proxy for the index").named("URL");
  command.flag("--no-index", asked->no_index, "Only --find-links");
  command.flag("--offline", asked->offline, "Only what lies on this machine");
  command.flag("--pre", asked->prereleases, "Also pre-releases");
  command.flag("--no-cache", asked->no_cache, "Read everything anew");
  command.number("-j,--jobs", asked->jobs, "Packages at the same time (default: 8)").named("N");
  command.footer("Example: ftaudit report -r requirements.txt --target 3.14t --workload cpu");
  command.when_chosen([=] { choose({.run = [asked](const Console& console) { return report(*asked, console); }}); });
}

}  // namespace ftaudit::cli
