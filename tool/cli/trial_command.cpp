#include "cli/command.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "audit/audit_project.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/application_options.h"
#include "cli/python_pair.h"
#include "reports/trial.h"
#include "trial/trial.h"

namespace ftaudit::cli {
namespace {

const std::vector<std::string>& formats() {
  static const std::vector<std::string> all{"terminal", "json", "markdown", "html"};
  return all;
}

struct TrialOptions {
  std::string serve;
  std::vector<std::string> urls;
  unsigned port = 0;
  std::string path, python, gil_python, test_command, index_url, keep, control = "gil", format = "terminal", output;
  std::vector<std::string> requirements, with, tests, find_links, reports;
  bool no_index = false, no_parallel = false;
  unsigned runs = 3, threads = 4;
  std::chrono::seconds budget{900}, hang{60};
};

void render(std::ostream& out, const std::string& format, const Trial& made, const Console& console, bool to_file) {
  if (format == "json") return reports::write_trial_json(out, made);
  if (format == "markdown") return reports::write_trial_markdown(out, made);
  if (format == "html") return reports::write_trial_html(out, made);
  reports::write_trial_terminal(out, made, console.colour && !to_file, std::min<std::size_t>(console.width, 120));
}

Status check(const TrialOptions& options) {
  if (Status there = check_application_paths(options.path, options.requirements, options.tests); !there.ok())
    return there;
  if (!options.serve.empty() && options.port == 0 && options.serve.find("{port}") == std::string::npos)
    return Error{"--serve " + options.serve + ": say where it is to listen: {port} in the command, or --port"};
  for (const std::string& url : options.urls)
    if (!url.starts_with('/') || url.find_first_of(" \r\n") != std::string::npos)
      return Error{"--url " + url + ": expected a path that begins with /"};
  return Done{};
}

Result<std::vector<std::pair<std::string, std::string>>> targets(const TrialOptions& options) {
  std::vector<std::pair<std::string, std::string>> out{{options.format, options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    if (colon == std::string::npos || colon + 1 == report.size() ||
        std::ranges::find(formats(), report.substr(0, colon)) == formats().end())
      return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of " + join(formats(), ", ")};
    out.emplace_back(report.substr(0, colon), report.substr(colon + 1));
  }
  return out;
}

// 0: nothing stands against it, and all was looked at; 1: something does; 2: usage; 3: not all was looked at.
int trial(const TrialOptions& options, const Console& console) {
  using exit_with::incomplete, exit_with::usage;
  if (const Status there = check(options); !there) return log::error(there.message()), usage;
  const auto wanted = targets(options);
  if (!wanted) return log::error(wanted.message()), usage;
  int code = 0;
  auto pythons = choose_pair(options.python, options.gil_python, code);
  if (!pythons) return code;

  trial::TrialRequest request{.application = fs::absolute(options.path),
                              .shown = options.path,
                              .with = options.with,
                              .tests = options.tests,
                              .test_command = options.test_command,
                              .serve = options.serve,
                              .urls = options.urls.empty() ? std::vector<std::string>{"/"} : options.urls,
                              .port = options.port,
                              .gil = std::move(pythons->gil),
                              .free = std::move(pythons->free),
                              .index_url = options.index_url,
                              .no_index = options.no_index,
                              .threads = options.threads,
                              .rounds = options.runs,
                              .parallel = !options.no_parallel,
                              .control = options.control != "none",
                              .budget = options.budget,
                              .silence = options.hang,
                              .keep = options.keep};
  for (const std::string& file : options.requirements) request.requirements.push_back(fs::absolute(file));
  for (const std::string& place : options.find_links)
    request.find_links.push_back(place.find("://") == std::string::npos ? fs::absolute(place).string() : place);
  request.stop = &finish_when_interrupted();
  request.say = [&](const std::string& text) {
    if (console.verbosity >= 0)
      std::fprintf(stderr, "%sftaudit: %s\n", console.progress ? "\r\033[K" : "", text.c_str());
  };
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  auto made = trial::try_application(request, *progress);
  if (!made) return log::error(made.message()), incomplete;
  made->tool_version = FTAUDIT_VERSION, made->date = audit::today();
  for (const auto& [format, file] : *wanted) {
    std::ostringstream text;
    render(text, format, *made, console, !file.empty());
    if (file.empty()) std::cout << text.str() << std::flush;
    else if (const Status written = write_file(file, text.str()); !written) return log::error(written.message()), usage;
  }
  if (asked_to_finish()) end_interrupted();
  if (stands_against(*made)) return exit_with::findings;
  return made->incomplete ? incomplete : exit_with::fine;
}

void what_to_try(Arguments& command, TrialOptions& options) {
  add_application_options(command, options);
  command.text("--serve", options.serve, "A service that is tried, too: a shell's line that starts it on {port}")
      .named("COMMAND");
  command.texts("--url", options.urls, "Paths of it that are asked for, whose answers are compared (default: /)")
      .named("PATH")
      .repeatable();
  command.number("--port", options.port, "Of a service whose line has no {port}").between(1, 65535).named("PORT");
}

void how_to_try(Arguments& command, TrialOptions& options) {
  command.number("--runs", options.runs, "In each way, before doubts are settled (default: 3)")
      .between(1, 100)
      .named("N");
  command.number("--threads", options.threads, "By which each test is run at once (default: 4)")
      .between(2, 64)
      .named("N");
  command.flag("--no-parallel", options.no_parallel, "Only as the suite is, not each test by several threads");
  command.text("--control", options.control, "gil (default): by threads with the GIL on, too; none")
      .one_of({"gil", "none"})
      .named("CONTROL");
  command.time("--budget", options.budget, "For all runs, installing apart (default: 15m)");
  add_package_source(command, options);
  command.text("--keep", options.keep, "Install and run in this empty folder, and leave it all there").named("FOLDER");
}

}  // namespace

void add_trial(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto asked = std::make_shared<TrialOptions>();
  Arguments command = program.command("trial", "RUN an application's tests without the GIL");
  what_to_try(command, *asked);
  how_to_try(command, *asked);
  command.text("--format", asked->format, "terminal (default), json, markdown, html").one_of(formats()).named("FORMAT");
  command.text("-o,--output", asked->output, "Write the report to this file").named("FILE");
  command.texts("--report", asked->reports, "Write a further report (repeatable)").named("FORMAT:FILE").repeatable();
  command.footer("Example: ftaudit trial . -r requirements.txt --report html:trial.html");
  command.when_chosen(
      [asked, choose] { choose({.run = [asked](const Console& console) { return trial(*asked, console); }}); });
}

}  // namespace ftaudit::cli
