#include "cli/report_options.h"

#include <CLI/CLI.hpp>

#include "cli/subcommands.h"

namespace ftaudit::cli {
namespace {

template <class Value>
void named(CLI::App& command, const std::string& name, std::optional<Value> (*by_name)(std::string_view), Value& value,
           const std::string& type, const std::string& help, std::vector<std::string> names) {
  command
      .add_option_function<std::string>(
          name, [by_name, &value](const std::string& text) { value = *by_name(text); }, help)
      ->check(CLI::IsMember(std::move(names)))
      ->type_name(type);
}

}  // namespace

void add_report(CLI::App& app, ReportOptions& options, std::function<void()> chosen) {
  CLI::App* command = app.add_subcommand("report", "Whether an application's packages can go free-threaded");
  command->add_option("INPUT", options.inputs,
                      "Requirement or lock file, pyproject.toml, environment, wheel, sdist, or a requirement");
  command->add_option("-r,--requirement", options.requirements, "A requirement file (repeatable)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--target", options.target, "3.13t (default; of a wheel that is named: its own), 3.14t, 3.15t")
      ->type_name("PYTHON");
  command->add_option("--platform", options.platform, "linux, macos, windows or a wheel's platform tag")
      ->type_name("TAG");
  named<Workload>(*command, "--workload", workload_named, options.workload, "KIND",
                  "io, cpu, mixed (default), numeric: what advice is for", {"io", "cpu", "mixed", "numeric"});
  command->add_option("--format", options.format, "terminal (default), markdown, json, csv, html, badge")
      ->check(CLI::IsMember({"terminal", "markdown", "json", "csv", "html", "badge"}))
      ->type_name("FORMAT");
  command->add_option("-o,--output", options.output, "Write the report to this file")->type_name("FILE");
  command->add_option("--report", options.reports, "Write a further report (repeatable)")
      ->type_name("FORMAT:FILE")
      ->allow_extra_args(false);
  named<FailOn>(*command, "--fail-on", fail_on_named, options.fail_on, "LEVEL",
                "Exit 1 for: gil (default), unsupported, unknown, never", {"gil", "unsupported", "unknown", "never"});
  command->add_option("--diff", options.diff, "Say what changed since this JSON report")->type_name("FILE");
  command->add_option("--extra", options.extras, "Extra of a project or lock file")
      ->type_name("NAME")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--group", options.groups, "Dependency group")
      ->type_name("NAME")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_flag("--scan", options.scan, "Also scan the sources of compiled packages; runs nothing");
  command->add_option("--scan-reports", options.scan_reports, "Keep the full report of each scan here")
      ->type_name("FOLDER");
  command->add_flag("--probe", options.probe, "Also IMPORT each compiled package, in a throw-away environment");
  command->add_option("--python", options.python, "Free-threaded interpreter for --probe and --confirm")
      ->type_name("PYTHON");
  command
      ->add_option("--confirm", options.confirm,
                   "Also BUILD AND RUN this package's sdist as `confirm` does (repeatable)")
      ->type_name("NAME")
      ->delimiter(',')
      ->allow_extra_args(false);
  add_time(*command, "--budget", options.budget, "For each package of --confirm (default: 10m)");
  command
      ->add_option("--confirm-reports", options.confirm_reports,
                   "Where their full reports go (default: ftaudit-confirmed)")
      ->type_name("FOLDER");
  command->add_flag("--tags-only", options.no_binaries, "Read no binaries: names and metadata only");
  command->add_option("--resolver", options.resolver, "uv or pip (default: uv when present)")
      ->check(CLI::IsMember({"uv", "pip"}))
      ->type_name("NAME");
  command->add_option("--index-url", options.index_url, "Package index (default: pip's own setting)")->type_name("URL");
  command->add_option("--extra-index-url", options.extra_index_urls, "Further index")
      ->type_name("URL")
      ->allow_extra_args(false);
  command->add_option("--find-links", options.find_links, "Folder or page of wheels")
      ->type_name("PLACE")
      ->allow_extra_args(false);
  command->add_option("--trusted-host", options.trusted_hosts, "Index host without a valid certificate")
      ->type_name("HOST")
      ->allow_extra_args(false);
  command->add_option("--cert", options.certificate, "Certificates to trust")->type_name("FILE");
  command->add_option("--proxy", options.proxy, "Proxy for the index")->type_name("URL");
  command->add_flag("--no-index", options.no_index, "Only --find-links");
  command->add_flag("--offline", options.offline, "Only what lies on this machine");
  command->add_flag("--pre", options.prereleases, "Also pre-releases");
  command->add_flag("--no-cache", options.no_cache, "Read everything anew");
  command->add_option("-j,--jobs", options.jobs, "Packages at the same time (default: 8)")->type_name("N");
  command->footer("Example: ftaudit report -r requirements.txt --target 3.14t --workload cpu");
  command->callback(std::move(chosen));
}

}  // namespace ftaudit::cli
