#include "cli/command.h"

#include "adoption/adoption.h"
#include "audit/audit_project.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/adoption_targets.h"
#include "cli/application_options.h"
#include "cli/shard.h"
#include "reports/adoption_json.h"
#include "reports/measurement.h"
#include "reports/trial.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete, exit_with::usage;

struct ReportOptions : adoption::Request {
  AdoptionOutput output;
  Shard shard;
  FailOn fail_on = FailOn::gil;
  std::string diff;                          // an older report, JSON
  std::string trial_file, measurement_file;  // files of ftaudit trial and measure, JSON
};

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

// Leaves what this shard has of all that was named, files before inputs. False: nothing.
bool keep_own(ReportOptions& options) {
  std::size_t place = 0;
  for (auto* list : {&options.requirements, &options.inputs})
    std::erase_if(*list, [&](const std::string&) { return !options.shard.has(place++); });
  return !options.requirements.empty() || !options.inputs.empty();
}

// More shards than inputs: a report all the same, so that whoever collects them finds as many as were started.
AdoptionReport empty_shard(const ReportOptions& options) {
  return {.tool_version = FTAUDIT_VERSION,
          .target = options.target,
          .date = audit::today(),
          .workload = options.workload,
          .advice = {.recommendation = Recommendation::none, .headline = "This shard has none of the inputs"},
          .notes = {"shard " + std::to_string(options.shard.number) + " of " + std::to_string(options.shard.of) +
                    " has none of the inputs"}};
}

// 0: nothing at or above --fail-on; 1: something; 2: usage; 3: nothing could be judged, or an input was lost.
int report(ReportOptions& options, const Console& console) {
  const auto wanted = adoption_targets(options.output);
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
  if (options.shard.of > 0 && !(options.inputs.empty() && options.requirements.empty()) && !keep_own(options))
    return write_adoption(*wanted, empty_shard(options), console);
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  Result<AdoptionReport> made = adoption::run_adoption(options, *progress);
  if (!made.ok()) return log::error(made.message()), usage;
  if (*before) made->changes = changes(**before, made->packages);
  if (const int failed = write_adoption(*wanted, *made, console)) return failed;
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
  add_adoption_output(command, asked->output);
  command
      .taken(
          "--fail-on", [asked](const std::string& text) { return asked->fail_on = *fail_on_named(text), ""; },
          "Exit 1 for: gil (default), unsupported, unknown, never")
      .one_of({"gil", "unsupported", "unknown", "never"})
      .named("LEVEL");
  command
      .taken(
          "--shard", [asked](const std::string& text) { return read_shard(text, asked->shard); },
          "The Ith of N shares of the inputs, for `merge`")
      .named("I/N");
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
  add_package_source(command, *asked);
  command.texts("--extra-index-url", asked->extra_index_urls, "Further index").named("URL").repeatable();
  command.texts("--trusted-host", asked->trusted_hosts, "Index host without a valid certificate")
      .named("HOST")
      .repeatable();
  command.text("--cert", asked->certificate, "Certificates to trust").named("FILE");
  command.text("--proxy", asked->proxy, "Proxy for the index").named("URL");
  command.flag("--offline", asked->offline, "Only what lies on this machine");
  command.flag("--pre", asked->prereleases, "Also pre-releases");
  command.flag("--no-cache", asked->no_cache, "Read everything anew");
  command.number("-j,--jobs", asked->jobs, "Packages at the same time (default: 8)").named("N");
  command.footer("Example: ftaudit report -r requirements.txt --target 3.14t --workload cpu");
  command.when_chosen([=] { choose({.run = [asked](const Console& console) { return report(*asked, console); }}); });
}

}  // namespace ftaudit::cli
