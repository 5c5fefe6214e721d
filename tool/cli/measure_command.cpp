#include "cli/command.h"

#include <algorithm>
#include <iostream>
#include <sstream>

#include "audit/audit_project.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/measured_work.h"
#include "cli/python_pair.h"
#include "python/interpreter.h"
#include "reports/measurement.h"
#include "trial/comparison.h"
#include "trial/requirement.h"

namespace ftaudit::cli {
namespace {

using namespace std::chrono_literals;

const std::vector<std::string>& formats() {
  static const std::vector<std::string> all{"terminal", "json",       "markdown",
                                            "html",     "pyperf-gil", "pyperf-free-threaded"};
  return all;
}

struct MeasureOptions {
  MeasuredWork work;
  std::string format = "terminal", output, python, gil_python;
  bool allow_different_builds = false;
  std::vector<std::string> require, reports;
  std::chrono::seconds budget{0};  // 0: as long as what is measured takes as a rule
};

// The executables, with the GIL and without. A path is taken as it is: it may be of a virtual environment.
Result<std::array<fs::path, 2>> pythons(const MeasureOptions& options) {
  const auto is_path = [](const std::string& text) { return text.find('/') != std::string::npos; };
  std::array<fs::path, 2> out;
  // That one which is asked for by name is not there is said first, whatever else is missing on this machine.
  if (!options.gil_python.empty() && !is_path(options.gil_python))
    if (const auto named = twin_with_gil(options.gil_python, ""); !named.ok()) return named.error();
  std::string version;
  if (is_path(options.python)) out[1] = fs::absolute(options.python);
  else {
    const auto found = python::choose_runner(options.python, false);
    if (!found.ok()) return found.error();
    out[1] = found->executable, version = found->version;
  }
  if (is_path(options.gil_python)) {
    out[0] = fs::absolute(options.gil_python);
    return out;
  }
  if (version.empty() && options.gil_python.empty())
    return Error{"--python names an executable, so name its twin with the GIL, too: --gil-python EXECUTABLE"};
  const auto twin = twin_with_gil(options.gil_python, version);
  if (!twin) return twin.error();
  out[0] = twin->executable;
  return out;
}

void render(std::ostream& out, const std::string& format, const Measurement& made, const Console& console,
            bool to_file) {
  if (format == "json") return reports::write_measurement_json(out, made);
  if (format == "markdown") return reports::write_measurement_markdown(out, made);
  if (format == "html") return reports::write_measurement_html(out, made);
  if (format == "pyperf-gil") return reports::write_pyperf(out, made, 0);
  if (format == "pyperf-free-threaded") return reports::write_pyperf(out, made, 1);
  reports::write_measurement_terminal(out, made, console.colour && !to_file, std::min<std::size_t>(console.width, 110));
}

// 0: measured; 1: a requirement is missed; 2: usage; 3: something has no answer.
int measure(const MeasureOptions& options, const Console& console) {
  if (options.work.named() != 1)
    return log::error("say what to measure: one of --command, --call, --serve, --reference"), exit_with::usage;
  std::vector<std::pair<std::string, std::string>> targets{{options.format, options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    if (colon == std::string::npos || colon + 1 == report.size() ||
        std::ranges::find(formats(), report.substr(0, colon)) == formats().end())
      return log::error("--report " + report + ": expected FORMAT:FILE with FORMAT one of " + join(formats(), ", ")),
             exit_with::usage;
    targets.emplace_back(report.substr(0, colon), report.substr(colon + 1));
  }
  std::vector<trial::Requirement> requirements;
  for (const std::string& text : options.require) {
    const auto parsed = trial::requirement_of(text);
    if (!parsed.ok()) return log::error(parsed.message()), exit_with::usage;
    requirements.push_back(*parsed);
  }
  std::vector<std::string> notes;
  const auto wanted = workloads(options.work, fs::current_path(), notes);
  if (!wanted.ok()) return log::error(wanted.message()), exit_with::usage;
  const auto both = pythons(options);
  if (!both.ok())
    return log::error(both.message()),
           options.python.empty() && options.gil_python.empty() ? exit_with::incomplete : exit_with::usage;

  finish_when_interrupted();
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  auto made = trial::compare({.what = options.work.what(),
                              .workloads = *wanted,
                              .pythons = *both,
                              .budget = options.budget.count() > 0 ? options.budget
                                        : options.work.reference   ? 15min
                                                                   : 5min,
                              .allow_different_builds = options.allow_different_builds},
                             *progress);
  if (!made.ok()) return log::error(made.message()), exit_with::incomplete;
  made->notes.insert(made->notes.begin(), notes.begin(), notes.end());
  made->tool_version = FTAUDIT_VERSION;
  made->date = audit::today();
  trial::judge(*made, requirements);
  for (const auto& [format, file] : targets) {
    std::ostringstream text;
    render(text, format, *made, console, !file.empty());
    if (file.empty()) std::cout << text.str() << std::flush;
    else if (Status written = write_file(file, text.str()); !written.ok())
      return log::error(written.message()), exit_with::usage;
  }
  if (asked_to_finish()) return exit_with::interrupted;
  if (!made->missed.empty()) return exit_with::findings;
  return made->incomplete ? exit_with::incomplete : exit_with::fine;
}

}  // namespace

void add_measure(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto asked = std::make_shared<MeasureOptions>();
  Arguments command = program.command("measure", "What going without the GIL costs and gains here");
  add_measured_work(command, asked->work);
  command.flag("--reference", asked->work.reference, "Small workloads of the standard library, of all kinds");
  command.texts("--only", asked->work.only, "Of the reference set, these rows alone").named("NAME").list();
  command.text("--python", asked->python, "The free-threaded build: a version or an executable").named("PYTHON");
  command.text("--gil-python", asked->gil_python, "Its twin with the GIL").named("PYTHON");
  command.flag("--allow-different-builds", asked->allow_different_builds,
               "Compare builds that differ in more than the GIL, and say so");
  command.time("--budget", asked->budget, "How long all of it may take (default: 5m, of the reference set 15m)")
      .named("TIME");
  command.texts("--require", asked->require, "Fail unless it holds: cpu<1.1, wall<1.1, memory<1.5, p99<1.1, time@4<0.6")
      .named("RATIO")
      .repeatable();
  command.text("--format", asked->format, "terminal (default), json, markdown, html, pyperf-gil, pyperf-free-threaded")
      .one_of(formats())
      .named("FORMAT");
  command.text("-o,--output", asked->output, "Write the report to this file").named("FILE");
  command.texts("--report", asked->reports, "Write a further report (repeatable)").named("FORMAT:FILE").repeatable();
  command.footer("Example: ftaudit measure --call app.jobs:work --threads 2,4 --budget 2m");
  command.when_chosen(
      [asked, choose] { choose({.run = [asked](const Console& console) { return measure(*asked, console); }}); });
}

}  // namespace ftaudit::cli
