#include "cli/command.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <set>
#include <sstream>

#include "audit/audit_project.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/python_pair.h"
#include "python/interpreter.h"
#include "reports/measurement.h"
#include "trial/comparison.h"
#include "trial/processors.h"
#include "trial/reference.h"
#include "trial/requirement.h"

namespace ftaudit::cli {
namespace {

const std::vector<std::string>& formats() {
  static const std::vector<std::string> all{"terminal", "json",       "markdown",
                                            "html",     "pyperf-gil", "pyperf-free-threaded"};
  return all;
}

struct MeasureOptions {
  std::string command, call, format = "terminal", output, python, gil_python;
  bool reference = false, allow_different_builds = false;
  std::vector<std::string> only, threads, processes, require, reports;
  std::chrono::seconds budget{300};
};

// "1,2,all": each once, in order, no more than there are processors. What is left out is told.
Result<std::vector<unsigned>> counts(const char* option, const std::vector<std::string>& words,
                                     std::vector<std::string>& notes) {
  std::set<unsigned> out;
  for (const std::string& word : words) {
    unsigned count = trial::processors();
    if (word != "all") {
      const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), count);
      if (failed != std::errc() || end != word.data() + word.size() || count == 0)
        return Error{std::string(option) + " " + word + ": expected numbers from 1, or all"};
    }
    if (count <= trial::processors()) out.insert(count);
    else
      notes.push_back(std::string(option) + " " + word + " is left out: this process may use " +
                      counted(trial::processors(), "processor"));
  }
  return std::vector<unsigned>(out.begin(), out.end());
}

// The executables, with the GIL and without. A path is taken as it is: it may be of a virtual environment.
Result<std::array<fs::path, 2>> pythons(const MeasureOptions& options) {
  const auto is_path = [](const std::string& text) { return text.find('/') != std::string::npos; };
  std::array<fs::path, 2> out;
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

// Each function alone first: what several threads do is laid beside that.
Result<std::vector<trial::Workload>> workloads(const MeasureOptions& options, std::vector<std::string>& notes) {
  const fs::path here = fs::current_path();
  if (!options.command.empty()) {
    if (!options.threads.empty() || !options.processes.empty())
      return Error{"--threads and --processes are for --call and --reference: a command starts its own"};
    return std::vector<trial::Workload>{{.name = options.command, .command = options.command, .folder = here}};
  }
  std::vector<trial::Workload> functions;
  if (options.reference) {
    for (const trial::ReferenceRow& row : trial::reference_rows())
      if (options.only.empty() || std::ranges::find(options.only, row.name) != options.only.end())
        functions.push_back({.name = std::string(row.name),
                             .kind = std::string(row.kind),
                             .call = "ftaudit_reference:" + std::string(row.name),
                             .folder = here});
  } else {
    functions.push_back({.name = options.call, .call = options.call, .folder = here});
  }
  const auto threads = counts("--threads", options.threads, notes),
             processes = counts("--processes", options.processes, notes);
  for (const auto* one : {&threads, &processes})
    if (!one->ok()) return one->error();
  std::vector<trial::Workload> out;
  for (const trial::Workload& function : functions) {
    out.push_back(function);
    for (const auto& [numbers, are_processes] : {std::pair{&*threads, false}, std::pair{&*processes, true}})
      for (const unsigned lanes : *numbers) {
        if (lanes == 1) continue;
        trial::Workload more = function;
        more.lanes = lanes, more.processes = are_processes;
        out.push_back(std::move(more));
      }
  }
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

std::string what_of(const MeasureOptions& options) {
  if (options.reference) return "the reference set";
  return options.command.empty() ? options.call : "`" + options.command + "`";
}

// 0: measured; 1: a requirement is missed; 2: usage; 3: something has no answer.
int measure(const MeasureOptions& options, const Console& console) {
  if ((!options.command.empty()) + (!options.call.empty()) + options.reference != 1)
    return log::error("say what to measure: one of --command, --call, --reference"), exit_with::usage;
  if (!options.call.empty() && options.call.find(':') == std::string::npos)
    return log::error("--call " + options.call + ": expected MODULE:FUNCTION"), exit_with::usage;
  for (const std::string& name : options.only)
    if (std::ranges::none_of(trial::reference_rows(), [&](const trial::ReferenceRow& row) { return row.name == name; }))
      return log::error("--only " + name + ": the reference set has " + trial::reference_names()), exit_with::usage;
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
  const auto wanted = workloads(options, notes);
  if (!wanted.ok()) return log::error(wanted.message()), exit_with::usage;
  const auto both = pythons(options);
  if (!both.ok()) return log::error(both.message()), exit_with::incomplete;

  finish_when_interrupted();
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  auto made = trial::compare({.what = what_of(options),
                              .workloads = *wanted,
                              .pythons = *both,
                              .budget = options.budget,
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
  command.text("--command", asked->command, "A shell command; `python` in it is that of the build").named("COMMAND");
  command.text("--call", asked->call, "A function, called again and again, from the current folder")
      .named("MODULE:FUNCTION");
  command.flag("--reference", asked->reference, "Small workloads of the standard library, of all kinds");
  command.texts("--only", asked->only, "Of the reference set, these rows alone").named("NAME").list();
  command.texts("--threads", asked->threads, "Also by so many threads at once: 2,4,all").named("N").list();
  command.texts("--processes", asked->processes, "Also by so many worker processes: what threads compete with")
      .named("N")
      .list();
  command.text("--python", asked->python, "The free-threaded build: a version or an executable").named("PYTHON");
  command.text("--gil-python", asked->gil_python, "Its twin with the GIL").named("PYTHON");
  command.flag("--allow-different-builds", asked->allow_different_builds,
               "Compare builds that differ in more than the GIL, and say so");
  command.time("--budget", asked->budget, "How long all of it may take (default 5m)").named("TIME");
  command.texts("--require", asked->require, "Fail unless it holds: cpu<1.1, wall<1.1, memory<1.5, time@4<0.6")
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
